"""The secretariat's own words for the letters of a seminar: written, checked, looked at, tried."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from events.models import LetterKind, LetterTold, SeminarLetter
from events.notifications import previews, send
from events.notifications.texts import PLACEHOLDERS, WORDS, check_placeholders, known_in
from members.models import Message
from tests.make import make_coming_seminar, make_editor, make_registration, make_secretary, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    with translation.override("en"):
        client.force_login(make_secretary(email="secretaria@example.org"))
        yield client


def page_of(seminar, kind="confirmed"):
    return reverse("admin:events_takingpart_letter", args=[seminar.pk, kind])


def shown(page):
    """What the form shows, with lines as a browser sends them."""
    values = {field.html_name: field.value() or "" for field in page.context["adminform"].form}
    return {name: value.replace("\n", "\r\n") for name, value in values.items()}


def codes(page):
    return {name: [each.code for each in mistakes] for name, mistakes in page.context["errors"].as_data().items()}


@pytest.mark.one_database("reads templates")
@pytest.mark.parametrize("kind", LetterKind)
def test_the_portals_own_words_use_only_placeholders_that_their_letter_knows(kind):
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            check_placeholders(str(WORDS[kind].subject), kind)
            check_placeholders(WORDS[kind].text, kind)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("Hola, {nmae}", "unknown", "{name}"),
        ("{zzzz}", "unknown", "{seminar}"),
        ("Hasta {until}", "not-here", "{until}"),
        ("Hola, {name", "braces", "{name}"),
        ("Hola, { name }", "braces", "{name}"),
        ("Hola, name}", "braces", "{name}"),
    ],
)
def test_what_stands_in_braces_is_something_the_letter_knows(text, code, said):
    with pytest.raises(ValidationError) as refused, translation.override("en"):
        check_placeholders(text, LetterKind.CONFIRMED)

    assert (refused.value.code, said in str(refused.value.messages[0])) == (code, True)


def test_each_placeholder_has_an_example_and_some_belong_to_one_kind():
    seminar = make_coming_seminar(title="Compras públicas")

    offered = previews.placeholders(seminar, LetterKind.OFFERED)

    assert [each.name for each in offered] == ["{name}", "{seminar}", "{when}", "{place}", "{number}", "{until}"]
    assert all(each.example for each in offered)
    assert {name for kind in LetterKind for name in known_in(kind)} == {*PLACEHOLDERS}


def test_the_list_says_whose_words_each_letter_is_in(desk):
    seminar = make_coming_seminar()
    SeminarLetter.objects.create(seminar=seminar, kind="waiting", subject_es="Espera", text_es="Espere.")

    rows = desk.get(reverse("admin:events_takingpart_letters", args=[seminar.pk])).context["rows"]

    assert [row["kind"] for row in rows] == [*LetterKind]
    assert {row["kind"]: row["own"] for row in rows if row["own"]} == {"waiting": ["Spanish"]}


def test_a_letter_begins_with_the_portals_words_and_keeps_none_unless_they_are_changed(desk):
    seminar = make_coming_seminar()
    page = desk.get(page_of(seminar))

    desk.post(page_of(seminar), shown(page) | {"_save": ""})
    unchanged = SeminarLetter.objects.count()
    desk.post(page_of(seminar), shown(page) | {"_save": "", "subject_es": "Su lugar en {seminar}"})

    with translation.override("pt-br"):
        assert page.context["adminform"].form["subject_pt_br"].value() == str(WORDS["confirmed"].subject)
    assert unchanged == 0
    kept = SeminarLetter.objects.get()
    assert (kept.kind, kept.subject_es) == ("confirmed", "Su lugar en {seminar}")
    assert "\r" not in kept.text_es


def test_a_letter_with_own_words_goes_out_in_them_and_says_so_where_a_language_is_missing():
    seminar = make_coming_seminar(title="Compras")
    SeminarLetter.objects.create(
        seminar=seminar, kind="already", subject_es="Su lugar: {seminar}", text_es="Hola, {name}.\n\nAdiós."
    )

    told = [send.tell(make_registration(seminar, name="Ana", language=code), LetterKind.ALREADY) for code in ("es", "pt-br")]

    assert [message.subject for message in told] == ["Su lugar: Compras", "Su lugar: Compras"]
    assert "Hola, Ana.\n\nAdiós." in told[0].text
    assert [message.html.count('<div lang="es">') for message in told] == [0, 1]


@pytest.mark.parametrize(
    ("typed", "mistakes"),
    [
        ({"text_es": "Hola, {nmae}"}, {"text_es": ["unknown"]}),
        ({"text_pt_br": "{until}"}, {"text_pt_br": ["not-here"]}),
        ({"subject_en": "{name"}, {"subject_en": ["braces"]}),
        ({"subject_es": ""}, {"subject_es": ["required"]}),
        ({"text_en": ""}, {"text_en": ["half"]}),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_is_kept(desk, typed, mistakes):
    seminar = make_coming_seminar()

    answer = desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | {"_save": ""} | typed)

    assert (answer.status_code, codes(answer)) == (400, mistakes)
    assert answer.context["previews"] == []
    assert not SeminarLetter.objects.exists()


def test_of_two_who_write_a_letter_the_second_is_shown_what_the_first_one_wrote(desk):
    seminar = make_coming_seminar()
    page = desk.get(page_of(seminar))
    SeminarLetter.objects.create(seminar=seminar, kind="confirmed", subject_es="Primera", text_es="Hola.")

    answer = desk.post(page_of(seminar), shown(page) | {"_save": "", "subject_es": "Segunda"})

    assert "meanwhile" in codes(answer)["subject_es"]
    assert SeminarLetter.objects.get().subject_es == "Primera"


def test_a_preview_shows_three_languages_with_nobody_real_and_keeps_nothing(desk):
    seminar = make_coming_seminar(title="Compras")
    make_registration(seminar, name="Persona Verdadera")
    typed = {"_preview": "", "subject_es": "Para {name}", "text_es": "<b>{seminar}</b>"}

    answer = desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | typed)

    found = answer.context["previews"]
    assert [each.language for each in found] == ["es", "pt-br", "en"]
    assert found[0].subject.startswith("Para ")
    assert "&lt;b&gt;Compras&lt;/b&gt;" in found[0].html
    assert "Verdadera" not in answer.content.decode()
    assert answer.content.decode().lower().count("<!doctype") == 1  # those of the messages stand escaped in their frames
    assert not SeminarLetter.objects.exists()
    assert not Message.objects.exists()


def test_only_styles_are_allowed_beyond_the_rules_of_every_page(desk):
    policy = desk.get(page_of(make_coming_seminar())).headers["Content-Security-Policy"]

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["style-src"] == "'self' 'unsafe-inline'"
    assert "unsafe" not in rules["script-src"]
    assert (rules["default-src"], rules["frame-ancestors"]) == ("'none'", "'none'")


def test_a_test_goes_to_oneself_marked_as_one_and_tells_nobody(desk):
    seminar = make_coming_seminar(title="Compras")
    make_registration(seminar)

    desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | {"_test": "en", "subject_en": "Hello: {seminar}"})

    message = Message.objects.get()
    assert (message.to, message.subject, message.language) == ("secretaria@example.org", "Test: Hello: Compras", "en")
    assert not LetterTold.objects.exists()
    assert not SeminarLetter.objects.exists()


def test_there_is_an_end_of_tests(desk, monkeypatch):
    seminar = make_coming_seminar()
    monkeypatch.setattr(previews, "MOST_TESTS", 1)

    for _time in range(2):
        desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | {"_test": "en"})

    assert Message.objects.count() == 1


def test_back_to_the_portals_words(desk):
    seminar = make_coming_seminar()
    SeminarLetter.objects.create(seminar=seminar, kind="confirmed", subject_es="Propio", text_es="Hola.")
    SeminarLetter.objects.create(seminar=seminar, kind="waiting", subject_es="Propio", text_es="Hola.")

    desk.post(page_of(seminar), {"_back": ""})

    assert SeminarLetter.objects.get().kind == "waiting"


def test_going_back_from_an_old_page_does_not_drop_what_a_colleague_wrote_since(desk):
    seminar = make_coming_seminar()
    letter = SeminarLetter.objects.create(seminar=seminar, kind="confirmed", subject_es="Propio", text_es="Hola.")
    page = shown(desk.get(page_of(seminar)))
    SeminarLetter.objects.filter(pk=letter.pk).update(text_es="Hola. Traiga su documento.")

    first = desk.post(page_of(seminar), page | {"_back": ""})
    kept = SeminarLetter.objects.filter(pk=letter.pk).exists()
    desk.post(page_of(seminar), shown(first) | {"_back": ""})

    assert (first.status_code, kept, SeminarLetter.objects.exists()) == (400, True, False)
    assert "Hola. Traiga su documento." in first.content.decode()


def test_there_is_no_letter_of_another_kind(desk):
    assert desk.get(page_of(make_coming_seminar(), "mailing")).status_code == 404


@pytest.mark.parametrize("make", [None, make_user, make_editor])
def test_letters_are_the_secretariats_only(client, make):
    seminar = make_coming_seminar()
    if make:
        client.force_login(make())

    for page in (page_of(seminar), reverse("admin:events_takingpart_letters", args=[seminar.pk])):
        assert client.get(page).status_code in {302, 403, 404}
        assert client.post(page, {"_back": ""}).status_code in {302, 403, 404}


def test_only_a_language_that_was_reworded_is_kept_and_the_others_follow_the_portals_words(desk, monkeypatch):
    seminar = make_coming_seminar(title="Compras")
    desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | {"_save": "", "subject_es": "Su lugar en {seminar}"})
    monkeypatch.setitem(WORDS, "confirmed", replace(WORDS["confirmed"], subject="New words of the portal: {seminar}"))

    subjects = [send.tell(make_registration(seminar, language=code), "confirmed").subject for code in ("es", "pt-br", "en")]
    rows = desk.get(reverse("admin:events_takingpart_letters", args=[seminar.pk])).context["rows"]
    again = desk.get(page_of(seminar)).context["adminform"].form

    assert subjects == ["Su lugar en Compras", *["New words of the portal: Compras"] * 2]
    kept = SeminarLetter.objects.get()
    assert (kept.text_pt_br, kept.text_en) == ("", "")
    assert [(row["own"], row["behind"]) for row in rows if row["own"]] == [(["Spanish"], ["Portuguese", "English"])]
    assert again["subject_en"].value() == "New words of the portal: {seminar}"


def test_a_letter_reworded_and_put_back_by_hand_is_the_portals_again(desk):
    seminar = make_coming_seminar()
    before = shown(desk.get(page_of(seminar)))
    desk.post(page_of(seminar), before | {"_save": "", "subject_es": "Otro"})

    desk.post(page_of(seminar), shown(desk.get(page_of(seminar))) | {"_save": "", "subject_es": before["subject_es"]})

    assert not SeminarLetter.objects.exists()
