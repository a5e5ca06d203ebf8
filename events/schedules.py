"""Day, hour and place of a seminar, and which of them those who take part were told."""

import hashlib

from django.db.models import OuterRef, Subquery

from events.models import LetterKind, LetterTold

SAYS_WHEN = [  # letters from which somebody knows when and where it is, or that it is not held
    LetterKind.TO_APPROVE,
    LetterKind.WAITING,
    LetterKind.OFFERED,
    LetterKind.CONFIRMED,
    LetterKind.CHANGED,
    LetterKind.CALLED_OFF,
]


def mark_of(seminar):
    """A short mark of what is written now: another day, hour, zone or place gives another."""
    place = seminar.place_es or seminar.place_pt_br or seminar.place_en
    times = seminar.panels.filter(held_on__isnull=False).order_by("pk").values_list("held_on", "starts_at", "ends_at")
    said = [seminar.starts_on, seminar.ends_on or seminar.starts_on, seminar.time_zone, place]
    said += [moment and moment.isoformat() for panel in times for moment in panel]
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:12]


def unaware(seminar):
    """Those who take part and know another day, hour or place than is written now."""
    last = LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=SAYS_WHEN).order_by("-pk")
    taking_part = seminar.registrations.taking_part().reachable().annotate(last_told=Subquery(last.values("about")[:1]))
    return taking_part.filter(last_told__isnull=False).exclude(last_told__endswith=mark_of(seminar))
