"""What those who take part are told: each letter is a row of the outbox, in the transaction of what it tells."""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from events.calendar import ical
from events.models import AttendanceForm, LetterKind, LetterTold, RegistrationState, SeminarLetter
from events.notifications.schedule_changes import SAYS_WHEN, about_schedule
from events.notifications.texts import BUTTON, PLACEHOLDER, WITH_FACTS, WORDS
from events.programme.times import first_moment_of, say_days_and_hour, say_moment, zone_of_country
from members.models import Message, MessageState
from members.outbox import mail
from rifess.base.text.translated import text_of

PREFIX = "registration-"  # of the kinds of message that letters are
EMPTY_LINE = re.compile(r"\n\s*\n")
ONCE = {  # told once for each thing they are about; the others tell a state, which may come again
    LetterKind.WEEK_BEFORE,
    LetterKind.DAY_BEFORE,
    LetterKind.HOUR_BEFORE,
    LetterKind.FURTHER_DAY,
    LetterKind.JOIN,
    LetterKind.THANKS,
    LetterKind.CERTIFICATE,
    LetterKind.SURVEY,
}
OF_A_STATE = {  # in which state a registration is
    LetterKind.CONFIRM,
    LetterKind.TO_APPROVE,
    LetterKind.CONFIRMED,
    LetterKind.WAITING,
    LetterKind.OFFERED,
}
IN_TURNS = {LetterKind.CALLED_OFF: LetterKind.REINSTATED, LetterKind.REINSTATED: LetterKind.CALLED_OFF}

TO_MANY = {  # to all who take part, at a pace; what is needed within the hour does not wait for it
    LetterKind.WEEK_BEFORE,
    LetterKind.DAY_BEFORE,
    LetterKind.CHANGED,
    LetterKind.CALLED_OFF,
    LetterKind.REINSTATED,
    LetterKind.THANKS,
    LetterKind.CERTIFICATE,
    LetterKind.SURVEY,
}

WITH_CALENDAR = {
    LetterKind.CONFIRMED,
    LetterKind.CHANGED,
    LetterKind.CALLED_OFF,
    LetterKind.REINSTATED,
    LetterKind.WEEK_BEFORE,
}
PAUSE = timedelta(minutes=15)  # so long the letter that repeats the last one is not written again
ON_A_PRESS = {
    LetterKind.CONFIRM,
    LetterKind.ALREADY,
    LetterKind.DECLINED,
}  # letters that anyone who knows an address can cause
OF_WHAT_IS_HELD = {  # letters that are untrue once a seminar is cancelled
    LetterKind.CONFIRM,
    LetterKind.ALREADY,
    LetterKind.TO_APPROVE,
    LetterKind.CONFIRMED,
    LetterKind.WAITING,
    LetterKind.OFFERED,
    LetterKind.WEEK_BEFORE,
    LetterKind.DAY_BEFORE,
    LetterKind.HOUR_BEFORE,
    LetterKind.FURTHER_DAY,
    LetterKind.JOIN,
    LetterKind.CHANGED,
    LetterKind.REINSTATED,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What one letter says to one person."""

    subject: str
    paragraphs: list
    button: str
    language: str = ""  # of its words, where that is not the one of whom it is for
    facts: tuple = ()  # pairs of a name and what it is, that stand apart


@transaction.atomic
def tell(registration, kind, *, about="", url="", unsubscribe_url="", expires_at=None, is_bulk=False, **values) -> Message | None:
    """Leave a letter of `kind` for the participant, in their language; None when it was written already or must not be.

    Its button leads to `url`, or to their own page. `values` are those of the placeholders that only the act knows. It is not
    sent after `expires_at`, when it is of no use. `is_bulk`: it goes to many at once, whatever its kind. With an
    `unsubscribe_url` it says that they can unsubscribe from such letters.
    """
    if not _may_be_written(registration, kind):
        return None
    _resolve_contradictions(registration, kind)
    told, is_new = _note(registration, kind, about)
    if not is_new:
        return None
    with override(registration.language):
        letter = compose(registration, kind, **values)
        told.message = mail.write(
            f"{PREFIX}{kind}",
            template="mailing" if unsubscribe_url else "letter",
            to=registration.email,
            to_name=registration.name if registration.is_address_known else "",
            language=registration.language,
            user=registration.user,
            context={"letter": letter, "url": url or registration.get_absolute_url()},
            attachments=_files(registration, kind),
            expires_at=expires_at,
            is_bulk=is_bulk or kind in TO_MANY,
            unsubscribe_url=unsubscribe_url,
        )
    told.save(update_fields=["message"])
    return told.message


def _may_be_written(registration, kind):
    """Return whether they have an address and may see the seminar, and the letter does not only repeat the last one.

    Of a seminar that they may not see any more only a certificate is written about: it is theirs.
    """
    if not registration.email or not (kind == LetterKind.CERTIFICATE or registration.may_see_seminar()):
        return False
    return not (kind in ON_A_PRESS and was_just_told(registration, kind))


def _resolve_contradictions(registration, kind):
    """Withdraw what waits and would contradict a letter of `kind`; write first what makes it fit the letter they read last."""
    if kind in IN_TURNS:
        mail.withdraw(Message.objects.filter(letters_told__registration=registration, letters_told__kind=IN_TURNS[kind]))
    if kind == LetterKind.CALLED_OFF:
        _withdraw_unsent(registration)
    elif kind in OF_WHAT_IS_HELD - {LetterKind.REINSTATED} and read_last(registration) == LetterKind.CALLED_OFF:
        tell(registration, LetterKind.REINSTATED)


def tell_each(registrations, kind, *, said_to=None, **said):
    """Tell each of `registrations`, in a transaction of its own; how many were told. Who has left meanwhile is not.

    `said_to` gives what differs between registrations: further arguments of `tell`, in the language of the person. One that
    cannot be told does not keep the others waiting.
    """
    return sum(_tell_one(registrations, key, kind, said_to, said) for key in list(registrations.values_list("pk", flat=True)))


def kind_of_state(registration):
    """The letter that says how `registration` stands, and carries its link."""
    is_unconfirmed = registration.state == RegistrationState.UNCONFIRMED
    return LetterKind.CONFIRM if is_unconfirmed else LetterKind(registration.state)


def was_just_told(registration, kind, now=None):
    """Whether the last letter they were written is of `kind`, went to their present address and is younger than `PAUSE`."""
    now = now or timezone.now()
    last = LetterTold.objects.filter(registration=registration).select_related("message").order_by("-pk").first()
    if last and last.message and last.message.to.lower() != registration.email.lower():
        return False
    is_recent = last is not None and now - PAUSE < last.told_at < now + PAUSE  # later than that: the clock was ahead
    return is_recent and last.kind == kind and not last.is_due_again


def read_last(registration):
    """Which of the letters they read last: that the seminar is cancelled, or that it takes place after all; None for neither."""
    told = LetterTold.objects.filter(registration=registration, kind__in=IN_TURNS).order_by("-pk")
    return told.values_list("kind", flat=True).first()


def forget_unsent(told):
    """Count `told`, whose message does not leave, as not told where it may be due again."""
    if told.kind in ONCE - {LetterKind.CERTIFICATE}:
        told.delete()
    elif told.kind in OF_A_STATE:
        LetterTold.objects.filter(pk=told.pk).update(is_due_again=True)


def _withdraw_unsent(registration):
    """Withdraw waiting letters that say that the seminar is held. Reminders among them are due again if it is held after all."""
    unsent = LetterTold.objects.filter(registration=registration, kind__in=OF_WHAT_IS_HELD, message__state=MessageState.WAITING)
    keys = list(unsent.values_list("message", flat=True))
    unsent.filter(kind__in=ONCE - {LetterKind.REINSTATED}).delete()
    mail.withdraw(Message.objects.filter(pk__in=keys))


@transaction.atomic
def count_as_told(registration, kind):
    """Write down that they know it already, without a letter: somebody told them elsewhere."""
    _note(registration, kind, "")


def _tell_one(registrations, key, kind, said_to, said):
    try:
        with transaction.atomic():
            locked = registrations.select_related("seminar", "user").select_for_update(of=("self",))
            registration = locked.filter(pk=key).first()
            return bool(registration and tell(registration, kind, **said, **_said(registration, said_to)))
    except Exception:  # whatever one letter stumbles over, the others are written
        log.exception("A letter was not written: %s", kind)
        return False


def _said(registration, said_to):
    with override(registration.language):
        return said_to(registration) if said_to else {}


def _note(registration, kind, about):
    """The row that says they were told, and whether it is new."""
    about = about or _time_it_is_told(registration, kind)
    return LetterTold.objects.get_or_create(registration=registration, kind=kind, about=about)


def _files(registration, kind):
    """The entry for their calendar, with the letters that say when it is, or that it is not."""
    if kind not in WITH_CALENDAR:
        return []
    return [(f"{registration.seminar.slug[:90]}.ics", ical.MEDIA_TYPE, ical.of_registration(registration))]


def compose(registration, kind, **values):
    """The Letter in the active language: the secretariat's words for this seminar, or else the portal's."""
    own = SeminarLetter.objects.filter(seminar=registration.seminar_id, kind=kind).first()
    if own and get_language() in own.languages_in_the_portals_words:
        own = None
    words = WORDS[kind]
    subject, text = (text_of(own, "subject"), text_of(own, "text")) if own else (words.subject, words.text)
    values = placeholders_of(registration) | values
    button = values.get("button") or words.button
    return set_out(subject, text, values, button=button, facts=facts_of(kind, values))


def set_out(subject, text, values, *, button=BUTTON, facts=()):
    """The Letter that `subject` and `text`, paragraphs divided by an empty line, are once `values` are filled in.

    When the text is in a language other than the active one, the letter says so.
    """
    paragraphs = [fill(paragraph, values) for paragraph in EMPTY_LINE.split(str(text).strip()) if _is_whole(paragraph, values)]
    language = text.language if getattr(text, "is_fallback", False) else ""
    return Letter(fill(subject, values), paragraphs, str(button), language, facts)


def facts_of(kind, values):
    """When and where it is, for the kinds that say it, whatever their words are."""
    if kind not in WITH_FACTS:
        return ()
    return (_("When"), values["when"]), (pgettext("letter", "Where"), capfirst(values["place"]))


def fill(text, values):
    """`text` with what stands in braces replaced; what is not known stays as it is written."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), str(text))


def placeholders_of(registration):
    """The values of the placeholders for `registration`, in the active language."""
    seminar = registration.seminar
    return {
        "name": registration.name if registration.is_address_known else registration.email,
        "seminar": text_of(seminar, "title"),
        "when": say_when(seminar, registration.country.code),
        "place": say_place(seminar, registration.form),
        "number": registration.code,
        "until": _until_when(registration),
        "before": registration.people_before(),
        "reason": "",
        "programme": "",
    }


def say_when(seminar, country=""):
    """Its days and, if it is known, its first hour: in its own city and in the capital of `country`, if that differs."""
    return say_days_and_hour(seminar, first_moment_of(seminar), zone_of_country(country, seminar.zone))


def _until_when(registration):
    home, offered = registration.seminar.zone, registration.offer_expires_at
    return say_moment(offered, home, zone_of_country(registration.country.code, home)) if offered else ""


def say_place(seminar, form):
    """Where it is for those who attend in `form`."""
    if form == AttendanceForm.VIRTUAL:
        return _("online; we will send you the link before it starts")
    return text_of(seminar, "place") or _("the place is not known yet")


def _is_whole(paragraph, values):
    """Whether nothing that it needs is empty."""
    return all(str(values.get(name, name)) for name in PLACEHOLDER.findall(str(paragraph)))


def _time_it_is_told(registration, kind):
    """A number, for letters that may come more than once; with the mark of the day, hour and place it tells.

    Of two kinds that take turns it is how often the other one came: two workers at once write the same, and so one letter.
    """
    if kind in ONCE:
        return ""
    number = LetterTold.objects.filter(registration=registration, kind=IN_TURNS.get(kind, kind)).count() + (kind not in IN_TURNS)
    return about_schedule(number, registration.seminar) if kind in SAYS_WHEN else str(number)
