"""pyvideo's folders: `<category>/category.json` and `<category>/videos/*.json`, one talk a file.

https://github.com/pyvideo/data describes them. A category is a seminar, a talk one of its sessions.
"""

import json
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import SeminarKind
from recordings.imports.files import read_bytes, refused_file, text_of
from recordings.imports.forms import understand_all
from recordings.imports.rows import Reading, SeminarSaid, Spot
from recordings.imports.values import Day, Line, OneAddress
from rifess.base.text.accent_folding import fold

LARGEST = 1024 * 1024
OTHERS = {  # fields of what is not pyvideo's: voctoweb's and its recordings', programmes', downloaders', YouTube's
    *["guid", "persons", "recordings", "conference_url", "original_language", "release_date", "frontend_link", "release_url"],
    *["schedule", "conference", "conferences", "events", "sessions", "talks", "lectures", "data", "results"],
    *["extractor", "webpage_url", "entries", "items", "kind", "etag", "speaker", "presenters", "link", "playlist"],
}
NAMES = {  # pyvideo's fields, by ours
    "title": "title",
    "summary": "description",
    "languages": "language",
    "day": "recorded",
    "duration": "duration",
    "speakers": "speakers",
    "topics": "tags",
    "addresses": "videos",
}

OF_A_TALK = {"recorded", "duration", "language", "speakers", "tags", "videos"}  # what a category.json has none of


def is_category(folder):
    return (folder / "category.json").is_file()


def title_of_category(folder):
    """The title of the seminar that `folder` is, as titles are compared; of one that cannot be read, its name."""
    try:
        return fold(_seminar(folder / "category.json").title)
    except ValidationError:
        return folder.name


def read_category(folder, only=None):
    """The Reading of one category's folder, or of `only` one of its files."""
    name, entries, reading = f"{folder.name}/category.json", [], Reading()
    try:
        seminar = _seminar(folder / "category.json")
    except ValidationError as mistake:
        return refused_file(name, mistake)
    for path in [only] if only else sorted((folder / "videos").glob("*.json")):
        try:
            entries.append(_entry(read_bytes(path), f"{folder.name}/{path.name}", seminar))
        except ValidationError as mistake:
            reading += refused_file(f"{folder.name}/{path.name}", mistake)
    reading += understand_all(entries)
    return reading


def read_talk(data, name):
    """The Reading of one talk.

    Raises ValidationError (codes of `text_of`; "json", "depth", "object", "dialect", "category", "videos").
    """
    return understand_all([_entry(data, name, seminar=None)])


def _entry(data, name, seminar):
    """What one talk says, by our fields; where each stands; and what its category says. Raises the same."""
    text = text_of(data, largest=LARGEST)
    talk = _object(text)
    _refuse_other_dialects(talk)
    if seminar is None and not OF_A_TALK & {*talk}:
        sentence = _(
            "This describes a category of pyvideo or nothing at all, and no talk. Upload the files of its folder “videos”."
        )
        raise ValidationError(sentence, code="category")
    values = {ours: talk[theirs] for ours, theirs in NAMES.items() if talk.get(theirs) is not None}
    if "addresses" in values:
        values["addresses"] = _addresses(values["addresses"])
    lines = {ours: _line_of(text, theirs) for ours, theirs in NAMES.items()}
    return values, Spot(name, 1, lines), {"seminar": seminar, "is_session": True}


def _refuse_other_dialects(talk):
    """Raise ValidationError (code "dialect") for an object that is not a talk of pyvideo: it has neither videos nor speakers."""
    foreign = [name for name in talk if name in OTHERS]
    if {"videos", "speakers"} & {*talk} or not (foreign or "title" not in talk):
        return
    sentence = _(
        "This JSON is not a talk of pyvideo, and is not read: it has the fields %(fields)s, and no "
        "videos or speakers. Upload its recordings as a table (.csv) or as a list of addresses (.txt)."
    )
    fields = ", ".join(foreign[:8] or [str(name)[:40] for name in [*talk][:8]]) or "–"
    raise ValidationError(sentence, code="dialect", params={"fields": fields})


def _seminar(path):
    """What category.json says of the seminar; its days are those of its talks."""
    said = _object(text_of(read_bytes(path), largest=LARGEST))
    title = Line(required=True).clean(said.get("title"))
    first, last = (Day(required=False).clean(said.get(name)) for name in ("start_date", "end_date"))
    address = OneAddress(longest=500).clean(said.get("url"))
    return SeminarSaid(title, first, last, kind=SeminarKind.CONFERENCE, source_url=address)


def _object(text):
    """The JSON object in `text`. Raises ValidationError (codes "json", "depth", "object")."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise _broken(error) from error
    except (RecursionError, ValueError) as error:
        raise ValidationError(_("It is nested too deeply, or has a number without end."), code="depth") from error
    if not isinstance(found, dict):
        raise ValidationError(_("This is not one talk of pyvideo: an object with title, videos, speakers."), code="object")
    return found


def _broken(error):
    sentence = _("This is no JSON from column %(column)d of this line on.")
    mistake = ValidationError(sentence, code="json", params={"column": error.colno})
    mistake.line = error.lineno
    return mistake


def _addresses(videos):
    if not isinstance(videos, list) or not all(isinstance(video, dict) for video in videos):
        raise ValidationError(_("videos: write a list of objects with an address each."), code="videos")
    return [video.get("url") for video in videos]


def _line_of(text, name):
    """The line of the field `name`, or 1 where it is not written on a line of its own."""
    found = re.search(rf'^[ \t]*"{name}"[ \t]*:', text, re.MULTILINE)
    return text.count("\n", 0, found.start(0) + len(found[0])) + 1 if found else 1
