"""The portal's own words for each letter to those who take part. The secretariat may write others for a seminar.

In braces stands what differs from one person to the next: `PLACEHOLDERS` says which there are.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import LetterKind as Kind

PLACEHOLDER = re.compile(r"\{(\w+)\}")
BUTTON = _("See my registration")
PLACEHOLDERS = {
    "name": _("name of the person"),
    "seminar": _("title of the seminar"),
    "when": _("day, and the hour if it is known, with its city"),
    "place": _("place, or how it is attended"),
    "number": _("number of the registration"),
    "until": _("moment until which a seat is offered"),
    "before": _("how many wait before them"),
    "reason": _("reason given by the secretariat"),
    "programme": _("programme of that day"),
}
SENT = {  # when the portal writes them by itself, for the desk
    Kind.WEEK_BEFORE: _("Seven days before the seminar begins."),
    Kind.DAY_BEFORE: _("A day before the seminar begins."),
    Kind.HOUR_BEFORE: _("An hour before the seminar begins, if its hour is known, to those who do not get the link to join."),
    Kind.FURTHER_DAY: _(
        "An hour before each further day that has panels, with the programme of that day; at 8:00 while its hours are not known. "
        "Participants can unsubscribe from it."
    ),
    Kind.JOIN: _("An hour before the seminar begins, to those who attend online; at once to those who register later."),
}
WITH_FACTS = {  # when and where, in a box
    Kind.CONFIRMED,
    Kind.WEEK_BEFORE,
    Kind.DAY_BEFORE,
    Kind.HOUR_BEFORE,
    Kind.FURTHER_DAY,
    Kind.CHANGED,
    Kind.REINSTATED,
}
OF_ONE_KIND = {"until": Kind.OFFERED, "before": Kind.WAITING, "reason": Kind.DECLINED, "programme": Kind.FURTHER_DAY}


@dataclass(frozen=True)
class Words:
    """A letter: its subject, its paragraphs, and what its button says. A paragraph whose placeholder is empty is left out."""

    subject: str
    paragraphs: tuple
    button: str = BUTTON

    @property
    def text(self):
        return "\n\n".join(str(paragraph) for paragraph in self.paragraphs)


WORDS = {
    Kind.CONFIRM: Words(
        _("Confirm your registration: {seminar}"),
        (
            _("We received a registration for “{seminar}” ({when}) with this address."),
            _("If it is yours, confirm it: it counts only from then on."),
            _("If it is not, do nothing: what was written is deleted by itself."),
        ),
        _("See and confirm"),
    ),
    Kind.ALREADY: Words(
        _("You are registered already: {seminar}"),
        (
            _("Somebody, perhaps you, registered this address again for “{seminar}” ({when})."),
            _("Nothing has changed. Your registration is number {number}; on its page you can see it, correct it or cancel it."),
        ),
    ),
    Kind.TO_APPROVE: Words(
        _("Your registration is being looked at: {seminar}"),
        (
            _("Thank you: your address is confirmed."),
            _("The secretariat looks at each registration for “{seminar}” ({when}) and writes to you when it has decided."),
        ),
    ),
    Kind.CONFIRMED: Words(
        _("Your seat is reserved: {seminar}"),
        (
            _("Your registration for “{seminar}” is confirmed. Its number is {number}."),
            _("The attached file puts it in your calendar, on the clock of your city."),
            _("If you cannot come, please cancel: your seat goes to somebody who waits."),
        ),
    ),
    Kind.WAITING: Words(
        _("You are on the waiting list: {seminar}"),
        (
            _("All seats for “{seminar}” ({when}) are taken. You are on the waiting list. People before you: {before}."),
            _("When a seat is free we write to whoever has waited longest."),
        ),
    ),
    Kind.OFFERED: Words(
        _("There is a seat for you: {seminar}"),
        (
            _("A seat for “{seminar}” ({when}) is free, and it is yours if you accept it."),
            _("Accept it before {until}; after that it goes to the next person."),
        ),
        _("See and accept the seat"),
    ),
    Kind.LAPSED: Words(
        _("The seat went to the next person: {seminar}"),
        (
            _("The time to accept the seat for “{seminar}” is over, so it goes to whoever has waited longest."),
            _("If you still want to come, register again: you will be at the end of the waiting list."),
        ),
    ),
    Kind.DECLINED: Words(
        _("Your registration could not be accepted: {seminar}"),
        (_("The secretariat could not accept your registration for “{seminar}” ({when})."), _("The reason it gives: {reason}")),
    ),
    Kind.CANCELLED: Words(
        _("Your registration is cancelled: {seminar}"),
        (
            _("Your registration for “{seminar}” ({when}) is cancelled."),
            _("If this is a mistake, or if you can come after all, register again."),
        ),
    ),
    Kind.WEEK_BEFORE: Words(
        _("In a week: {seminar}"),
        (
            _("“{seminar}” begins in a week."),
            _("If you cannot come, please cancel: your seat goes to somebody who waits."),
        ),
    ),
    Kind.DAY_BEFORE: Words(_("Tomorrow: {seminar}"), (_("“{seminar}” begins tomorrow."),)),
    Kind.HOUR_BEFORE: Words(_("In an hour: {seminar}"), (_("“{seminar}” begins in an hour."),)),
    Kind.FURTHER_DAY: Words(
        _("It continues: {seminar}"),
        (_("“{seminar}” continues."), "{programme}", _("Those who attend online can join half an hour before the beginning.")),
    ),
    Kind.JOIN: Words(
        _("How to join: {seminar}"),
        (
            _("Here you join “{seminar}” ({when}). Please do not pass this address on: it is yours."),
            _("It opens half an hour before the beginning."),
        ),
        _("Join"),
    ),
    Kind.CHANGED: Words(
        _("It has changed: {seminar}"),
        (
            _("Day, hour or place of “{seminar}” have changed. What holds now stands below."),
            _("The attached file changes it in your calendar too."),
        ),
    ),
    Kind.CALLED_OFF: Words(
        _("It is cancelled: {seminar}"),
        (
            _("“{seminar}” ({when}) has been cancelled. We are sorry."),
            _("You need not do anything. The attached file takes it out of your calendar."),
        ),
        _("See the seminar’s page"),
    ),
    Kind.REINSTATED: Words(
        _("It takes place after all: {seminar}"),
        (
            _("We told you that “{seminar}” was cancelled. It takes place after all; the day, hour and place are below."),
            _("Your registration number {number} stands as it was. The attached file puts the seminar back in your calendar."),
            _("If you cannot come, please cancel: your seat goes to somebody who waits."),
        ),
    ),
    Kind.THANKS: Words(
        _("Thank you, and the recordings: {seminar}"),
        (
            _("Thank you for taking part in “{seminar}”."),
            _("Its recordings are published now: you can watch them and search in what was said."),
        ),
        _("Watch the recordings"),
    ),
    Kind.CERTIFICATE: Words(
        _("Your certificate: {seminar}"),
        (
            _("Your certificate for “{seminar}” is ready."),
            _("At its address you can save it, and anybody you show it to can check that it is true."),
        ),
        _("See my certificate"),
    ),
    Kind.SURVEY: Words(
        _("How was it? {seminar}"),
        (
            _("Thank you for taking part in “{seminar}”."),
            _("Would you tell us what you thought of it? It takes two minutes, and the next one will be better for it."),
            _("What you answer is kept apart from your name."),
        ),
        _("Answer the survey"),
    ),
}


def known_in(kind):
    """The placeholders that letters of `kind` know; those of a mailing, which is none of them, are known in each."""
    return [name for name in PLACEHOLDERS if OF_ONE_KIND.get(name, kind) == kind]


def check_placeholders(text, kind):
    """Raise ValidationError when what stands in braces is nothing that a letter of `kind` knows.

    Codes: "unknown", "not-here" (another kind knows it), "braces".
    """
    known = known_in(kind)
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        if name not in known:
            raise _refusal(name, known)
    if {"{", "}"} & set(PLACEHOLDER.sub("", text)):
        raise ValidationError(_("A brace stands alone. Write placeholders in a pair, without spaces: {name}."), code="braces")


def _refusal(name, known):
    said = {"name": f"{{{name}}}", "known": ", ".join(f"{{{each}}}" for each in known)}
    if name in OF_ONE_KIND:
        said["kind"] = OF_ONE_KIND[name].label
        return ValidationError(_("%(name)s is known only in the letter “%(kind)s”."), code="not-here", params=said)
    if close := get_close_matches(name, known, n=1):
        said["close"] = f"{{{close[0]}}}"
        return ValidationError(_("%(name)s is not a placeholder. Do you mean %(close)s?"), code="unknown", params=said)
    return ValidationError(_("%(name)s is not a placeholder. There are: %(known)s."), code="unknown", params=said)
