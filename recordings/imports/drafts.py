"""Rows of the database as an import would make them, not saved yet. Each keeps its model's rules, but for those between rows."""

from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import Intervention, Panel, PanelKind, Seminar
from recordings.imports.known import are_several, is_nobody
from recordings.models import Recording, Source

TITLE_IS_BORROWED = {
    "es": "El título está en su idioma original.",
    "pt_br": "O título está em seu idioma original.",
    "en": "The title is in its original language.",
}
SEVERAL = {"es": "Varias personas", "pt_br": "Várias pessoas", "en": "Several speakers"}


def new_seminar(said, days):
    """The seminar that is `said`; while its days are not, those of its recordings. Raises ValidationError (code "no_day")."""
    if not (said.starts_on or days):
        raise ValidationError(_("There is no such seminar yet, and its first day is not said."), code="no_day")
    starts_on = said.starts_on or min(days)
    ends_on = said.ends_on or (None if said.starts_on else max(days))
    seminar = _new(Seminar, title_es=said.title, kind=said.kind, starts_on=starts_on, ends_on=ends_on, source_url=said.source_url)
    return checked(seminar)


def new_panel(seminar, row):
    """The panel that `row` names, or the session that its recording is of."""
    if row.day and not seminar.pk and not _within(seminar, row.day):
        raise ValidationError(_("This day is not one of the seminar’s."), code="outside_seminar")
    if row.panel:
        return checked(_new(Panel, seminar=seminar, held_on=row.day, title_es=row.panel))
    panel = _new(Panel, seminar=seminar, held_on=row.day, kind=PanelKind.SESSION)
    return checked(_with_texts(panel, row.titles, row.title_is_borrowed))


def _new(model, **values):
    return model(**_empty_texts(model) | values)


@cache
def _empty_texts(model):
    """All columns of translated texts, empty. Left to the row, each asks in its language, which costs more than all the rest."""
    return {field.name: field.get_default() for field in model._meta.concrete_fields if hasattr(field, "translated_field")}


def _within(seminar, day):
    return seminar.starts_on <= day and (seminar.ends_on is None or day <= seminar.ends_on)


def new_interventions(panel, row, people):
    """What each speaker of `row` says, in their order, by the `people` that are called so."""
    spoken, position = [], 0
    for words in row.speakers:
        if are_several(words):
            said = _new(Intervention, **{f"collective_{column}": text for column, text in SEVERAL.items()})
        elif is_nobody(words):
            continue
        else:
            person = people.called_exactly(words)
            said = _new(Intervention, person=person, name_as_printed="" if words == person.name else words)
        position += 1
        said.panel, said.position = panel, position
        spoken.append(checked(said))
    return spoken


def new_recording(seminar, panel, row):
    recording = _new(Recording, seminar=seminar, panel=panel, duration=row.duration, source_url=row.source_url)
    for column, words in row.summaries.items():
        setattr(recording, f"summary_{column}", words)
    return checked(_with_texts(recording, row.titles, row.title_is_borrowed))


def new_sources(recording, places, *, after=0):
    """The `places` as sources of `recording`, `after` so many that it has."""
    return [
        checked(Source(recording=recording, url=place.url, host=place.host, video_id=place.video_id, position=position))
        for position, place in enumerate(places, start=after + 1)
    ]


def fill(recording, row):
    """Write into `recording` what `row` knows and nobody has written, and return the names of those fields."""
    known = {f"summary_{column}": words for column, words in row.summaries.items()}
    known |= {f"title_{column}": words for column, words in row.titles.items()}
    known |= {"duration": row.duration, "source_url": row.source_url}
    empty = [name for name, value in known.items() if value and not getattr(recording, name)]
    for name in empty:
        setattr(recording, name, known[name])
    checked(recording)
    return empty


def _with_texts(thing, titles, is_borrowed):
    for column, words in titles.items():
        setattr(thing, f"title_{column}", words)
    for column, words in TITLE_IS_BORROWED.items() if is_borrowed else ():
        setattr(thing, f"source_note_{column}", words)
    return thing


def checked(thing):
    """`thing`, whose fields and `clean()` find nothing wrong. What it belongs to may not be in the database yet."""
    belongs_to = {field.name for field in thing._meta.fields if field.is_relation}
    thing.clean_fields(exclude=belongs_to)
    thing.clean()
    return thing
