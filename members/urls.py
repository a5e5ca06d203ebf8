"""The addresses of this room."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from members.models import MembershipCategory
from members.views import applications, invitations, notices, sessions

app_name = "members"

join = [
    path("", applications.Join.as_view(), name="join"),
    path(_("member/"), applications.Apply.as_view(category=MembershipCategory.MEMBER), name="join-member"),
    path(_("observer/"), applications.Apply.as_view(category=MembershipCategory.OBSERVER), name="join-observer"),
    path(_("partner/"), applications.Apply.as_view(category=MembershipCategory.PARTNER), name="join-partner"),
    path(_("sent/"), applications.JoinSent.as_view(), name="join-sent"),
    path("<str:token>/", applications.ApplicationPage.as_view(), name="application"),
]
urlpatterns = [
    path(_("join/"), include(join)),
    path(_("invitation/<str:token>/"), invitations.InvitationPage.as_view(), name="invitation"),
    path(_("welcome/"), invitations.Welcome.as_view(), name="welcome"),
    path(
        _("account/"),
        include(
            [
                path("sessions/<int:pk>/end/", sessions.EndSession.as_view(), name="end-session"),
                path(_("notices/<str:signed>/stop/"), notices.StopNotice.as_view(), name="notice-stop"),
            ]
        ),
    ),
]
