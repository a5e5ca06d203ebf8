"""A letter as somebody would get it who does not exist: for previews and tests at the desk. Nobody who registered is shown.

`letter_of` is a function from the values of the placeholders to the Letter in the active language.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from events.calendar.entries import programme_of
from events.models import Registration, RegistrationState
from events.notifications.send import placeholders_of
from events.notifications.texts import PLACEHOLDERS, known_in
from events.programme.times import sittings_of
from members.models import Message
from members.outbox import mail
from rifess.base.limits import too_many

NUMBER = "0000-0000"  # no code has a nought: it is never anybody's
MOST_TESTS, AN_HOUR = 30, 60 * 60


@dataclass(frozen=True)
class Preview:
    """A letter in one language: its subject, its plain text and its page."""

    language: str
    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Placeholder:
    """What may stand in braces, what it means, and what it would be in this seminar."""

    name: str
    meaning: str
    example: str


def somebody(seminar):
    """A participant of `seminar` who is none, in the active language. Never to be saved."""
    seats = seminar.seats.first()
    return Registration(
        seminar=seminar,
        name=pgettext("sample", "Name Surname"),
        code=NUMBER,
        language=get_language(),
        state=RegistrationState.CONFIRMED,
        confirmed_at=timezone.now(),
        offer_expires_at=timezone.now() + timedelta(days=2),
        **({"form": seats.form} if seats else {}),
    )


def sample_values(seminar):
    """What stands for each placeholder, in the active language."""
    day = sittings_of(seminar, seminar.panels.all())[-1]
    sample = {"before": 3, "reason": _("it is for public institutions.")}
    return placeholders_of(somebody(seminar)) | sample | {"programme": programme_of(day, seminar.zone) or _("Programme:")}


def placeholders(seminar, kind):
    """Those that a letter of `kind` knows, with an example each."""
    values = sample_values(seminar)
    return [Placeholder(f"{{{name}}}", PLACEHOLDERS[name], str(values[name])) for name in known_in(kind)]


def previews(seminar, letter_of, *, template="letter", unsubscribe_url=""):
    """The letter in each language of the portal."""
    found = []
    for language, name in settings.LANGUAGES:
        with override(language):
            said = _said(seminar, letter_of(sample_values(seminar))) | {"unsubscribe_url": unsubscribe_url}
            found.append(Preview(language, name, **mail.words_of(template, said)))
    return found


def send_test(user, seminar, letter_of, *, language, template="letter", unsubscribe_url="") -> Message:
    """Leave the letter for `user` in the outbox, marked as a test. Nobody counts as told.

    Raises ValidationError (code "too_many") when many were sent within the hour.
    """
    if too_many("letter-test", user.pk, limit=MOST_TESTS, seconds=AN_HOUR):
        raise ValidationError(_("You have sent yourself many tests. Please wait an hour."), code="too_many")
    with override(language):
        letter = letter_of(sample_values(seminar))
        letter = replace(letter, subject=_("Test: %(subject)s") % {"subject": letter.subject})
        return mail.write(
            "letter-test",
            template=template,
            to=user.email,
            language=language,
            user=user,
            context=_said(seminar, letter),
            reply_to=settings.SECRETARIAT_EMAIL,
            unsubscribe_url=unsubscribe_url,
        )


def _said(seminar, letter):
    return {"letter": letter, "url": seminar.get_absolute_url()}
