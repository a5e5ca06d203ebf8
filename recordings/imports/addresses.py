"""A plain list: an address a line, then, if one likes, its title; lines that begin with # are for people."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.files import MOST_ROWS
from recordings.imports.forms import understand_all
from recordings.imports.rows import Spot
from recordings.imports.values import place_at


def read_addresses(text, name, *, most=MOST_ROWS):
    """The Reading of the list `text` of the file `name`. Raises ValidationError (code "rows")."""
    lines = [(number, line.split(maxsplit=1)) for number, line in enumerate(text.splitlines(), start=1)]
    written = [(number, words) for number, words in lines if words and not words[0].startswith("#")]
    if len(written) > most:
        raise ValidationError(_("These are more than %(most)d rows."), code="rows", params={"most": most})
    return understand_all([(_values(*words), Spot(name, number), {}) for number, words in written])


def _values(address, title=""):
    """A title that nobody wrote is the site and what the address ends in: words of nobody's, to be written better."""
    return {"addresses": [address], "title": title.strip().removeprefix("#").strip() or _name_of(address)}


def _name_of(address):
    try:
        place = place_at(address)
    except ValidationError:
        return "–"  # the address itself will be refused
    parts = urlsplit(place.url)
    return f"{parts.netloc} {place.video_id or PurePosixPath(parts.path).name}".strip()[:250]
