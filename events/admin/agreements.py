"""The register of agreements at the secretariat's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.models import Agreement, AgreementNote
from rifess.base.admin.pages import (
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    in_three,
    resembles,
)


class Fulfilment(ChoiceFilter):
    title, parameter_name = _("fulfilment"), "due"
    questions = {"overdue": (_("overdue"), lambda agreements: agreements.overdue())}


class AgreementNoteInline(SecretariatInline):
    model = AgreementNote
    fields = ["noted_on", "text"]


@admin.register(Agreement)
class AgreementAdmin(SecretariatModelAdmin):
    list_display = ["number", "title", "dated_on", "institution", "due_on", "state", "overdue", "audience"]
    list_filter = ["state", Fulfilment, "audience", MissingTranslation]
    translated_name = "title"
    date_hierarchy = "dated_on"
    list_select_related = ["institution"]
    search_fields = ["number__resembles", *resembles("title", "text")]
    autocomplete_fields = ["seminar", "institution"]
    inlines = [AgreementNoteInline]
    fieldsets = [
        (None, {"fields": [("number", "dated_on"), "seminar", in_three("title"), in_three("text")]}),
        (_("Who does it, and by when"), {"fields": ["institution", ("due_on", "state")]}),
        (_("Who reads it"), {"fields": ["audience"], "description": _("Visitors never see agreements.")}),
    ]

    @admin.display(description=_("overdue"), boolean=True)
    def overdue(self, agreement):
        return agreement.is_overdue()

    def save_formset(self, request, form, formset, change):
        for note in formset.save(commit=False):
            note.by = note.by or request.user
            note.save()
        for note in formset.deleted_objects:
            note.delete()
