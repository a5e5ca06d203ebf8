"""Which reader understands a file or a folder."""

import re
from collections import defaultdict
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.addresses import read_addresses
from recordings.imports.entries import read_entries
from recordings.imports.files import MOST_ROWS, guarded, read_bytes, text_of
from recordings.imports.pyvideo import is_category, read_category, read_talk, title_of_category
from recordings.imports.rows import Reading
from recordings.imports.tables import names_columns, read_table

JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*\{\s*["}])')
RECORDING = re.compile(r"^[ \t]*\[\[[ \t]*recording[ \t]*\]\]", re.MULTILINE)  # \s would look through all empty lines from each
ADDRESS = re.compile(r"https?://\S+")  # alone on its line
READERS = {".csv": read_table, ".tsv": read_table, ".toml": read_entries, ".txt": read_addresses, "": read_addresses}


def read(path):
    """The Reading of what is at `path`: a file of ours, one talk of pyvideo, one of its categories, or a folder of these.

    Raises ValidationError (code "no_recordings") where nothing of the kind is.
    """
    reading = Reading()
    for portion in read_in_portions(path):
        reading += portion
    return reading


def read_in_portions(path):
    """The same in several Readings, of which no two name the same seminar: a file, or the categories of one title."""
    if path.is_file():
        category = path.parent.parent
        if path.suffix == ".json" and path.parent.name == "videos" and is_category(category):
            yield read_category(category, only=path)
        else:
            yield guarded(path.name, lambda: read_data(read_bytes(path), path.name))
        return
    categories = [path] if is_category(path) else sorted(filter(is_category, path.glob("*/")))
    if not categories:
        sentence = _("There is no file here, and no folder with a category.json as pyvideo has them: %(path)s.")
        raise ValidationError(sentence, code="no_recordings", params={"path": path})
    by_title = defaultdict(list)
    for category in categories:
        by_title[title_of_category(category)].append(category)
    for same in by_title.values():
        reading = Reading()
        for category in same:
            reading += read_category(category)
        yield reading


def read_data(data, name, *, most=MOST_ROWS):
    """The Reading of the `data` of a file called `name`. Raises ValidationError (code "ending", and those of the readers).

    One of more than `most` rows is refused (code "rows"). Its content says what it is or, failing that, its name.
    """
    ending = PurePath(name).suffix.lower()
    if ending == ".json":
        return read_talk(data, name)
    try:
        text = text_of(data)
    except ValidationError:
        if ending in READERS:
            raise
        raise _ending() from None
    if _is_json(text):
        return read_talk(data, name)
    reader = _reader_of(text) or READERS.get(ending)
    if reader is None:
        raise _ending()
    return reader(text, name, most=most)


def _reader_of(text):
    """The reader of what plainly is a table of ours, TOML, or a list of addresses; else None."""
    if RECORDING.search(text):
        return read_entries
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if names_columns(first):
        return read_table
    return read_addresses if ADDRESS.fullmatch(first) else None


def _is_json(text):
    """Whether `text` begins as an object of JSON or a list of them does: no other file that is read here can."""
    return JSON.match(text) is not None


def _ending():
    sentence = _("A file of this kind cannot be read. Use .csv, .toml, .txt, or .json of pyvideo.")
    return ValidationError(sentence, code="ending")
