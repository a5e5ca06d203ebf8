"""What a table would change: who is new, who is known already, who stands in it twice, and which rows are refused, and why."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import HAS_A_SEAT, Registration, RegistrationState
from events.participant_lists import values
from events.participant_lists.columns import Field, called, plain
from members.models import Institution
from rifess.base.folding import fold
from rifess.base.texts import texts_of

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
    plan, seen = Plan(), {}
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
    """Where a row belongs that is understood. Raises ValidationError (code "doubled") for another person's address."""
    key, folded = key_of(registration), fold(registration.name)
    first, first_name = seen.setdefault(key, (number, folded))
    if first != number and folded != first_name:
        sentence = _("The same address is in row %(row)d, under another name.")
        raise ValidationError(sentence, code="doubled", params={"row": first})
    if first != number:
        plan.twice.append((number, first))
    elif key in there:
        state, name = there[key]
        plan.known.append(Known(number, state, name != folded))
    else:
        plan.new.append((number, registration))


def key_of(registration):
    """What tells somebody from everybody else: their address or, where there is none, their name."""
    return registration.email.lower() or fold(registration.name)


def known_in(seminar):
    """State and name of everybody known in `seminar`, by address and by name."""
    found = {}
    for email, name, state in Registration.objects.known().filter(seminar=seminar).values_list("email", "name", "state"):
        found[fold(name)] = found[email.lower()] = (state, fold(name))
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
        mistakes.append(_in_field(Field.FORM, _("One cannot attend this seminar in that way.")))
    if mistakes:
        raise ValidationError(mistakes)
    fields = {"form": form, "country": answers.country, "language": answers.language}
    return Registration(seminar_id=seminar.pk, origin="list", **fields | {str(name): value for name, value in read.items()})


def _collect(read, mistakes, name, understand, text):
    try:
        read[name] = understand(text)
    except ValidationError as mistake:
        mistakes.append(_in_field(name, " ".join(mistake.messages)))


def _lacking(read, said, answers):
    """What has to be there and is not."""
    if Field.NAME in read and not read[Field.NAME]:
        yield _("There is no name.")
    if Field.EMAIL not in said and not answers.takes_without_address:
        yield _("There is no e-mail address.")


def _in_field(name, sentence):
    return f"{capfirst(Field(name).label)}: {sentence}"


def _name(said, names, columns):
    """The name as it is printed: whole, or its parts in the order of the certificate."""
    parts = " ".join(said[part] for part in PARTS_OF_A_NAME if part in said)
    whole = said.get(Field.NAME, "")
    if names is not None and Field.NAME in columns and plain(called(columns[Field.NAME], names)).startswith(SURNAMES_FIRST):
        whole = values.turned_round(whole)
    return whole or parts
