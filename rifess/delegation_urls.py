"""The delegates' pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rifess.views.delegation import desk

app_name = "delegation"

urlpatterns = [
    path("", desk.Desk.as_view(), name="desk"),
    path(_("choose/"), desk.Choose.as_view(), name="choose"),
]
