"""Calendar files of a seminar, a panel or a registration, for whoever may see it."""

from django.urls import reverse
from django.views.generic import View

from events.calendar import ical
from events.models import Panel, Seminar
from events.views.calendar_feeds import as_calendar
from events.views.programme import PanelDetail
from events.views.registration import OfOneRegistration
from rifess.base.views import SluggedDetail


class SeminarCalendar(SluggedDetail):
    """The days of a seminar."""

    model = Seminar

    def get_queryset(self):
        return super().get_queryset().with_calendar()

    def address_of(self, row):
        return reverse("events:seminar-calendar", args=[row.slug])

    def render_to_response(self, context, **response_kwargs):
        return as_calendar(self.request, self.object.slug, ical.of_seminar(self.object))


class PanelCalendar(PanelDetail):
    """One panel."""

    def get_queryset(self):
        return Panel.objects.visible_to(self.request.user).filter(seminar__slug=self.kwargs["seminar"]).with_calendar()

    def get_context_data(self, **kwargs):
        return {}

    def address_of(self, row):
        return reverse("events:panel-calendar", args=[row.seminar.slug, row.slug])

    def render_to_response(self, context, **response_kwargs):
        return as_calendar(self.request, self.object.slug, ical.of_panel(self.object))


class RegistrationCalendar(OfOneRegistration, View):
    """The days of a seminar for whoever registered, by their signed address: of them it says only whether they come."""

    def get(self, request):
        return as_calendar(request, self.registration.seminar.slug, ical.of_registration(self.registration))
