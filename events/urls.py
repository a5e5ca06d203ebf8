"""Addresses of seminars and their panels. Only the first word is translated."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from events.views import now, registration
from events.views.programme import PanelDetail, SeminarDetail, SeminarList

app_name = "events"

seminars = [
    path("", SeminarList.as_view(), name="seminars"),
    path("<slug:slug>/", SeminarDetail.as_view(), name="seminar"),
    path("<slug:seminar>/<slug:slug>/", PanelDetail.as_view(), name="panel"),
]
registrations = [
    path(_("mine/<str:signed>/"), registration.RegistrationPage.as_view(), name="registration"),
    path(_("mine/<str:signed>/confirm/"), registration.RegistrationConfirm.as_view(), name="registration-confirm"),
    path(_("mine/<str:signed>/accept/"), registration.RegistrationAccept.as_view(), name="registration-accept"),
    path(_("mine/<str:signed>/change/"), registration.RegistrationChange.as_view(), name="registration-change"),
    path(_("mine/<str:signed>/cancel/"), registration.RegistrationCancel.as_view(), name="registration-cancel"),
    path(_("mine/<str:signed>/join/"), now.RegistrationJoin.as_view(), name="registration-join"),
    path("<slug:slug>/", registration.Register.as_view(), name="register"),
    path(_("<slug:slug>/sent/"), registration.RegisterSent.as_view(), name="register-sent"),
    path(_("<slug:slug>/delegate/"), registration.RegisterDelegate.as_view(), name="register-delegate"),
]
urlpatterns = [
    path(_("seminars/"), include(seminars)),
    path(_("registration/"), include(registrations)),
    path(_("now/<slug:slug>/"), now.Now.as_view(), name="now"),
]
