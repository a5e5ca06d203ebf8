"""Questions to the panels, from the one who asks to the one who answers."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from events.live import questions as asking
from events.models import PanelQuestion, PanelQuestionState, PanelQuestionVote
from events.registration.anonymize import forget
from tests.events.live.test_live import make_seminar_on, own
from tests.make import make_delegate_user, make_panel, make_registration, make_secretary

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked, and constraints met")]
State = PanelQuestionState
ASKED = {"text": "¿Cómo se financia?"}


def make_question(registration, state=State.APPROVED, **given):
    defaults = {"text": "¿Cómo se financia?", "language": "es", "state": state, "shows_name": False}
    return PanelQuestion.objects.create(seminar=registration.seminar, registration=registration, **defaults | given)


@pytest.fixture
def seminar():
    return make_seminar_on()


@pytest.fixture
def ana(seminar):
    return make_registration(seminar, name="Ana Núñez")


@pytest.fixture
def luis(seminar):
    return make_registration(seminar, name="Luis Ávila")


# The rules


def test_a_question_waits_for_the_secretariat(ana):
    panel = ana.seminar.panels.get()

    question = asking.ask(ana, text="¿Cómo?", panel=panel, shows_name=True, language="pt-br")

    question.refresh_from_db()
    assert (question.seminar, question.panel, question.registration) == (ana.seminar, panel, ana)
    assert (question.state, question.language, question.shows_name, question.votes) == (State.WAITING, "pt-br", True, 0)
    assert not PanelQuestion.objects.shown().exists()


def test_a_question_sent_twice_is_one(ana):
    assert asking.ask(ana, text="¿Cómo?") == asking.ask(ana, text="¿Cómo?")


def test_nobody_asks_more_than_the_secretariat_has_looked_at(ana):
    for number in range(asking.MOST_WAITING):
        asking.ask(ana, text=f"¿{number}?")

    with pytest.raises(ValidationError) as refused:
        asking.ask(ana, text="¿Una más?")
    asking.decide(PanelQuestion.objects.first(), State.DECLINED, by=None)

    assert refused.value.code == "many"
    assert asking.ask(ana, text="¿Una más?").state == State.WAITING


def test_a_question_says_something(ana):
    with pytest.raises(IntegrityError, match="panel_question_says_something"), transaction.atomic():
        make_question(ana, text="")


def test_there_is_one_vote_of_each_for_each_question(ana, luis):
    question = make_question(ana)
    PanelQuestionVote.objects.create(question=question, registration=luis)

    with pytest.raises(IntegrityError), transaction.atomic():
        PanelQuestionVote.objects.create(question=question, registration=luis)


@pytest.mark.parametrize("state", ["unconfirmed", "cancelled"])
def test_whoever_has_no_seat_neither_asks_nor_votes(ana, seminar, state):
    other, question = make_registration(seminar, state=state), make_question(ana)

    for act in (lambda: asking.ask(other, text="¿Yo?"), lambda: asking.vote(other, question)):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "no_seat"


def test_when_the_seminar_is_over_there_are_no_more_questions(ana, luis, seminar):
    question, end = make_question(ana), seminar.panels.get().ends_at

    assert asking.vote(luis, question, now=end - timedelta(seconds=1))
    for act in (lambda: asking.ask(ana, text="¿Tarde?", now=end), lambda: asking.vote(luis, question, now=end)):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "over"


def test_a_vote_counts_once(ana, luis):
    question = make_question(ana)

    answers = [asking.vote(luis, question), asking.vote(luis, question)]

    question.refresh_from_db()
    assert (answers, question.votes, question.voters.count()) == ([True, False], 1, 1)


def test_ones_own_question_needs_no_vote(ana):
    question = make_question(ana)

    assert not asking.vote(ana, question)
    question.refresh_from_db()
    assert (question.votes, question.voters.count()) == (0, 0)


@pytest.mark.parametrize("state", [State.WAITING, State.ANSWERED, State.DECLINED])
def test_only_a_question_that_is_shown_and_open_is_voted_for(ana, luis, state):
    with pytest.raises(ValidationError) as refused:
        asking.vote(luis, make_question(ana, state))

    assert refused.value.code == "closed"


def test_a_question_of_another_seminar_is_not_voted_for(luis):
    elsewhere = make_question(make_registration(make_seminar_on()))

    with pytest.raises(ValidationError) as refused:
        asking.vote(luis, elsewhere)

    assert refused.value.code == "closed"


def test_the_secretariat_decides_and_may_take_it_back(ana):
    question, secretary = make_question(ana, State.WAITING), make_secretary()

    for state in (State.APPROVED, State.ANSWERED, State.DECLINED, State.APPROVED):
        asking.decide(question, state, by=secretary)
        question.refresh_from_db()
        assert (question.state, question.moderated_by) == (state, secretary)
    with pytest.raises(ValidationError) as refused:
        asking.decide(question, State.WAITING, by=secretary)

    assert refused.value.code == "state"


def test_a_vote_that_fails_in_the_middle_leaves_nothing(ana, luis):
    question = make_question(ana)

    with pytest.raises(RuntimeError), transaction.atomic():
        asking.vote(luis, question)
        raise RuntimeError

    question.refresh_from_db()
    assert (question.votes, question.voters.count()) == (0, 0)


# The page


def vote_on(client, registration, question):
    return client.post(own(registration, "registration-vote"), {"question": question.pk})


def test_what_is_asked_is_read_by_others_once_it_is_approved(client, ana, luis):
    sent = client.post(own(ana), ASKED | {"shows_name": ""})
    before = client.get(own(luis)).text
    asking.decide(PanelQuestion.objects.get(), State.APPROVED, by=None)
    caches["pages"].clear()  # the seconds go by

    assert sent.url == own(ana) + "#questions"
    assert ASKED["text"] not in before and ASKED["text"] in client.get(own(luis)).text
    assert ASKED["text"] in client.get(own(luis, "registration-now-part")).text


def test_whoever_asks_sees_that_it_waits(client, ana):
    client.post(own(ana), ASKED)

    assert ASKED["text"] in client.get(own(ana)).text


@pytest.mark.parametrize(("shows_name", "is_read"), [("on", True), ("", False)])
def test_a_name_is_read_only_if_whoever_asked_wanted_it(client, ana, luis, shows_name, is_read):
    client.post(own(ana), ASKED | {"shows_name": shows_name})
    asking.decide(PanelQuestion.objects.get(), State.APPROVED, by=None)

    assert ("Ana Núñez" in client.get(own(luis)).text) is is_read


def test_of_whoever_is_forgotten_no_name_is_left(client, ana, luis):
    make_question(ana, shows_name=True)
    type(ana).objects.filter(pk=ana.pk).update(name="", email="", anonymized_at=timezone.now())

    page = client.get(own(luis)).text

    assert ASKED["text"] in page and "Ana" not in page


def test_what_most_want_asked_comes_first_and_what_is_answered_last(client, ana, luis):
    make_question(ana, text="Pocos", votes=1)
    make_question(ana, text="Muchos", votes=7)
    make_question(ana, State.ANSWERED, text="Respondida", votes=9)

    page = client.get(own(luis)).text

    assert page.index("Muchos") < page.index("Pocos") < page.index("Respondida")


def test_a_vote_is_a_button_pressed_once(client, ana, luis):
    question = make_question(ana)
    button = f'name="question" value="{question.pk}"'

    before = client.get(own(luis)).text
    answer = vote_on(client, luis, question)
    vote_on(client, luis, question)

    question.refresh_from_db()
    assert (answer.url, question.votes) == (own(luis) + "#questions", 1)
    assert button in before and button not in client.get(own(luis)).text
    assert button not in client.get(own(ana)).text


def test_following_the_address_of_a_vote_votes_for_nothing(client, ana, luis):
    make_question(ana)

    assert client.get(own(luis, "registration-vote")).url == own(luis)
    assert not PanelQuestionVote.objects.exists()


@pytest.mark.parametrize("asked", ["", "0", "x", "９", "9" * 5000])
def test_a_question_that_is_not_there_is_not_voted_for(client, luis, asked):
    assert client.post(own(luis, "registration-vote"), {"question": asked}).status_code == 404


def test_a_question_that_waits_cannot_be_found_by_its_number(client, ana, luis):
    assert vote_on(client, luis, make_question(ana, State.WAITING)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({"text": ""}, "text"), ({"text": " \u200b\n"}, "text"), ({"text": "x" * 501}, "text"), ({"panel": "999999"}, "panel")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, ana, typed, wrong):
    page = client.post(own(ana), ASKED | typed)

    assert list(page.context["form"].errors) == [wrong]
    assert not PanelQuestion.objects.exists()


def test_a_panel_of_another_seminar_is_not_asked(client, ana):
    page = client.post(own(ana), ASKED | {"panel": make_panel().pk})

    assert list(page.context["form"].errors) == ["panel"]


def test_signs_that_nobody_sees_are_not_kept(client, ana):
    client.post(own(ana), {"text": "¿Có\u202emo\x07?\r\n\r\n\r\n  Segunda   línea "})

    assert PanelQuestion.objects.get().text == "¿Cómo?\nSegunda línea"


def test_questions_in_a_short_while_are_limited(client, ana):
    for number in range(5):
        client.post(own(ana), {"text": f"¿{number}?"})
        PanelQuestion.objects.update(state=State.DECLINED)

    page = client.post(own(ana), {"text": "¿Otra?"})

    assert page.context["form"].non_field_errors() and PanelQuestion.objects.count() == 5


def test_nobody_asks_in_another_s_name(client, ana):
    forged = reverse("events:registration-now", args=[f"{ana.code}:inventada"])

    assert client.post(forged, ASKED).status_code == 404
    assert not PanelQuestion.objects.exists()


def test_a_cancelled_registration_asks_nothing(client, seminar):
    other = make_registration(seminar, state="cancelled")

    assert client.post(own(other), ASKED).status_code == 404
    assert not PanelQuestion.objects.exists()


# The secretariat's page


def desk_of(seminar, part=""):
    return reverse(f"admin:events_takingpart_questions{part}", args=[seminar.pk])


@pytest.fixture
def secretary(client):
    user = make_secretary()
    client.force_login(user)
    return user


@pytest.mark.parametrize("part", ["", "_part"])
def test_the_secretariat_reads_every_question_and_who_asks(client, secretary, ana, part):
    make_question(ana, State.WAITING, text="Espera")
    make_question(ana, State.DECLINED, text="No se muestra")

    page = client.get(desk_of(ana.seminar, part)).text

    assert all(words in page for words in ("Espera", "No se muestra", "Ana Núñez"))


def test_one_tap_decides(client, secretary, ana):
    question = make_question(ana, State.WAITING)

    answer = client.post(desk_of(ana.seminar), {"decision": f"approved {question.pk}"})

    question.refresh_from_db()
    assert (answer.status_code, question.state, question.moderated_by) == (302, State.APPROVED, secretary)


@pytest.mark.parametrize("decision", ["", "approved", "waiting {}", "approved 0", "approved {}x"])
def test_a_tap_that_says_nothing_changes_nothing(client, secretary, ana, decision):
    question = make_question(ana, State.WAITING)

    client.post(desk_of(ana.seminar), {"decision": decision.format(question.pk)})

    question.refresh_from_db()
    assert question.state == State.WAITING


def test_questions_of_another_seminar_are_not_decided_there(client, secretary, ana):
    question = make_question(ana, State.WAITING)

    client.post(desk_of(make_seminar_on()), {"decision": f"approved {question.pk}"})

    question.refresh_from_db()
    assert question.state == State.WAITING


@pytest.mark.parametrize("part", ["", "_part"])
@pytest.mark.parametrize("make_user", [make_delegate_user, None], ids=["delegate", "visitor"])
def test_nobody_else_decides(client, ana, make_user, part):
    question = make_question(ana, State.WAITING)
    if make_user:
        client.force_login(make_user())

    answers = [
        client.get(desk_of(ana.seminar, part)),
        client.post(desk_of(ana.seminar), {"decision": f"approved {question.pk}"}),
    ]

    question.refresh_from_db()
    assert question.state == State.WAITING and all(answer.status_code in {302, 403} for answer in answers)


def test_a_page_of_no_seminar_is_not_there(client, secretary):
    assert client.get(reverse("admin:events_takingpart_questions", args=[0])).status_code == 404


def test_chosen_questions_are_decided_in_the_list_too(client, secretary, ana):
    questions = [make_question(ana, State.WAITING, text=f"¿{number}?") for number in range(2)]

    chosen = {"action": "make_approved", "_selected_action": [question.pk for question in questions]}
    client.post(reverse("admin:events_panelquestion_changelist"), chosen)

    assert set(PanelQuestion.objects.values_list("state", "moderated_by")) == {(State.APPROVED, secretary.pk)}


def test_the_way_to_the_questions_stands_on_the_page_of_who_takes_part(client, secretary, seminar):
    assert desk_of(seminar) in client.get(reverse("admin:events_takingpart_change", args=[seminar.pk])).text


def test_the_number_of_queries_does_not_grow_with_the_questions(client, secretary, ana, luis, django_assert_max_num_queries):
    for number in range(6):
        make_question(ana, text=f"¿{number}?", panel=ana.seminar.panels.get())

    client.get(own(luis, "registration-now-part"))
    with django_assert_max_num_queries(3):  # who it is, what they asked, what they voted for
        client.get(own(luis, "registration-now-part"))
    with django_assert_max_num_queries(12):
        client.get(desk_of(ana.seminar, "_part"))


def test_a_question_whose_words_were_erased_is_not_shown_again_from_an_old_page(client):
    registration = make_registration()
    question = PanelQuestion.objects.create(
        seminar=registration.seminar, registration=registration, text="Soy Ana", language="es"
    )
    forget(registration)
    client.force_login(make_secretary())
    page = reverse("admin:events_takingpart_questions", args=[registration.seminar_id])

    answer = client.post(page, {"decision": f"approved {question.pk}"}, follow=True)

    question.refresh_from_db()
    assert (question.state, "se eliminó con los datos personales" in answer.text) == (State.DECLINED, True)
