"""Who asked for news by e-mail, at the secretariat's desk: to be read, and deleted when somebody asks for that."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.models import Alert
from rifess.base.admin.pages import ChoiceFilter, FindsCountries, SecretariatModelAdmin


class Confirmed(ChoiceFilter):
    title, parameter_name = _("address confirmed"), "confirmed"
    questions = {
        "yes": (_("confirmed by its owner"), lambda alerts: alerts.confirmed()),
        "no": (_("not confirmed yet"), lambda alerts: alerts.filter(confirmed_at=None)),
    }


class OfWhat(ChoiceFilter):
    title, parameter_name = _("of what"), "subject"
    questions = {
        "all": (_("everything"), lambda alerts: alerts.filter(topic=None, country="")),
        "topic": (_("one topic"), lambda alerts: alerts.filter(topic__isnull=False)),
        "country": (_("one country"), lambda alerts: alerts.exclude(country="")),
    }


@admin.register(Alert)
class AlertAdmin(FindsCountries, SecretariatModelAdmin):
    list_display = ["email", "of_what", "of_seminars", "of_recordings", "language", "asked_at", "confirmed_at", "told_until"]
    list_filter = [Confirmed, OfWhat, "of_seminars", "of_recordings", "language"]
    list_select_related = ["topic"]
    search_fields = ["email", "topic__name__resembles"]
    date_hierarchy = "asked_at"
    fields = ["email", "of_what", "of_seminars", "of_recordings", "language", "user", "asked_at", "confirmed_at", "told_until"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("of what"), ordering="topic")
    def of_what(self, alert):
        return alert.subject
