"""A seminar as the start of the next one: what was thought out once is there again; who took part and what came of it is not."""

from django.core.exceptions import ValidationError
from django.db import transaction

from events.models import Seminar
from events.programme.time_zone_change import about, same_clocks

OF_A_SOURCE = {"source_url", "source_note", "as_of"}
WHAT_BECAME_OF_IT = {"slug", "conclusions", *OF_A_SOURCE}
OF_THIS_ONE = {"published_at", "published_by", "announced_at", "cancelled_on", "is_milestone", "is_demonstration"}
COUNTERS = {"taken", "in_line", "last_place"}
SAID = {"title", "summary", "quote", "certainty", *OF_A_SOURCE}
WITH_IT = ("institutions", "letters", "invitations")  # as they are: without those invited, all are


@transaction.atomic
def copy(seminar, *, starts_on, speakers=False) -> Seminar:
    """A draft like `seminar` that begins on the day `starts_on`: every day moves as far, and clocks show the same times.

    Texts, programme, terms, seats (none taken), questions, letters, rules of certificates, survey and the members invited come
    along; of interpretation the languages, without addresses. No people, unless the `speakers` of its panels are wanted again.
    """
    move = _Move(seminar, starts_on)
    new = _again(
        Seminar.objects.get(pk=seminar.pk),
        without=WHAT_BECAME_OF_IT | OF_THIS_ONE,
        starts_on=starts_on,
        ends_on=move.day(seminar.ends_on),
    )
    for field in ("topics", "languages", "interpreted_languages"):
        getattr(new, field).set(getattr(seminar, field).all())
    for name in WITH_IT:
        for row in getattr(seminar, name).all():
            _again(row, seminar=new)
    _copy_questions(seminar, new)
    _copy_programme(seminar, new, move, speakers)
    _copy_taking_part(seminar, new, move)
    return new


def _copy_questions(seminar, new):
    """The questions at registration, with the options that are still offered."""
    for question in seminar.questions.prefetch_related("options"):
        again = _again(question, seminar=new)
        for option in question.offered():
            _again(option, question=again)


class _Move:
    """As many days further, on the clock of the seminar: 10:00 stays 10:00 when its clocks have changed in between."""

    def __init__(self, seminar, starts_on):
        self.zone, self.distance = seminar.zone, starts_on - seminar.starts_on

    def day(self, day):
        return day and day + self.distance

    def moments(self, what, begins, ends):
        """Those of a beginning and an end of `what`. Raises ValidationError as `same_clocks` does."""
        try:
            return same_clocks(begins, ends, self.zone, self.zone, self.distance)
        except ValidationError as error:
            raise about(what, error) from error


def _copy_programme(seminar, new, move, speakers):
    for panel in seminar.panels.prefetch_related("topics", "institutions", "interventions__positions"):
        starts_at, ends_at = move.moments(panel, panel.starts_at, panel.ends_at)
        times = {"starts_at": starts_at, "ends_at": ends_at}
        copied = _again(panel, without=WHAT_BECAME_OF_IT, seminar=new, held_on=move.day(panel.held_on), **times)
        copied.topics.set(panel.topics.all())
        for row in panel.institutions.all():
            _again(row, panel=copied)
        if speakers:
            _copy_speakers(panel, copied)


def _copy_speakers(panel, copied):
    """Who speaks and under which positions; what they said then, they said then."""
    for intervention in panel.interventions.all():
        again = _again(intervention, without=SAID, panel=copied)
        for row in intervention.positions.all():
            _again(row, intervention=again)


def _copy_taking_part(seminar, new, move):
    for seats in seminar.seats.all():
        _again(seats, without=COUNTERS, seminar=new)
    for channel in seminar.channels.all():
        _again(channel, without={"url"}, seminar=new)
    if terms := getattr(seminar, "terms", None):
        opens_at, closes_at = move.moments(terms._meta.verbose_name, terms.opens_at, terms.closes_at)
        _again(terms, seminar=new, opens_at=opens_at, closes_at=closes_at)
    if rules := getattr(seminar, "certificate_rules", None):
        _again(rules, seminar=new)
    if survey := getattr(seminar, "survey", None):
        _again(survey, seminar=new, closes_on=move.day(survey.closes_on))


def _again(row, *, without=(), **changed):
    """A new row like `row`, with what is `changed`; columns in `without`, in every language, are those of an empty one."""
    kept = {column.attname: getattr(row, column.attname) for column in _columns(row) if _name(column) not in {*without, *changed}}
    return type(row).objects.create(**kept | changed)


def _columns(row):
    """All but the key, and a translated text once a language."""
    columns = row._meta.concrete_fields
    mirrored = {column.translated_field.name for column in columns if hasattr(column, "translated_field")}
    return [column for column in columns if not column.primary_key and column.name not in mirrored]


def _name(column):
    return column.translated_field.name if hasattr(column, "translated_field") else column.name
