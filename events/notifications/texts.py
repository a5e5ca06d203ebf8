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
    "until": _("moment until which a place is offered"),
    "before": _("how many people are ahead"),
    "reason": _("reason given by the Secretariat"),
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
            _("If it is yours, please confirm it. It only counts from then on."),
            _("If it is not yours, ignore this message. The registration will be deleted."),
        ),
        _("View and confirm"),
    ),
    Kind.ALREADY: Words(
        _("You are already registered: {seminar}"),
        (
            _("Someone, perhaps you, registered this address again for “{seminar}” ({when})."),
            _(
                "Nothing has changed. Your registration number is {number}. You can see, correct or cancel the "
                "registration on its page."
            ),
        ),
    ),
    Kind.TO_APPROVE: Words(
        _("Your registration is being reviewed: {seminar}"),
        (
            _("Thank you. Your email address is confirmed."),
            _(
                "The Secretariat reviews each registration for “{seminar}” ({when}). We will write to you when "
                "there is a decision."
            ),
        ),
    ),
    Kind.CONFIRMED: Words(
        _("Your place is reserved: {seminar}"),
        (
            _("Your registration for “{seminar}” is confirmed. Its number is {number}."),
            _("Open the attached file to add it to your calendar, in the time of your city."),
            _("If you cannot attend, please cancel. Your place will go to someone on the waiting list."),
        ),
    ),
    Kind.WAITING: Words(
        _("You are on the waiting list: {seminar}"),
        (
            _(
                "All places for “{seminar}” ({when}) are taken. You are on the waiting list. Number of people "
                "ahead of you: {before}."
            ),
            _("When a place is free, we offer it to the person who has waited longest."),
        ),
    ),
    Kind.OFFERED: Words(
        _("A place is available for you: {seminar}"),
        (
            _("A place at “{seminar}” ({when}) is free. It is yours if you accept it."),
            _("Accept it before {until}. After that it will be offered to the next person."),
        ),
        _("View and accept the place"),
    ),
    Kind.LAPSED: Words(
        _("Your place was offered to the next person: {seminar}"),
        (
            _("The time to accept the place at “{seminar}” is over. It goes to the person who has waited longest."),
            _("If you still want to attend, register again. You will be at the end of the waiting list."),
        ),
    ),
    Kind.DECLINED: Words(
        _("Your registration could not be accepted: {seminar}"),
        (_("The Secretariat could not accept your registration for “{seminar}” ({when})."), _("Reason: {reason}")),
    ),
    Kind.CANCELLED: Words(
        _("Your registration is cancelled: {seminar}"),
        (
            _("Your registration for “{seminar}” ({when}) is cancelled."),
            _("If this is a mistake, or if you can attend after all, register again."),
        ),
    ),
    Kind.WEEK_BEFORE: Words(
        _("Reminder: “{seminar}” starts in one week"),
        (
            _("“{seminar}” starts in one week."),
            _("If you cannot attend, please cancel. Your place will go to someone on the waiting list."),
        ),
    ),
    Kind.DAY_BEFORE: Words(_("Reminder: “{seminar}” starts tomorrow"), (_("“{seminar}” starts tomorrow."),)),
    Kind.HOUR_BEFORE: Words(_("Reminder: “{seminar}” starts in one hour"), (_("“{seminar}” starts in one hour."),)),
    Kind.FURTHER_DAY: Words(
        _("It continues: {seminar}"),
        (_("“{seminar}” continues."), "{programme}", _("Those who attend online can join half an hour before the beginning.")),
    ),
    Kind.JOIN: Words(
        _("How to join: {seminar}"),
        (
            _("Use this link to join “{seminar}” ({when}). It is personal. Please do not share it."),
            _("It opens half an hour before the start."),
        ),
        _("Join"),
    ),
    Kind.CHANGED: Words(
        _("Changes to “{seminar}”"),
        (
            _("The day, time or place of “{seminar}” has changed. The current details are below."),
            _("The attached file updates your calendar too."),
        ),
    ),
    Kind.CALLED_OFF: Words(
        _("Cancelled: {seminar}"),
        (
            _("“{seminar}” ({when}) has been cancelled. We are sorry."),
            _("You do not have to do anything. The attached file removes it from your calendar."),
        ),
        _("See the seminar’s page"),
    ),
    Kind.REINSTATED: Words(
        _("It takes place after all: {seminar}"),
        (
            _("We told you that “{seminar}” was cancelled. It takes place after all; the day, hour and place are below."),
            _("Your registration number {number} stands as it was. The attached file puts the seminar back in your calendar."),
            _("If you cannot attend, please cancel. Your place will go to someone on the waiting list."),
        ),
    ),
    Kind.THANKS: Words(
        _("Recordings now available: {seminar}"),
        (
            _("Thank you for taking part in “{seminar}”."),
            _("The recordings are now published. You can watch them and search them."),
        ),
        _("Watch the recordings"),
    ),
    Kind.CERTIFICATE: Words(
        _("Your certificate: {seminar}"),
        (
            _("Your certificate for “{seminar}” is ready."),
            _("You can download it on its page. Anyone you show it to can check that it is authentic."),
        ),
        _("See my certificate"),
    ),
    Kind.SURVEY: Words(
        _("Share your opinion: {seminar}"),
        (
            _("Thank you for taking part in “{seminar}”."),
            _("Would you tell us what you thought of it? It takes two minutes and helps us improve the next one."),
            _("Your answers are kept apart from your name."),
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
        raise ValidationError(
            _("There is a single brace. Write placeholders between two braces, without spaces: {name}."), code="braces"
        )


def _refusal(name, known):
    said = {"name": f"{{{name}}}", "known": ", ".join(f"{{{each}}}" for each in known)}
    if name in OF_ONE_KIND:
        said["kind"] = OF_ONE_KIND[name].label
        return ValidationError(_("%(name)s exists only in the message “%(kind)s”."), code="not-here", params=said)
    if close := get_close_matches(name, known, n=1):
        said["close"] = f"{{{close[0]}}}"
        return ValidationError(_("%(name)s is not a placeholder. Do you mean %(close)s?"), code="unknown", params=said)
    return ValidationError(_("%(name)s is not a placeholder. There are: %(known)s."), code="unknown", params=said)
