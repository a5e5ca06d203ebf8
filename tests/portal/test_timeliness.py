"""A message of any room is asked again when it leaves: what has become untrue since it was written stays here (docs/adr/0051)."""

import ast
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events import publication
from events.alerts import subscriptions
from events.certificates import issue
from events.consultations import closing, voting
from events.models import Alert, Certificate, Consultation, LetterTold, Mailing, Registration, Seminar
from events.notifications import mailings
from events.registration import workflow
from members import applications, enquiries
from members.accounts import dormant, mail
from members.mandates import reminders
from members.models import (
    Application,
    ApplicationState,
    DataRequest,
    DeclinedNotice,
    Delegate,
    Enquiry,
    Invitation,
    Message,
    MessageState,
    Proposal,
    User,
)
from members.outbox.delivery import attempt
from recordings import documents
from recordings.models import Document
from rifess.base.dates import today_in_the_network
from rifess.portal import news_digest
from rifess.portal.personal_data import requests
from rifess.portal.proposals import workflow as proposing
from tests.events.consultations.test_consultations import FOR, answer, make_consultation, make_members, make_voter
from tests.make import (
    make_certificate,
    make_coming_seminar,
    make_delegate,
    make_delegate_user,
    make_document,
    make_panel,
    make_person,
    make_registration,
    make_secretary,
    make_seminar,
    make_user,
)
from tests.members.test_applications import make_application
from tests.members.test_invitations import make_invitation
from tests.portal.delegation.test_proposals import make_proposal

pytestmark = pytest.mark.django_db
TODAY, NOW = today_in_the_network(), timezone.now()
LATER = NOW + timedelta(hours=1)
NUMBER = count(1)


def change(model, **columns):
    """What happens to every row of `model` before the message leaves."""

    def happens():
        model.objects.update(**columns)

    return happens


def delete(model):
    return lambda: model.objects.all().delete()


def end_mandates():
    Delegate.objects.update(ended_on=TODAY)


# What writes one message


def application(state, kind, **given):
    return lambda: applications._tell(make_application(state, **given), kind)


def data_request(kind):
    """Each from another address: one address gets few such letters a day."""
    return lambda: requests.ask(f"ana{next(NUMBER)}@example.org", kind, language="es")


def enquiry():
    enquiries.receive(Enquiry(name="Ana", email="ana@example.org", text="Hola", language="es"))


def mandate_due():
    due = TODAY + timedelta(days=5)
    make_delegate(user=make_user(), mandate_due_on=due)
    reminders.remind()
    Message.objects.exclude(kind="mandate_due").delete()


def account_idle():
    dormant._tell(make_user(last_login=NOW - timedelta(days=400)), "account_idle", locks_on=TODAY)


def account_locked():
    dormant._tell(make_user(is_active=False), "account_locked")


def login_code():
    user = make_user(email="ana@example.org")
    mail.tell("login_code", user.email, {"user": user, "code": "ABCD-EFGH"})


def address_changed():
    user = make_user(email="ana@example.org")
    mail.tell("email_changed", "antes@example.org", {"user": user, "timestamp": NOW})


def consultation(kind):
    def write():
        make_voter(make_members(["MX"])[0])
        opened = make_consultation(opens_at=NOW - timedelta(days=3), closes_at=NOW + timedelta(hours=20))
        if kind == "consultation_reminder":
            Consultation.objects.update(told_at=NOW - timedelta(days=2))
        closing.attend(opened.pk)

    return write


def member_votes():
    opened = Consultation.objects.get()
    voting.cast(opened.pk, answer(opened, FOR).pk, by=User.objects.get(person__mandates__role="titular"), now=NOW)


def certificate_without_registration():
    issued = make_certificate()
    person = make_person(user=make_user())
    Certificate.objects.update(registration=None, person=person, email="ana@example.org")
    issue._tell(Certificate.objects.get(pk=issued.pk))


def minutes():
    make_delegate_user()
    document = make_document(kind="minutes", state="draft", audience="members")
    documents.circulate(Document.objects.get(pk=document.pk))


def proposal_declined():
    proposal = make_proposal()
    proposing.decline(proposal, by=make_secretary(), reason="No procede")
    Message.objects.exclude(kind="proposal_to_delegate").delete()


def later_turn():
    made = Proposal.objects.get()
    made.turns.create(state=made.state, at=LATER, comment="Otra cosa", of_the_secretariat=True)


def mailing():
    made = Mailing.objects.create(seminar=make_coming_seminar(), subject_es="Hola", text_es="Hola")
    make_registration(made.seminar)
    mailings.send(made, by=make_secretary())


def unsubscribe():
    mailings.end(Registration.objects.get())


def ask_for_alert():
    subscriptions.ask("ana@example.org", language="es")


def tell_news():
    Alert.objects.create(email="ana@example.org", confirmed_at=NOW, told_until=NOW - timedelta(days=3))
    make_panel(seminar=make_coming_seminar())
    news_digest.tell(NOW + timedelta(minutes=1))
    Message.objects.update(next_try_at=NOW)


def decline_minutes():
    DeclinedNotice.objects.create(user=User.objects.get(messages__isnull=False), kind="minutes_circulated")


def nothing():
    pass


CASES = [  # what writes a message; what happens before it leaves, and stops it
    (make_invitation, [delete(Invitation), change(Invitation, revoked_at=NOW), change(Invitation, sent_at=LATER)]),
    (make_invitation, [change(Invitation, accepted_at=NOW), change(Invitation, email="otra@example.org")]),
    (
        application(ApplicationState.UNCONFIRMED, "application_confirm"),
        [delete(Application), change(Application, state="received", confirmed_at=NOW)],
    ),
    (application(ApplicationState.DECLINED, "application_declined", reason="No"), [change(Application, state="in-review")]),
    (data_request("export"), [delete(DataRequest), change(DataRequest, email="")]),
    (data_request("erasure"), [change(DataRequest, answered_at=NOW)]),
    (enquiry, [delete(Enquiry), change(Enquiry, is_suspected_spam=True)]),
    (mandate_due, [end_mandates, change(Delegate, mandate_due_on=date(2040, 1, 1))]),
    (account_idle, [change(User, last_login=LATER), change(User, is_active=False), delete(User)]),
    (account_locked, [change(User, is_active=True)]),
    (login_code, [change(User, email="otra@example.org"), change(User, is_active=False)]),
    (consultation("consultation_opened"), [change(Consultation, called_off_at=NOW), end_mandates]),
    (consultation("consultation_reminder"), [member_votes, change(Consultation, published_at=None), end_mandates]),
    (certificate_without_registration, [change(Certificate, revoked_at=NOW, revoked_because="Error"), delete(Certificate)]),
    (minutes, [change(Document, state="draft"), end_mandates, decline_minutes]),
    (proposal_declined, [later_turn, end_mandates]),
    (mailing, [unsubscribe, change(Seminar, published_at=None), change(Registration, state="cancelled", ended_at=NOW)]),
    (mailing, [change(Registration, email="otra@example.org"), delete(Registration)]),
    (ask_for_alert, [change(Alert, confirmed_at=NOW), delete(Alert)]),
    (tell_news, [delete(Alert)]),
    (address_changed, []),
]


def test_a_message_leaves_only_while_what_it_is_about_says_so(mailoutbox, settings):
    settings.BULK_PER_MINUTE = 100_000
    wrong = []
    for write, stops in CASES:
        for happens, leaves in [(nothing, True), *((each, False) for each in stops)]:
            with transaction.atomic():
                mailoutbox.clear()
                write()
                message = Message.objects.get()
                happens()
                attempt(message.pk)
                message.refresh_from_db()
                fate = MessageState.SENT if leaves else MessageState.EXPIRED
                if (message.state, bool(mailoutbox), bool(message.trouble)) != (fate, leaves, not leaves):
                    wrong.append((message.kind, stops.index(happens) if happens in stops else "", message.state, message.trouble))
                transaction.set_rollback(True)

    assert wrong == []


TOLD_FOR_GOOD = {  # kinds that are about no row, or that ask by another rule
    "mandates_due": "the Secretariat's list of that day",
    "letter-test": "a test to oneself",
    "erasure_done": "tells what was done to rows that are gone",
    "news": "asks whether the address still has an alert",
    "f'{PREFIX}{kind}'": "letters ask by their row in LetterTold",
    "KIND": "mailings ask by their row in LetterTold",
}


def test_each_message_says_what_it_is_about():
    rooms = (Path(settings.BASE_DIR) / room for room in ("events", "members", "recordings", "rifess"))
    silent = {
        kind
        for path in (path for room in rooms for path in room.rglob("*.py"))
        for kind, says in written_in(ast.parse(path.read_text()))
        if not says
    }

    assert silent == {*TOLD_FOR_GOOD}


def written_in(tree):
    """The kind of each message that code writes, and whether it says what the message is about."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        names = {word.arg for word in call.keywords}
        if name in {"write", "draft", "write_to_the_secretariat"} and "context" in names and call.args:
            kind = call.args[0]
            yield kind.value if isinstance(kind, ast.Constant) else ast.unparse(kind), "about" in names


# Letters that waited for a seminar to be published


def test_a_letter_that_did_not_leave_while_the_seminar_was_a_draft_is_written_again(mailoutbox):
    seminar = make_coming_seminar()
    make_panel(seminar=seminar)
    for state, more in [
        ("unconfirmed", {"confirmed_at": None}),
        ("confirmed", {}),
        ("waiting", {"place_in_line": 1}),
        ("to-approve", {}),
    ]:
        registration = make_registration(seminar, state=state, **more)
        workflow.send.tell(registration, "confirm" if state == "unconfirmed" else state)
    publication.unpublish(Seminar.objects.get())
    for message in Message.objects.all():
        attempt(message.pk)
    assert not mailoutbox and LetterTold.objects.filter(is_due_again=True).count() == 4
    Registration.objects.filter(state="to-approve").update(state="declined", ended_at=NOW)

    publication.publish(Seminar.objects.get(), by=make_secretary())
    publication.timeliness.write_all_again()
    for message in Message.objects.filter(state=MessageState.WAITING):
        attempt(message.pk)

    sent = Message.objects.filter(state=MessageState.SENT).order_by("pk").values_list("kind", flat=True)
    assert [*sent] == [f"registration-{kind}" for kind in ("confirm", "confirmed", "waiting")]
    assert len(mailoutbox) == 3


def test_unconfirmed_people_can_confirm_after_a_cancelled_seminar_takes_place_after_all(mailoutbox):
    registration = make_registration(make_coming_seminar(), state="unconfirmed", confirmed_at=None)
    message = workflow.send.tell(registration, "confirm")
    Seminar.objects.update(cancelled_on=TODAY)
    attempt(message.pk)
    Seminar.objects.update(cancelled_on=None)

    assert (publication.timeliness.write_all_again(), publication.timeliness.write_all_again()) == (1, 0)


def test_a_seminar_of_the_past_writes_nothing_again():
    registration = make_registration(make_seminar(starts_on=date(2024, 5, 2), ends_on=date(2024, 5, 2)))
    LetterTold.objects.create(registration=registration, kind="confirmed", about="1", is_due_again=True)

    assert publication.timeliness.write_all_again() == 0
