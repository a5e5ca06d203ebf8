"""The addresses of this room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from members.views import invitations

app_name = "members"

urlpatterns = [
    path(_("invitation/<str:token>/"), invitations.InvitationPage.as_view(), name="invitation"),
    path(_("welcome/"), invitations.Welcome.as_view(), name="welcome"),
]
