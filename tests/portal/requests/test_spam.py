"""What looks like spam is never lost: it comes back to who sent it, or waits for the secretariat, marked (docs/adr/0039)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Alert, PanelQuestion, PanelQuestionState, Registration
from members.models import Application, DataRequest, Enquiry, Message
from rifess.base.honeypot import LEAVE_EMPTY, TRAP
from rifess.portal.personal_data import retention
from tests.base.samples import PDF, upload
from tests.desk import address
from tests.events.live.test_live import make_seminar_on, own
from tests.make import make_coming_seminar, make_registration, make_secretary
from tests.members import test_applications as applications

pytestmark = pytest.mark.django_db

ENQUIRY = {"name": "Ana Núñez", "email": "ana@example.org", "text": "¿Cuándo es el próximo seminario?"}
APPLICATION = applications.typed()
REGISTRATION = {"name": "Ana Ñandú", "email": "ana@example.org", "country": "UY", "sector": "academia", "agrees": "on"}


def forms_that_come_back():
    """Address, what a person types there, and what is kept of it."""
    return [
        (reverse("events:register", args=[make_coming_seminar().slug]), REGISTRATION, Registration),
        (reverse("members:join-member"), APPLICATION, Application),
        (reverse("events:alerts"), {"email": "ana@example.org", "subject": "", "news": ["seminars"]}, Alert),
        (reverse("my-data"), {"email": "ana@example.org", "kind": "export"}, DataRequest),
    ]


def trap_of(page):
    """The trap field as the page shows it, and whether people see it."""
    text = page.content.decode()
    tag = re.search(rf'<input[^>]*name="{TRAP}"[^>]*>', text).group()
    hidden = re.search(rf'<div class="sr" aria-hidden="true"><label for="id_{TRAP}">[^<]*</label>{re.escape(tag)}</div>', text)
    return tag, hidden is None


def test_the_trap_is_out_of_sight_and_of_no_interest_to_autofill(client):
    forms = [page for page, _typed, _model in forms_that_come_back()]
    for page in [*forms, reverse("contact"), own(make_registration(make_seminar_on()))]:
        tag, is_seen = trap_of(client.get(page))

        assert not is_seen, page
        assert 'tabindex="-1"' in tag and 'autocomplete="off"' in tag and "data-1p-ignore" in tag, page
        assert not re.search("fax|website|url|phone|mail|name=.name|address|city|company", tag), page


def test_a_form_whose_trap_was_filled_in_comes_back_with_all_that_was_typed_and_is_then_taken(client):
    for page, typed, model in forms_that_come_back():
        back = client.post(page, typed | {TRAP: "555 0100"})

        form, (tag, is_seen) = back.context["form"], trap_of(back)
        assert (back.status_code, [*form.errors], model.objects.count()) == (200, [TRAP], 0), page
        assert str(LEAVE_EMPTY) in back.content.decode(), page
        assert is_seen and 'value="555 0100"' in tag and "tabindex" not in tag, page
        assert {name: form[name].value() for name in typed} == {name: value == "on" or value for name, value in typed.items()}, (
            page
        )
        assert client.post(page, typed | {TRAP: " "}).status_code == 302, page
        assert model.objects.count() == 1, page


def test_the_letter_of_a_suspected_application_is_chosen_again(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    back = client.post(reverse("members:join-member"), APPLICATION | {TRAP: "x", "letter": upload(PDF, "carta.pdf")})

    assert {*back.context["form"].errors} == {TRAP, "letter"}
    assert not [*tmp_path.rglob("*.*")]


def test_a_suspected_message_waits_at_the_desk_until_the_secretariat_says_that_it_is_none(client):
    answer = client.post(reverse("contact"), ENQUIRY | {TRAP: "https://spam.example"})

    enquiry = Enquiry.objects.get()
    assert (answer.status_code, enquiry.text, enquiry.is_suspected_spam) == (302, ENQUIRY["text"], True)
    assert not Message.objects.exists()

    client.force_login(make_secretary())
    url = f"{address(Enquiry, 'changelist')}?answered_on__isempty=1&is_suspected_spam__exact="
    waiting = {each["url"]: each["count"] for each in client.get(reverse("admin:index")).context["waiting"]}
    assert (waiting.get(f"{url}1"), waiting.get(f"{url}0", 0)) == (1, 0)
    for _twice in range(2):
        client.post(f"{url}1", {"action": "accept", "_selected_action": [enquiry.pk]})

    enquiry.refresh_from_db()
    assert not enquiry.is_suspected_spam
    assert [*Message.objects.values_list("kind", "reply_to")] == [("enquiry", "ana@example.org")]


def test_a_suspected_question_to_a_panel_is_moderated_and_marked(client):
    seminar = make_seminar_on()
    ana = make_registration(seminar, name="Ana Núñez")

    assert client.post(own(ana), {"text": "¿Cómo se financia?", TRAP: "x"}).status_code == 302

    question = PanelQuestion.objects.get()
    assert (question.state, question.is_suspected_spam) == (PanelQuestionState.WAITING, True)
    client.force_login(make_secretary())
    assert "no deseado" in client.get(reverse("admin:events_takingpart_questions", args=[seminar.pk])).content.decode()


def test_suspected_messages_are_kept_as_long_as_answered_ones(settings):
    days, now = settings.RETENTION["enquiries"], timezone.now()
    for is_suspected, age in [(True, days), (True, timedelta(days=-1) + days), (False, days)]:
        moment = now - age - timedelta(hours=1)
        Enquiry.objects.create(**ENQUIRY, language="es", received_at=moment, is_suspected_spam=is_suspected)

    due = next(rule for rule in retention.RULES if rule.name == "enquiries").due(now)

    assert [*due.values_list("is_suspected_spam", flat=True)] == [True]
