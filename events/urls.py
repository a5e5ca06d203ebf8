"""Addresses of seminars and their panels. Only the first word is translated."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from events.views.programme import PanelDetail, SeminarDetail, SeminarList

app_name = "events"

seminars = [
    path("", SeminarList.as_view(), name="seminars"),
    path("<slug:slug>/", SeminarDetail.as_view(), name="seminar"),
    path("<slug:seminar>/<slug:slug>/", PanelDetail.as_view(), name="panel"),
]
urlpatterns = [path(_("seminars/"), include(seminars))]
