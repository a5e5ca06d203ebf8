"""Which reader understands a file or a folder."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.addresses import read_addresses
from recordings.imports.entries import read_entries
from recordings.imports.files import guarded, read_bytes, text_of
from recordings.imports.pyvideo import is_category, read_category, read_talk
from recordings.imports.rows import Reading
from recordings.imports.tables import read_table

READERS = {".csv": read_table, ".tsv": read_table, ".toml": read_entries, ".txt": read_addresses, "": read_addresses}


def read(path):
    """The Reading of what is at `path`: a file of ours, one talk of pyvideo, one of its categories, or a folder of these.

    Raises ValidationError (code "no_recordings") where nothing of the kind is.
    """
    if path.is_file():
        category = path.parent.parent
        if path.suffix == ".json" and path.parent.name == "videos" and is_category(category):
            return read_category(category, only=path)
        return guarded(path.name, lambda: read_data(read_bytes(path), path.name))
    categories = [path] if is_category(path) else sorted(filter(is_category, path.glob("*/")))
    if not categories:
        sentence = _("There is no file here, and no folder with a category.json as pyvideo has them: %(path)s.")
        raise ValidationError(sentence, code="no_recordings", params={"path": path})
    reading = Reading()
    for category in categories:
        reading += read_category(category)
    return reading


def read_data(data, name):
    """The Reading of the `data` of a file called `name`. Raises ValidationError (code "ending", and those of the readers)."""
    ending = PurePath(name).suffix.lower()
    if ending == ".json":
        return read_talk(data, name)
    if ending not in READERS:
        sentence = _("A file of this kind cannot be read: bring .csv, .toml, .txt, or .json of pyvideo.")
        raise ValidationError(sentence, code="ending")
    return READERS[ending](text_of(data), name)
