"""The day itself, for whoever has a seat: the way into the meeting, what is on, and the questions to the panels."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from events.attendance import records
from events.live import now_playing
from events.live import questions as asking
from events.live.forms import PanelQuestionForm
from events.models import PanelQuestion, Registration, RegistrationState
from events.programme.times import times_by_city
from events.registration.status import CITIES
from events.views.day_parts import part_for, zone_for
from events.views.now import words_of, zone_asked
from events.views.registration import OfOneRegistration
from rifess.base.integers import whole_number
from rifess.base.limits import too_many
from rifess.base.microcache import answer, for_one
from rifess.base.zones import ZONE_OF_COUNTRY

SEE_OTHER = 303
MOST_QUESTIONS, TEN_MINUTES = 5, 10 * 60
TO_ANOTHER_SITE = {"form-action": [*settings.SECURE_CSP["form-action"], "https:"]}  # a button of ours leads to the meeting


class OfOneParticipant(OfOneRegistration):
    """A page of the day for whoever has a seat, by their signed address. Whoever has none is told so, at 404."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response._csp_config = getattr(response, "_csp_config", settings.SECURE_CSP) | TO_ANOTHER_SITE
        if response.status_code == SEE_OTHER:
            response["Referrer-Policy"] = "no-referrer"
        return response

    @property
    def has_a_seat(self):
        is_published = self.registration.seminar.is_published
        return self.registration.state == RegistrationState.CONFIRMED and is_published and self.registration.may_see_seminar()

    @property
    def link(self):
        """The link to join of whoever has a seat; None without either."""
        return getattr(self.registration.seminar, "join_link", None) if self.has_a_seat else None

    def refuse(self):
        return render(self.request, "events/registration_join.html", self.words(), status=404)


class RegistrationJoin(OfOneParticipant, View):
    """The way into the meeting. Where it leads stands only in the answer to the button: programs open links by themselves."""

    def get(self, request):
        if self.link is None:
            return self.refuse()
        now, seminar = timezone.now(), self.registration.seminar
        moment = now_playing.at(seminar, now)
        words = {"now": moment, "link": self.link, "is_open": self.link.is_shown(now), "opens": self._opens(moment)}
        return render(request, "events/registration_join.html", self.words() | words)

    def post(self, request):
        if self.link is None:
            return self.refuse()
        try:
            address = records.open_link(self.registration, now=timezone.now())
        except ValidationError:
            return redirect("events:registration-join", self.kwargs["signed"])
        return HttpResponseRedirect(address, status=SEE_OTHER)

    def _opens(self, moment):
        """When it opens: on the clock of the seminar's city and, if that differs, on that of their capital."""
        home = self.registration.seminar.zone
        zones = dict.fromkeys([home.key, ZONE_OF_COUNTRY.get(self.registration.country.code) or home.key])
        return times_by_city(moment.opens_at, [(zone, CITIES.get(zone, zone)) for zone in zones], home)


class RegistrationNow(OfOneParticipant, View):
    """What is on, with the button to join, the channels and the questions."""

    def get(self, request, form=None):
        if not self.has_a_seat:
            return self.refuse()
        registration, seminar, signed = self.registration, self.registration.seminar, self.kwargs["signed"]
        zone = zone_for(request, registration.country.code)
        words = words_of(seminar, zone or seminar.zone, part_for(registration.pk, seminar.pk, zone, signed))
        words |= {"form": form or self._form(), "can_ask": asking.is_open(seminar, timezone.now()), "part_url": self._part_url()}
        response = render(request, "events/registration_now.html", self.words() | words)
        if words["stream"]:
            response._csp_config = settings.SECURE_CSP | words["stream"]["csp"]
        return response

    def post(self, request):
        """Ask."""
        if not self.has_a_seat:
            return self.refuse()
        form = self._form(request.POST)
        if form.is_valid():
            self._ask(form)
        if form.errors:
            return self.get(request, form)
        messages.success(request, _("Thank you. The Secretariat will review your question before others read it."))
        return redirect(reverse("events:registration-now", args=[self.kwargs["signed"]]) + "#questions")

    def _ask(self, form):
        if too_many("panel-question", self.registration.code, limit=MOST_QUESTIONS, seconds=TEN_MINUTES):
            form.add_error(None, _("You asked several questions in a short time. Please wait a few minutes."))
            return
        words = {name: form.cleaned_data.get(name) for name in ("text", "panel", "shows_name")}
        try:
            asking.ask(self.registration, language=get_language(), is_suspected_spam=form.is_spam, **words)
        except ValidationError as mistake:
            form.add_error(None, mistake)

    def _form(self, typed=None):
        """Of several panels on, or none, the first of those to come is offered."""
        seminar = self.registration.seminar
        panel = now_playing.panel_for(seminar, timezone.now())
        return PanelQuestionForm(typed, panels=seminar.panels.all(), initial={"panel": panel})

    def _part_url(self):
        zone = zone_asked(self.request)
        return reverse("events:registration-now-part", args=[self.kwargs["signed"]], query={"zone": zone.key} if zone else None)


class RegistrationNowPart(View):
    """What changes on that page, which it asks for again and again."""

    def get(self, request, signed):
        with_a_seat = Registration.objects.behind(signed).confirmed().filter(seminar__published_at__isnull=False)
        found = with_a_seat.values_list("pk", "seminar_id", "country").first()
        if found is None:
            raise Http404
        pk, seminar_pk, country = found
        return for_one(answer(request, part_for(pk, seminar_pk, zone_for(request, country), signed)))


class RegistrationVote(OfOneParticipant, View):
    """Whoever comes to its address without pressing the button sees the page."""

    def get(self, request):
        return redirect("events:registration-now", self.kwargs["signed"])

    def post(self, request):
        questions = PanelQuestion.objects.filter(seminar=self.registration.seminar_id).shown()
        question = get_object_or_404(questions, pk=whole_number(request.POST.get("question", "")))
        if not self.has_a_seat:
            return self.refuse()
        try:
            asking.vote(self.registration, question)
        except ValidationError as mistake:
            messages.error(request, " ".join(mistake.messages))
        return redirect(reverse("events:registration-now", args=[self.kwargs["signed"]]) + "#questions")
