"""What a survey came to: figures and texts, which nobody can put together again (docs/adr/0025)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.models import MARKED, SurveyResponse
from rifess.base.text.collation import sort_key

FEWEST = 3  # with fewer answers nothing is shown: it would be somebody's


@dataclass(frozen=True)
class Marks:
    """How a question was marked: how many of each mark, from 1 to 5."""

    name: str
    label: str
    counts: list[int]

    @property
    def answers(self):
        return sum(self.counts)

    @property
    def is_shown(self):
        return self.answers >= FEWEST

    @property
    def mean(self):
        return sum(mark * count for mark, count in enumerate(self.counts, start=1)) / self.answers

    @property
    def largest(self):
        return max(1, *self.counts)

    @property
    def rows(self):
        return list(enumerate(self.counts, start=1))


@dataclass(frozen=True)
class Texts:
    """What was written to a question, in the order of the alphabet: not in that in which it came."""

    name: str
    label: str
    texts: list[str]


@dataclass(frozen=True)
class Results:
    """Of how many `asked`, how many `answered`, and what."""

    asked: int
    answered: int
    marks: list[Marks]
    texts: list[Texts]

    @property
    def is_shown(self):
        return self.answered >= FEWEST


def of(survey, *, asked) -> Results:
    """The results of `survey`; with fewer than FEWEST answers only how many there are."""
    responses = list(SurveyResponse.objects.filter(survey=survey).order_by())
    told = responses if len(responses) >= FEWEST else []
    return Results(
        asked=asked,
        answered=len(responses),
        marks=[_marks(name, told) for name in MARKED],
        texts=[_texts(name, told) for name in ("liked", "to_improve")],
    )


def as_rows(results):
    """`results` as rows of cells for a spreadsheet: the marks, then the texts. No row is one person's."""
    yield [_("question"), _("answers"), _("mean"), "1", "2", "3", "4", "5"]
    for marks in results.marks:
        if marks.is_shown:
            yield [marks.label, marks.answers, round(marks.mean, 2), *marks.counts]
        elif results.is_shown:
            yield [marks.label, _("fewer than %(count)d") % {"count": FEWEST}]
    for texts in results.texts:
        yield from ([texts.label, text] for text in texts.texts)


def _marks(name, responses):
    given = [getattr(response, name) for response in responses]
    return Marks(name, _label(name), [given.count(mark) for mark in range(1, 6)])


def _texts(name, responses):
    return Texts(name, _label(name), sorted((text for row in responses if (text := getattr(row, name).strip())), key=sort_key))


def _label(name):
    return str(SurveyResponse._meta.get_field(name).verbose_name)
