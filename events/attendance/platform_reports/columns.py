"""How the platforms call their columns, in the languages of the Network, and which platform a list is of."""

import re
from dataclasses import dataclass

from events.models import MeetingPlatform
from rifess.base.text.accent_folding import fold

# Without accents, capitals or what stands in brackets: "Duración (minutos)" is "duracion".
CALLED = {
    "name": [
        *["name", "full name", "user name", "display name", "participant name", "attendee name", "participant", "attendee"],
        *["nombre", "nombre completo", "nombre de usuario", "nombre del participante", "participante"],
        *["nome", "nome completo", "nome de usuario", "nome do usuario", "nome do participante"],
    ],
    "first_name": ["first name", "primer nombre", "nombre de pila", "primeiro nome"],
    "surname": ["last name", "surname", "apellido", "apellidos", "sobrenome"],
    "email": [
        *["email", "e-mail", "user email", "email address", "attendee email", "registration email", "participant email"],
        *["correo", "correo electronico", "correo electronico del usuario", "e-mail del usuario", "email del usuario"],
        *["direccion de correo electronico", "correo electronico del asistente", "correo electronico del participante"],
        *["e-mail do usuario", "email do usuario", "endereco de e-mail", "endereco de email", "e-mail do participante"],
    ],
    "account": [
        "participant id",
        "id. de participante",
        "id del participante",
        "id de participante",
        "id do participante",
        "upn",
    ],
    "came": [
        *["join time", "time joined", "joined", "joined at", "first join", "first join time"],
        *["hora de entrada", "hora de ingreso", "hora de union", "hora para unirse", "hora de incorporacion", "se unio"],
        *["primera union", "primera entrada", "primer ingreso", "primera incorporacion", "primer acceso"],
        *["hora de ingresso", "horario de entrada", "entrou", "primeiro ingresso", "primeira entrada", "primeira participacao"],
    ],
    "left": [
        *["leave time", "time exited", "time left", "left", "left at", "last leave", "last leave time"],
        *["hora de salida", "hora para salir", "hora de abandono", "ultima salida", "ultimo abandono", "salio"],
        *["hora de saida", "horario de saida", "ultima saida", "saiu"],
    ],
    "duration": [
        *["duration", "total duration", "in-meeting duration", "attendance duration", "time in session", "time in call"],
        *["duracion", "duracion total", "duracion en la reunion", "tiempo en la reunion", "duracion de la asistencia"],
        *["tiempo en la sesion", "duracao", "duracao total", "duracao na reuniao", "duracao da reuniao", "tempo na reuniao"],
        *["tempo na sessao", "duracao da participacao"],
    ],
    "attended": ["attended", "asistio", "participou", "compareceu"],
    "waiting": ["in waiting room", "en sala de espera", "na sala de espera", "em sala de espera"],
    "action": ["user action", "accion del usuario", "acao do usuario"],
    "moment": ["timestamp", "marca de tiempo", "carimbo de data/hora", "data/hora", "fecha y hora"],
}
FIELDS = {word: field for field, words in CALLED.items() for word in words}
TEAMS = [
    *["1. summary", "1. resumen", "1. resumo", "meeting summary", "in-meeting", "(upn)"],
    *["user action", "accion del usuario", "acao do usuario"],
]
TELLTALES = {  # words that only one platform's lists have
    MeetingPlatform.ZOOM: ["original name", "nombre original", "nome original", "user email", "time in session", "meeting id"],
    MeetingPlatform.TEAMS: TEAMS,
    MeetingPlatform.MEET: ["time joined", "time exited"],
    MeetingPlatform.WEBEX: ["attendee email", "attendance duration", "webex"],
}
UNIT = re.compile(r"[(\[]\s*(?:en |in |em )?([hms])(?:[a-z]*)\.?\s*[)\]]")
FIRST = ("first", "prim")  # how columns begin that tell of the first of several joins


@dataclass(frozen=True)
class Heading:
    """A line that names columns: the field of each, or nothing; whether its rows sum up several joins, and are in UTC.

    `unit` is that of a duration which the name of its column says: h, m, s or, when it says none, nothing. `names` are those of
    the columns, and `repeated` the fields of those that come after another one of their field.
    """

    fields: tuple
    sums_up: bool
    is_utc: bool
    unit: str = ""
    names: tuple = ()
    repeated: tuple = ()

    @property
    def is_of_events(self):
        """Whether each row tells that somebody came or went, as the older lists of Teams do."""
        return {"action", "moment"} <= {*self.fields}


def heading_of(cells):
    """The Heading that `cells` are, or None: it names people, and tells when they came or for how long."""
    words = [without_brackets(cell) for cell in cells]
    said = [FIELDS.get(word, "") for word in words]
    fields = _each_once(said)
    found = {*fields}
    names_people = found & {"name", "first_name", "email"}
    if not (names_people and found & {"came", "duration", "moment"}) or not found & {"name", "first_name", "surname", "account"}:
        return None
    came = [word for word, field in zip(words, fields, strict=True) if field == "came"]
    is_utc = any("(utc)" in fold(cell) for cell in cells)
    units = [_unit(cell) for cell, field in zip(cells, fields, strict=True) if field == "duration"]
    sums_up = any(word.startswith(FIRST) for word in came)
    repeated = tuple("" if field == kept else field for field, kept in zip(said, fields, strict=True))
    return Heading(tuple(fields), sums_up, is_utc, "".join(units), tuple(cells), repeated)


def _unit(name):
    """What "Duration (seconds)" counts: s."""
    found = UNIT.search(fold(name))
    return found[1] if found else ""


def _each_once(fields):
    """`fields` with only the first of each: Teams names an address twice."""
    return ["" if field in fields[:index] else field for index, field in enumerate(fields)]


def without_brackets(cell):
    """What a column is called, folded: "Name (Original Name)" → "name"."""
    return " ".join(re.sub(r"\([^)]*\)", " ", fold(cell)).split()).rstrip(" :")


def platform_of(text):
    """Which platform wrote the list that begins with `text`, or None: the one of whose words it has most."""
    begins = fold(text[:5000])
    count = {platform: sum(word in begins for word in words) for platform, words in TELLTALES.items()}
    best = max(count, key=count.get)
    return best if count[best] else None
