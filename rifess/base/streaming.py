"""A kept file on its way to whoever may have it: whole or in part, in small blocks, or through the web server in front of us.

Who may have it was asked before. Ranges, conditions and names follow RFC 9110 and RFC 6266 (docs/adr/0017).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

BLOCK = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,30})-([0-9]{0,30})")  # one; who asks for several at once gets the whole file
UNTRUSTED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Kept:
    """A file and what is said of it. `is_shown`: a browser may open it; `is_shared`: caches on the way may keep it."""

    file: FieldFile
    name: str
    media_type: str
    fingerprint: str
    modified_at: datetime
    language: str = ""
    is_shown: bool = False
    is_shared: bool = False

    @property
    def etag(self):
        return f'"{self.fingerprint}"'

    def headers(self):
        return {
            "Content-Type": self.media_type if self.is_shown else "application/octet-stream",
            "Content-Disposition": disposition(self.name, attached=not self.is_shown),
            "Content-Security-Policy": UNTRUSTED,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "public, no-cache" if self.is_shared else "private, no-cache",
            "Accept-Ranges": "bytes",
        } | ({"Content-Language": self.language} if self.language else {})


def give(request, kept: Kept) -> HttpResponse:
    """Answer `request` with `kept`. Raises OSError when the file is not where it was left."""
    size = kept.file.storage.size(kept.file.name)
    if settings.FILES_THROUGH:
        return HttpResponse(headers=kept.headers() | {"X-Accel-Redirect": settings.FILES_THROUGH + quote(kept.file.name)})
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed, it would be of another length, and its ranges of another file
    told = {"ETag": kept.etag, "Last-Modified": http_date(kept.modified_at.timestamp())}
    answer = _answer(request, kept, size, told)
    for name, value in {**kept.headers(), **told}.items():
        answer.headers[name] = value
    return get_conditional_response(request, kept.etag, int(kept.modified_at.timestamp()), answer)


def give_to_save(request, file: FieldFile, *, name) -> HttpResponse:
    """Answer with `file`, never opened in our pages and kept by nobody on the way. Raises OSError as `give` does."""
    modified_at = file.storage.get_modified_time(file.name)
    fingerprint = sha256(file.name.encode()).hexdigest()  # a file is never overwritten: another one has another name
    answer = give(request, Kept(file, name, "application/octet-stream", fingerprint, modified_at))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _answer(request, kept, size, told):
    """The whole file, or the part that is asked for; of a HEAD only what would be said of the whole."""
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": size})
    part = asked_part(request.headers.get("Range", ""), size) if _is_the_same(request, told) else None
    if part is None:
        return StreamingHttpResponse(blocks(kept.file, 0, size), headers={"Content-Length": size})
    if not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    said = {"Content-Length": len(part), "Content-Range": f"bytes {part[0]}-{part[-1]}/{size}"}
    return StreamingHttpResponse(blocks(kept.file, part[0], len(part)), status=206, headers=said)


def _is_the_same(request, told):
    """Whether a part is still wanted: `If-Range` names the file of which the first parts came."""
    return request.headers.get("If-Range") in {None, *told.values()}


def asked_part(header, size):
    """The bytes that a Range `header` asks for of `size`, as a range: empty when there are none such.

    None when the header is to be ignored (RFC 9110 §14.2): several ranges, other units, nonsense.
    """
    found = RANGE.fullmatch(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last or size), size - 1) + 1)


def blocks(file, start, length):
    """`length` bytes of `file` from `start`, a block at a time: the file is opened when the first is asked for."""
    with file.storage.open(file.name, "rb") as content:
        content.seek(start)
        while length > 0 and (block := content.read(min(BLOCK, length))):
            length -= len(block)
            yield block


def disposition(name, *, attached):
    """`Content-Disposition` with the name in both forms of RFC 6266: in plain letters for old programs, and as it is."""
    how = "attachment" if attached else "inline"
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()+,=@-]", "", letters, flags=re.ASCII).strip(" .") or "file"
    exactly = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{how}; filename="{plain}"{exactly}'
