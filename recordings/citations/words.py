"""What bibliographies say in each language: prescribed by their styles, and so not messages of ours."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Words:
    """The words of one language. Dates are patterns of day, month and year, by how exactly the day is known.

    Months are in their order, with spaces between.
    """

    months: str
    short_months: str  # NBR 6023:2018, annex A
    dates: dict[str, str]
    apa_dates: dict[str, str]
    iso_dates: dict[str, str]
    recorded: dict[str, str]
    conjunction: str
    apa_conjunction: str
    inside: str
    media: dict[str, str]
    recordings: dict[str, str]
    speaks: str
    organizes: str
    event: str
    passage: str
    at: str
    viewed: str
    available: str
    abnt_available: str
    abnt_viewed: str
    quotes: str


ABNT_DATES = {"day": "{day} {short} {year}", "month": "{short} {year}", "year": "{year}"}
SPANISH_DATES = {"day": "{day} de {month} de {year}", "month": "{month} de {year}", "year": "{year}"}

SPANISH = Words(
    months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    short_months="enero feb. marzo abr. mayo jun. jul. agosto sept. oct. nov. dic.",
    dates=SPANISH_DATES,
    apa_dates={"day": "{year}, {day} de {month}", "month": "{year}, {month}", "year": "{year}"},
    iso_dates=SPANISH_DATES,
    recorded={"day": "Grabado el {}", "month": "Grabado en {}", "year": "Grabado en {}"},
    conjunction="y",
    apa_conjunction="y",
    inside="En",
    media={"video": "Video", "audio": "Audio"},
    recordings={"video": "grabación de video", "audio": "grabación de audio"},
    speaks="Intervención de",
    organizes="Organización",
    event="Evento",
    passage="Fragmento",
    at="en {}",
    viewed="consulta: {}",
    available="Disponible en",
    abnt_available="Disponible en",
    abnt_viewed="Acceso en",
    quotes="«{}»{}",
)
PORTUGUESE = Words(
    months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    short_months="jan. fev. mar. abr. maio jun. jul. ago. set. out. nov. dez.",
    dates=SPANISH_DATES,
    apa_dates=SPANISH.apa_dates,
    iso_dates=SPANISH_DATES,
    recorded={"day": "Gravado em {}", "month": "Gravado em {}", "year": "Gravado em {}"},
    conjunction="e",
    apa_conjunction="e",
    inside="Em",
    media={"video": "Vídeo", "audio": "Áudio"},
    recordings={"video": "gravação de vídeo", "audio": "gravação de áudio"},
    speaks="Intervenção de",
    organizes="Organização",
    event="Evento",
    passage="Trecho",
    at="em {}",
    viewed="consulta: {}",
    available="Disponível em",
    abnt_available="Disponível em",
    abnt_viewed="Acesso em",
    quotes="“{}”{}",
)
ENGLISH = Words(
    months="January February March April May June July August September October November December",
    short_months="Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.",
    dates={"day": "{month} {day}, {year}", "month": "{month} {year}", "year": "{year}"},
    apa_dates={"day": "{year}, {month} {day}", "month": "{year}, {month}", "year": "{year}"},
    iso_dates={"day": "{day} {month} {year}", "month": "{month} {year}", "year": "{year}"},
    recorded={"day": "Recorded {}", "month": "Recorded {}", "year": "Recorded {}"},
    conjunction="and",
    apa_conjunction="&",
    inside="In",
    media={"video": "Video", "audio": "Audio"},
    recordings={"video": "video recording", "audio": "sound recording"},
    speaks="Intervention by",
    organizes="Organization",
    event="Event",
    passage="Passage",
    at="at {}",
    viewed="viewed {}",
    available="Available from",
    abnt_available="Available at",
    abnt_viewed="Accessed on",
    quotes="“{0}{1}”",
)
WORDS = {"es": SPANISH, "pt-br": PORTUGUESE, "en": ENGLISH}


def words():
    """The Words of the active language."""
    return WORDS.get(get_language(), SPANISH)


def in_words(moment, patterns):
    """A `Moment` as one of the patterns of dates says it."""
    said = words()
    month, short = (names.split()[moment.day.month - 1] for names in (said.months, said.short_months))
    return patterns[moment.unit].format(day=moment.day.day, month=month, short=short, year=moment.day.year)
