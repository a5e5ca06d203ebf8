"""The day itself, for whoever has a seat: the way into the meeting, what is on, and the questions to the panels."""

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from events import asking, attending, live
from events.calendar_times import times_by_city
from events.calls import CITIES
from events.models import PanelQuestion, PanelQuestionState, RegistrationState
from events.question_forms import PanelQuestionForm
from events.views.now import part_of, words_of, zone_asked
from events.views.registration import OfOneRegistration
from rifess.base.crowds import answer, shared
from rifess.base.limits import too_many
from rifess.base.zones import ZONE_OF_COUNTRY

SEE_OTHER = 303
MOST_QUESTIONS, TEN_MINUTES = 5, 10 * 60
MOST_SHOWN = 100
NOT_SHOWN = {PanelQuestionState.WAITING, PanelQuestionState.DECLINED}
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
        return self.registration.state == RegistrationState.CONFIRMED and self.registration.seminar.is_published

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
        moment = live.at(seminar, now)
        words = {"now": moment, "link": self.link, "is_open": self.link.is_shown(now), "opens": self._opens(moment)}
        return render(request, "events/registration_join.html", self.words() | words)

    def post(self, request):
        if self.link is None:
            return self.refuse()
        try:
            address = attending.open_link(self.registration, now=timezone.now())
        except ValidationError:
            return redirect("events:registration-join", self.kwargs["signed"])
        return HttpResponseRedirect(address, status=SEE_OTHER)

    def _opens(self, moment):
        """When it opens: on the clock of the seminar's city and, if that differs, on that of their capital."""
        home = self.registration.seminar.zone
        zones = dict.fromkeys([home.key, ZONE_OF_COUNTRY.get(self.registration.country.code) or home.key])
        return times_by_city(moment.opens_at, [(zone, CITIES.get(zone, zone)) for zone in zones], home)


class OfTheDay(OfOneParticipant):
    """What is on as a participant sees it: with the button to join, the channels and the questions."""

    @cached_property
    def zone(self):
        """The zone asked for, or that of their capital, or the seminar's."""
        theirs = ZONE_OF_COUNTRY.get(self.registration.country.code)
        return zone_asked(self.request) or (ZoneInfo(theirs) if theirs else self.registration.seminar.zone)

    def part(self):
        """What changes: for them alone are only their own questions, their votes, and whether they may join."""
        registration, moment = self.registration, timezone.now()
        seminar, signed = registration.seminar, self.kwargs["signed"]
        can_join = self.link is not None and self.link.is_shown(moment)
        mine = list(registration.panel_questions.order_by("-asked_at"))
        questions = {
            "can_ask": asking.is_open(seminar, moment),
            "questions": shared(f"questions:{seminar.pk}", lambda: questions_of(seminar)),
            "asked": {question.pk for question in mine},
            "not_shown": [question for question in mine if question.state in NOT_SHOWN],
            "voted": set(registration.question_votes.values_list("question_id", flat=True)),
        }
        words = {"part": part_of(seminar, self.zone), "signed": signed, "link": self.link, "can_join": can_join, **questions}
        return render_to_string("events/_now_mine.html", words)


@dataclass(frozen=True)
class ShownQuestion:
    """A question as everybody at the seminar reads it. `name` is empty unless whoever asked wanted it shown."""

    pk: int
    text: str
    language: str
    name: str
    panel: str
    votes: int
    is_answered: bool


def questions_of(seminar):
    """What is shown of `seminar`: what most want asked first, and at the end what has been answered."""
    found = PanelQuestion.objects.filter(seminar=seminar).shown().select_related("registration", "panel")
    shown = [_shown(question) for question in found.order_by("-votes", "asked_at", "pk")[:MOST_SHOWN]]
    return sorted(shown, key=lambda question: question.is_answered)


def _shown(question):
    asked_by = question.registration if question.shows_name else None
    return ShownQuestion(
        question.pk,
        question.text,
        question.language,
        asked_by.name if asked_by else "",
        str(question.panel or ""),
        question.votes,
        question.state == PanelQuestionState.ANSWERED,
    )


class RegistrationNow(OfTheDay, View):
    def get(self, request, form=None):
        if not self.has_a_seat:
            return self.refuse()
        seminar, moment = self.registration.seminar, timezone.now()
        words = self.words() | words_of(seminar, self.zone, self.part())
        words |= {"form": form or self._form(), "can_ask": asking.is_open(seminar, moment), "part_url": self._part_url()}
        response = render(request, "events/registration_now.html", words)
        if words["stream"]:
            response._csp_config = settings.SECURE_CSP | words["stream"]["csp"]
        return response

    def post(self, request):
        """Ask."""
        if not self.has_a_seat:
            return self.refuse()
        form = self._form(request.POST)
        if form.is_valid() and not form.is_spam:
            self._ask(form)
        if form.errors:
            return self.get(request, form)
        messages.success(request, _("Thank you: the secretariat looks at your question before others read it."))
        return redirect(reverse("events:registration-now", args=[self.kwargs["signed"]]) + "#questions")

    def _ask(self, form):
        if too_many("panel-question", self.registration.code, limit=MOST_QUESTIONS, seconds=TEN_MINUTES):
            form.add_error(None, _("You asked several questions in a short while. Please wait a few minutes."))
            return
        words = {name: form.cleaned_data.get(name) for name in ("text", "panel", "shows_name")}
        try:
            asking.ask(self.registration, language=get_language(), **words)
        except ValidationError as mistake:
            form.add_error(None, mistake)

    def _form(self, typed=None):
        """Of several panels on, or none, the first of those to come is offered."""
        seminar = self.registration.seminar
        panel = live.panel_for(seminar, timezone.now())
        return PanelQuestionForm(typed, panels=seminar.panels.all(), initial={"panel": panel})

    def _part_url(self):
        zone = zone_asked(self.request)
        return reverse("events:registration-now-part", args=[self.kwargs["signed"]], query={"zone": zone.key} if zone else None)


class RegistrationNowPart(OfTheDay, View):
    def get(self, request):
        if not self.has_a_seat:
            raise Http404
        return answer(request, self.part())


class RegistrationVote(OfOneParticipant, View):
    """Whoever comes to its address without pressing the button sees the page."""

    def get(self, request):
        return redirect("events:registration-now", self.kwargs["signed"])

    def post(self, request):
        number = request.POST.get("question", "")
        questions = PanelQuestion.objects.filter(seminar=self.registration.seminar_id).shown()
        question = get_object_or_404(questions, pk=number if number.isdecimal() else None)
        if not self.has_a_seat:
            return self.refuse()
        try:
            asking.vote(self.registration, question)
        except ValidationError as mistake:
            messages.error(request, " ".join(mistake.messages))
        return redirect(reverse("events:registration-now", args=[self.kwargs["signed"]]) + "#questions")
