"""The bytes of a file as text, within bounds."""

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from recordings.imports.rows import Reading, Refused, Spot
from rifess.base.spreadsheets.encodings import decoded

LARGEST = 20 * 1024 * 1024
MOST_ROWS = 20_000


def text_of(data, *, largest=LARGEST):
    """The text in `data`: UTF-8, or what Excel saves (UTF-16, CP1252).

    Raises ValidationError (codes "size", "empty", "not_text").
    """
    if len(data) > largest:
        raise ValidationError(_("It is larger than %(size)s."), code="size", params={"size": filesizeformat(largest)})
    text = decoded(data)
    if text is None:
        raise ValidationError(_("This is no text: save it as text, in UTF-8."), code="not_text")
    if not text.strip():
        raise ValidationError(_("It is empty."), code="empty")
    return text


def read_bytes(path):
    """The bytes of the file at `path`, and one more than the largest may have. Raises ValidationError (code "unreadable")."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise ValidationError(_("It cannot be opened."), code="unreadable") from error


def guarded(name, read):
    """What `read()` finds in the file `name`; where it is broken as a whole, that and nothing else."""
    try:
        return read()
    except ValidationError as mistake:
        return refused_file(name, mistake)


def refused_file(name, mistake):
    """The Reading of a file in which nothing can be read, for the `mistake` at its line."""
    return Reading(refused=[Refused(Spot(name, getattr(mistake, "line", None)), " ".join(mistake.messages))])
