"""From what files say to what is done about it, knowing what the portal has. Planning writes nothing."""

import re
from collections import defaultdict
from itertools import batched

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.drafts import fill, new_interventions, new_panel, new_recording, new_seminar, new_sources
from recordings.imports.forms import RowForm
from recordings.imports.known import People, Programme, Seminars, topics_by_name
from recordings.imports.plan import Plan, Step, Verdict
from recordings.imports.rows import Refused
from recordings.models import Source
from rifess.base.models import Language
from rifess.base.text.accent_folding import fold

AT_ONCE = 500  # addresses in one statement
SEVERAL_NAMES = re.compile(r"[;/&]|\s(?:y|e|and)\s|\w+ \w+, \w+ \w+", re.IGNORECASE)
FIELD_OF = {  # the code of a refusal → the field that it speaks of
    "outside_seminar": "day",
    "homonyms": "speakers",
    "no_day": "seminar",
    "no_seminar": "seminar",
    "several_seminars": "seminar",
    "two_recordings": "addresses",
    "several_recordings": "title",
    "twice": "title",
}


def plan_for(reading, *, seminar=None):
    """The Plan of a Reading. Rows that name no seminar are of `seminar`."""
    plan = Plan()
    for each in Planner().plans(reading, seminar):
        plan += each
    return plan


def plans_for(readings, *, seminar=None):
    """The same for several Readings, each with all rows of its seminars: a Plan for each seminar, made when it is asked for.

    What was planned may be carried out before the next one is asked for, and forgotten: so an archive needs little memory.
    """
    planner = Planner()
    for reading in readings:
        yield from planner.plans(reading, seminar)


def _by_seminar(rows):
    """The rows of each seminar that is named, in the order of the files."""
    groups = defaultdict(list)
    for row in rows:
        groups[(fold(row.seminar.title), row.seminar.starts_on) if row.seminar else None].append(row)
    return groups.values()


def _refused(row, mistake):
    """A row with what is wrong with it: where a field is to blame, its line, its name and what it says."""
    sentence = " ".join(mistake.messages)
    field = next((FIELD_OF[code] for code in _codes(mistake) if code in FIELD_OF), None)
    if not field:
        return Refused(row.spot, sentence)
    said = {
        "day": row.day,
        "speakers": "; ".join(row.speakers),
        "addresses": " ".join(place.url for place in row.addresses),
        "title": row.title,
        "seminar": row.seminar and row.seminar.title,
    }[field]
    label = RowForm.base_fields[field].label
    return Refused(row.spot.at(field), f"{label} “{str(said)[:100]}”: {sentence}" if said else f"{label}: {sentence}")


def _codes(mistake):
    """The codes of all that is wrong, also where a model says it by field."""
    errors = getattr(mistake, "error_dict", {"": getattr(mistake, "error_list", [])})
    return [error.code for each in errors.values() for error in each]


class Planner:
    """Decides row by row; what one row makes, the next ones find."""

    def __init__(self):
        self.plan = Plan()
        self.people, self.seminars, self.topics = People(), Seminars(), topics_by_name()
        self.languages, self.seminar_of_address = Language.objects.in_bulk(), {}

    def plans(self, reading, chosen):
        """A Plan of what cannot be imported for its seminar, and one for each seminar; rows that name none are of `chosen`."""
        self.plan, groups = Plan(refused=reading.refused, signs=reading.signs), {}
        for rows in _by_seminar(reading.rows):
            try:
                seminar = self._seminar(rows, chosen)
            except ValidationError as mistake:
                self._refuse(rows, mistake)
            else:
                groups.setdefault(seminar.pk or id(seminar), (seminar, []))[1].extend(rows)
        yield self.plan
        for seminar, rows in groups.values():
            yield self._plan_seminar(seminar, rows)

    def _plan_seminar(self, seminar, rows):
        self.plan, programme = Plan(), Programme(seminar)
        for row in rows:
            try:
                self._plan(programme, row)
            except ValidationError as mistake:
                self._refuse([row], mistake)
        self.plan.noticed["shared"].update(self._shared_addresses(seminar))
        return self.plan

    def _refuse(self, rows, mistake):
        self.plan.refused += [_refused(row, mistake) for row in rows]

    def _shared_addresses(self, seminar):
        """Addresses of this plan that recordings of other seminars have, in the database or in the plans before."""
        urls, own = [source.url for step in self.plan.steps for source in step.sources], seminar.pk or id(seminar)
        shared = {url for url in urls if self.seminar_of_address.setdefault(url, own) != own}
        for some in batched(urls, AT_ONCE):
            elsewhere = Source.objects.filter(url__in=some).exclude(recording__seminar=seminar.pk)
            shared.update(elsewhere.values_list("url", flat=True))
        return sorted(shared)

    def _seminar(self, rows, chosen):
        said, days = rows[0].seminar, [row.day for row in rows if row.day]
        if said:
            return self.seminars.called_exactly(said, days) or new_seminar(said, days)
        if chosen is None:
            raise ValidationError(_("Say of which seminar it is."), code="no_seminar")
        return chosen

    def _plan(self, programme, row):
        there = programme.recording_of(row)
        before = programme.said.get(id(there))
        if before is not None:
            raise ValidationError(_("It was said before: %(spot)s."), code="twice", params={"spot": before.spot})
        step = self._add_to(there, programme, row) if there else self._make(programme, row)
        programme.add(step.recording, [source.url for source in step.sources], row)
        self.plan.steps.append(step)
        self._notice(row)

    def _notice(self, row):
        noticed = self.plan.noticed
        noticed["languages"].update(row.unknown_languages)
        noticed["topics"].update(word for word in row.topics if fold(word) not in self.topics)
        noticed["summaries"].update([row.title] if row.summary_is_lost else [])
        noticed["together"].update(words for words in row.speakers if SEVERAL_NAMES.search(words))

    def _languages(self, row):
        return [self.languages[code] for code in row.languages]

    def _add_to(self, recording, programme, row):
        """Only what is empty is filled: what somebody wrote stays, and so does a recording that was withdrawn."""
        step = Step(row, Verdict.SAME, programme.seminar, recording)
        if recording.withdrawn_on:
            return step
        there = {source.url for source in recording.sources.all()}
        step.fields = fill(recording, row)
        step.sources = new_sources(recording, [place for place in row.addresses if place.url not in there], after=len(there))
        step.languages = [] if recording.languages.all() else self._languages(row)
        step.verdict = Verdict.ADDED_TO if step.additions else Verdict.SAME
        return step

    def _make(self, programme, row):
        panel, topics, interventions = self._panel(programme, row)
        recording = new_recording(programme.seminar, panel, row)
        self.plan.noticed["addressless"].update([] if row.addresses else [row.title])
        self.plan.noticed["titled"].update([row.title] if row.addresses and programme.titled(row) else [])
        self.plan.noticed["borrowed"].update([row.title] if row.title_is_borrowed else [])
        sources = new_sources(recording, row.addresses)
        return Step(row, Verdict.NEW, programme.seminar, recording, panel, topics, interventions, sources, self._languages(row))

    def _panel(self, programme, row):
        """The panel of `row`, and, if that is to be made, its topics and interventions."""
        panel = programme.panel_called(row.panel) if row.panel else programme.session_of(row, self.people)
        if panel or not (row.panel or row.is_session or row.speakers or row.day):
            return panel, [], []
        panel = new_panel(programme.seminar, row)
        interventions = new_interventions(panel, row, self.people)
        programme.add_panel(panel, [said.person for said in interventions if said.person])
        topics = {topic.pk: topic for word in row.topics if (topic := self.topics.get(fold(word)))}
        return panel, list(topics.values()), interventions
