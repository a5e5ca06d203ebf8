"""What each column says: guessed by its name, shown to the secretariat, and remembered as it was corrected."""

import hashlib
import re
from collections import Counter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import KnownColumns
from rifess.base.cleaned import forms
from rifess.base.text.accent_folding import fold

REASON = gettext_lazy("Row and reason")


class Field(models.TextChoices):
    """What a column may say of somebody."""

    NAME = "name", gettext_lazy("whole name")
    FIRST_NAME = "first_name", gettext_lazy("given name")
    SURNAME = "surname", gettext_lazy("surname")
    SECOND_SURNAME = "second_surname", gettext_lazy("second surname")
    EMAIL = "email", gettext_lazy("email address")
    COUNTRY = "country", gettext_lazy("country")
    INSTITUTION = "institution_name", gettext_lazy("institution or organization")
    POSITION = "position", gettext_lazy("position")
    SECTOR = "sector", gettext_lazy("sector")
    LANGUAGE = "language", gettext_lazy("language")
    FORM = "form", gettext_lazy("form of attendance")
    NEEDS = "needs", gettext_lazy("support they need")
    NOTES = "notes", gettext_lazy("notes of the Secretariat")


# Without accents, capitals, marks or what stands in brackets.
CALLED = {
    Field.NAME: [
        *["nombre", "nombre completo", "nombre y apellidos", "nombre y apellido", "apellidos y nombre", "apellidos nombre"],
        *["nombres y apellidos", "apellidos y nombres", "participante", "nombre del participante", "persona", "denominacion"],
        *["nome", "nome completo", "nome e sobrenome", "nome do participante", "pessoa"],
        *["name", "full name", "name and surname", "participant", "participant name", "attendee", "display name"],
    ],
    Field.FIRST_NAME: ["nombres", "primer nombre", "nombre de pila", "primeiro nome", "prenome", "first name", "given name"]
    + ["firstname", "forename"],
    Field.SURNAME: ["apellido", "apellidos", "primer apellido", "apellido 1", "apellido1", "apellido paterno", "sobrenome"]
    + ["sobrenomes", "last name", "lastname", "surname", "family name"],
    Field.SECOND_SURNAME: ["segundo apellido", "apellido 2", "apellido2", "apellido materno", "segundo sobrenome"],
    Field.EMAIL: ["email", "e mail", "mail", "correo", "correo electronico", "correo e", "direccion de correo", "email address"]
    + ["direccion de correo electronico", "direccion de email", "e mail address", "endereco de e mail", "endereco de email"]
    + ["correo institucional", "e mail institucional", "email institucional"],
    Field.COUNTRY: ["pais", "pais de residencia", "pais de origen", "nacionalidad", "nacionalidade", "country", "country region"],
    Field.INSTITUTION: ["institucion", "organizacion", "entidad", "organismo", "empresa", "institucion u organizacion"]
    + ["institucion organizacion", "nombre de la institucion", "instituicao", "organizacao", "entidade", "orgao"]
    + ["instituicao ou organizacao", "institution", "organization", "organisation", "institution or organization", "company"],
    Field.POSITION: ["cargo", "puesto", "funcion", "cargo o funcion", "cargo que desempena", "funcao", "cargo ou funcao"]
    + ["position", "job title", "post", "role"],
    Field.SECTOR: ["sector", "sector de actividad", "setor"],
    Field.LANGUAGE: ["idioma", "lengua", "lingua", "language", "lang", "idioma preferido", "idioma de preferencia"],
    Field.FORM: ["modalidad", "forma de asistencia", "forma de participacion", "asistencia", "modalidade"]
    + ["forma de participacao", "form of attendance", "attendance", "modality"],
    Field.NEEDS: ["apoyos", "apoyos que necesita", "necesidades", "necesidades de accesibilidad", "accesibilidad"]
    + ["requerimientos especiales", "necessidades", "apoio de que precisa", "acessibilidade", "support they need"]
    + ["accessibility", "needs", "special needs"],
    Field.NOTES: ["notas", "observaciones", "comentarios", "observacoes", "notes", "comments", "remarks"],
}
FIELDS = {word: field for field, words in CALLED.items() for word in words}
ALSO_CALLED = {  # part of what a field says, in a column of its own that is not read unless somebody chooses it
    **dict.fromkeys(["segundo nombre", "otros nombres", "segundo nome", "nome do meio", "middle name"], Field.FIRST_NAME),
}
HINTS = {  # words that begin a longer name: "correo electronico del asistente"
    "correo": Field.EMAIL,
    "email": Field.EMAIL,
    "mail": Field.EMAIL,
    "pais": Field.COUNTRY,
    "institucion": Field.INSTITUTION,
    "instituicao": Field.INSTITUTION,
    "organizacion": Field.INSTITUTION,
    "organizacao": Field.INSTITUTION,
    "cargo": Field.POSITION,
    "idioma": Field.LANGUAGE,
    "modalidad": Field.FORM,
    "modalidade": Field.FORM,
    "apellidos": Field.SURNAME,
    "sobrenome": Field.SURNAME,
    "apoyo": Field.NEEDS,
    "apoio": Field.NEEDS,
}
BEFORE_HINTS = {  # and what may stand before and behind such a word
    *["el", "la", "los", "o", "a", "os", "su", "sus", "tu", "seu", "sua", "your", "nombre", "nome", "name"],
    *["de", "del", "da", "do", "indique", "escriba", "informe"],
}
AFTER_HINTS = {
    *["electronico", "eletronico", "institucional", "personal", "pessoal", "address", "actual", "atual", "preferido"],
    *["de", "del", "da", "do", "en", "em", "o", "u", "ou", "y", "e", "que", "donde", "onde"],
}
LONGEST_HINTED = 6  # words: what is longer is a question, and the cells answer that
PREAMBLE = 15  # within so many rows the columns are named
MOST_EXAMPLES = 50


def rows_above(table):
    """The rows above the one that names the columns, which are not read: pairs of a number and cells."""
    return table.rows[: _position_of_names(table.rows[:PREAMBLE]) or 0]


def divide(table):
    """The row that names the columns, or None, and the rows below it; without the column that our own copies have added."""
    position = _position_of_names(table.rows[:PREAMBLE])
    if position is None:
        return None, table.rows
    names, rows = table.rows[position][1], table.rows[position + 1 :]
    if names and fold(names[0]) in _reasons():
        return names[1:], [(number, cells[1:]) for number, cells in rows if any(cells[1:])]
    return names, rows


def _position_of_names(rows):
    """Where the names stand: the first row in which two are understood, else the first of all unless it is somebody's."""
    for position, (_number, cells) in enumerate(rows):
        if any(is_address(cell) for cell in cells):
            break
        if len({FIELDS.get(plain(cell)) for cell in cells} - {None}) > 1:
            return position
    first = rows[0][1]
    return None if any(is_address(cell) for cell in first) or len(rows) == 1 else 0


def _reasons():
    words = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.add(fold(str(REASON)))
    return words


def guess(names, rows, hidden=()):
    """The number of the column (from 0) that says each field: as it was said before, else as the names and the cells suggest.

    Columns that are `hidden` in a workbook are left to the person who looks at it.
    """
    known = None if names is None else KnownColumns.objects.filter(heading=fingerprint(names)).first()
    found = dict(known.columns) if known else _by_cells(rows) if names is None else _by_names(names)
    return {field: number for field, number in found.items() if number not in hidden}


def _by_names(names):
    found = {}
    for understand in (FIELDS.get, _hinted):
        for number, name in enumerate(names):
            field = understand(plain(name))
            if field and field not in found and number not in found.values():
                found[field] = number
    if Field.SURNAME in found and Field.NAME in found and Field.FIRST_NAME not in found:
        found[Field.FIRST_NAME] = found.pop(Field.NAME)
    return {str(field): number for field, number in found.items()}


def understood(name):
    """The field that a column called `name` says, or None."""
    return FIELDS.get(plain(name)) or _hinted(plain(name))


def _hinted(name):
    """The field that a `name` of a few words speaks of: "indique su correo electronico", not "su institucion participa"."""
    words = name.split()
    start = next((number for number, word in enumerate(words) if word not in BEFORE_HINTS), len(words))
    rest = words[start + 1 :]
    if start == len(words) or len(words) > LONGEST_HINTED or (rest and rest[0] not in AFTER_HINTS):
        return None
    return HINTS.get(words[start])


def _by_cells(rows):
    """Without names: the column with the addresses, and the one in which most cells are several words."""
    some = rows[:MOST_EXAMPLES]
    addresses = Counter(number for _row, cells in some for number, cell in enumerate(cells) if is_address(cell))
    words = Counter(
        number for _row, cells in some for number, cell in enumerate(cells) if " " in cell and not re.search(r"\d", cell)
    )
    found = {Field.EMAIL: addresses, Field.NAME: words}
    return {str(field): counted.most_common(1)[0][0] for field, counted in found.items() if counted}


def remember(names, columns):
    """Keep how the columns `names` were understood, for the next file that has the same."""
    kept = {"columns": columns, "used_at": timezone.now()}
    KnownColumns.objects.update_or_create(heading=fingerprint(names), defaults=kept)


def fingerprint(names):
    """What tells the columns `names` from others: all of each name, so that "(personal)" and "(institutional)" are two."""
    return hashlib.sha256("\n".join(" ".join(fold(name).split()) for name in names).encode()).hexdigest()


def called(number, names):
    """The name of column `number` (from 0); where it has none, its letter as spreadsheets show it."""
    letter = chr(65 + number) if number < 26 else f"{chr(64 + number // 26)}{chr(65 + number % 26)}"
    name = names[number] if names and number < len(names) else ""
    return name or _("Column %(letter)s") % {"letter": letter}


def plain(name):
    """The name of a column as it is compared: "E-mail (institucional)*" → "e mail", "fechaNacimiento" → "fecha nacimiento"."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\(.*?\)|\[.*?\]", " ", name))
    return " ".join(re.sub(r"[^\w]|_", " ", fold(name)).split())


def is_address(text):
    try:
        forms.EmailField().clean(text)
    except ValidationError:
        return False
    return True
