"""What a row's fields may hold, whatever kind of file they come from: words, lists, a day, a time, addresses."""

import math
import re
from datetime import date, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_duration
from django.utils.translation import gettext_lazy as _

from recordings.imports.languages import language_called
from recordings.models import Source
from recordings.playback import timecodes
from rifess.base.spreadsheets.signs import refuse_impossible
from rifess.links import hosts
from rifess.links.policy import forbidden

YEARS = range(1900, 2101)
LONGEST = timedelta(hours=1000)
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
LINES = re.compile(r"\s*[;|\n]\s*")
BLANKS = re.compile(r"[\s;|]+")
COMMAS = re.compile(r"\s*[,;|\n]\s*")


def plain(value):
    """`value` as text that every database keeps. Raises ValidationError (codes "words", "characters")."""
    if not isinstance(value, str):
        raise ValidationError(_("Enter words here."), code="words")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(_("It has characters that are no text."), code="characters") from error
    if "\0" in value:
        raise ValidationError(_("It has characters that are no text."), code="characters")
    return value.strip()


def place_at(address):
    """The Place of `address`. Raises ValidationError (code "address") that says which one it is and why nobody may go there."""
    try:
        place = hosts.recognize(address)
        if len(place.url) > Source._meta.get_field("url").max_length:
            raise forbidden("length")
    except ValidationError as refusal:
        said = {"address": address[:100], "reason": " ".join(refusal.messages)}
        raise ValidationError("“%(address)s”: %(reason)s", code="address", params=said) from None
    return place


class Line(forms.Field):
    """Words on one line, at most `longest` characters, that can have been meant (see `rifess.base.spreadsheets.signs`)."""

    def __init__(self, *, longest=250, **options):
        super().__init__(**{"required": False} | options)
        self.longest = longest

    def to_python(self, value):
        if value in self.empty_values:
            return ""
        words = self.shorten(" ".join(plain(value).split()))
        refuse_impossible(words)
        return words

    def shorten(self, words):
        if len(words) > self.longest:
            sentence = _("It is longer than %(longest)d characters.")
            raise ValidationError(sentence, code="length", params={"longest": self.longest})
        return words


class Paragraphs(Line):
    """Words on several lines."""

    def to_python(self, value):
        return "" if value in self.empty_values else self.shorten(plain(value).replace("\r\n", "\n"))


class Many(forms.Field):
    """A list of words, or one text that `between` divides."""

    def __init__(self, *, between=LINES, most=100, longest=200, **options):
        super().__init__(**{"required": False} | options)
        self.between, self.most, self.each = between, most, Line(longest=longest)

    def to_python(self, value):
        if value in self.empty_values:
            return []
        given = value if isinstance(value, list) else self.between.split(plain(value))
        if len(given) > self.most:
            raise ValidationError(_("These are more than %(most)d."), code="many", params={"most": self.most})
        words = [self.each.to_python(plain(each)) for each in given]
        return [each for each in dict.fromkeys(words) if each]


class Addresses(Many):
    """Where it can be seen, as Places (see `rifess.links.hosts`): each once, and each one that a visitor may follow."""

    def __init__(self, **options):
        super().__init__(between=BLANKS, most=20, longest=2000, **options)

    def to_python(self, value):
        return list(dict.fromkeys(place_at(address) for address in super().to_python(value)))


class OneAddress(Line):
    """The address of a page, or nothing."""

    def to_python(self, value):
        words = super().to_python(value)
        return place_at(words).url if words else ""


class Languages(Many):
    """Pairs of the word that was written and the language it means here, None when the portal has none of that name."""

    def __init__(self, **options):
        super().__init__(between=COMMAS, most=20, **options)

    def to_python(self, value):
        return [(word, language_called(word)) for word in super().to_python(value)]


class Day(forms.Field):
    """A day: 2024-09-05, 05/09/2024 (the day before the month), or the day of a moment as it was written there."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            value = value.date()
        day = value if isinstance(value, date) else self._read(plain(value))
        if day is None or day.year not in YEARS:
            raise ValidationError(_("Enter the day as in 2024-09-05 or 05/09/2024."), code="day")
        return day

    def _read(self, words):
        found = DAY_FIRST.fullmatch(words.partition(" ")[0])
        try:
            return date(*map(int, reversed(found.groups()))) if found else parse_date(re.split("[T ]", words)[0])
        except ValueError:
            return None


class Length(forms.Field):
    """How long it lasts: 1:02:03, seconds, or PT1H2M3S."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        length = self._read(value)
        if length is None:
            raise ValidationError(_("Enter the duration as in 1:02:03, or in seconds."), code="duration")
        if not timedelta(0) < length <= LONGEST:
            raise ValidationError(_("A recording lasts longer than nothing, and less than a thousand hours."), code="range")
        return length

    def _read(self, value):
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return timedelta(seconds=max(-1, min(value, 10**8))) if math.isfinite(value) else None
        words = plain(value)
        if words.startswith("P"):
            return parse_duration(words)
        time = timecodes.read(words.removeprefix("-"))
        return -time if time is not None and words.startswith("-") else time
