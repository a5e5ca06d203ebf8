"""What the portal already has of what an import speaks of: people, topics, seminars, and what each seminar holds."""

import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from events.models import Intervention, Seminar, Topic
from members.models import NameVariant, Person
from rifess.base.text.accent_folding import fold
from rifess.base.text.translated import texts_of

ASIDE = re.compile(r"\s*\([^()]*\)$")  # "Ana Díaz (keynote)": said of this occasion, no part of the name
NOBODY = {"", "n/a", "na", "none", "unknown", "tba", "tbd", "-", "desconocido", "desconhecido"}
SEVERAL = {
    fold(words)
    for words in ("Various speakers", "Various", "Several speakers", "Varias personas", "Vários", "Varios", "Diversos")
}


class People:
    """Everyone with a page, by name and by the variants of it. Who is not there yet is made once."""

    def __init__(self):
        self.called = defaultdict(dict)
        for person in Person.objects.only("name"):
            self.called[_name(person.name)][person.pk] = person
        for variant in NameVariant.objects.select_related("person"):
            self.called[_name(variant.name)][variant.person_id] = variant.person

    def called_exactly(self, words):
        """The person printed as `words`. Raises ValidationError (code "homonyms") when several are called so."""
        name = ASIDE.sub("", words) or words
        found = self.called[_name(name)]
        if len(found) > 1:
            sentence = _("Several people are called %(name)s: add this recording by hand.")
            raise ValidationError(sentence, code="homonyms", params={"name": name})
        if not found:
            found[None] = Person(name=name)
        return next(iter(found.values()))


def _name(words):
    return " ".join(fold(words).split())


def is_nobody(words):
    return fold(words) in NOBODY or not any(letter.isalpha() for letter in words)


def are_several(words):
    return fold(words) in SEVERAL


def topics_by_name():
    """The Network's topics by their name in each language."""
    return {fold(name): topic for topic in Topic.objects.all() for name in texts_of(topic, "name")}


class Seminars:
    """All seminars, by title in each language and by the last part of their address."""

    def __init__(self):
        self.called = defaultdict(list)
        for seminar in Seminar.objects.order_by("pk"):
            for words in {seminar.slug, *map(fold, texts_of(seminar, "title"))}:
                self.called[words].append(seminar)

    def called_exactly(self, said, days):
        """The seminar that is `said`, whose recordings are of `days`; None when it is to be made.

        Raises ValidationError (code "several_seminars") when it could be more than one.
        """
        found = self.called.get(fold(said.title), [])
        if said.starts_on:
            found = [seminar for seminar in found if seminar.starts_on == said.starts_on]
        if len(found) > 1 and days:
            found = [each for each in found if each.starts_on <= min(days) and max(days) <= (each.ends_on or max(days))]
        if len(found) > 1:
            sentence = _("Several seminars are called so: write the last part of its address instead of its title.")
            raise ValidationError(sentence, code="several_seminars")
        return found[0] if found else None


class Programme:
    """What a seminar holds, and what the rows that were read before add to it."""

    def __init__(self, seminar):
        self.seminar, self.by_url, self.by_title, self.panels = seminar, {}, defaultdict(list), defaultdict(list)
        self.said = {}  # the row that spoke of a recording, by the recording's identity
        if seminar.pk:
            self._know()

    def _know(self):
        for recording in self.seminar.recordings.prefetch_related("sources", "languages").order_by("pk"):
            self.add(recording, [source.url for source in recording.sources.all()])
        spoken = Prefetch("interventions", Intervention.objects.select_related("person"))
        for panel in self.seminar.panels.prefetch_related(spoken):
            self.add_panel(panel, [said.person for said in panel.interventions.all() if said.person])

    def add(self, recording, urls, row=None):
        """Know `recording` by `urls` and by its titles, and of which `row` it is."""
        self.by_url |= dict.fromkeys(urls, recording)
        for title in {*map(fold, texts_of(recording, "title"))}:
            self.by_title[title].append((recording, bool(urls)))
        if row:
            self.said[id(recording)] = row

    def add_panel(self, panel, people):
        for title in {*map(fold, texts_of(panel, "title"))}:
            self.panels[title].append((panel, people))

    def recording_of(self, row):
        """The recording that `row` speaks of, or None: by one of its addresses; without these, or while none is known, by title.

        Raises ValidationError (codes "two_recordings", "several_recordings").
        """
        by_url = _different(self.by_url[place.url] for place in row.addresses if place.url in self.by_url)
        if len(by_url) > 1:
            raise ValidationError(_("Its addresses are of different recordings of this seminar."), code="two_recordings")
        by_title = _different(each for each, has_address in self.titled(row) if not (row.addresses and has_address))
        if not by_url and len(by_title) > 1:
            sentence = _("Several recordings of this seminar have this title: add its addresses by hand.")
            raise ValidationError(sentence, code="several_recordings")
        return next(iter(by_url or by_title), None)

    def titled(self, row):
        """Pairs of each recording with one of the titles of `row`, and whether an address of it is known."""
        return [pair for title in {*map(fold, row.titles.values())} for pair in self.by_title.get(title, [])]

    def panel_called(self, title):
        """The first panel of this title, or None."""
        return next((panel for panel, _people in self.panels.get(fold(title), [])), None)

    def session_of(self, row, people):
        """The panel of that title, on the same day unless one is unknown, in which all speakers of `row` speak; or None."""
        titled = [pair for title in row.titles.values() for pair in self.panels.get(fold(title), [])]
        if not titled:
            return None
        speak = [people.called_exactly(words) for words in row.speakers if not (is_nobody(words) or are_several(words))]
        for panel, there in titled:
            same_day = row.day is None or panel.held_on in {None, row.day}
            if same_day and all(person in there for person in speak):
                return panel
        return None


def _different(recordings):
    return list({id(each): each for each in recordings}.values())
