"""The outbox at the desk: what became of each message, what went with it, and sending again, one or many."""

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import registrations
from members import applications
from members.models import DataRequest, Message, MessageState, notices
from members.outbox.mail import write
from tests.desk import address
from tests.make import make_alert, make_editor, make_registration, make_secretary

pytestmark = pytest.mark.django_db


def message(state=MessageState.UNCERTAIN, **given):
    about = {"subject": "Su inscripción", "sentence": "Está confirmada."}
    written = write("notice", to="ana@example.org", language="es", context={"about": about}, **given)
    trouble = "The connection broke." if state in (MessageState.FAILED, MessageState.UNCERTAIN) else ""
    sent_at = timezone.now() if state == MessageState.SENT else None
    Message.objects.filter(pk=written.pk).update(state=state, trouble=trouble, next_try_at=None, attempts=1, sent_at=sent_at)
    written.refresh_from_db()
    return written


def send_again(desk, rows, at=None, name="action"):
    desk.post(at or address(Message, "changelist"), {name: "try_again", "_selected_action": [row.pk for row in rows]})


def test_a_page_says_what_became_of_a_message_and_what_went_with_it(desk):
    files = [("seminario.ics", "text/calendar", b"x" * 2048), ("acta <1>.pdf", "application/pdf", b"")]
    row = message(attachments=files, is_bulk=True, unsubscribe_url="/es/x/")

    page = desk.get(address(row).replace("/es/", "/en/")).content.decode()

    for said in ("uncertain: the connection broke before the answer", "The connection broke.", "http://testserver/es/x/"):
        assert said in page
    assert "seminario.ics (text/calendar, 2.0\xa0KB)" in page and "acta &lt;1&gt;.pdf" in page


def test_many_that_are_in_trouble_go_again_at_once_and_what_was_sent_does_not(desk):
    rows = [message(MessageState.FAILED), message(), message(MessageState.SENT)]

    send_again(desk, rows)

    assert list(Message.objects.order_by("pk").values_list("state", "attempts")) == [("waiting", 0), ("waiting", 0), ("sent", 1)]


def test_one_goes_again_from_its_page(desk):
    row = message()
    page = desk.get(address(row))

    send_again(desk, [row], at=address(row), name=page.context["action_form"]["action"].html_name)

    row.refresh_from_db()
    assert row.state == MessageState.WAITING


def test_what_lets_somebody_in_is_shown_nowhere(desk):
    row = message(is_secret=True)

    assert "Está confirmada." not in desk.get(address(row)).content.decode()


def test_the_list_finds_those_in_trouble_and_those_to_many(desk):
    message(MessageState.SENT, is_bulk=True)
    message()

    counts = [desk.get(f"{address(Message, 'changelist')}?{query}").context["cl"].result_count for query in QUERIES]

    assert counts == [1, 1]


QUERIES = ["state__in=failed,uncertain", "is_bulk__exact=1"]


def test_editors_do_not_read_the_outbox(client):
    row = message()
    client.force_login(make_editor())

    assert client.get(address(row)).status_code == 403
    assert client.post(address(Message, "changelist"), {"action": "try_again", "_selected_action": [row.pk]}).status_code == 403


def test_outbox_shows_no_signed_link_of_any_kind_and_keeps_the_words(client):
    """Every signer of the portal: whoever reads the outbox opens nobody's private page."""
    registration, alert = make_registration(), make_alert()
    asked = DataRequest.objects.create(kind="export", email="a@example.org")
    paths = [
        registration.get_absolute_url(),
        alert.get_absolute_url(),
        reverse("events:registration-cancel", args=[registrations.SIGNER.sign(registration.code)]),
        reverse("members:application", args=[applications.SIGNER.sign("k" * 16)]),
        reverse("members:notice-stop", args=[notices.SIGNER.sign("7:minutes_circulated")]),
        reverse("my-data-link", args=[asked.signed]),
    ]
    text = "\n".join(f"Vea http://testserver{path} antes de las 10:30." for path in paths)
    sent = {"kind": "x", "to": "a@example.org", "language": "es", "subject": "x", "state": "sent", "sent_at": timezone.now()}
    message = Message.objects.create(**sent, text=text, unsubscribe_url=f"http://testserver{paths[1]}")
    client.force_login(make_secretary())

    page = client.get(reverse("admin:members_message_change", args=[message.pk])).content.decode()

    assert [path for path in paths if max(path.split("/"), key=len)[-20:] in page] == []
    assert page.count("•••") == len(paths) + 1
    assert page.count("antes de las 10:30.") == len(paths)
