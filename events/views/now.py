"""The day itself: what is on, for everybody; the link to join and the questions to the panels, for those registered.

Thousands look at once (docs/adr/0022): what changes is one part of the page, made once in a few seconds and shared by all.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from events import attending, live
from events.calendar_times import times_by_city
from events.models import RegistrationState, Seminar
from events.views.registration import OfOneRegistration
from rifess.base.zones import ZONE_OF_COUNTRY, ZONES

CITIES = dict(ZONES)
SEE_OTHER = 303
TO_ANOTHER_SITE = {"form-action": [*settings.SECURE_CSP["form-action"], "https:"]}  # a button of ours leads to the meeting


class Now(View):
    """The public page: what is on, what comes next."""

    def get(self, request, slug):
        seminar = get_object_or_404(Seminar.objects.visible_to(request.user).prefetch_related("panels"), slug=slug)
        return render(request, "events/now.html", {"seminar": seminar, "now": live.at(seminar, timezone.now())})


class OfOneParticipant(OfOneRegistration):
    """A page of the day for whoever has a seat, by their signed address. Whoever has none is told so, at 404."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response._csp_config = settings.SECURE_CSP | TO_ANOTHER_SITE
        if response.status_code == SEE_OTHER:
            response["Referrer-Policy"] = "no-referrer"
        return response

    @property
    def link(self):
        """The link to join of whoever has a seat; None without either."""
        seminar = self.registration.seminar
        has_a_seat = self.registration.state == RegistrationState.CONFIRMED and seminar.is_published
        return getattr(seminar, "join_link", None) if has_a_seat else None


class RegistrationJoin(OfOneParticipant, View):
    """The way into the meeting. Where it leads stands only in the answer to the button: programs open links by themselves."""

    def get(self, request, status=None):
        words = self.words()
        if self.link is None:
            return render(request, "events/registration_join.html", words, status=404)
        now, seminar = timezone.now(), self.registration.seminar
        moment = live.at(seminar, now)
        words |= {"now": moment, "link": self.link, "is_open": self.link.is_shown(now)}
        return render(request, "events/registration_join.html", words | {"opens": self._opens(moment)}, status=status)

    def post(self, request):
        if self.link is None:
            return self.get(request)
        try:
            address = attending.open_link(self.registration, now=timezone.now())
        except ValidationError:
            return redirect("events:registration-join", self.kwargs["signed"])
        return HttpResponseRedirect(address, status=SEE_OTHER)

    def _opens(self, moment):
        """When it opens: on the clock of the seminar's city and, if that differs, on that of their capital."""
        home = self.registration.seminar.zone
        zones = dict.fromkeys([home.key, ZONE_OF_COUNTRY.get(self.registration.country.code) or home.key])
        return times_by_city(moment.opens_at, [(zone, CITIES.get(zone, zone)) for zone in zones], ZoneInfo(home.key))
