"""What an import makes, adds, leaves as it is and refuses."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.models import Intervention, Panel, Seminar, Topic
from recordings.imports.rows import Refused, Row
from recordings.models import Recording, Source
from rifess.base.models import Language
from rifess.base.spreadsheets.signs import Sign


class Verdict(models.TextChoices):
    NEW = "new", _("new")
    ADDED_TO = "added-to", _("something is added")
    SAME = "same", _("already there")


@dataclass
class Step:
    """What becomes of a row. What it would make are rows of the database that nobody has saved yet."""

    row: Row
    verdict: Verdict
    seminar: Seminar
    recording: Recording
    panel: Panel | None = None
    topics: list[Topic] = field(default_factory=list)
    interventions: list[Intervention] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    @property
    def additions(self):
        """What is added to a recording that was there, in words."""
        names = [Recording._meta.get_field(name).verbose_name for name in self.fields]
        names += [Recording._meta.get_field("languages").verbose_name] if self.languages else []
        return [*(capfirst(str(name)) for name in names), *(source.url for source in self.sources)]


NOTICES = {
    "languages": ngettext_lazy(
        "%(count)d language is not among the portal’s, and is left out: %(first)s.",
        "%(count)d languages are not among the portal’s, and are left out: %(first)s.",
        "count",
    ),
    "topics": ngettext_lazy(
        "%(count)d topic is not among the Network’s, and is left out: %(first)s.",
        "%(count)d topics are not among the Network’s, and are left out: %(first)s.",
        "count",
    ),
    "summaries": ngettext_lazy(
        "%(count)d summary is in a language for which the portal has no place, and is left out: %(first)s.",
        "%(count)d summaries are in a language for which the portal has no place, and are left out: %(first)s.",
        "count",
    ),
    "borrowed": ngettext_lazy(
        "%(count)d title is not in Spanish: it stands there as it is, and a note says so: %(first)s.",
        "%(count)d titles are not in Spanish: they stand there as they are, and a note says so: %(first)s.",
        "count",
    ),
    "addressless": ngettext_lazy(
        "%(count)d recording has no address at which it can be seen: %(first)s.",
        "%(count)d recordings have no address at which they can be seen: %(first)s.",
        "count",
    ),
    "together": ngettext_lazy(
        "%(count)d name may be of several people, and counts as one: %(first)s.",
        "%(count)d names may be of several people, and count as one each: %(first)s.",
        "count",
    ),
    "shared": ngettext_lazy(
        "%(count)d address is also that of a recording of another seminar: %(first)s.",
        "%(count)d addresses are also those of recordings of other seminars: %(first)s.",
        "count",
    ),
    "titled": ngettext_lazy(
        "%(count)d recording has the title of another one and other addresses: see whether it is the same: %(first)s.",
        "%(count)d recordings have the titles of others and other addresses: see whether they are the same: %(first)s.",
        "count",
    ),
}


MOST_SIGNS = 100  # that are kept


@dataclass
class Plan:
    """The steps of an import, all that is refused, by the names of NOTICES what deserves a look, and what has to be confirmed."""

    steps: list[Step] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    noticed: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    signs: list[Sign] = field(default_factory=list)

    def of(self, verdict):
        return [step for step in self.steps if step.verdict == verdict]

    @property
    def to_do(self):
        return [step for step in self.steps if step.verdict != Verdict.SAME]

    @property
    def new_seminars(self):
        return list({id(step.seminar): step.seminar for step in self.steps if step.seminar.pk is None}.values())

    @property
    def new_people(self):
        people = (said.person for step in self.steps for said in step.interventions)
        return list({id(person): person for person in people if person and person.pk is None}.values())

    @property
    def fingerprint(self):
        """Two plans that have the same one do the same."""
        done = [
            (step.verdict.value, step.row.titles, step.seminar.pk, step.fields, *map(str, step.sources)) for step in self.steps
        ]
        return hashlib.sha256(repr((done, len(self.refused), [*map(str, self.signs)])).encode()).hexdigest()

    def __iadd__(self, other):
        self.steps += other.steps
        self.refused += other.refused
        self.notice(other)
        return self

    def notice(self, other):
        """Take over what deserves a look in `other`."""
        self.signs = (self.signs + other.signs)[:MOST_SIGNS]
        for name, found in other.noticed.items():
            self.noticed[name].update(found)

    def notices(self):
        """Sentences on what is left out and what deserves a look, with the most frequent first."""
        return [str(NOTICES[name] % _counted(found)) for name, found in self.noticed.items() if found]


def _counted(found):
    first = [word for word, _times in found.most_common(8)]
    return {"count": len(found), "first": ", ".join(first) + (" …" if len(found) > len(first) else "")}
