"""Every act on what hangs on a seminar, in every state of the seminar and of the right of who acts: tables, in words."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events.attendance import check_in, records
from events.certificates import jobs
from events.live import questions
from events.models import (
    AttendanceForm,
    CertificateKind,
    CertificateRules,
    JoinLink,
    LetterKind,
    LetterTold,
    Mailing,
    PanelQuestion,
    Registration,
    RegistrationState,
    Seats,
    Seminar,
    SeminarInvitation,
    Survey,
)
from events.models.registrations import SIGNER
from events.notifications import mailings
from events.notifications.reminders import remind, tell_called_off, tell_reinstated
from events.registration import bulk, workflow
from events.registration.seat_counters import wrong_counts
from events.surveys import responses
from members.models import Audience, Delegate, Message
from tests.make import (
    make_coming_seminar,
    make_delegate,
    make_delegate_user,
    make_membership,
    make_registration,
    make_secretary,
    make_user,
)
from tests.refusals import DONE, outcome

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked")]

VIRTUAL, IN_PERSON = AttendanceForm.VIRTUAL, AttendanceForm.IN_PERSON
ANA = {"name": "Ana Núñez", "country": "UY", "sector": "other", "language": "es"}


def network_today():
    return timezone.localdate(timezone=Seminar(time_zone="").zone)


def held_on(day):
    return {"starts_on": day, "ends_on": day}


def states():
    """Each state of a seminar, as columns of it."""
    today = network_today()
    return {
        "draft": {"published_at": None},
        "coming": {},
        "on": held_on(today),
        "over": held_on(today - timedelta(days=3)),
        "cancelled": {"cancelled_on": today},
        "reopened": {"cancelled_on": None},
    }


def into(state, seminar):
    """Bring `seminar` into `state`, as the desk and the clock would."""
    if state == "reopened":
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=network_today())
        workflow.suspend_offers()
        Seminar.objects.filter(pk=seminar.pk).update(**states()[state])
        workflow.fill_all()
    else:
        Seminar.objects.filter(pk=seminar.pk).update(**states()[state])


@pytest.fixture
def house(db):
    """A seminar with somebody in each state, a survey, a link, a question and the rules of its certificates."""
    seminar = make_coming_seminar(capacity=10)
    Seats.objects.create(seminar=seminar, form=IN_PERSON, capacity=10)
    expires = timezone.now() + timedelta(days=2)
    people = {
        state: make_registration(
            seminar,
            state=state,
            confirmed_at=None if state == "unconfirmed" else timezone.now(),
            offer_expires_at=expires if state == "offered" else None,
            place_in_line={"offered": 1, "waiting": 2}.get(state),
        )
        for state in RegistrationState.values
    }
    JoinLink.objects.create(seminar=seminar, join_url="https://sala.example/x")
    Survey.objects.create(seminar=seminar)
    CertificateRules.objects.create(seminar=seminar)
    question = PanelQuestion.objects.create(seminar=seminar, text="¿Cómo?", language="es", state="approved")
    people["came"] = make_registration(seminar)
    people["came"].attendances.create(source="door")
    return seminar, people, question


def acts_on(house):
    """Each act, asked of fresh rows."""
    seminar, people, question = house
    by, user = make_secretary(), make_delegate_user()

    def fresh(state):
        return Registration.objects.get(pk=people[state].pk)

    def the_seminar():
        return Seminar.objects.get(pk=seminar.pk)

    def listed():
        return Registration(seminar=the_seminar(), form=VIRTUAL, origin="list", email="lista@example.org", **ANA)

    now = timezone.now()
    return {
        "register": lambda: workflow.register(the_seminar(), form=VIRTUAL, email="nueva@example.org", **ANA),
        "register a delegate": lambda: workflow.register_delegate(the_seminar(), form=VIRTUAL, user=user, **ANA),
        "enrol from a list": lambda: bulk.enrol_all(the_seminar(), [listed()]),
        "confirm": lambda: workflow.confirm(fresh("unconfirmed")),
        "approve": lambda: workflow.approve(fresh("to-approve"), by=by),
        "decline": lambda: workflow.decline(fresh("to-approve"), by=by),
        "accept": lambda: workflow.accept(fresh("offered")),
        "cancel": lambda: workflow.cancel(fresh("confirmed")),
        "attend otherwise": lambda: workflow.change(fresh("confirmed"), form=IN_PERSON),
        "correct a name": lambda: workflow.change(fresh("confirmed"), name="Otra"),
        "check in": lambda: check_in.check_in(fresh("confirmed"), by=by, at=now),
        "note that they came": lambda: records.record(fresh("confirmed"), source="secretariat"),
        "join": lambda: records.open_link(fresh("confirmed"), now=now),
        "ask": lambda: questions.ask(fresh("confirmed"), text="¿Y ahora?"),
        "vote": lambda: questions.vote(fresh("confirmed"), question),
        "answer the survey": lambda: responses.answer(fresh("confirmed"), contents=5),
        "send a mailing": lambda: mailings.send(
            Mailing.objects.create(seminar=the_seminar(), subject_es="Hola", text_es="Hola"), by=by
        ),
        "issue certificates": lambda: jobs.start(the_seminar(), CertificateKind.ATTENDANCE, by=by),
    }


TABLE = {  # act: its outcome in a seminar that is draft, coming, on, over, cancelled, reopened
    "register": "closed done done closed closed done",
    "register a delegate": "closed done done closed closed done",
    "enrol from a list": "done done done done cancelled done",
    "confirm": "draft done done over cancelled done",
    "approve": "draft done done over cancelled done",
    "decline": "draft done done over cancelled done",
    "accept": "draft done done over cancelled done",
    "cancel": "done done done over done done",
    "attend otherwise": "draft done done over cancelled done",
    "correct a name": "done done done done done done",
    "check in": "draft to_come done done cancelled to_come",
    "note that they came": "done done done done cancelled done",
    "join": "closed closed done closed closed closed",
    "ask": "over done done over over done",
    "vote": "over done done over over done",
    "answer the survey": "none early early done none early",
    "send a mailing": "draft done done done done done",
    "issue certificates": "draft to_come done done cancelled to_come",
}


def test_each_act_asks_whether_the_seminar_it_hangs_on_still_stands(house):
    found = {act: [] for act in TABLE}

    for state in states():
        with transaction.atomic():
            into(state, house[0])
            for name, act in acts_on(house).items():
                found[name].append(outcome(act))
            transaction.set_rollback(True)

    assert {name: " ".join(outcomes) for name, outcomes in found.items()} == TABLE


def test_each_act_asks_for_the_state_of_its_registration(house):
    people = house[1]
    acts = {
        "confirm": (workflow.confirm, "done done done done done over over over"),
        "approve": (workflow.approve, "decided done decided decided decided decided decided decided"),
        "decline": (workflow.decline, "decided done decided decided decided decided decided decided"),
        "accept": (workflow.accept, "not_offered not_offered not_offered done done not_offered not_offered not_offered"),
        "cancel": (workflow.cancel, "done done done done done done done done"),
        "change": (lambda each: workflow.change(each, name="Otra"), "done done done done done over over over"),
        "ask": (lambda each: questions.ask(each, text="¿Y?"), "no_seat no_seat no_seat no_seat done no_seat no_seat no_seat"),
    }

    found = {
        name: " ".join(outcome(lambda act=act, state=state: act(people[state])) for state in RegistrationState.values)
        for name, (act, _expected) in acts.items()
    }

    assert found == {name: expected for name, (_act, expected) in acts.items()}


def test_what_a_cancelled_seminar_had_offered_ends_with_one_letter_and_begins_anew_when_it_is_reopened(house):
    seminar, people, _question = house
    takes_part = [people[state] for state in ("to-approve", "waiting", "offered", "confirmed", "came")]

    Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=network_today())
    later = timezone.now() + timedelta(days=3)
    for _ in range(2):
        workflow.suspend_offers(now=later)
        workflow.lapse_due(later)
        workflow.fill_all(later)
        tell_called_off(later)
    suspended = Registration.objects.get(pk=people["offered"].pk)
    told_then = [[*each.told.values_list("kind", flat=True)] for each in takes_part]
    Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=None)
    for _ in range(2):
        tell_reinstated(later)
        workflow.fill_all(later)

    assert (suspended.state, suspended.offer_expires_at, suspended.place_in_line) == ("waiting", None, 1)
    assert told_then == [["called-off"]] * 5
    told = {each.pk: [*each.told.values_list("kind", flat=True)] for each in takes_part}
    assert told[people["confirmed"].pk] == ["called-off", "reinstated"]
    assert told[people["offered"].pk] == told[people["waiting"].pk] == ["called-off", "reinstated", "offered"]
    assert Registration.objects.get(pk=people["offered"].pk).offer_expires_at > later
    assert wrong_counts() == []


def test_a_seminar_cancelled_again_on_the_same_day_is_told_again(house):
    seminar, people, _question = house

    for day in (network_today(), None, network_today()):
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=day)
        tell_called_off()
        tell_reinstated()

    assert [*people["confirmed"].told.values_list("kind", flat=True)] == ["called-off", "reinstated", "called-off"]


def test_letters_not_sent_yet_that_say_it_is_held_go_no_more_once_it_is_cancelled(house):
    seminar, people, _question = house
    confirmation = workflow.send.tell(people["confirmed"], LetterKind.CONFIRMED)
    reminder = workflow.send.tell(people["confirmed"], LetterKind.WEEK_BEFORE, about="x")

    Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=network_today())
    tell_called_off()

    states_of = dict(Message.objects.values_list("pk", "state"))
    assert (states_of[confirmation.pk], states_of[reminder.pk]) == ("expired", "expired")
    assert [*people["confirmed"].told.values_list("kind", flat=True)] == ["confirmed", "called-off"]


# The right of who acts


def make_closed_meeting():
    """A meeting for members that is on today, with seats, a link and a survey."""
    seminar = make_coming_seminar(days=0, audience=Audience.MEMBERS, **held_on(network_today()))
    Seats.objects.filter(seminar=seminar).update(capacity=20)
    JoinLink.objects.create(seminar=seminar, join_url="https://sala.example/x")
    Survey.objects.create(seminar=seminar)
    return seminar


def make_account(country, **given):
    """An account that speaks for the seat of `country`."""
    user = make_user()
    make_delegate(user=user, membership=make_membership(country=country), **given)
    return user


def invite(seminar, user):
    SeminarInvitation.objects.create(seminar=seminar, membership=Delegate.objects.get(person__user=user).membership)


def people_of(seminar):
    """Registrations by the right of who holds them."""
    invited, listed, other = (make_account(country) for country in ("MX", "CL", "CR"))
    ended = make_account("UY", ended_on=network_today())
    observer = make_delegate_user(category="observer")
    for user in (invited, listed, ended):
        invite(seminar, user)
    return {
        "invited": make_registration(seminar, user=invited, email=invited.email),
        "invited, from a list": make_registration(seminar, origin="list", email=listed.email.upper()),
        "of another membership": make_registration(seminar, user=other, email=other.email),
        "observer": make_registration(seminar, user=observer, email=observer.email),
        "mandate ended": make_registration(seminar, user=ended, email=ended.email),
        "outsider": make_registration(seminar, email="prensa@example.org"),
    }


def sees(client, registration):
    """What `registration` reaches, by name: whether it does."""
    signed = SIGNER.sign(registration.code)
    pages = ["registration", "registration-calendar", "registration-join", "registration-now", "registration-mailings"]
    found = {page: client.get(reverse(f"events:{page}", args=[signed])).status_code == 200 for page in pages}
    mailing = Mailing(seminar=registration.seminar, segment="confirmed")
    by, now = make_secretary(), timezone.now()
    acts = {
        "join": lambda: records.open_link(registration, now=now),
        "ask": lambda: questions.ask(registration, text="¿Y?"),
        "check in": lambda: check_in.check_in(registration, by=by, at=now),
    }
    found |= {name: outcome(act) == DONE for name, act in acts.items()}
    found["mailing"] = mailings.recipients_of(mailing).filter(pk=registration.pk).exists()
    found["letter"] = workflow.send.tell(registration, LetterKind.CONFIRMED) is not None
    return found


def test_a_registration_for_a_closed_meeting_sees_it_as_long_as_its_delegate_is_invited(client):
    seminar = make_closed_meeting()
    people = people_of(seminar)

    found = {who: set(sees(client, registration).values()) for who, registration in people.items()}
    remind()

    assert found == {
        "invited": {True},
        "invited, from a list": {True},
        "of another membership": {False},
        "observer": {False},
        "mandate ended": {False},
        "outsider": {False},
    }
    reminded = LetterTold.objects.filter(kind=LetterKind.JOIN).values_list("registration", flat=True)
    assert not set(reminded) - {people["invited"].pk, people["invited, from a list"].pk}


def test_only_invited_delegates_register_for_a_closed_meeting(client):
    seminar = make_closed_meeting()
    invited, outsider = make_account("MX"), make_account("CL")
    invite(seminar, invited)
    delegate = {"form": VIRTUAL, **ANA}

    client.force_login(invited)
    page = client.get(reverse("events:register", args=[seminar.slug]))

    assert page.status_code == 302 and page.url == seminar.get_absolute_url()
    assert outcome(lambda: workflow.register(seminar, email="prensa2@example.org", **delegate)) == "closed"
    assert outcome(lambda: workflow.register_delegate(seminar, user=outsider, **delegate)) == "not_invited"
    assert outcome(lambda: workflow.register_delegate(seminar, user=invited, **delegate)) == DONE
    listed = Registration(seminar=seminar, email="x@example.org", origin="list", form=VIRTUAL, **ANA)
    assert outcome(lambda: bulk.enrol_all(seminar, [listed])) == "not_invited"


def test_the_signed_link_ends_half_a_year_after_the_seminar(client):
    registration = make_registration(make_coming_seminar())
    answers = []

    for since in (179, 182):
        Seminar.objects.filter(pk=registration.seminar_id).update(**held_on(network_today() - timedelta(days=since)))
        answers.append(client.get(registration.get_absolute_url()).status_code)

    assert answers == [200, 404]
