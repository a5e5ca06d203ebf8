"""The index follows the record: what is saved is found in the same transaction, and no longer by its former words."""

import pytest
from django.db import transaction
from django.urls import reverse

from events.models import Intervention, Panel, Seminar, Topic
from members.models import Institution, NameVariant, Person
from recordings.models import Document, Recording
from rifess.portal.search import sync
from rifess.search.ask import ask, moments
from rifess.search.models import Entry, EntryLabel, Passage
from tests.make import (
    make_caption,
    make_chapter,
    make_clip,
    make_delegate,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_term,
    make_topic,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("index_follows")]

KINDS = {
    "seminar": Seminar,
    "panel": Panel,
    "recording": Recording,
    "intervention": Intervention,
    "person": Person,
    "institution": Institution,
    "topic": Topic,
    "document": Document,
}


def found(words, **filters):
    """What the whole index, drafts too, answers: rows by kind."""
    within = {kind: model.objects.all() for kind, model in KINDS.items()}
    hits = ask(words, within=within, filters={facet: [value] for facet, value in filters.items()}, per_page=100).hits
    return [KINDS[hit.kind].objects.get(pk=hit.object_id) for hit in hits]


def test_each_kind_is_found_by_its_own_words():
    rows = [
        make_seminar(title="Compras públicas", subtitle_pt_br="Licitações"),
        make_panel(title="Ferias itinerantes", conclusions_es="Sembrar"),
        make_person(name="Jimena Arce", biography_es="Agrónoma"),
        make_institution(name="Servicio de Mutuales", acronym_es="SEMU", part_of_es="Ministerio"),
        make_topic(name="Vivienda"),
        make_document(title="Acta fundacional", symbol="A/RES/77/281", summary_en="Founding"),
        make_recording(title="Plenaria", summary_es="Balance"),
        make_intervention(collective="Delegaciones visitantes", title_es="Saludo", quote_es="Nadie se salva solo"),
    ]

    asked = ["licitações", "sembrar", "arce agrónoma", "semu", "vivienda", "77/281 founding", "balance", "salva delegaciones"]

    assert [found(words) for words in asked] == [[row] for row in rows]


def test_a_recording_is_found_by_what_is_said_in_it_in_every_language():
    recording = make_recording()
    make_caption(recording, (5, 8, "La caja de ahorro", "Ana"), (8, 11, "es de todas", "Ana"))
    make_caption(recording, (5, 8, "The savings fund"), language="en", kind="translation")

    said = moments('"ahorro es de"', kind="recording", object_id=recording.pk)

    assert found("ahorro", transcript="yes") == found("savings", language="en") == [recording]
    assert [(each.start, each.end, each.speaker, each.language) for each in said] == [(5000, 11000, "Ana", "es")]


def test_a_caption_taken_away_leaves_nothing_behind():
    recording = make_recording()
    make_caption(recording, (0, 1, "xilófono"))

    recording.captions.get().delete()

    assert found("xilófono") == found("grabación", transcript="yes") == []
    assert not Passage.objects.exists()


def test_what_is_undone_is_not_found():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_seminar(title="Arrepentido")
        assert found("arrepentido")
        raise ZeroDivisionError

    assert found("arrepentido") == []


def test_what_is_deleted_is_gone_with_its_parts_and_from_the_rest():
    seminar = make_seminar(title="Queda")
    said = make_intervention(panel=make_panel(seminar=seminar, title="Fugaz"), person=make_person(name="Palmira"))

    said.panel.delete()

    assert found("fugaz") == []
    assert found("palmira") == [said.person]
    assert set(Entry.objects.values_list("kind", flat=True)) == {"seminar", "person"}


def test_a_person_is_found_by_a_new_name_on_everything_of_theirs():
    said = make_intervention(person=make_person(name="Ofelia Antes"))
    theirs = [
        make_recording(panel=said.panel),
        make_recording(panel=said.panel, intervention=said),
        make_recording(seminar=said.panel.seminar),
    ]
    elsewhere = make_recording(panel=make_panel(seminar=said.panel.seminar))

    said.person.name = "Ofelia Despues"
    said.person.save()

    assert found("antes") == []
    assert set(found("despues")) == {said.person, said, said.panel, said.panel.seminar, *theirs}
    assert elsewhere in found("grabación")


def test_a_known_variant_of_a_name_finds_the_same():
    said = make_intervention(person=make_person(name="Emilia"))

    variant = NameVariant.objects.create(person=said.person, name="Milonga")

    assert set(found("milonga")) == {said.person, said, said.panel, said.panel.seminar}
    variant.delete()
    assert found("milonga") == []


def test_a_topic_goes_where_it_is_chosen_and_leaves_with_it():
    topic, panel, document = make_topic(name="Remesas"), make_panel(), make_document()
    recording = make_recording(panel=panel)
    panel.topics.add(topic)
    topic.documents.add(document)

    everywhere = set(found("remesas"))
    topic.name_es = "Giros"
    topic.save()
    panel.topics.clear()

    assert everywhere == {topic, panel, panel.seminar, recording, document}
    assert found("remesas") == []
    assert set(found("giros")) == {topic, document}
    assert set(EntryLabel.objects.filter(facet="topic").values_list("entry__kind", flat=True)) == {"topic", "document"}


def test_a_topic_that_is_deleted_leaves_everything():
    topic, seminar = make_topic(name="Remesas"), make_seminar()
    seminar.topics.add(topic)

    topic.delete()

    assert found("remesas") == []
    assert found("seminario") == [seminar]


def test_an_institution_is_found_with_those_who_speak_for_it():
    body = make_institution(name="Consejo Cafetero", country="CO")
    said = make_intervention(positions=[("Directora", body)])
    seat = make_membership(country="CO", institution=body)
    seen = make_delegate(membership=seat, is_public=True).person
    make_delegate(membership=seat, role="alternate")

    assert set(found("cafetero")) == {body, said, seen}
    assert found("seminario", country="CO") == [said.panel.seminar, said.panel]


def test_a_mandate_that_is_no_longer_shown_is_not_searched():
    mandate = make_delegate(membership=make_membership(institution=make_institution(name="Cafetero")), is_public=True)
    before = found("cafetero")

    mandate.is_public = False
    mandate.save()

    assert mandate.person in before
    assert mandate.person not in found("cafetero")


def test_what_moves_leaves_its_former_place():
    here, there = make_panel(title="Aquí"), make_panel(title="Allá")
    said = make_intervention(panel=here, person=make_person(name="Palmira"))

    said.panel = there
    said.save()

    assert set(found("palmira")) == {said.person, said, there, there.seminar}


def test_parts_of_a_recording_are_searched_with_it():
    recording = make_recording()
    chapter = make_chapter(recording, 0, "Bienvenida")
    make_clip(recording, make_intervention(panel=make_panel(seminar=recording.seminar), title_es="Telares"))

    with_both = found("bienvenida telares")
    chapter.delete()

    assert with_both == [recording]
    assert found("bienvenida") == []


def test_once_a_range_is_known_only_its_recording_is_found_with_the_speaker():
    said = make_intervention(person=make_person(name="Palmira"))
    first, second = (make_recording(panel=said.panel) for _ in range(2))
    before = {first, second} <= set(found("palmira"))

    clip = make_clip(second, said)
    with_range = found("palmira")
    clip.delete()

    assert before
    assert second in with_range and first not in with_range
    assert {first, second} <= set(found("palmira"))


def test_a_term_of_coordination_is_searched_with_the_person():
    term = make_term(institution=make_institution(name="Cafetero"), coordinator=make_person())

    assert term.coordinator in found("cafetero")


def test_while_writing_is_paused_each_thing_is_written_once_at_the_end():
    with sync.paused():
        said = make_intervention(person=make_person(name="Palmira"))
        with sync.paused():
            gone = make_document(title="Palmira")
            gone.delete()
        assert found("palmira") == []

    assert set(found("palmira")) == {said.person, said, said.panel, said.panel.seminar}


def test_nothing_is_written_of_a_pause_that_fails():
    with pytest.raises(ZeroDivisionError), sync.paused():
        make_document(title="Palmira")
        raise ZeroDivisionError

    assert found("palmira") == []
    assert make_document(title="Palmira") in found("palmira")


def test_a_summary_that_changes_leaves_others_alone(django_assert_max_num_queries):
    said = make_intervention(panel=make_panel(), person=make_person())
    for _ in range(20):
        make_recording(panel=said.panel)
    said.summary_es = "Otra cosa"

    with django_assert_max_num_queries(45):
        said.save()

    assert found("otra cosa") == [said]


def test_a_form_of_the_desk_writes_the_index_with_what_it_saves(client):
    client.force_login(make_secretary())

    answer = client.post(reverse("admin:events_topic_add"), {"name_es": "Molinos", "slug": ""})

    assert answer.status_code == 302
    assert found("molinos") == [Topic.objects.get()]


@pytest.mark.parametrize("model", sync.REACH, ids=lambda model: model.__name__)
def test_each_way_to_a_row_leads_there(model):
    """A way that is misspelt, or that a later model renames, fails here and not in somebody's form."""
    assert sync.reached(sync.REACH[model].ways, model(pk=0))


def test_reindexing_writes_what_following_wrote():
    said = make_intervention(positions=[("Directora", make_institution(country="MX"))])
    recording = make_recording(panel=said.panel)
    make_caption(recording, (0, 1, "hola"))
    followed = whole_index()

    sync.write_anew({kind: set(model.objects.values_list("pk", flat=True)) for kind, model in KINDS.items()})

    assert whole_index() == followed


def whole_index():
    entries = Entry.objects.order_by("kind", "object_id").values_list("kind", "object_id", "titles", "dated_on", "has_transcript")
    labels = EntryLabel.objects.order_by("entry__kind", "entry__object_id", "facet", "value")
    passages = Passage.objects.order_by("start").values_list("text", flat=True)
    return list(entries), list(labels.values_list("entry__kind", "facet", "value")), list(passages)
