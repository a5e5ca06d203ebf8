"""Two secretaries, or two presses of one button, at the same moment: what is done once stays done once."""

from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.models import Certificate, Registration
from members.models import DataRequest, DataRequestKind, Delegate, DelegateRole, Message
from tests import make
from tests.at_once import several

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def nobody_works_yet(settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def an_alternate():
    mandate = make.make_delegate(role=DelegateRole.ALTERNATE, starts_on=date(2024, 1, 1))
    answers = {"person": make.make_person().pk, "starts_on": "2026-05-03"}
    return reverse("admin:members_delegate_successor", args=[mandate.pk]), answers


def somebody_who_asked_by_letter():
    seminar = make.make_coming_seminar()
    seminar.seats.get_or_create(form="virtual")
    answers = {"name": "Ana Díaz", "email": "ana@example.org", "language": "es", "form": "virtual", "tell": "on"}
    return reverse("admin:events_takingpart_add-participant", args=[seminar.pk]), answers


def an_organizer():
    seminar = make.make_seminar()
    answers = {"people": [make.make_person().pk], "task": "", "language": "es"}
    return reverse("admin:events_takingpart_certificates-organization", args=[seminar.pk]), answers


def a_copy():
    asked = DataRequest.objects.create(kind=DataRequestKind.EXPORT, email="copia@example.org")
    return reverse("admin:members_datarequest_copy", args=[asked.pk]), {}


def an_erasure():
    make.make_registration(email="fuera@example.org")
    asked = DataRequest.objects.create(kind=DataRequestKind.ERASURE, email="fuera@example.org")
    return reverse("admin:members_datarequest_erase", args=[asked.pk]), {"tells": "on", "answer": "Se borró"}


ACTS = {
    an_alternate: lambda: Delegate.objects.filter(starts_on=date(2026, 5, 3)).count(),
    somebody_who_asked_by_letter: lambda: Registration.objects.filter(email="ana@example.org").count(),
    an_organizer: lambda: Certificate.objects.count(),
    a_copy: lambda: Message.objects.filter(kind="data_copy").count(),
    an_erasure: lambda: Message.objects.filter(kind="erasure_done").count(),
}


def test_what_two_do_at_once_is_done_once_and_the_second_is_told(desk, tmp_path):
    ready = []
    for prepare in ACTS:
        address, answers = prepare()
        if answers:
            answers |= {"shown": desk.post(address, answers).context["shown"]}
        else:
            answers = {"shown": desk.get(address).context["shown"]}
        ready.append((address, answers))
    browsers, start = [Client(), Client()], Barrier(2)
    for browser in browsers:
        browser.cookies = desk.cookies

    def press(browser):
        return [(start.wait(), browser.post(*each).status_code)[1] for each in ready]

    with several(2, tmp_path / "copy.sqlite3") as workers:
        pressed = list(workers.map(press, browsers))
        counted = workers.submit(lambda: [count() for count in ACTS.values()]).result()
        list(workers.map(lambda _each: (start.wait(), connection.close()), range(2)))

    assert all({*both} in ({302, 200}, {302, 400}) for both in zip(*pressed, strict=True))
    assert counted == [1] * len(ACTS)
