"""The Network at the secretariat's desk: institutions, seats, mandates, coordination."""

from datetime import timedelta

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.models import CoordinationTerm, Delegate, Institution, Membership
from rifess.base.admin import (
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    in_three,
    resembles,
    source,
)
from rifess.base.dates import say_date, today_in_the_network

REMINDER = timedelta(days=90)


def _period(row, first_day, end):
    """The two ends of a period in words, as exactly as they are known."""
    starts, ends = getattr(row, first_day), getattr(row, end)
    begins = say_date(starts, getattr(row, f"{first_day}_precision")) if starts else "…"
    return f"{begins} – {say_date(ends, getattr(row, f'{end}_precision'), outside=end != 'ends_on')}" if ends else f"{begins} –"


@admin.register(Institution)
class InstitutionAdmin(SecretariatModelAdmin):
    list_display = ["name", "acronym", "country", "kind"]
    list_filter = ["kind", "country", MissingTranslation]
    translated_name = "name"
    search_fields = resembles("name", "acronym")
    fieldsets = [
        (None, {"fields": [in_three("name"), in_three("acronym"), ("kind", "country"), in_three("part_of")]}),
        (_("On its page"), {"fields": [in_three("description"), "website", "slug"]}),
        source(),
    ]


class InForce(ChoiceFilter):
    """Of rows with a period: those that hold today, and those that are over."""

    title, parameter_name = _("period"), "period"
    questions = {
        "today": (_("in force today"), lambda rows: rows.on()),
        "ended": (_("ended"), lambda rows: rows.ended()),
    }


class DelegateInline(SecretariatInline):
    model = Delegate
    fields = [("person", "role"), ("starts_on", "starts_on_precision"), ("mandate_due_on", "as_of")]
    autocomplete_fields = ["person"]
    show_change_link = True


@admin.register(Membership)
class MembershipAdmin(SecretariatModelAdmin):
    list_display = ["holder_name", "category", "institution", "period", "holds"]
    list_filter = ["category", InForce, ("institution", admin.EmptyFieldListFilter)]
    list_select_related = ["institution"]
    search_fields = ["country__exact", *resembles("institution__name", "institution__acronym")]
    autocomplete_fields = ["institution"]
    inlines = [DelegateInline]
    fieldsets = [
        (None, {"fields": ["category", "country", "institution"]}),
        (_("Since when"), {"fields": [("joined_on", "joined_on_precision")]}),
        (_("Until when"), {"fields": [("left_on", "left_on_precision"), in_three("end_reason")]}),
        source(),
    ]

    @admin.display(description=_("period"), ordering="joined_on")
    def period(self, membership):
        return _period(membership, "joined_on", "left_on")

    @admin.display(description=_("in force"), boolean=True)
    def holds(self, membership):
        return membership.is_active()


class MandateDue(ChoiceFilter):
    """Mandates whose term is over or nearly so."""

    title, parameter_name = _("mandate"), "due"
    questions = {
        "overdue": (_("overdue"), lambda rows: rows.due_by(today_in_the_network())),
        "soon": (
            _("due within 90 days"),
            lambda rows: rows.due_by(today_in_the_network() + REMINDER).filter(mandate_due_on__gt=today_in_the_network()),
        ),
    }


@admin.register(Delegate)
class DelegateAdmin(SecretariatModelAdmin):
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

    @admin.display(description=_("period"), ordering="starts_on")
    def period(self, delegate):
        return _period(delegate, "starts_on", "ended_on")


@admin.register(CoordinationTerm)
class CoordinationTermAdmin(SecretariatModelAdmin):
    list_display = ["country", "institution", "coordinator", "period"]
    list_select_related = ["institution", "coordinator"]
    search_fields = ["country__exact", *resembles("institution__name"), "coordinator__name__resembles"]
    autocomplete_fields = ["institution", "coordinator"]
    fieldsets = [
        (None, {"fields": ["country", "institution", "coordinator"]}),
        (_("From when to when"), {"fields": [("starts_on", "starts_on_precision"), ("ends_on", "ends_on_precision")]}),
        source(),
    ]

    @admin.display(description=_("period"), ordering="starts_on")
    def period(self, term):
        return _period(term, "starts_on", "ends_on")
