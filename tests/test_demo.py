"""What the demonstration adds, once, to the real record."""

import re
import time
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events.models import Intervention, Panel, Seminar
from members.models import Delegate, DelegateRole, Person, User
from recordings.links import addresses
from recordings.models import Caption, Chapter, Clip, Recording, Source
from recordings.playback.sources import first_living, ways_to
from rifess.base.dates import today_in_the_network
from tests.make import make_membership, make_panel, make_recording, make_seminar, make_user

pytestmark = pytest.mark.django_db


def run_demo():
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def test_both_accounts_can_sign_in_with_the_password_that_is_printed():
    make_membership(country="MX")

    said = run_demo()

    accounts = dict(re.findall(r"(\S+@\S+)  password: (\S+)", said))
    assert len(accounts) == 2
    for email, password in accounts.items():
        assert User.objects.get(email=email).check_password(password)
        assert EmailAddress.objects.filter(email=email, verified=True, primary=True).exists()


def test_passwords_differ_and_are_printed_only_once():
    make_membership(country="MX")

    passwords = re.findall(r"password: (\S+)", run_demo())

    assert len(set(passwords)) == 2
    assert "password" not in run_demo()


def test_the_secretary_comes_to_the_desk_with_what_was_printed(client):
    make_membership(country="MX")

    said = run_demo()

    email, password = re.search(r"(secretaria@\S+)  password: (\S+)", said).groups()
    secret, codes = re.search(r"shows codes: (\S+)", said)[1], re.search(r"opens once: (.+)", said)[1].split()
    for code in (format_hotp_value(hotp_value(secret, int(time.time()) // 30)), codes[0]):
        browser = Client()
        browser.post(reverse("account_login"), {"login": email, "password": password, "next": reverse("admin:index")})
        desk = browser.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
        assert (desk.status_code, desk.request["PATH_INFO"]) == (200, reverse("admin:index"))


def test_a_secretary_of_before_gets_a_second_factor_once():
    make_membership(country="MX")
    make_user(email="secretaria@rifess.example", is_staff=True)

    first, second = run_demo(), run_demo()

    assert "shows codes" in first and "password" not in first.partition("delegada@")[0]
    assert "shows codes" not in second and "nothing changed" in second


def test_the_secretary_works_in_the_secretariat_and_is_no_superuser():
    make_membership(country="MX")

    run_demo()

    secretary = User.objects.get(is_staff=True)
    assert list(secretary.groups.all()) == [Group.objects.get(name="Secretaría")]
    assert not secretary.is_superuser


def test_the_delegate_stands_in_for_mexico_and_is_shown_to_nobody():
    seat = make_membership(country="MX")

    run_demo()

    mandate = Delegate.objects.get()
    assert (mandate.membership, mandate.role, mandate.is_public) == (seat, DelegateRole.ALTERNATE, False)
    assert mandate.person.name == "Delegada de demostración"
    assert not mandate.person.user.is_staff


def test_without_mexicos_seat_it_says_what_to_run_first_and_makes_nothing():
    with pytest.raises(CommandError, match="seed"):
        run_demo()

    assert not User.objects.exists() and not Seminar.objects.exists()


def test_the_seminar_is_marked_coming_and_has_its_times():
    make_membership(country="MX")

    run_demo()

    seminar = Seminar.objects.public().upcoming().get()
    panels = seminar.panels.all()
    assert seminar.is_demonstration and seminar.time_zone == "America/Bogota"
    assert seminar.ends_on - seminar.starts_on == timedelta(days=1)
    assert timedelta(days=59) <= seminar.starts_on - today_in_the_network() <= timedelta(days=61)
    assert [(panel.held_on - seminar.starts_on).days for panel in panels] == [0, 0, 1, 1]
    assert all(panel.has_time and panel.ends_at for panel in panels)


def test_its_texts_are_in_three_languages():
    make_membership(country="MX")

    run_demo()

    rows = [*Seminar.objects.all(), *Panel.objects.all(), *Recording.objects.all(), *Chapter.objects.all()]
    texts = [(row.title_es, row.title_pt_br, row.title_en) for row in rows]
    assert texts[0] == ("Seminario de demostración", "Seminário de demonstração", "Demonstration seminar")
    assert all(all(three) for three in texts)


WRITTEN = (User, Person, Delegate, Seminar, Panel, Intervention, Recording, Source, Chapter, Clip, Caption)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in WRITTEN]


def test_running_it_again_changes_nothing():
    make_membership(country="MX")
    run_demo()
    before = everything()

    said = run_demo()

    assert said == "The demonstration was ready: nothing changed.\n"
    assert everything() == before


def test_the_sample_recording_belongs_to_a_seminar_that_is_marked_and_over():
    make_membership(country="MX")

    said = run_demo()

    sample = Recording.objects.public().get()
    assert sample.seminar.is_demonstration and sample.seminar.has_ended()
    assert f"Sample recording: http://testserver{sample.get_absolute_url()}" in said
    assert sample.title_es == "Muestra: cómo se usa la memoria de la Red"


def test_the_sample_plays_from_our_own_site_and_has_its_chapters_voices_and_captions():
    make_membership(country="MX")

    run_demo()

    sample = Recording.objects.get()
    assert first_living(ways_to(sample)).source.url == "http://testserver/static/rifess/demo/sample.mp4"
    assert [(str(each.start), each.title_en) for each in sample.chapters.all()][:2] == [
        ("0:00:00", "Opening"),
        ("0:00:12", "What this memory keeps"),
    ]
    assert [(clip.intervention.person.name, str(clip.start), str(clip.end)) for clip in sample.clips.all()] == [
        ("Voz de ejemplo A", "0:00:00", "0:00:12"),
        ("Voz de ejemplo B", "0:00:12", "0:00:30"),
    ]
    assert [(each.language, each.kind, each.origin) for each in sample.captions.all()] == [
        ("en", "translation", "person"),
        ("es", "floor", "person"),
        ("pt-BR", "translation", "person"),
    ]
    assert all(each.cues for each in sample.captions.all())


def test_nobody_asks_our_own_site_whether_the_sample_still_answers():
    make_membership(country="MX")
    make_recording(url="https://youtu.be/dQw4w9WgXcQ")

    run_demo()

    assert [url for url, _site in addresses()] == ["https://www.youtube.com/watch?v=dQw4w9WgXcQ"]


def test_the_sample_follows_the_address_of_the_portal(settings):
    make_membership(country="MX")
    run_demo()
    settings.SITE_URL = "http://localhost:9000"

    said = run_demo()

    assert Source.objects.get().url == "http://localhost:9000/static/rifess/demo/sample.mp4"
    assert "Sample recording: http://localhost:9000/" in said
    assert run_demo() == "The demonstration was ready: nothing changed.\n"


def test_pages_say_that_the_sample_is_no_session_of_the_network(client):
    make_membership(country="MX")
    run_demo()
    sample = Recording.objects.get()

    with translation.override("en"):
        pages = [client.get(page).content.decode() for page in (reverse("recordings:recordings"), sample.get_absolute_url())]
    assert "Sample: not a session of the Network" in pages[0]
    assert "This seminar is not real" in pages[1]


def test_the_home_page_goes_on_showing_the_real_record(client):
    make_membership(country="MX")
    real = make_seminar()
    make_panel(seminar=real)

    run_demo()

    assert client.get(reverse("home")).context["latest_seminar"] == real


def test_a_public_portal_refuses_a_demonstration(settings):
    settings.SITE_URL = "https://rifess.example"

    with pytest.raises(CommandError, match="no place"):
        call_command("demo")

    assert not User.objects.exists()
