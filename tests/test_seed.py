"""The Network's real record, and what the seed refuses."""

from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import TestCase

from events.models import Certainty, InstitutionRole, Intervention, Panel, Seminar, Topic
from members.models import CoordinationTerm, Institution, Membership, Person
from recordings.models import Document, Recording
from rifess.base.models import SeededRow
from rifess.portal import seeding
from rifess.portal.search import sync

pytestmark = pytest.mark.django_db

SEPTEMBER_2024 = date(2024, 9, 5)
INSTITUTION = '[[institution]]\nkey = "uno"\nslug = "uno"\nname_es = "Instituto Uno"\n'
SEMINAR = '[[seminar]]\nkey = "s"\nslug = "s"\ntitle_es = "Seminario"\nstarts_on = 2024-09-05\n'


def seed(folder=seeding.FOLDER):
    return seeding.seed(folder, say=lambda line: None)


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder):
    """What the command says when it refuses `folder`, having made nothing."""
    with pytest.raises(CommandError) as refused:
        call_command("seed", folder, stdout=StringIO())
    assert not SeededRow.objects.exists() and not Institution.objects.exists() and not Seminar.objects.exists()
    return str(refused.value).removesuffix(" (nothing was loaded)")


def count_all():
    return {
        model._meta.label: model.objects.count()
        for room in ("members", "events", "recordings")
        for model in apps.get_app_config(room).get_models()
    }


# Twice


@pytest.mark.slow
def test_running_twice_makes_the_same_rows_once():
    first = seed()
    rows = count_all()

    second = seed()

    assert count_all() == rows
    assert (second["new"], second["kept"]) == (0, first["new"])


def test_a_value_edited_by_hand_survives(tmp_path):
    write(tmp_path, institutions=INSTITUTION)
    seed(tmp_path)
    Institution.objects.filter(slug="uno").update(name_es="Instituto corregido")

    seed(tmp_path)

    assert Institution.objects.get(slug="uno").name_es == "Instituto corregido"


def test_a_row_whose_address_changed_is_not_made_again(tmp_path):
    write(tmp_path, institutions=INSTITUTION)
    seed(tmp_path)
    Institution.objects.filter(slug="uno").update(slug="otro")

    seed(tmp_path)

    assert list(Institution.objects.values_list("slug", flat=True)) == ["otro"]


def test_a_deleted_row_is_not_made_again(tmp_path):
    write(tmp_path, institutions=INSTITUTION)
    seed(tmp_path)
    Institution.objects.all().delete()

    tally = seed(tmp_path)

    assert not Institution.objects.exists()
    assert tally["kept"] == 1


def test_a_new_row_of_a_deleted_one_is_left_out_until_it_has_a_home(tmp_path):
    write(tmp_path, seminars=SEMINAR)
    seed(tmp_path)
    Seminar.objects.all().delete()
    write(tmp_path, seminars=SEMINAR + '[[panel]]\nkey = "p"\nseminar = "s"\nslug = "p"\ntitle_es = "Panel"\n')

    tally = seed(tmp_path)

    assert not Panel.objects.exists()
    assert tally["left out"] == 1


def test_a_new_row_does_without_a_topic_that_was_deleted(tmp_path):
    topic = '[[topic]]\nkey = "{0}"\nslug = "{0}"\nname_es = "Tema"\n'
    write(tmp_path, topics=topic.format("uno") + topic.format("dos"))
    seed(tmp_path)
    Topic.objects.get(slug="uno").delete()
    write(tmp_path, seminars=SEMINAR + 'topics = ["uno", "dos"]\n')

    seed(tmp_path)

    assert [row.slug for row in Seminar.objects.get().topics.all()] == ["dos"]


def test_a_row_added_to_the_files_later_is_made(tmp_path):
    write(tmp_path, institutions=INSTITUTION)
    seed(tmp_path)
    write(tmp_path, institutions=INSTITUTION + INSTITUTION.replace("uno", "dos"))

    tally = seed(tmp_path)

    assert (tally["new"], tally["kept"]) == (1, 1)
    assert set(Institution.objects.values_list("slug", flat=True)) == {"uno", "dos"}


def test_the_command_says_what_it_made_of_each_file(tmp_path):
    write(tmp_path, institutions=INSTITUTION, seminars=SEMINAR)
    said = StringIO()

    call_command("seed", tmp_path, stdout=said)

    assert said.getvalue().splitlines() == [
        "institutions.toml: 1 new, 0 kept",
        "seminars.toml: 1 new, 0 kept",
        "2 new, 0 kept.",
    ]


def test_only_a_row_that_says_so_is_published(tmp_path):
    draft = SEMINAR.replace('"s"', '"borrador"')
    write(tmp_path, seminars=SEMINAR + "published = true\n" + draft)

    seed(tmp_path)

    assert [seminar.slug for seminar in Seminar.objects.public()] == ["s"]
    assert [seminar.slug for seminar in Seminar.objects.drafts()] == ["borrador"]


# Mistakes


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[[institution]]\nkey = "dos\n', 2, "Illegal character"),
        ('[[institution]]\nkey = "dos"\nnombre = "x"\n', 3, "unknown field “nombre”"),
        ('[[institution]]\nkey = "dos"\nname = "x"\n', 3, "unknown field “name”"),
        ('[[institution]]\nkey = "dos"\nid = 7\n', 3, "unknown field “id”"),
        ('[[ministry]]\nkey = "dos"\n', 1, "unknown table “ministry”"),
        ('[[institution]]\nslug = "dos"\n', 1, "every row needs a key"),
        ('[[institution]]\nname_es = "x"\nkey = "uno"\n', 3, "the key “uno” is used twice"),
        ('[[institution]]\nkey = "dos"\nslug = "dos"\nname_es = "x"\ncountry = "XX"\n', 5, "country: "),
        ('[[institution]]\nkey = "dos"\nslug = "dos"\nname_es = "x"\nas_of = 7\n', 5, "as_of: “7” is not a value"),
        ('[[institution]]\nkey = "dos"\nslug = "dos"\nname_es = ["x"]\n', 4, "name_es: give one value"),
        ('[[institution]]\nkey = "dos"\nslug = "dos"\n', 1, "name_es: "),
        ('[[institution]]\nkey = "dos"\nslug = "uno"\nname_es = "x"\n', 1, "Another institution has this address."),
    ],
)
def test_a_mistake_refuses_everything_and_says_where(tmp_path, text, line, reason):
    write(tmp_path, institutions=INSTITUTION + text)

    said = refusal(tmp_path)

    assert said.startswith(f"institutions.toml, line {line + 4}: {reason}")


def test_a_bare_value_where_a_table_belongs_is_refused(tmp_path):
    write(tmp_path, institutions='\ninstitution = "uno"\n')

    assert refusal(tmp_path).startswith("institutions.toml, line 2: unknown table “institution”")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (SEMINAR + 'topics = ["nada"]\n', 6, "topics: there is no topic “nada” before this one"),
        (SEMINAR + 'topics = "nada"\n', 6, "topics: give a list"),
        (SEMINAR + 'languages = ["xx"]\n', 6, "languages: there is no language “xx” before this one"),
        (SEMINAR + "place_es = { a = 1 }\n", 6, "place_es: give one value"),
        (SEMINAR + 'published = "yes"\n', 6, "published is true or false"),
        (SEMINAR + "ends_on = 2024-09-04\n", 1, "A seminar ends on or after the day it starts."),
        (
            '[[panel]]\nkey = "p"\nslug = "p"\ntitle_es = "P"\nseminar = "s"\n',
            5,
            "seminar: there is no seminar “s” before this one",
        ),
        ('[[panel]]\nkey = "p"\nseminar = 3\n', 3, "seminar: name a row by its key"),
        (
            SEMINAR + '[[panel]]\nkey = "p"\nseminar = "s"\nslug = "p"\ntitle_es = "P"\nheld_on = 2024-09-04\n',
            11,
            "held_on: This day is not one of the seminar’s.",
        ),
    ],
)
def test_a_mistake_in_a_later_file_undoes_the_earlier_ones(tmp_path, text, line, reason):
    write(tmp_path, institutions=INSTITUTION, seminars=text)

    assert refusal(tmp_path) == f"seminars.toml, line {line}: {reason}"


def test_a_date_more_exact_than_it_is_known_is_refused_at_its_line(tmp_path):
    write(tmp_path, network='[[membership]]\nkey = "mx"\ncountry = "MX"\njoined_on = 2024-01-15\njoined_on_precision = "month"\n')

    assert refusal(tmp_path).startswith("network.toml, line 4: joined_on: Known to the month or year")


def test_an_unknown_precision_is_refused_at_its_line(tmp_path):
    write(tmp_path, network='[[membership]]\nkey = "mx"\ncountry = "MX"\njoined_on = 2024-01-15\njoined_on_precision = "week"\n')

    assert refusal(tmp_path).startswith("network.toml, line 5: joined_on_precision: ")


def test_a_second_seat_of_one_country_is_refused(tmp_path):
    seat = '[[membership]]\nkey = "{}"\ncountry = "MX"\njoined_on = 2024-01-01\n'
    write(tmp_path, network=seat.format("uno") + seat.format("dos"))

    assert refusal(tmp_path) == "network.toml, line 7: country: Mexico already has a seat in these days. End that one first."


def test_the_line_is_found_among_rows_that_name_each_other(tmp_path):
    panels = "".join(f'[[panel]]\nkey = "{n}"\nseminar = "s"\nslug = "p{n}"\ntitle_es = "P"\nposition = {n}\n' for n in (1, 2))
    spoken = '[[intervention]]\nkey = "{0}"\npanel = "{0}"\ncollective_es = "delegaciones"\nposition = {0}\n'
    positions = '[[position]]\nkey = "{0}"\nintervention = "{0}"\ntext_es = "x"\nposition = {1}\n'
    text = SEMINAR + panels + spoken.format(1) + spoken.format(2) + positions.format(1, 1) + positions.format(2, '"dos"')
    write(tmp_path, seminars=text)

    line = text.splitlines().index('position = "dos"') + 1
    assert refusal(tmp_path).startswith(f"seminars.toml, line {line}: position: ")


def test_a_time_without_its_offset_is_refused(tmp_path):
    panel = '[[panel]]\nkey = "p"\nseminar = "s"\nslug = "p"\ntitle_es = "P"\nstarts_at = 2024-09-05T09:00:00\n'
    write(tmp_path, seminars=SEMINAR + panel)

    assert refusal(tmp_path).startswith("seminars.toml, line 11: starts_at: write the offset too")


def test_a_seminar_names_its_languages_by_code(tmp_path):
    write(tmp_path, seminars=SEMINAR + 'languages = ["es", "pt-BR"]\n')

    seed(tmp_path)

    assert [language.code for language in Seminar.objects.get().languages.all()] == ["es", "pt-BR"]


def test_a_file_cut_short_is_refused_at_its_last_line(tmp_path):
    write(tmp_path, institutions=INSTITUTION + '[[institution]]\nname_es = """\nsin fin\n')

    assert refusal(tmp_path).startswith("institutions.toml, line 7: ")


def test_a_file_that_is_not_utf_8_is_refused_at_its_line(tmp_path):
    (tmp_path / "institutions.toml").write_bytes(INSTITUTION.encode() + 'part_of_es = "México"\n'.encode("latin-1"))

    assert refusal(tmp_path) == "institutions.toml, line 5: this is not UTF-8"


def test_a_file_that_the_seed_would_not_read_is_refused(tmp_path):
    write(tmp_path, institutions=INSTITUTION, recording=SEMINAR)

    assert refusal(tmp_path).startswith("recording.toml, line 1: unknown file")


def test_a_folder_without_files_is_refused(tmp_path):
    assert "there is no .toml file here" in refusal(tmp_path)


def printed_positions(person):
    """The positions under which `person` spoke in the closing plenary of 2024."""
    spoken = Intervention.objects.get(person__slug=person, panel__slug="plenaria-de-clausura")
    return [(printed.text_en, printed.institution.slug) for printed in spoken.positions.all()]


class TheRealRecord(TestCase):
    """What the files in `rifess/seed/` say, loaded once for all the sentences below."""

    @classmethod
    def setUpTestData(cls):
        seed()

    def test_seven_countries_are_members_since_january_2024(self):
        seats = Membership.objects.members().on(SEPTEMBER_2024)

        assert {seat.country.code for seat in seats} == {"BR", "CO", "GT", "ES", "CL", "CU", "MX"}
        assert {(seat.joined_on, seat.joined_on_precision) for seat in seats} == {(date(2024, 1, 1), "month")}
        assert {seat.country.code for seat in seats.without_institution()} == {"BR", "GT", "CL", "CU"}

    def test_four_countries_had_joined_no_later_than_september_2025(self):
        later = Membership.objects.members().filter(joined_on__gt=SEPTEMBER_2024)

        assert {seat.country.code for seat in later} == {"CR", "UY", "PY", "DO"}
        assert {(seat.joined_on, seat.joined_on_precision) for seat in later} == {(date(2025, 9, 1), "by-month")}

    def test_mexico_coordinated_at_the_seminar_and_colombia_does_today(self):
        then, now = CoordinationTerm.objects.on(SEPTEMBER_2024), CoordinationTerm.objects.on(date(2026, 11, 23))

        assert [(term.country.code, term.institution.short_name) for term in then] == [("MX", "INAES")]
        assert [(term.country.code, term.institution.short_name) for term in now] == [("CO", "Unidad Solidaria")]

    def test_nobody_is_known_to_coordinate_before_the_first_source(self):
        assert not CoordinationTerm.objects.on(date(2024, 9, 4)).exists()

    def test_the_partners_are_known_from_the_seminar_on(self):
        partners = Membership.objects.partners().on(date(2024, 9, 6))

        assert {seat.institution.slug for seat in partners} == {
            "cepal",
            "segib",
            "untfsse",
            "escuela-andaluza-de-economia-social",
        }

    def test_no_part_of_the_record_has_a_time_that_no_source_gives(self):
        seminar = Seminar.objects.get(slug="seminario-iberoamericano-2024")

        assert list(Panel.objects.exclude(starts_at=None, ends_at=None)) == []
        assert set(Seminar.objects.values_list("time_zone", flat=True)) == {""}
        assert [(panel.slug, panel.held_on) for panel in seminar.panels.all()] == [
            ("apertura", date(2024, 9, 5)),
            ("plenaria-de-clausura", date(2024, 9, 6)),
            ("politicas-globales", None),
            ("desarrollo-local", None),
            ("modelo-empresarial", None),
        ]

    def test_only_the_panel_whose_title_a_source_gives_has_one_that_is_not_ours(self):
        panels = Panel.objects.filter(seminar__slug="seminario-iberoamericano-2024", title_is_ours=False)

        assert [panel.slug for panel in panels] == ["politicas-globales"]

    def test_people_keep_the_positions_they_were_printed_with(self):
        carpentier = printed_positions("chantal-line-carpentier")
        assert carpentier == [
            ("Co-President of UNTFSSE", "untfsse"),
            (
                "Head of Trade, Environment, Climate Change and Sustainable Development at United Nations Trade and Development",
                "unctad",
            ),
        ]
        assert printed_positions("hector-dada-sanchez") == [
            ("Director of the Subregional Office of the Ibero-American General Secretariat (SEGIB)", "segib")
        ]
        assert printed_positions("jaime-iglesias-sanchez-cervera") == [
            (
                "Special Commissioner for the Social Economy of the Ministry of Labour and Social Economy"
                " of the Government of Spain",
                "mites",
            )
        ]

    def test_the_executive_coordinator_opened_the_seminar_for_the_network_and_for_mexico(self):
        opening = Panel.objects.get(slug="apertura")

        coordinator, delegations = opening.interventions.all()
        assert coordinator.person.name == "Juan Manuel Martínez Louvier"
        assert [printed.country.code for printed in coordinator.positions.all()] == ["", "MX"]
        assert delegations.collective_es == "delegaciones de los países miembros"

    def test_what_jose_ariza_did_is_told_as_unclear(self):
        spoken = Intervention.objects.filter(person__slug="jose-ariza")

        assert {(row.panel.slug, row.certainty) for row in spoken} == {
            ("desarrollo-local", Certainty.UNCLEAR),
            ("plenaria-de-clausura", Certainty.UNCLEAR),
        }

    def test_eclac_guided_the_conclusions_and_inaes_organized(self):
        roles = Seminar.objects.get(slug="seminario-iberoamericano-2024").institutions.exclude(role=InstitutionRole.TAKES_PART)

        assert [(role.institution.slug, role.role) for role in roles] == [("inaes", "organizes"), ("cepal", "guides")]

    def test_the_recording_of_2024_is_public_and_has_no_source_yet(self):
        recordings = Recording.objects.public()

        assert [recording.seminar.slug for recording in recordings.without_source()] == ["seminario-iberoamericano-2024"]
        assert recordings.count() == 1

    def test_the_documents_are_for_everyone(self):
        dated = {document.slug: (document.dated_on, document.dated_on_precision) for document in Document.objects.public()}

        assert dated == {
            "a-res-77-281": (date(2023, 4, 18), "day"),
            "segunda-resolucion-economia-social-2024": (date(2024, 11, 26), "day"),
            "registro-en-la-segib": (date(2024, 7, 29), "day"),
            "declaracion-enero-2026": (date(2026, 1, 1), "month"),
        }

    def test_the_session_of_2026_has_no_end_that_no_source_gives(self):
        session = Seminar.objects.public().get(slug="sesion-enero-2026")

        assert (session.starts_on, session.ends_on, session.format) == (date(2026, 1, 26), None, "")

    def test_a_person_is_found_by_another_way_of_writing_the_name(self):
        sync.write_anew({"person": set(Person.objects.values_list("pk", flat=True))})

        assert [person.slug for person in Person.objects.named("jose ariza reyes")] == ["jose-ariza"]

    def test_every_text_of_the_record_is_in_three_languages(self):
        missing = [
            f"{entry.key} {name}"
            for path in seeding.in_order(seeding.FOLDER)
            for entry in seeding.read(path)
            for name in entry.values
            if name.endswith("_es")
            and entry.table != "institution"
            and not {f"{name[:-3]}_pt_br", f"{name[:-3]}_en"} <= entry.values.keys()
        ]

        assert missing == []

    def test_every_fact_says_who_says_so(self):
        silent = [
            row
            for model in (Institution, Membership, CoordinationTerm, Seminar, Panel, Intervention, Recording, Document)
            for row in model.objects.filter(source_url="")
        ]

        assert silent == []

    def test_where_sources_disagree_the_visitor_is_told(self):
        notes = [row.source_note_en for model in (Membership, CoordinationTerm, Seminar) for row in model.objects.all()]

        for words in ("Cuba", "14 governments", "de Fomento a la", "60 representatives of 19 countries"):
            assert any(words in (note or "") for note in notes)
