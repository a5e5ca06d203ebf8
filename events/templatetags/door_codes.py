"""The code at the door, for templates: `{% load door_codes %}`."""

from django import template
from django.utils.safestring import mark_safe

from events.attendance import qr_codes

register = template.Library()
register.filter("has_door_code", qr_codes.has_code)


@register.simple_tag
def door_code(registration):
    """The drawing of somebody's code (SVG); the words beside it say what it is."""
    return mark_safe(qr_codes.svg(registration))  # noqa: S308 (numbers only)
