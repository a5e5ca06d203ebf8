"""Captions at the secretariat's desk: who made them, who reviewed them, and another file in place of the one there is."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from recordings.forms import CaptionForm, KeptFile
from recordings.models import Caption
from rifess.base.admin.pages import ChoiceFilter, SecretariatModelAdmin, resembles


class Reviewed(ChoiceFilter):
    title, parameter_name = _("reviewed"), "reviewed"
    questions = {
        "yes": (_("reviewed"), lambda captions: captions.exclude(reviewed_by="")),
        "no": (_("not reviewed yet"), lambda captions: captions.filter(reviewed_by="")),
    }


@admin.register(Caption)
class CaptionAdmin(SecretariatModelAdmin):
    form = CaptionForm
    formfield_overrides = {models.FileField: {"widget": KeptFile}}
    list_display = ["recording", "language", "kind", "origin", "reviewed_by", "reviewed_on"]
    list_filter = [Reviewed, "origin", "language", "kind"]
    list_select_related = ["recording"]
    date_hierarchy = "uploaded_at"
    search_fields = [*resembles("recording__title"), "recording__key", "original_name", "reviewed_by__resembles"]
    autocomplete_fields = ["recording"]
    fieldsets = [
        (None, {"fields": ["recording", ("language", "kind", "origin"), "original"]}),
        (
            _("Who reviewed them"),
            {"fields": [("reviewed_by", "reviewed_on")], "description": _("Readers are told, and that a machine wrote them.")},
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).without_text()
