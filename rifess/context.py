"""What every page knows."""

from django.conf import settings
from django.urls.base import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from members.access import acting
from rifess.base.text.translated import TAGS

SHORT = {"es": ("ES", "español"), "pt-br": ("PT", "português"), "en": ("EN", "English")}


def portal(request):
    """The language switch, the page's own addresses in each language, and in whose name one acts (asked when it is shown)."""
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
    return {
        "languages": languages,
        "page_meta": meta(path, languages),
        "acting": SimpleLazyObject(lambda: acting(request.user)),
    }


def meta(path, languages):
    """The page's own address and the same page in the other languages, for search engines and for whoever shares it."""
    alternates = [(language["tag"], settings.SITE_URL + language["url"]) for language in languages]
    return {"canonical": settings.SITE_URL + path, "alternates": alternates}
