"""What the demonstration adds, once, to the real record."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from events.models import Panel, Seminar
from members.models import Delegate, DelegateRole, Person, User
from rifess.base.dates import today_in_the_network
from tests.make import make_membership

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

    texts = [(row.title_es, row.title_pt_br, row.title_en) for row in [*Seminar.objects.all(), *Panel.objects.all()]]
    assert texts[0] == ("Seminario de demostración", "Seminário de demonstração", "Demonstration seminar")
    assert all(all(three) for three in texts)


def test_running_it_again_changes_nothing():
    make_membership(country="MX")
    run_demo()
    before = [list(model.objects.order_by("pk").values()) for model in (User, Person, Delegate, Seminar, Panel)]

    said = run_demo()

    assert said == "The demonstration was ready: nothing changed.\n"
    assert [list(model.objects.order_by("pk").values()) for model in (User, Person, Delegate, Seminar, Panel)] == before


def test_a_public_portal_refuses_a_demonstration(settings):
    settings.SITE_URL = "https://rifess.example"

    with pytest.raises(CommandError, match="no place"):
        call_command("demo")

    assert not User.objects.exists()
