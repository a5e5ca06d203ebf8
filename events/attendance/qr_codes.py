"""The code that somebody shows at the door: a drawing (QR) of an address that tells nothing of them.

Whoever receives them opens it with the telephone's camera. It is signed apart from the link to the registration: who has seen
the code at the door cannot open that.
"""

from io import BytesIO
from itertools import groupby

import qrcode
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from qrcode.image.pil import PilImage

from events.models import AttendanceForm, Registration, RegistrationState

SIGNER = Signer(salt="events.door")
QUIET = 4  # modules of white around it, which scanners need (ISO/IEC 18004)


def has_code(registration):
    """Whether `registration` has a code: of those who come in person, once they are confirmed."""
    return registration.form == AttendanceForm.IN_PERSON and registration.state == RegistrationState.CONFIRMED


def signed(registration):
    return SIGNER.sign(registration.link_name)


def address(registration):
    return settings.SITE_URL + reverse("door", args=[signed(registration)])


def behind(code):
    """The registration of which `code` is signed, as a queryset of one or none."""
    try:
        return Registration.objects.known().with_open_link().named_in_links(SIGNER.unsign(code))
    except BadSignature:
        return Registration.objects.none()


def svg(registration) -> str:
    """The drawing as it stands in a page: black on white in the dark too. It says nothing to those who hear the page."""
    rows = _code(registration).get_matrix()
    dots = "".join(f"M{start} {y}h{width}v1h-{width}z" for y, row in enumerate(rows) for start, width in _runs(row))
    side = len(rows)
    return (
        f'<svg width="240" height="240" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true" '
        f'focusable="false"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{dots}"/></svg>'
    )


def _runs(row):
    """Where black begins in a row, and how many modules it goes on."""
    start = 0
    for is_black, modules in groupby(row):
        width = len(list(modules))
        if is_black:
            yield start, width
        start += width


def png(registration) -> bytes:
    """The same as a picture, for mail: programs that read mail show no SVG."""
    picture = BytesIO()
    _code(registration).make_image(image_factory=PilImage).save(picture, format="PNG", optimize=True)
    return picture.getvalue()


def _code(registration):
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET, box_size=10)
    code.add_data(address(registration))
    code.make(fit=True)
    return code
