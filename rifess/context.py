"""What every page knows."""

from django.conf import settings
from django.urls.base import translate_url
from django.utils.translation import get_language

from rifess.base.texts import TAGS

SHORT = {"es": ("ES", "español"), "pt-br": ("PT", "português"), "en": ("EN", "English")}


def portal(request):
    """The language switch, and the page's own addresses in each language."""
    path = request.path
    active = get_language()
    languages = [
        {
            "code": code,
            "tag": TAGS[code],
            "short": SHORT[code][0],
            "name": SHORT[code][1],
            "url": translate_url(path, code),
            "is_current": code == active,
        }
        for code, _name in settings.LANGUAGES
    ]
    return {"languages": languages, "site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
