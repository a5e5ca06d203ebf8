"""Every page, as visitors see it: in each language, at each width, in both colour schemes."""

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import Panel, Seminar

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

WIDTHS = [320, 768, 1280]
SCHEMES = ["light", "dark"]
SEMINAR = "seminario-iberoamericano-2024"


def at(name, *args, query=""):
    return lambda: reverse(name, args=args) + query


PAGES = {
    "home": at("home"),
    "seminars": at("events:seminars"),
    "seminars, filtered": at("events:seminars", query="?q=social&country=MX"),
    "seminars, none found": at("events:seminars", query="?q=zzzz"),
    "seminar": at("events:seminar", SEMINAR),
    "seminar to come": lambda: Seminar.objects.get(is_demonstration=True).get_absolute_url(),
    "panel": at("events:panel", SEMINAR, "politicas-globales"),
    "recordings": at("recordings:recordings"),
    "recording": at("recordings:recording", SEMINAR),
    "recording with its link": at("recordings:recording", "con-enlace"),
    "documents": at("recordings:documents"),
    "document": at("recordings:document", "a-res-77-281"),
    "people": at("people"),
    "person": at("person", "chantal-line-carpentier"),
    "network": at("network"),
    "institution": at("institution", "inaes"),
    "about": at("about"),
    "accessibility": at("accessibility"),
    "privacy": at("privacy"),
    "contact": at("contact"),
    "message received": at("contact-thanks"),
    "not found": at("person", "nadie"),
    "sign in": at("account_login"),
    "sign in by code": at("account_request_login_code"),
    "sign up": at("account_signup"),
    "password reset": at("account_reset_password"),
}
STATUS = {"not found": 404}
ADMIN = {
    "desk": at("admin:index"),
    "seminars": at("admin:events_seminar_changelist"),
    "seminar": lambda: reverse("admin:events_seminar_change", args=[Seminar.objects.get(slug=SEMINAR).pk]),
    "panel": lambda: reverse("admin:events_panel_change", args=[Panel.objects.get(slug="politicas-globales").pk]),
}


def look(visitor, path, language, width, axe, status=200):
    """Everything wrong with one page at one width."""
    visitor.resize(width)
    page = visitor.open(path, status)
    found = [f"the heading of the page is there {n} times" for n in [page.locator("h1").count()] if n != 1]
    found += [f"the page says it is in {said}" for said in [page.get_attribute("html", "lang")] if said.lower() != language]
    found += [f"it is {pixels} px too wide" for pixels in [visitor.too_wide()] if pixels > 0]
    found += visitor.barriers() if axe else []
    return [f"{path} at {width} px: {problem}" for problem in visitor.problems + found]


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_in_each_language(visit, name, language):
    with translation.override(language):
        path = PAGES[name]()

    problems = look(visit(), path, language, 1280, axe=True, status=STATUS.get(name, 200))

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_at_each_width_in_both_schemes(visit, name, scheme):
    visitor = visit(color_scheme=scheme)
    with translation.override("es"):
        path = PAGES[name]()

    # axe looks at the narrowest in light and at the widest in dark: the widest in light is looked at above
    axed = 320 if scheme == "light" else 1280
    problems = [p for width in WIDTHS for p in look(visitor, path, "es", width, width == axed, STATUS.get(name, 200))]

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ADMIN)
def test_a_page_of_the_admin_is_sound_in_both_schemes(visit, secretary, name, scheme):
    visitor = visit(color_scheme=scheme)
    visitor.sign_in(secretary)
    with translation.override("es"):
        path = ADMIN[name]()

    visitor.open(path)
    problems = visitor.problems + visitor.barriers()

    assert not problems, "\n".join(problems)
