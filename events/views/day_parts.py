"""What changes on the page of whoever has a seat: made of what all of them share, and of the little that is theirs.

Hundreds ask for it each second (docs/adr/0022): three short questions to the database for each, none of them about the seminar.
"""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from events.live import questions as asking
from events.models import PanelQuestion, PanelQuestionState, PanelQuestionVote, Seminar
from events.views.now import part_of, zone_asked
from rifess.base.microcache import shared
from rifess.base.zones import ZONE_OF_COUNTRY

MOST_SHOWN = 100
NOT_SHOWN = {PanelQuestionState.WAITING, PanelQuestionState.DECLINED}


class Standing(StrEnum):
    """What somebody has to do with a question that is shown."""

    OTHERS = "others"
    OWN = "own"
    VOTED = "voted"


@dataclass(frozen=True)
class Day:
    """What all who have a seat share: `questions` are pairs of a number and its words for each Standing."""

    part: str
    questions: list
    can_ask: bool
    has_link: bool
    can_join: bool
    notes_attendance: bool


def day_of(seminar_pk, zone):
    """The Day of a seminar, with the hours of `zone` too (None: its own alone)."""
    return shared(f"day:{seminar_pk}:{zone.key if zone else ''}", lambda: _make(seminar_pk, zone, timezone.now()))


def _make(seminar_pk, zone, now):
    seminar = Seminar.objects.prefetch_related("panels").select_related("join_link").get(pk=seminar_pk)
    link, can_ask = getattr(seminar, "join_link", None), asking.is_open(seminar, now)
    return Day(
        part=part_of(seminar, zone or seminar.zone),
        questions=shared(f"questions:{seminar_pk}", lambda: questions_of(seminar, can_ask)),
        can_ask=can_ask,
        has_link=link is not None,
        can_join=link is not None and link.is_shown(now),
        notes_attendance=link is not None and link.counts_attendance,
    )


def questions_of(seminar, can_ask):
    """What is shown of `seminar`: what most want asked first, and at the end what has been answered."""
    found = PanelQuestion.objects.filter(seminar=seminar).shown().select_related("registration", "panel")
    questions = sorted(
        found.order_by("-votes", "asked_at", "pk")[:MOST_SHOWN], key=lambda each: each.state == PanelQuestionState.ANSWERED
    )
    return [(question.pk, _in_words(question, can_ask)) for question in questions]


def _in_words(question, can_ask):
    name = question.registration.name if question.shows_name and question.registration else ""
    words = {"question": question, "name": name, "can_ask": can_ask}
    return {each: render_to_string("events/_now_question.html", words | {"standing": each}) for each in Standing}


def part_for(registration_pk, seminar_pk, zone, signed):
    """The part for one of them."""
    day = day_of(seminar_pk, zone)
    mine = PanelQuestion.objects.filter(registration=registration_pk).order_by("-asked_at", "-pk").values("pk", "text", "state")
    asked, voted = {each["pk"]: each for each in mine}, _voted(registration_pk)
    words = {
        "day": day,
        "signed": signed,
        "questions": [mark_safe(words[_standing(pk, asked, voted)]) for pk, words in day.questions],  # noqa: S308 (rendered above)
        "not_shown": [each for each in asked.values() if each["state"] in NOT_SHOWN],
    }
    return render_to_string("events/_now_mine.html", words)


def _voted(registration_pk):
    return set(PanelQuestionVote.objects.filter(registration=registration_pk).values_list("question_id", flat=True))


def _standing(pk, asked, voted):
    if pk in asked:
        return Standing.OWN
    return Standing.VOTED if pk in voted else Standing.OTHERS


def zone_for(request, country):
    """The zone that the address asks for, or that of their capital; None for the seminar's own alone."""
    theirs = ZONE_OF_COUNTRY.get(country)
    return zone_asked(request) or (ZoneInfo(theirs) if theirs else None)
