"""What a cell says, as it is kept of a participant. Each function raises ValidationError with the reason."""

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from events.models import AttendanceForm, Registration, Sector
from events.registration.spreadsheet_import.columns import is_address
from events.registration.spreadsheet_import.reader import LONGEST
from members.forms import only_a_name
from rifess.base.cleaned import plain_address
from rifess.base.text.accent_folding import fold

NAMED_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+)>")  # as mail programs write it: Ana Díaz <ana@example.org>
NUMBER, LONGEST_NUMBER = re.compile(r"[\d\s.,/:+-]*\d"), 40
ALSO_COUNTRIES = {  # as people write them
    "MX": ["estados unidos mexicanos"],
    "MM": ["birmania", "burma"],
    "SZ": ["suazilandia", "swazilandia", "swaziland"],
    "TL": ["timor leste"],
    "US": ["eeuu", "ee uu", "eua", "usa", "estados unidos", "estados unidos de america", "united states"],
    "GB": ["inglaterra", "gran bretana", "uk", "great britain", "england"],
    "VE": ["republica bolivariana de venezuela"],
    "BO": ["estado plurinacional de bolivia"],
    "DO": ["rep dominicana", "r dominicana"],
    "AD": ["principado de andorra"],
    "KR": ["corea", "republica de corea", "coreia do sul"],
    "NL": ["holanda", "paises bajos", "paises baixos"],
    "CZ": ["republica checa", "republica tcheca"],
}
ANSWERS = {"no", "si"}  # which in capitals are the codes of Norway and Slovenia
SECTORS = {
    Sector.GOVERNMENT: ["gobierno", "governo", "government", "publico", "sector publico", "setor publico", "public sector"],
    Sector.SOCIAL_ECONOMY: ["economia social", "economia social y solidaria", "economia social e solidaria", "ess", "cooperativa"]
    + ["cooperativas", "cooperativismo", "social economy", "cooperative"],
    Sector.ACADEMIA: [
        "universidad",
        "universidade",
        "academia",
        "investigacion",
        "pesquisa",
        "university",
        "research",
        "academico",
    ],
    Sector.INTERNATIONAL: ["organismo internacional", "organizacion internacional", "internacional", "international"],
    Sector.CIVIL_SOCIETY: ["ong", "ongs", "asociacion", "associacao", "fundacion", "fundacao", "ngo", "osc"],
    Sector.BUSINESS: ["empresa", "privado", "sector privado", "setor privado", "empresa privada", "company", "private sector"],
    Sector.MEDIA: ["prensa", "imprensa", "press", "medio de comunicacion", "medios"],
    Sector.OTHER: ["otra", "outro", "outra", "otros"],
}
LANGUAGES = {"es": ["castellano", "esp", "spa"], "pt-br": ["pt", "portugues", "por", "brasileno"], "en": ["ing", "eng"]}
FORMS = {
    AttendanceForm.VIRTUAL: ["en linea", "online", "on line", "a distancia", "remoto", "remota", "zoom", "remote"],
    AttendanceForm.IN_PERSON: ["presencial", "presencialmente", "en persona", "en sala", "on site", "onsite"],
}


def refuse_cut(text):
    """Raise ValidationError (code "long") where no more of a cell was read: nobody would notice what is missing."""
    if len(text) >= LONGEST:
        raise ValidationError(_("It is longer than %(most)d characters."), code="long", params={"most": LONGEST - 1})


def name(text):
    if is_address(text):
        raise ValidationError(_("This is an address, and no name."), code="name")
    if len(text) <= LONGEST_NUMBER and NUMBER.fullmatch(text):
        raise ValidationError(_("This is a number, and no name: “%(text)s”."), code="name", params={"text": text})
    return only_a_name(short("name", text))


def turned_round(text):
    """The name of a list that begins with surnames: "Núñez Pérez, Ana" → "Ana Núñez Pérez"."""
    surname, comma, given = text.partition(",")
    return f"{given.strip()} {surname.strip()}" if comma and given.strip() and "," not in given else text


def address(text):
    """The address that `text` is, or that stands in angle brackets after a name. Nothing is taken out of other words.

    Raises ValidationError: codes "several", "address", "long".
    """
    named = NAMED_ADDRESS.fullmatch(text)
    if named and ("@" not in named["name"] or named["name"].strip(" \"'") == named["address"]):
        text = named["address"]
    if is_address(text):
        return short("email", plain_address(text.strip()))
    if sum("@" in part for part in re.split(r"[\s<>,;/]+", text)) > 1:
        raise ValidationError(_("There are several addresses in this cell: keep one."), code="several")
    raise ValidationError(_("This is no email address: “%(text)s”."), code="address", params={"text": text[:60]})


def country(text):
    """The code of a country, from its name in one of the languages of the portal or from its code of two or three letters."""
    words = _words(text)
    if words in ANSWERS and not text.isupper():
        words = ""
    code = _countries().get(words) or _countries().get(words.removeprefix("republica de ").removeprefix("republica del "))
    if not code:
        raise ValidationError(_("We know no country “%(text)s”."), code="country", params={"text": text[:60]})
    return code


def sector(text):
    return _choice(text, _sectors(), _("We know no sector “%(text)s”."))


def language(text):
    return _choice(text, _languages(), _("We write in Spanish, Portuguese and English, not in “%(text)s”."))


def form(text):
    return _choice(text, _forms(), _("We know no form of attendance “%(text)s”."))


def line(column):
    """A function that reads a line of text for `column`."""
    return lambda text: only_a_name(short(column, text))


def paragraphs(column):
    return lambda text: short(column, text)


def short(column, text):
    longest = Registration._meta.get_field(column).max_length
    if longest and len(text) > longest:
        raise ValidationError(_("It is longer than %(most)d characters."), code="long", params={"most": longest})
    return text


def _choice(text, known, sentence):
    if (words := _words(text)) not in known:
        raise ValidationError(sentence, code="unknown", params={"text": text[:60]})
    return known[words]


def _words(text):
    return " ".join(re.sub(r"[^\w]|_", " ", fold(text)).split())


@cache
def _countries():
    found = {word: code for code, words in ALSO_COUNTRIES.items() for word in words}
    for language_code, _label in settings.LANGUAGES:
        with override(language_code):
            found |= {_words(str(label)): code for code, label in countries}
    found |= {code.lower(): code for code, _label in countries}
    return found | {countries.alpha3(code).lower(): code for code, _label in countries if countries.alpha3(code)}


def _labels(choices, also):
    """Word → choice: its value, its label in each language of the portal, and what it is `also` called."""
    found = {word: choice for choice, words in also.items() for word in words}
    for code, _label in settings.LANGUAGES:
        with override(code):
            found |= {_words(str(label)): value for value, label in choices}
    return found | {_words(value): value for value, _label in choices}


@cache
def _sectors():
    return _labels(Sector.choices, SECTORS)


@cache
def _languages():
    return _labels(settings.LANGUAGES, LANGUAGES)


@cache
def _forms():
    return _labels(AttendanceForm.choices, FORMS)
