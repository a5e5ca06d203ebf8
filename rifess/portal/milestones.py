"""The Network's milestones: read from what its rows say, told in order."""

from dataclasses import dataclass
from datetime import date

from events.models import Seminar
from recordings.models import Document
from rifess.base.dates import machine_date, say_date


@dataclass(frozen=True)
class Milestone:
    """Something that happened to the Network: its day, the row that tells it, and the date in words."""

    day: date
    row: object
    date_in_words: str
    machine_date: str


def milestones(user):
    """All milestones that `user` may see, oldest first."""
    documents = Document.objects.visible_to(user).filter(is_milestone=True, dated_on__isnull=False)
    seminars = Seminar.objects.visible_to(user).filter(is_milestone=True)
    found = [_of(row, row.dated_on, row.dated_on_precision) for row in documents]
    found += [_of(row, row.starts_on, "day") for row in seminars]
    return sorted(found, key=lambda milestone: milestone.day)


def _of(row, day, precision):
    return Milestone(day, row, say_date(day, precision), machine_date(day, precision))
