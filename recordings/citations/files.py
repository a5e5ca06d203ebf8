"""Citations for the programs that keep them: BibTeX, RIS and CSL-JSON."""

import json

from recordings.citations.words import words
from rifess.templatetags.portal import timecode

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: rf"\{sign}" for sign in "#$%&_"},
    }
)
PARTS = {"day": 3, "month": 2, "year": 1}
RIS_TYPES = {"video": "VIDEO", "audio": "SOUND"}
CSL_TYPES = {"video": "motion_picture", "audio": "song"}


def as_bibtex(work, today):
    """A BibTeX entry in UTF-8. `@misc`, which every style knows; names in braces, since nothing tells their parts."""
    fields = {
        "author": " and ".join(f"{{{_latex(name)}}}" for name in work.authors),
        "title": f"{{{_latex(work.title)}}}",
        "year": str(work.recorded.day.year),
        "month": "" if work.recorded.unit == "year" else f"{work.recorded.day:%m}",
        "day": f"{work.recorded.day:%d}" if work.recorded.unit == "day" else "",
        "howpublished": ", ".join(filter(None, [words().media[work.medium], _length(work)])),
        "organization": _latex(work.publisher),
        "note": _latex(_note(work)),
        "url": work.url,
        "urldate": today.isoformat(),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@misc{{rifess-{work.key},\n{''.join(lines)}}}\n"


def as_ris(work, today):
    """A RIS record, with the line ends that its specification asks for."""
    day = "/".join(_date_parts(work.recorded)) + "/" * (4 - PARTS[work.recorded.unit])
    tags = [
        ("TY", RIS_TYPES[work.medium]),
        *(("AU", name) for name in work.authors),
        ("TI", work.title),
        ("T2", work.within),
        ("PY", str(work.recorded.day.year)),
        ("DA", day),
        ("PB", work.publisher),
        ("N1", work.passage),
        ("LA", ", ".join(work.languages)),
        ("UR", work.url),
        ("Y2", f"{today:%Y/%m/%d}/"),
        ("ID", f"rifess-{work.key}"),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value) + "ER  - \r\n"


def as_csl(work, today):
    """CSL-JSON 1.0.2: a list of one item."""
    item = {
        "id": f"rifess-{work.key}",
        "type": CSL_TYPES[work.medium],
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "event-title": work.within,
        "issued": {"date-parts": [[int(part) for part in _date_parts(work.recorded)]]},
        "accessed": {"date-parts": [[today.year, today.month, today.day]]},
        "publisher": work.publisher,
        "genre": words().recordings[work.medium],
        "dimensions": _length(work),
        "language": work.languages[0] if len(work.languages) == 1 else "",
        "note": work.passage,
        "URL": work.url,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _latex(text):
    return text.translate(LATEX)


def _length(work):
    return timecode(work.duration) if work.duration else ""


def _note(work):
    return ". ".join(filter(None, [work.within, work.passage]))


def _date_parts(moment):
    return f"{moment.day:%Y/%m/%d}".split("/")[: PARTS[moment.unit]]
