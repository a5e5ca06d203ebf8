"""Day, hour and place of a seminar, and which of them those who take part were told."""

import hashlib
from datetime import UTC

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from events.models import LetterKind, LetterTold, Registration, Seminar

SAYS_WHEN = [  # letters from which somebody knows when and where it is, or that it is not held
    LetterKind.TO_APPROVE,
    LetterKind.WAITING,
    LetterKind.OFFERED,
    LetterKind.CONFIRMED,
    LetterKind.CHANGED,
    LetterKind.CALLED_OFF,
    LetterKind.REINSTATED,
]


def mark_of(seminar):
    """A short mark of what is written now: another day, hour, zone or place gives another."""
    place = seminar.place_es or seminar.place_pt_br or seminar.place_en
    said = [seminar.starts_on, seminar.ends_on or seminar.starts_on, seminar.time_zone, place]
    for panel in sorted(seminar.panels.all(), key=lambda panel: panel.pk):
        if panel.held_on:
            said += [panel.held_on, *(moment and moment.timestamp() for moment in (panel.starts_at, panel.ends_at))]
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:12]


def first_moment_of_first_day(seminar):
    """When `seminar` begins; None while no hour of its first day is known."""
    first = min((panel.starts_at for panel in seminar.panels.all() if panel.starts_at), default=None)
    return first if first and timezone.localdate(first, seminar.zone) == seminar.starts_on else None


def beginning_of(seminar):
    """The moment at which `seminar` begins, or its first day while the hour is not known, as letters told keep it."""
    first = first_moment_of_first_day(seminar)
    return f"{first.astimezone(UTC):%Y%m%dT%H%MZ}" if first else f"{seminar.starts_on:%Y%m%d}"


def about_schedule(number, seminar):
    """What the row of a letter keeps that says when `seminar` is held, the `number`th of its kind: its beginning and its mark."""
    return f"{number} @{beginning_of(seminar)} {mark_of(seminar)}"


def letters_with_another_beginning(seminar):
    """Letters told that say another beginning of `seminar` than is written now."""
    told = LetterTold.objects.filter(kind__in=SAYS_WHEN, about__contains=" @")
    return told.exclude(about__contains=f" @{beginning_of(seminar)} ")


def unaware(seminar):
    """Those who take part and know another day, hour or place than is written now."""
    return _who_were_told().filter(seminar=seminar.pk).exclude(last_told__endswith=mark_of(seminar))


def changed_untold(now=None):
    """Keys of the seminars to come of which somebody who takes part knows something else than is written now."""
    coming = Seminar.objects.to_come(now).filter(registrations__isnull=False).distinct().prefetch_related("panels")
    marks = {seminar.pk: mark_of(seminar) for seminar in coming}
    told = _who_were_told().filter(seminar__in=marks).order_by().values_list("seminar", "last_told").distinct()
    return {key for key, last in told if not last.endswith(marks[key])}


def _who_were_told():
    """Those who take part, each with `last_told`: which day, hour and place the last letter told that says them."""
    last = LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=SAYS_WHEN).order_by("-pk")
    reachable = Registration.objects.taking_part().reachable()
    return reachable.annotate(last_told=Subquery(last.values("about")[:1])).filter(last_told__isnull=False)
