"""Mandates and the coordination at the secretariat's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.admin.acts import AppointSuccessor, EndMandate, HandOver
from members.admin.periods import InForce
from members.models import CoordinationTerm, Delegate
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.pages import ChoiceFilter, FindsCountries, SecretariatModelAdmin, resembles, source
from rifess.base.periods import lock, say_period


class MandateDue(ChoiceFilter):
    """Mandates whose term is over or nearly so."""

    title, parameter_name = _("mandate"), "due"
    questions = {
        "overdue": (_("overdue"), lambda rows: rows.overdue()),
        "soon": (_("due within 90 days"), lambda rows: rows.due_soon()),
    }


@admin.register(Delegate)
class DelegateAdmin(WithActs, FindsCountries, SecretariatModelAdmin):
    country = "membership__country"
    list_display = ["person", "membership", "role", "period", "mandate_due_on", "is_public"]
    list_filter = [InForce, MandateDue, "role", "is_public"]
    list_select_related = ["person", "membership__institution"]
    search_fields = ["person__name__resembles", *resembles("membership__institution__name")]
    autocomplete_fields = ["person", "membership"]
    fieldsets = [
        (None, {"fields": ["person", "membership", "role", "is_public"]}),
        (_("Since when"), {"fields": [("starts_on", "starts_on_precision"), "mandate_due_on", "accreditation"]}),
        (_("Until when"), {"fields": [("ended_on", "ended_on_precision")]}),
        source(),
    ]

    acts = {"end": EndMandate, "successor": AppointSuccessor}

    def hold_before(self, delegate):
        lock(delegate.membership)

    @admin.display(description=_("period"), ordering="starts_on")
    def period(self, delegate):
        return say_period(delegate, "starts_on", "ended_on")


@admin.register(CoordinationTerm)
class CoordinationTermAdmin(WithActs, FindsCountries, SecretariatModelAdmin):
    list_display = ["country", "institution", "coordinator", "period"]
    list_select_related = ["institution", "coordinator"]
    search_fields = ["country__exact", *resembles("institution__name"), "coordinator__name__resembles"]
    autocomplete_fields = ["institution", "coordinator"]
    fieldsets = [
        (None, {"fields": ["country", "institution", "coordinator"]}),
        (_("From when to when"), {"fields": [("starts_on", "starts_on_precision"), ("ends_on", "ends_on_precision")]}),
        source(),
    ]

    acts = {"hand-over": HandOver}

    @admin.display(description=_("period"), ordering="starts_on")
    def period(self, term):
        return say_period(term, "starts_on", "ends_on", included=True)
