"""What was chosen at registration stays what was chosen: whatever becomes of the options' order, words and number."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import translation

from events.models import QuestionKind, RegistrationAttempt, RegistrationOption
from events.registration import attempts, workflow
from tests.desk import address, filled, new_row
from tests.make import make_answer, make_coming_seminar, make_question, make_registration

pytestmark = pytest.mark.django_db
DIETS = ["Nada especial", "Vegetariana", "Sin gluten"]


def make_answered(*chosen, kind=QuestionKind.SEVERAL):
    """A question about food, and somebody who answered it."""
    seminar = make_coming_seminar()
    question = make_question(seminar, *DIETS, kind=kind)
    return question, make_answer(make_registration(seminar), question, *chosen)


def change_options(desk, question, **typed):
    """Save the page of `question` with what is `typed` in the rows of its options."""
    page = desk.get(address(question))
    assert page.status_code == 200
    return desk.post(address(question), filled(page, **typed))


def said(answer):
    return type(answer).objects.get(pk=answer.pk).in_words()


CHANGES = {  # what is done to the options: what the answer «Vegetariana» reads afterwards
    "inserted above": (new_row("options", 3, position=1, text_es="Vegana") | {"options-0-position": 2}, "Vegetariana"),
    "moved to the end": ({"options-1-position": 9}, "Vegetariana"),
    "order turned round": ({"options-0-position": 3, "options-1-position": 2, "options-2-position": 1}, "Vegetariana"),
    "reworded": ({"options-1-text_es": "Sin carne ni pescado"}, "Sin carne ni pescado"),
    "another deleted": ({"options-0-DELETE": "on"}, "Vegetariana"),
    "retired": ({"options-1-is_retired": "on"}, "Vegetariana"),
}


def test_an_answer_follows_its_option(desk):
    found = {}

    for name, (typed, _words) in CHANGES.items():
        question, answer = make_answered("Vegetariana")
        answered = change_options(desk, question, **{"options-TOTAL_FORMS": 4} | typed)
        found[name] = (answered.status_code, said(answer))

    assert found == {name: (302, words) for name, (_typed, words) in CHANGES.items()}


def test_languages_belong_to_one_option(desk):
    question, answer = make_answered("Sin gluten")

    change_options(desk, question, **{"options-0-text_pt_br": "Nada especial mesmo", "options-2-text_pt_br": "Sem glúten"})

    words = {}
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            words[language] = said(answer)
    assert words == {"es": "Sin gluten", "pt-br": "Sem glúten", "en": "Sin gluten"}


def test_an_option_somebody_chose_is_not_deleted_and_the_page_says_what_to_do(desk):
    question, answer = make_answered("Vegetariana")

    refused = change_options(desk, question, **{"options-1-DELETE": "on", "text_es": "¿Qué come?"})

    assert refused.status_code == 200
    assert "Márquela como retirada" in refused.content.decode()
    assert refused.context["adminform"].form["text_es"].value() == "¿Qué come?"
    assert (said(answer), question.options.count()) == ("Vegetariana", 3)
    with pytest.raises(ProtectedError):
        question.options.get(text_es="Vegetariana").delete()


def test_a_row_to_delete_whose_number_means_nothing_deletes_nothing(desk):
    question, answer = make_answered("Vegetariana")

    answered = change_options(desk, question, **{"options-1-id": "²", "options-1-DELETE": "on"})

    assert (answered.status_code, question.options.count(), said(answer)) == (302, 3, "Vegetariana")


def test_a_retired_option_is_offered_to_those_who_chose_it_and_to_nobody_else(client):
    question, answer = make_answered("Vegetariana", "Sin gluten")
    RegistrationOption.objects.filter(text_es="Vegetariana").update(is_retired=True)
    theirs = reverse("events:registration-change", args=[answer.registration.get_absolute_url().rstrip("/").split("/")[-1]])

    new = client.get(reverse("events:register", args=[question.seminar.slug])).context["form"]
    page = client.get(theirs)
    client.post(theirs, {name: value for name, value in page.context["form"].initial.items() if value} | {"name": "Ana Muñoz"})

    field = f"question-{question.pk}"
    assert [label for _key, label in new.fields[field].choices] == ["Nada especial", "Sin gluten"]
    assert [label for _key, label in page.context["form"].fields[field].choices] == DIETS
    answer.registration.refresh_from_db()
    assert (answer.registration.name, answer.registration.answers.get().in_words()) == ("Ana Muñoz", "Vegetariana; Sin gluten")


def test_a_question_whose_options_are_all_retired_is_not_asked(client):
    seminar = make_coming_seminar()
    question = make_question(seminar, "Sí", is_required=True)
    question.options.update(is_retired=True)

    form = client.get(reverse("events:register", args=[seminar.slug])).context["form"]

    assert f"question-{question.pk}" not in form.fields


def test_a_question_to_choose_from_needs_something_to_choose(desk):
    seminar = make_coming_seminar()
    page = reverse("admin:events_takingpart_change", args=[seminar.pk])
    question = new_row("questions", 0, text_es="¿Qué come?", kind="choice", position=1)

    for lines in ("", " | Sim | Yes", "a | b | c | d", "x" * 501):
        typed = question | {"questions-TOTAL_FORMS": 1, "questions-0-more_options": lines}
        refused = desk.post(page, filled(desk.get(page), **typed))
        assert refused.status_code == 200, lines

    assert not seminar.questions.exists()


def test_options_are_added_after_those_there_are(desk):
    question, answer = make_answered("Sin gluten")
    page = reverse("admin:events_takingpart_change", args=[question.seminar_id])

    desk.post(page, filled(desk.get(page), **{"questions-0-more_options": "Vegana | Vegana | Vegan"}))

    assert [option.text_es for option in question.options.all()] == [*DIETS, "Vegana"]
    assert (said(answer), question.options.last().text_en) == ("Sin gluten", "Vegan")


def test_what_waits_to_be_confirmed_follows_its_option_too():
    question, answer = make_answered("Vegetariana")
    chosen = question.options.get(text_es="Sin gluten")
    gone = question.options.get(text_es="Nada especial")
    attempts.keep(answer.registration, [(question, "", [chosen.pk, gone.pk])])

    gone.delete()
    RegistrationOption.objects.update(position=1)
    attempt = RegistrationAttempt.objects.get()

    assert [*attempts.answers_in_words(attempt)] == [("¿Qué espera?", "Sin gluten")]
    workflow.change(answer.registration, answers=attempts.read(attempt)[1])
    assert answer.registration.answers.get().in_words() == "Sin gluten"


def test_an_option_of_another_question_is_not_kept():
    question, answer = make_answered("Vegetariana")
    other = make_question(question.seminar, "Otra")

    workflow.change(answer.registration, answers=[(question, "", [other.options.get().pk])])

    assert [*answer.registration.answers.get().chosen.all()] == []
