"""Words for the pages of one's own account."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()
# The first that fits: browsers also say the names of others, and telephones those of computers.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
DEVICES = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux"}


@register.filter
def browser(user_agent):
    """“Firefox · Android”, out of what a browser says of itself."""
    known = [_first(BROWSERS, user_agent), _first(DEVICES, user_agent)]
    return " · ".join(filter(None, known)) or _("An unknown browser")


def _first(names, user_agent):
    return next((shown for name, shown in names.items() if re.search(rf"\b{name}", user_agent)), "")
