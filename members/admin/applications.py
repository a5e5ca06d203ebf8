"""Applications to join, at the secretariat's desk."""

from django.contrib import admin
from django.http import Http404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from members.admin.decisions import Accept, Decline, TakeUp
from members.applications import locked_with_country
from members.models import Application, ApplicationState
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.pages import ChoiceFilter, SecretariatModelAdmin
from rifess.base.integers import whole_number
from rifess.base.streaming import give_to_save


class StateFilter(ChoiceFilter):
    """What waits for a decision, and what was decided."""

    title, parameter_name = _("state"), "state"
    questions = {
        "waiting": (_("to be decided"), lambda rows: rows.waiting()),
        **{
            state.value: (state.label, lambda rows, state=state: rows.filter(state=state))
            for state in ApplicationState
            if state != ApplicationState.UNCONFIRMED
        },
    }


@admin.register(Application)
class ApplicationAdmin(WithActs, SecretariatModelAdmin):
    """To be read, and decided by its acts. What nobody has confirmed is not shown."""

    list_display = ["institution_name", "category", "country", "state", "confirmed_at", "contact_name"]
    list_filter = [StateFilter, "category", "language"]
    date_hierarchy = "confirmed_at"
    search_fields = ["institution_name__resembles", "acronym", "contact_name__resembles", "contact_email"]
    acts = {"take-up": TakeUp, "accept": Accept, "decline": Decline}
    institution = ["institution_name", ("acronym", "kind", "country"), "website", "legal_basis", "work", "reasons", "letter_link"]
    contact = [("contact_name", "contact_position"), ("contact_email", "contact_phone", "language")]
    fieldsets = [
        (None, {"fields": [("state", "category"), "what_happened", *institution]}),
        (_("Contact"), {"fields": contact}),
        (_("Decision"), {"fields": [("decided_at", "decided_by"), "reason", "membership"]}),
    ]

    def hold_before(self, application):
        locked_with_country(application)

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=ApplicationState.UNCONFIRMED)

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in Application._meta.fields] + ["letter_link", "what_happened"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"show_save": False, "show_save_and_continue": False}
        if not self.get_queryset(request).waiting().filter(pk=_number(object_id)).exists():
            context["acts"] = []
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self):
        letter = self.admin_site.admin_view(self.letter)
        return [path("<path:object_id>/letter/", letter, name="members_application_letter"), *super().get_urls()]

    def letter(self, request, object_id):
        """The applicant's letter: only for whoever may read applications, and never opened by the browser itself."""
        application = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if application is None or not application.letter:
            raise Http404
        try:
            return give_to_save(request, application.letter, name=application.letter_name)
        except FileNotFoundError:
            raise Http404 from None

    @admin.display(description=_("letter"))
    def letter_link(self, application):
        if not application.letter:
            return "–"
        url = reverse("admin:members_application_letter", args=[application.pk])
        return format_html('<a href="{}">{}</a>', url, application.letter_name)

    @admin.display(description=_("what happened to it"))
    def what_happened(self, application):
        steps = application.steps.select_related("by")
        return format_html_join("", "<p>{}</p>", ([_in_words(step)] for step in steps))


def _in_words(step):
    """A step on one line: when, what, and who did it."""
    who = [step.by.get_full_name()] if step.by else []
    return " · ".join([date_format(step.at, "SHORT_DATETIME_FORMAT"), step.get_state_display(), *who])


def _number(object_id):
    return whole_number(object_id) or 0
