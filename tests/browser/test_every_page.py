"""Every page, as visitors see it: in each language, at each width, in both colour schemes."""

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import Panel, Seminar
from recordings.models import Caption, Recording
from rifess.portal.management.commands import demo
from rifess.search.models import Concept
from tests.browser.looking import ALL_RULES, RULES_BUT_COLOUR, RULES_OF_COLOUR, WIDE, look, look_at_each_width_in_both_schemes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

RULES = {"en": ALL_RULES, "pt-br": RULES_BUT_COLOUR}  # two languages do not differ in colour
SEMINAR = "seminario-iberoamericano-2024"
DEMONSTRATION = demo.SEMINAR
SAMPLE = "muestra"  # the demonstration's recording: with chapters, voices and captions in three languages


def at(name, *args, query=""):
    return lambda: reverse(name, args=args) + query


def embedded():
    key = Recording.objects.get(slug=SAMPLE).key
    return f"{reverse('embed', args=[key])}?lang={translation.get_language()}"


PAGES = {
    "home": at("home"),
    "seminars": at("events:seminars"),
    "seminars, filtered": at("events:seminars", query="?q=social&country=MX"),
    "seminars, none found": at("events:seminars", query="?q=zzzz"),
    "seminar": at("events:seminar", SEMINAR),
    "seminar to come": lambda: Seminar.objects.upcoming().get(is_demonstration=True).get_absolute_url(),
    "registration": at("events:register", DEMONSTRATION),
    "registration sent": at("events:register-sent", DEMONSTRATION),
    "panel": at("events:panel", SEMINAR, "politicas-globales"),
    "recordings": at("recordings:recordings"),
    "recording": at("recordings:recording", SEMINAR),
    "recording with its link": at("recordings:recording", "con-enlace"),
    "recording with its transcript": at("recordings:recording", SAMPLE),
    "recording, a passage": at("recordings:recording", SAMPLE, query="?t=3,12&lang=en.translation"),
    "recording withdrawn": at("recordings:recording", "retirado"),
    "recordings, filtered": at("recordings:recordings", query="?transcript=on&sort=oldest"),
    "recordings, none found": at("recordings:recordings", query="?q=zzzz"),
    "recordings of a person": at("recordings:of_person", "voz-de-ejemplo-a"),
    "recordings on a topic": at("recordings:of_topic", "alianzas-comunitarias"),
    "recordings from a country": at("recordings:of_country", "mx"),
    "recordings of a seminar": at("recordings:of_seminar", SEMINAR),
    "recording on another site": embedded,
    "search": at("search"),
    "search, found": at("search", query="?q=cooperativas"),
    "search, narrowed": at("search", query="?q=economia&kind=seminar"),
    "search, nothing found": at("search", query="?q=coperatibas"),
    "search, moments": at("search-moments", SAMPLE, query="?q=cooperativas"),
    "documents": at("recordings:documents"),
    "document": at("recordings:document", "a-res-77-281"),
    "people": at("people"),
    "person": at("person", "chantal-line-carpentier"),
    "network": at("network"),
    "institution": at("institution", "inaes"),
    "country": at("country", "mx"),
    "about": at("about"),
    "accessibility": at("accessibility"),
    "privacy": at("privacy"),
    "contact": at("contact"),
    "news by e-mail": at("events:alerts"),
    "news by e-mail, asked for": at("events:alerts-sent"),
    "message received": at("contact-thanks"),
    "not found": at("person", "nadie"),
    "sign in": at("account_login"),
    "sign in by code": at("account_request_login_code"),
    "sign up": at("account_signup"),
    "password reset": at("account_reset_password"),
}
STATUS = {"not found": 404, "recording withdrawn": 410}
ADMIN = {
    "desk": at("admin:index"),
    "seminars": at("admin:events_seminar_changelist"),
    "seminar": lambda: reverse("admin:events_seminar_change", args=[Seminar.objects.get(slug=SEMINAR).pk]),
    "panel": lambda: reverse("admin:events_panel_change", args=[Panel.objects.get(slug="politicas-globales").pk]),
    "recordings": at("admin:recordings_recording_changelist"),
    "recording": lambda: reverse("admin:recordings_recording_change", args=[Recording.objects.get(slug=SAMPLE).pk]),
    "recording to add": at("admin:recordings_recording_add"),
    "recordings to import": at("admin:recordings_recording_import"),
    "captions": at("admin:recordings_caption_changelist"),
    "caption": lambda: reverse("admin:recordings_caption_change", args=[Caption.objects.first().pk]),
    "trusted sites": at("admin:recordings_trustedhost_changelist"),
    "web addresses": at("admin:links_address_changelist"),
    "concepts": at("admin:search_concept_changelist"),
    "concept": lambda: reverse("admin:search_concept_change", args=[Concept.objects.first().pk]),
}


@pytest.mark.parametrize("language", RULES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_in_the_other_languages(looker, name, language):
    with translation.override(language):
        path = PAGES[name]()

    assert look(looker, path, language, WIDE, STATUS.get(name, 200), RULES[language]) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_at_each_width_in_both_schemes(looker, name):
    with translation.override("es"):
        path = PAGES[name]()

    assert look_at_each_width_in_both_schemes(looker, path, "es", STATUS.get(name, 200)) == []


@pytest.mark.parametrize("name", ADMIN)
def test_a_page_of_the_admin_is_sound_in_both_schemes(looker, secretary, name):
    looker.sign_in(secretary)
    looker.resize(WIDE)
    with translation.override("es"):
        path = ADMIN[name]()

    looker.open(path)
    problems = looker.problems + looker.barriers()
    looker.darken()

    assert problems + looker.barriers(RULES_OF_COLOUR) == []
