"""Addresses of seminars and their panels. Only the first word is translated."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from events.views import alerts, calendar_feeds, calendars, certificates, day, mailings, now, registration, surveys
from events.views.programme import PanelDetail, SeminarDetail, SeminarList

app_name = "events"

seminars = [
    path("", SeminarList.as_view(), name="seminars"),
    path("calendar.ics", calendar_feeds.calendar, name="calendar"),
    path("calendar/<slug:subject>/<slug:slug>.ics", calendar_feeds.calendar, name="calendar-of"),
    path("<slug:slug>/", SeminarDetail.as_view(), name="seminar"),
    path("<slug:slug>/calendar.ics", calendars.SeminarCalendar.as_view(), name="seminar-calendar"),
    path("<slug:seminar>/<slug:slug>/", PanelDetail.as_view(), name="panel"),
    path("<slug:seminar>/<slug:slug>/calendar.ics", calendars.PanelCalendar.as_view(), name="panel-calendar"),
]
registrations = [
    path(_("mine/<str:signed>/"), registration.RegistrationPage.as_view(), name="registration"),
    path(_("mine/<str:signed>/confirm/"), registration.RegistrationConfirm.as_view(), name="registration-confirm"),
    path(_("mine/<str:signed>/accept/"), registration.RegistrationAccept.as_view(), name="registration-accept"),
    path(_("mine/<str:signed>/change/"), registration.RegistrationChange.as_view(), name="registration-change"),
    path(_("mine/<str:signed>/cancel/"), registration.RegistrationCancel.as_view(), name="registration-cancel"),
    path("mine/<str:signed>/calendar.ics", calendars.RegistrationCalendar.as_view(), name="registration-calendar"),
    path(_("mine/<str:signed>/join/"), day.RegistrationJoin.as_view(), name="registration-join"),
    path(_("mine/<str:signed>/now/"), day.RegistrationNow.as_view(), name="registration-now"),
    path(_("mine/<str:signed>/now/part/"), day.RegistrationNowPart.as_view(), name="registration-now-part"),
    path(_("mine/<str:signed>/now/vote/"), day.RegistrationVote.as_view(), name="registration-vote"),
    path(_("mine/<str:signed>/e-mails/"), mailings.RegistrationMailings.as_view(), name="registration-mailings"),
    path(_("mine/<str:signed>/survey/"), surveys.SurveyPage.as_view(), name="survey"),
    path("<slug:slug>/", registration.Register.as_view(), name="register"),
    path(_("<slug:slug>/sent/"), registration.RegisterSent.as_view(), name="register-sent"),
    path(_("<slug:slug>/delegate/"), registration.RegisterDelegate.as_view(), name="register-delegate"),
]
following = [
    path("", alerts.AskForAlert.as_view(), name="alerts"),
    path(_("sent/"), alerts.AlertSent.as_view(), name="alerts-sent"),
    path("<str:signed>/", alerts.AlertPage.as_view(), name="alert"),
    path(_("<str:signed>/confirm/"), alerts.AlertConfirm.as_view(), name="alert-confirm"),
    path(_("<str:signed>/stop/"), alerts.AlertStop.as_view(), name="alert-stop"),
]
verification = [
    path("", certificates.Verify.as_view(), name="verify"),
    path(_("file/"), certificates.VerifyFile.as_view(), name="verify-file"),
    path("<str:code>/", certificates.CertificatePage.as_view(), name="certificate"),
]
permanent = [
    path("verificar/", certificates.verify, name="verify"),
    path("verificar/llaves.json", certificates.signing_keys, name="signing-keys"),
    path("verificar/llaves/<slug:name>.json", certificates.signing_key, name="signing-key"),
    path("verificar/emisor.json", certificates.issuer, name="issuer"),
    path("verificar/revocadas.json", certificates.revocations, name="revocations"),
    path("verificar/<str:code>/", certificates.certificate, name="certificate"),
    path("verificar/<str:code>/constancia.pdf", certificates.CertificatePaper.as_view(), name="certificate-paper"),
    path("verificar/<str:code>/credencial.jwt", certificates.CertificateCredential.as_view(), name="certificate-credential"),
]
urlpatterns = [
    path(_("seminars/"), include(seminars)),
    path(_("registration/"), include(registrations)),
    path(_("verify/"), include(verification)),
    path(_("alerts/"), include(following)),
    path(_("now/<slug:slug>/"), now.Now.as_view(), name="now"),
    path(_("now/<slug:slug>/part/"), now.NowPart.as_view(), name="now-part"),
]
