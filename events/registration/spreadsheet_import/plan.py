"""What a table would change: who is new, who is known already, who stands in it twice, and which rows are refused, and why."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import HAS_A_SEAT, Registration, RegistrationState
from events.registration.spreadsheet_import import values
from events.registration.spreadsheet_import.columns import Field, called, plain
from members.models import Institution
from rifess.base.spreadsheets.signs import refuse_impossible
from rifess.base.text.accent_folding import fold
from rifess.base.text.translated import texts_of

READ_BY = {
    Field.EMAIL: values.address,
    Field.COUNTRY: values.country,
    Field.INSTITUTION: values.line("institution_name"),
    Field.POSITION: values.line("position"),
    Field.SECTOR: values.sector,
    Field.LANGUAGE: values.language,
    Field.FORM: values.form,
    Field.NEEDS: values.paragraphs("needs"),
    Field.NOTES: values.paragraphs("notes"),
}
PARTS_OF_A_NAME = [Field.FIRST_NAME, Field.SURNAME, Field.SECOND_SURNAME]
SURNAMES_FIRST = ("apellido", "sobrenome", "surname", "last name")


@dataclass(frozen=True)
class Answers:
    """What the secretariat says of a whole list: for rows that say nothing of it, and for those without an address."""

    form: str
    country: str = ""
    language: str = "es"
    takes_without_address: bool = False


@dataclass(frozen=True)
class Refused:
    """A row that is not brought in, and why; its cells as they were."""

    row: int
    reason: str
    cells: list

    def __str__(self):
        return _("Row %(row)d: %(reason)s") % {"row": self.row, "reason": self.reason}


@dataclass(frozen=True)
class Known:
    """A row about somebody who is registered already: the state that stays as it is, and whether the name there is another."""

    row: int
    state: str
    has_other_name: bool

    @property
    def takes_part(self):
        return self.state in [*HAS_A_SEAT, RegistrationState.WAITING, RegistrationState.TO_APPROVE]


@dataclass
class Plan:
    """The rows of a table by what becomes of them. `new` are pairs of a row's number and a registration that is not saved."""

    new: list = field(default_factory=list)
    known: list = field(default_factory=list)
    twice: list = field(default_factory=list)  # pairs of a row's number and of the row that says the same
    refused: list = field(default_factory=list)

    def by_form(self):
        return Counter(registration.form for _row, registration in self.new)


def plan_for(seminar, rows, names, columns, answers) -> Plan:
    """The Plan of bringing `rows` into `seminar`: `names` of its columns (or None), `columns` the number of each field's."""
    plan, seen = Plan(), defaultdict(list)
    there, offered = known_in(seminar), {seats.form for seats in seminar.seats.all()}
    institutions = _institutions()
    for number, cells in rows:
        try:
            registration = _registration(seminar, cells, names, columns, answers, offered)
            registration.institution = institutions.get(fold(registration.institution_name))
            _place(plan, number, registration, there, seen)
        except ValidationError as refused:
            plan.refused.append(Refused(number, " ".join(refused.messages), cells))
    return plan


def _place(plan, number, registration, there, seen):
    """Where a row belongs that is understood.

    Raises ValidationError for what a person has to decide: codes "doubled" (an address under another name) and "namesakes".
    """
    key = key_of(registration)
    if first := _same_person(registration, seen[key], _("The name without an address is also in row %(row)d.")):
        if first.name != fold(registration.name):
            sentence = _("The same address is in row %(row)d, under another name.")
            raise ValidationError(sentence, code="doubled", params={"row": first.row})
        plan.twice.append((number, first.row))
        return
    known = _same_person(registration, there[key], _("Someone with this name is registered already."))
    seen[key].append(Someone.of(registration, row=number))
    if known:
        plan.known.append(Known(number, known.state, known.name != fold(registration.name)))
    else:
        plan.new.append((number, registration))


def key_of(registration):
    """By what somebody is looked for: their address or, where there is none, their name."""
    return registration.email.lower() or fold(registration.name)


@dataclass(frozen=True)
class Someone:
    """What tells people of one name apart, folded; and the row of a list or the state of the registration that says so."""

    name: str
    institution: str
    others: tuple  # country and position
    row: int = 0
    state: str = ""

    @classmethod
    def of(cls, registration, **where):
        others = (registration.country.code or "", fold(registration.position))
        return cls(fold(registration.name), fold(registration.institution_name), others, **where)


def _same_person(registration, candidates, sentence):
    """Who of `candidates`, found by the key of `registration`, is the same person; None: nobody.

    An address is one person's. A name alone is not: it takes the same institution, and another one is another person. Where
    that does not tell, `sentence` is raised with a question (code "namesakes").
    """
    if registration.email or not candidates:
        return next(iter(candidates), None)
    person = Someone.of(registration)
    for each in candidates:
        if each.institution == person.institution and (each.institution or each.others == person.others):
            return each
    if all(each.institution and person.institution for each in candidates):
        return None
    question = _("Is it the same person? Write the institution of both, or the address, or leave one out.")
    raise ValidationError(f"{sentence} {question}", code="namesakes", params={"row": candidates[0].row})


def is_known(registration, there):
    """Whether who `registration` is about is among those `known_in` a seminar; who cannot be told apart from them counts."""
    try:
        return _same_person(registration, there[key_of(registration)], "") is not None
    except ValidationError:
        return True


def known_in(seminar):
    """Everybody known in `seminar`, by address and by name: lists of Someone."""
    found = defaultdict(list)
    for registration in Registration.objects.known().filter(seminar=seminar).order_by("pk"):
        someone = Someone.of(registration, state=registration.state)
        for key in {fold(registration.name), registration.email.lower()} - {""}:
            found[key].append(someone)
    return found


def _institutions():
    return {fold(name): row for row in Institution.objects.all() for name in texts_of(row, "name", "acronym") if name}


def _registration(seminar, cells, names, columns, answers, offered):
    if names is not None and len(cells) > len(names):
        sentence = _(
            "It has %(cells)d cells, and %(names)d columns are named: is there a separator in a text without quotation marks?"
        )
        raise ValidationError(sentence, code="cells", params={"cells": len(cells), "names": len(names)})
    said = {name: cells[number] for name, number in columns.items() if number < len(cells) and cells[number]}
    read, mistakes = {}, []
    for name, understand in READ_BY.items():
        if name in said:
            _collect(read, mistakes, name, understand, said[name])
    _collect(read, mistakes, Field.NAME, values.name, _name(said, names, columns))
    mistakes += _lacking(read, said, answers)
    form = read.get(Field.FORM, answers.form)
    if form not in offered:
        mistakes.append(_in_field(Field.FORM, _("This seminar does not offer that way of attending.")))
    if mistakes:
        raise ValidationError(mistakes)
    fields = {"form": form, "country": answers.country, "language": answers.language}
    return Registration(seminar_id=seminar.pk, origin="list", **fields | {str(name): value for name, value in read.items()})


def _collect(read, mistakes, name, understand, text):
    try:
        refuse_impossible(text)
        values.refuse_cut(text)
        read[name] = understand(text)
    except ValidationError as mistake:
        mistakes.append(_in_field(name, " ".join(mistake.messages)))


def _lacking(read, said, answers):
    """What has to be there and is not."""
    if Field.NAME in read and not read[Field.NAME]:
        yield _("There is no name.")
    if Field.EMAIL not in said and not answers.takes_without_address:
        yield _("There is no email address.")


def _in_field(name, sentence):
    return f"{capfirst(Field(name).label)}: {sentence}"


def _name(said, names, columns):
    """The name as it is printed: whole, or its parts in the order of the certificate."""
    parts = " ".join(said[part] for part in PARTS_OF_A_NAME if part in said)
    whole = said.get(Field.NAME, "")
    if names is not None and Field.NAME in columns and plain(called(columns[Field.NAME], names)).startswith(SURNAMES_FIRST):
        whole = values.turned_round(whole)
    return whole or parts
