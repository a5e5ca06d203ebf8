"""What those who take part are told: each letter is a row of the outbox, in the transaction of what it tells."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendar_times import say_days
from events.letter_words import WORDS
from events.models import AttendanceForm, LetterKind, LetterTold, SeminarLetter
from events.seats import people_before
from members import mail
from members.models import Message
from rifess.base.texts import text_of
from rifess.base.zones import ZONE_OF_COUNTRY, ZONES

CITIES = dict(ZONES)
PLACEHOLDER = re.compile(r"\{(\w+)\}")
ONCE = {  # told once for each thing they are about; the others tell a state, which may come again
    LetterKind.WEEK_BEFORE,
    LetterKind.DAY_BEFORE,
    LetterKind.HOUR_BEFORE,
    LetterKind.JOIN,
    LetterKind.CHANGED,
    LetterKind.CALLED_OFF,
    LetterKind.THANKS,
    LetterKind.CERTIFICATE,
    LetterKind.SURVEY,
}


@dataclass(frozen=True)
class Letter:
    """What one letter says to one person."""

    subject: str
    paragraphs: list
    button: str


@transaction.atomic
def tell(registration, kind, *, about="", url="", **values) -> Message | None:
    """Leave a letter of `kind` for whoever registered, in their language; None when they have been told, or have no address.

    Its button leads to `url`, or to their own page. `values` are those of the placeholders that only the act knows.
    """
    if not registration.email:
        return None
    told = LetterTold(registration=registration, kind=kind, about=about or _time_it_is_told(registration, kind))
    if kind in ONCE and LetterTold.objects.filter(registration=registration, kind=kind, about=about).exists():
        return None
    with override(registration.language):
        letter = compose(registration, kind, **values)
        told.message = mail.write(
            f"registration-{kind}",
            template="letter",
            to=registration.email,
            to_name=registration.name,
            language=registration.language,
            user=registration.user,
            context={"letter": letter, "url": url or registration.get_absolute_url()},
        )
    told.save()
    return told.message


def compose(registration, kind, **values):
    """The Letter in the active language: the secretariat's words for this seminar, or else the portal's."""
    values = placeholders_of(registration) | values
    own = SeminarLetter.objects.filter(seminar=registration.seminar_id, kind=kind).first()
    words = WORDS[kind]
    subject, paragraphs = words.subject, words.paragraphs
    if own:
        subject, paragraphs = str(text_of(own, "subject")), re.split(r"\n\s*\n", str(text_of(own, "text")).strip())
    filled = [fill(paragraph, values) for paragraph in paragraphs if _is_whole(paragraph, values)]
    return Letter(fill(subject, values), filled, str(words.button))


def fill(text, values):
    """`text` with what stands in braces replaced; what is not known stays as it is written."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), str(text))


def placeholders_of(registration):
    """The values of the placeholders for `registration`, in the active language."""
    seminar = registration.seminar
    return {
        "name": registration.name,
        "seminar": text_of(seminar, "title"),
        "when": say_when(seminar, registration.country.code),
        "place": _say_place(seminar, registration.form),
        "number": registration.code,
        "until": _say_moment(registration.offer_expires_at, seminar.zone) if registration.offer_expires_at else "",
        "before": people_before(registration) if registration.place_in_line else 0,
        "reason": "",
    }


def say_when(seminar, country=""):
    """Its days and, if it is known, its first hour: in its own city and in the capital of `country`, if that differs."""
    days = say_days(seminar.starts_on, seminar.ends_on)
    first = seminar.panels.filter(starts_at__isnull=False).order_by("starts_at").values_list("starts_at", flat=True).first()
    if first is None:
        return days
    zones = dict.fromkeys([str(seminar.zone), ZONE_OF_COUNTRY.get(country) or str(seminar.zone)])
    return ", ".join([days, *(_say_hour(first, ZoneInfo(zone)) for zone in zones)])


def _say_hour(moment, zone):
    local = timezone.localtime(moment, zone)
    return _("%(hour)s in %(city)s") % {"hour": date_format(local, "H:i"), "city": CITIES.get(str(zone), str(zone))}


def _say_moment(moment, zone):
    local = timezone.localtime(moment, zone)
    return f"{date_format(local, 'DATE_FORMAT')}, {_say_hour(moment, zone)}"


def _say_place(seminar, form):
    if form == AttendanceForm.VIRTUAL:
        return _("online; the link to join comes before it begins")
    return text_of(seminar, "place") or _("the place is not known yet")


def _is_whole(paragraph, values):
    """Whether nothing that it needs is empty."""
    return all(str(values.get(name, name)) for name in PLACEHOLDER.findall(str(paragraph)))


def _time_it_is_told(registration, kind):
    """A number, for letters that may come more than once."""
    return "" if kind in ONCE else str(LetterTold.objects.filter(registration=registration, kind=kind).count() + 1)
