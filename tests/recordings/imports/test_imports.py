"""Recordings that others have listed, brought in: what each kind of file says, what is refused, and that twice is once."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from events.models import Intervention, Panel, PanelKind, Seminar, SeminarKind
from members.models import NameVariant, Person
from recordings.imports import Interrupted, Verdict, carry_out, carry_out_in_batches, plan_for, plans_for, read, read_data
from recordings.imports.files import guarded
from recordings.models import Recording, Source
from tests import make

pytestmark = pytest.mark.django_db
WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
OTHER = "https://vimeo.com/123456789"
HOSTILE = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
    "http://127.0.0.1/a.mp4",
    "http://[::1]/a.mp4",
    "http://2130706433/a.mp4",
    "https://intranet.local/a.mp4",
]
TABLE = "seminario,título,fecha,personas,enlace,duración,idiomas\n"
ROW = f"Encuentro,Cooperativas,05/09/2024,Ana Díaz; Luis Gil,{WATCH},1:02:03,es\n"


def talk(**said):
    """What a talk of pyvideo says."""
    known = {
        "title": "Economía del cuidado",
        "description": "Cómo se cuida.",
        "language": "spa",
        "recorded": "2019-10-04T15:00:00+02:00",
        "duration": 1800,
        "speakers": ["Ana Díaz"],
        "tags": ["cooperativas"],
        "videos": [{"type": "youtube", "url": "https://youtu.be/dQw4w9WgXcQ?t=30"}],
    }
    return known | said


def category(folder, *talks, title="Jornadas 2019", **said):
    """pyvideo's folder of one category."""
    videos = folder / title.lower().replace(" ", "-") / "videos"
    videos.mkdir(parents=True)
    (videos.parent / "category.json").write_text(json.dumps({"title": title} | said))
    for number, each in enumerate(talks, start=1):
        text = each if isinstance(each, str) else json.dumps(each, indent=2)
        (videos / f"charla-{number}.json").write_text(text)
    return videos.parent


def plan_of(text, name="grabaciones.csv", **given):
    return plan_for(read_data(text if isinstance(text, bytes) else text.encode(), name), **given)


def plan_of_folder(folder, **given):
    return plan_for(read(folder), **given)


def plan_of_file(text, name="tabla.csv"):
    """As `plan_of`, for a seminar, where the file may be broken as a whole."""
    return plan_for(guarded(name, lambda: read_data(text.encode(), name)), seminar=make.make_seminar())


def refused(plan):
    return [str(each) for each in plan.refused]


def verdicts(plan):
    return [step.verdict for step in plan.steps]


def everything():
    """How many rows there are of all that an import makes."""
    return [model.objects.count() for model in (Seminar, Panel, Intervention, Person, Recording, Source)]


def command(*args, **options):
    out = StringIO()
    call_command("import_recordings", *map(str, args), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


# pyvideo


def test_a_talk_of_pyvideo_is_a_session_with_its_speakers_and_its_recording(tmp_path):
    topic = make.make_topic(name="Cooperativas")
    folder = category(tmp_path, talk(speakers=["Ana Díaz", "Luis Gil (keynote)"]))

    carry_out(plan_of_folder(folder))

    recording = Recording.objects.get()
    assert (recording.title_es, recording.summary_es) == ("Economía del cuidado", "Cómo se cuida.")
    assert (recording.duration, recording.published_at) == (timedelta(minutes=30), None)
    assert [language.pk for language in recording.languages.all()] == ["es"]
    assert [source.url for source in recording.sources.all()] == [WATCH]
    assert (recording.panel.kind, recording.panel.held_on) == (PanelKind.SESSION, date(2019, 10, 4))
    assert [said.printed_name for said in recording.panel.interventions.all()] == ["Ana Díaz", "Luis Gil (keynote)"]
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Ana Díaz", "Luis Gil"]
    assert list(recording.panel.topics.all()) == [topic]


def test_a_category_is_a_conference_from_the_first_to_the_last_day_recorded(tmp_path):
    days = [talk(recorded=day, videos=[], title=day) for day in ("2019-10-05", "2019-10-04", "2019-10-06")]

    carry_out(plan_of_folder(category(tmp_path, *days)))

    seminar = Seminar.objects.get()
    assert (seminar.kind, seminar.published_at) == (SeminarKind.CONFERENCE, None)
    assert (seminar.starts_on, seminar.ends_on) == (date(2019, 10, 4), date(2019, 10, 6))


def test_a_folder_of_categories_one_category_and_one_file_are_all_read(tmp_path):
    first = category(tmp_path, talk(), talk(title="Otra", videos=[]))
    category(tmp_path, talk(), title="Jornadas 2020")

    counts = [len(read(path).rows) for path in (tmp_path, first, first / "videos" / "charla-2.json")]

    assert counts == [3, 2, 1]


def test_importing_again_changes_nothing(tmp_path):
    category(tmp_path, talk(), talk(title="Otra", videos=[], speakers=[]), talk(title="English", language="eng", videos=[]))
    carry_out(plan_of_folder(tmp_path))
    before = everything()

    plan = plan_of_folder(tmp_path)
    carry_out(plan)

    assert verdicts(plan) == [Verdict.SAME] * 3
    assert everything() == before


def test_a_new_address_is_added_and_what_somebody_wrote_stays(tmp_path):
    carry_out(plan_of_folder(category(tmp_path / "a", talk(duration=None))))
    Recording.objects.update(title_es="Nuestro título", summary_es="Nuestro resumen")
    videos = [{"url": WATCH}, {"url": OTHER}]

    plan = plan_of_folder(category(tmp_path / "b", talk(videos=videos, duration=60)))
    carry_out(plan)

    recording = Recording.objects.get()
    assert [step.additions[-1] for step in plan.steps] == [OTHER]
    assert (recording.title_es, recording.summary_es) == ("Nuestro título", "Nuestro resumen")
    assert recording.duration == timedelta(minutes=1)
    assert [source.url for source in recording.sources.all()] == [WATCH, OTHER]


def test_a_withdrawn_recording_is_left_alone(tmp_path):
    carry_out(plan_of_folder(category(tmp_path / "a", talk(duration=None))))
    Recording.objects.update(withdrawn_on=date(2025, 1, 1))

    plan = plan_of_folder(category(tmp_path / "b", talk(videos=[{"url": WATCH}, {"url": OTHER}])))

    assert verdicts(plan) == [Verdict.SAME]


def test_a_person_is_found_by_the_name_or_a_variant_of_it(tmp_path):
    ana, luis = make.make_person(name="Ana Diaz"), make.make_person(name="Luis Gil Robles")
    NameVariant.objects.create(person=luis, name="Luís Gil")

    carry_out(plan_of_folder(category(tmp_path, talk(speakers=["ANA DÍAZ", "Luis Gil"]))))

    assert [said.person for said in Intervention.objects.all()] == [ana, luis]


def test_two_people_of_one_name_are_not_guessed_at(tmp_path):
    make.make_person(name="Ana Díaz")
    make.make_person(name="Ana Diaz")

    plan = plan_of_folder(category(tmp_path, talk()))

    assert plan.steps == []
    assert "Ana Díaz" in refused(plan)[0]


def test_various_speakers_are_a_collective_and_nobody_is_nobody(tmp_path):
    carry_out(plan_of_folder(category(tmp_path, talk(speakers=["Various speakers", "", "N/A"]))))

    assert [(said.collective_es, said.person) for said in Intervention.objects.all()] == [("Varias personas", None)]
    assert not Person.objects.exists()


def test_a_title_in_another_language_stands_in_its_column_and_says_that_it_is_borrowed_in_the_spanish_one(tmp_path):
    carry_out(plan_of_folder(category(tmp_path, talk(title="Caring", description="How.", language="eng"))))

    recording = Recording.objects.get()
    assert (recording.title_en, recording.title_es, recording.title_pt_br) == ("Caring", "Caring", None)
    assert (recording.summary_en, recording.summary_es) == ("How.", None)
    assert recording.source_note_es == recording.panel.source_note_es == "El título está en su idioma original."


def test_what_the_portal_has_no_place_for_is_left_out_and_said(tmp_path):
    plan = plan_of_folder(category(tmp_path, talk(language="eus", tags=["Kubernetes"])))
    carry_out(plan)

    recording = Recording.objects.get()
    assert not recording.languages.exists()
    assert not recording.panel.topics.exists()
    assert [word in " ".join(plan.notices()) for word in ("eus", "Kubernetes", "Economía del cuidado")] == [True] * 3


@pytest.mark.parametrize(
    "broken",
    [
        '{"title": "sin cerrar"',
        "[1, 2]",
        "[" * 100_000,
        '{"title": ' + "9" * 5000 + "}",
        json.dumps(talk(title="")),
        json.dumps(talk(title=7)),
        json.dumps(talk(title=["a"])),
        json.dumps(talk(title="x" * 251)),
        json.dumps(talk(title="\ud800")),
        json.dumps(talk(title="a\0b")),
        json.dumps(talk(recorded="2019-13-04")),
        json.dumps(talk(recorded="0001-01-01")),
        json.dumps(talk(recorded=20191004)),
        json.dumps(talk(duration=-1)),
        json.dumps(talk(duration=float("nan"))),
        json.dumps(talk(duration=1e300)),
        json.dumps(talk(duration=True)),
        json.dumps(talk(speakers={"name": "Ana"})),
        json.dumps(talk(speakers=["Ana", 3])),
        json.dumps(talk(videos="https://example.org")),
        json.dumps(talk(videos=[{"url": None}])),
        json.dumps(talk(tags=["x"] * 301)),
        "\x00\x01\x02",
        "",
    ],
)
def test_what_is_wrong_in_a_talk_is_said_once_and_the_others_are_read(broken, tmp_path):
    plan = plan_of_folder(category(tmp_path, broken, talk()))

    assert verdicts(plan) == [Verdict.NEW]
    assert len(refused(plan)) == 1
    assert refused(plan)[0].startswith("jornadas-2019/charla-1.json")


def test_a_refusal_says_the_line(tmp_path):
    plan = plan_of_folder(category(tmp_path, '{\n  "title": "a",\n  "duration" 5\n}', talk(duration=-5)))

    assert [each.spot.line for each in plan.refused] == [3, 6]


def test_a_talk_in_a_sea_of_blanks_is_read_at_once():
    rows = read_data(b"\n \n" * 200_000 + b'{"title": "Una", "videos": []}', "charla.json").rows

    assert [row.title for row in rows] == ["Una"]


def test_a_category_without_a_title_is_refused_as_a_whole(tmp_path):
    plan = plan_of_folder(category(tmp_path, talk(), title="Jornadas", **{"title ": "", "url": "javascript:alert(1)"}))

    assert (plan.steps, len(plan.refused)) == ([], 1)


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_in_every_kind_of_file(address, tmp_path):
    seminar = make.make_seminar()
    plans = [
        plan_of_folder(category(tmp_path, talk(videos=[{"url": WATCH}, {"url": address}]))),
        plan_of(f'titulo,enlace\nUna,"{address}"\n', seminar=seminar),
        plan_of(f"[[recording]]\ntitle = 'Una'\naddresses = ['{address}']\n", "a.toml", seminar=seminar),
        plan_of(f"{address}\n", "a.txt", seminar=seminar),
        plan_of(f'titulo,fuente\nUna,"{address}"\n', seminar=seminar),
    ]

    assert [(plan.steps, len(plan.refused)) for plan in plans] == [([], 1)] * 5
    assert all(address in refused(plan)[0] for plan in plans)


# Our own table


def test_a_row_of_our_table_says_all_of_a_recording():
    carry_out(plan_of(TABLE + ROW))

    recording = Recording.objects.get()
    assert (recording.seminar.title_es, recording.seminar.kind) == ("Encuentro", SeminarKind.SEMINAR)
    assert (recording.title_es, recording.duration) == ("Cooperativas", timedelta(hours=1, minutes=2, seconds=3))
    assert recording.panel.held_on == date(2024, 9, 5)
    assert [said.person.name for said in recording.panel.interventions.all()] == ["Ana Díaz", "Luis Gil"]


@pytest.mark.parametrize(
    "data",
    [
        (TABLE + ROW).encode("utf-8-sig"),
        (TABLE + ROW).encode("cp1252"),
        (TABLE + ROW).encode("utf-16"),
        (TABLE + ROW).replace("\n", "\r\n").encode(),
        (TABLE + ROW).replace(";", "|").replace(",", ";").encode(),
        (TABLE + ROW).replace(",", "\t").encode(),
        ("sep=,\n" + TABLE + ROW).encode(),
        (TABLE + ROW + ",,,,,,\n\n").encode(),
        (TABLE.replace("\n", ",,\n") + ROW.replace("\n", ",,\n")).encode(),
        (TABLE.upper() + ROW).encode(),
    ],
)
def test_what_spreadsheets_write_is_read_alike(data):
    rows = read_data(data, "tabla.csv").rows

    assert [(row.seminar.title, row.title, row.day, row.speakers) for row in rows] == [
        ("Encuentro", "Cooperativas", date(2024, 9, 5), ("Ana Díaz", "Luis Gil"))
    ]


@pytest.mark.parametrize(
    "header", ["title,day,speakers", "título,fecha,personas", "título,data,pessoas", "Título, Día ,PERSONAS"]
)
def test_columns_may_be_named_in_the_portals_languages(header):
    row = read_data(f"{header}\nUna,2024-09-05,Ana\n".encode(), "tabla.csv").rows[0]

    assert (row.title, row.day, row.speakers) == ("Una", date(2024, 9, 5), ("Ana",))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("nombre,enlace\nUna,x\n", None),
        ("título,título\nUna,Dos\n", None),
        ("seminario,fecha\nEncuentro,2024-09-05\n", None),
        ('título\n"Una\n', None),
        ("título\nUna,Dos\n", 2),
        ("título,fecha\nUna,2024-09-05\nOtra,ayer\n", 3),
        ('título,resumen,fecha\nUna,"de\ndos líneas",2024-09-05\nOtra,,31/02/2024\n', 4),
        ("título,duración\nUna,mucho\n", 2),
        ("título,duración\nUna,-5\n", 2),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(text, line):
    output = plan_of_file(text)

    assert [each.spot.line for each in output.refused] == [line]


def test_a_wrong_header_says_which_columns_there_are():
    plan = plan_of_file("nombre,enlace\nUna,x\n")

    assert "nombre" in refused(plan)[0]
    assert "seminar_starts_on" in refused(plan)[0]


def test_a_formula_is_only_text():
    formula = '=HYPERLINK("https://evil.example")'
    quoted = formula.replace('"', '""')

    plan = plan_of(f'título\n"{quoted}"\n', seminar=make.make_seminar())

    assert [step.recording.title_es for step in plan.steps] == [formula]


def test_a_row_written_twice_is_refused_the_second_time_and_every_time():
    text = TABLE + ROW + ROW.replace("Cooperativas", "Con otro título")
    plan = plan_of(text)
    carry_out(plan)

    again = plan_of(text)

    assert (verdicts(plan), [each.spot.line for each in plan.refused]) == ([Verdict.NEW], [3])
    assert (verdicts(again), [each.spot.line for each in again.refused]) == ([Verdict.SAME], [3])


# Our own TOML, and lists


def test_our_toml_shares_what_stands_above():
    text = f"""
seminar = "Encuentro"
seminar_starts_on = 2024-09-05
languages = ["español", "pt"]
[[recording]]
title_es = "Apertura"
title_pt = "Abertura"
day = 2024-09-05
speakers = ["Ana Díaz"]
addresses = ["{WATCH}"]
[[recording]]
title = "Cierre"
"""

    carry_out(plan_of(text, "grabaciones.toml"))

    first, last = Recording.objects.order_by("pk")
    assert (first.title_es, first.title_pt_br, last.title_es) == ("Apertura", "Abertura", "Cierre")
    assert {language.pk for language in last.languages.all()} == {"es", "pt-BR"}
    assert (first.panel.title_es, last.panel) == ("Apertura", None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title = 'a", None),
        ("title = 'a'", None),
        ("recording = 5", None),
        ("a=" + "[" * 5000, None),
        ("[[recording]]\ntitle = 'a'\nvideo = 'x'\n", 3),
        ("[[recording]]\ntitle = 'a'\n\n[[recording]]\ntitle = 5\n", 5),
        ("[[recording]]\ntitle = 'a'\nday = 10:00:00\n", 3),
    ],
)
def test_what_is_wrong_in_toml_is_said_with_its_line(text, line):
    plan = plan_of_file(text, "a.toml")

    assert [each.spot.line for each in plan.refused] == [line]


def test_a_list_of_addresses_gives_each_its_title():
    seminar = make.make_seminar()

    carry_out(plan_of(f"# de la jornada\n{WATCH}  Apertura\n\n{OTHER}\n", "lista.txt", seminar=seminar))

    assert [(row.title_es, row.panel) for row in Recording.objects.order_by("pk")] == [
        ("Apertura", None),
        ("vimeo.com 123456789", None),
    ]


def test_a_list_without_a_seminar_is_refused():
    plan = plan_of(WATCH, "lista.txt")

    assert (plan.steps, len(plan.refused)) == ([], 1)


# What is there already


def test_a_recording_whose_link_was_not_known_gets_it():
    panel = make.make_panel(seminar=make.make_seminar(title="Encuentro"), title="Cooperativas")
    recording = make.make_recording(panel=panel, title="Cooperativas")

    plan = plan_of(TABLE + ROW)
    carry_out(plan)

    assert verdicts(plan) == [Verdict.ADDED_TO]
    assert [source.url for source in recording.sources.all()] == [WATCH]
    assert not panel.interventions.exists()


def test_a_recording_of_a_session_in_the_programme_goes_there():
    panel = make.make_panel(seminar=make.make_seminar(title="Encuentro"), title="Cooperativas", held_on=date(2024, 9, 5))
    for name in ("Luis Gil", "Ana Díaz", "Otra persona"):
        make.make_intervention(panel=panel, person=make.make_person(name=name))

    carry_out(plan_of(TABLE + ROW))

    assert Recording.objects.get().panel == panel
    assert (Panel.objects.count(), Intervention.objects.count()) == (1, 3)


def test_a_seminar_is_found_by_the_end_of_its_address():
    seminar = make.make_seminar(title="Encuentro")
    make.make_seminar(title="Encuentro")

    plans = [plan_of(TABLE + ROW), plan_of(TABLE + ROW.replace("Encuentro", seminar.slug))]

    assert [len(plan.refused) for plan in plans] == [1, 0]
    assert plans[1].steps[0].seminar == seminar


@pytest.mark.parametrize("seminar_is_there", [True, False])
def test_a_day_outside_the_seminar_is_refused(seminar_is_there):
    if seminar_is_there:
        make.make_seminar(title="Encuentro", starts_on=date(2024, 9, 6))
    text = "seminario,seminario_desde,título,fecha\nEncuentro,2024-09-06,Una,2024-09-05\n"

    plan = plan_of(text)

    assert (plan.steps, len(plan.refused)) == ([], 1)


def test_addresses_of_two_recordings_are_not_joined():
    seminar = make.make_seminar()
    make.make_recording(WATCH, seminar=seminar)
    make.make_recording(OTHER, seminar=seminar)

    plan = plan_of(f"título,enlaces\nUna,{WATCH} {OTHER}\n", seminar=seminar)

    assert (plan.steps, len(plan.refused)) == ([], 1)


@pytest.mark.parametrize("meanwhile", ["withdrawn", "filled in", "deleted", "its seminar deleted"])
def test_what_changed_since_it_was_planned_is_not_added_to(meanwhile):
    panel = make.make_panel(seminar=make.make_seminar(title="Encuentro"), title="Cooperativas")
    recording = make.make_recording(panel=panel, title="Cooperativas")
    plan = plan_of(TABLE + ROW)
    assert [step.fields for step in plan.steps] == [["duration"]]

    if meanwhile.endswith("deleted"):
        recording.delete()
        panel.seminar.delete() if meanwhile != "deleted" else None
    else:
        Recording.objects.update(
            **{"withdrawn": {"withdrawn_on": date(2026, 1, 1)}}.get(meanwhile, {"duration": timedelta(hours=2)})
        )
    with pytest.raises(ValidationError) as refused:
        carry_out(plan)

    assert refused.value.code == "meanwhile"
    assert not Source.objects.exists()


@pytest.mark.parametrize("there", ["nothing", "the seminar", "the seminar and who speaks"])
def test_a_list_that_was_planned_twice_is_made_once(there):
    if there != "nothing":
        make.make_seminar(title="Encuentro", starts_on=date(2024, 9, 5), ends_on=date(2024, 9, 6))
    if there.endswith("speaks"):
        carry_out(plan_of(TABLE + ROW))
        Recording.objects.all().delete()
    first, second = plan_of(TABLE + ROW), plan_of(TABLE + ROW)
    carry_out(first)
    before = everything()

    with pytest.raises(ValidationError) as refused:
        carry_out(second)

    assert refused.value.code == "meanwhile"
    assert everything() == before


def test_a_person_whom_another_list_made_meanwhile_is_not_made_again():
    make.make_seminar(title="Encuentro", starts_on=date(2024, 9, 5), ends_on=date(2024, 9, 6))
    plan = plan_of(TABLE + ROW)
    Person.objects.create(name=plan.new_people[0].name)

    with pytest.raises(ValidationError) as refused:
        carry_out(plan)

    assert refused.value.code == "meanwhile"


def test_all_is_made_or_nothing():
    plan = plan_of(TABLE + ROW)
    plan.steps[0].recording.slug = make.make_recording().slug
    before = everything()

    with pytest.raises(ValidationError) as refusal:
        carry_out(plan)

    assert refusal.value.code == "meanwhile"
    assert everything() == before


# The command


def test_the_command_writes_nothing_unless_told_so(tmp_path):
    category(tmp_path, talk(), talk(title=""))
    before = everything()

    said = command(tmp_path)

    assert everything() == before
    assert "charla-2.json" in said


def test_the_command_imports_and_publishes(tmp_path):
    category(tmp_path, talk(), talk(title=""))

    command(tmp_path, commit=True, publish=True)

    assert list(Recording.objects.public()) == list(Recording.objects.all()) != []


def test_whoever_watches_sees_how_far_it_is(tmp_path):
    terminal = StringIO()
    terminal.isatty = lambda: True

    call_command("import_recordings", str(category(tmp_path, talk())), commit=True, stdout=StringIO(), stderr=terminal)

    assert "] 1/1" in terminal.getvalue()


def test_what_waits_for_permissions_is_not_published(tmp_path):
    make.make_seminar(title="Jornadas 2019", starts_on=date(2019, 10, 4), ends_on=None, waits_for_consent=True)

    command(category(tmp_path, talk()), commit=True, publish=True)

    assert Recording.objects.get().published_at is None


def test_each_seminar_is_planned_after_the_one_before_is_written():
    """So the memory that an archive needs is that of its largest seminar."""
    rows = f"Uno,Charla,2024-09-05,Ana,{WATCH},,es\nDos,Charla,2024-09-05,Ana,{WATCH},,es\n"
    plans = plans_for([read_data((TABLE + rows).encode(), "a.csv")])
    written = []

    carry_out_in_batches((step for plan in plans for step in plan.to_do), size=1, report=lambda done: written.append(done))

    assert written == [1, 2]
    assert Person.objects.count() == 1


def test_one_seminar_under_two_names_is_planned_at_once():
    seminar = make.make_seminar(title="Encuentro")
    rows = f"{seminar.slug},Charla,,,{WATCH},,es\nEncuentro,Charla,,,{WATCH},,es\n"

    plan = plan_of(TABLE + rows)

    assert (verdicts(plan), len(plan.refused)) == ([Verdict.NEW], 1)


def test_two_folders_of_one_title_are_one_seminar(tmp_path):
    category(tmp_path, talk())
    other = category(tmp_path / "otra", talk(title="Otra", videos=[{"url": OTHER}]))
    other.rename(tmp_path / "zeta")

    command(tmp_path, commit=True)

    assert (Seminar.objects.count(), Recording.objects.count()) == (1, 2)


def test_strict_refuses_all_when_one_is_refused(tmp_path):
    category(tmp_path, talk(), talk(title=""))

    with pytest.raises(CommandError):
        command(tmp_path, commit=True, strict=True)

    assert not Recording.objects.exists()


def test_the_command_takes_a_list_for_a_seminar(tmp_path):
    seminar, path = make.make_seminar(), tmp_path / "lista.txt"
    path.write_text(WATCH)

    command(path, commit=True, seminar=seminar.slug)

    assert [row.seminar for row in Recording.objects.all()] == [seminar]


@pytest.mark.parametrize("given", [["nada"], [".", "--seminar", "nada"]])
def test_the_command_says_what_is_not_there(given, tmp_path):
    with pytest.raises(CommandError):
        command(tmp_path / given[0], *given[1:])


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "tabla.xlsx"
    path.write_bytes(b"PK\3\4")

    assert [each.spot.file for each in plan_of_folder(path).refused] == ["tabla.xlsx"]


def test_more_rows_ask_no_more_questions(django_assert_num_queries):
    seminar = make.make_seminar(title="Encuentro")
    for number in range(3):
        make.make_recording(f"https://example.org/{number}.mp4", seminar=seminar, panel=make.make_panel(seminar=seminar))
    rows = [f"Encuentro,Título {number},2024-09-05,Ana {number},https://example.org/n{number}.mp4,,es\n" for number in range(20)]
    readings = [read_data((TABLE + "".join(rows[:count])).encode(), "a.csv") for count in (1, 20)]

    for reading in readings:
        with django_assert_num_queries(11):
            plan_for(reading)


def test_json_of_another_kind_is_refused_politely_whatever_its_name_ends_with():
    others = [
        {"guid": "x", "title": "Una", "persons": ["Ana"], "recordings": [{"recording_url": "https://example.org/a.mp4"}]},
        {"schedule": {"version": "1"}},
        {"title": "Una", "webpage_url": "https://example.org/a", "extractor": "youtube"},
        {"acronym": "x"},
        {},
    ]
    for other, name in [(other, name) for other in others for name in ("a.json", "a.txt", "a.csv", "a.json.txt", "a")]:
        with pytest.raises(ValidationError) as refusal:
            read_data(json.dumps(other).encode(), name)
        assert refusal.value.code == "dialect"


def test_a_description_of_a_category_is_not_taken_for_a_talk(tmp_path):
    folder = category(tmp_path, talk())

    for said in (
        {"title": "Jornadas"},
        {"title": "Jornadas", "description": "De 2019.", "start_date": "2019-05-01", "url": WATCH},
    ):
        with pytest.raises(ValidationError) as refusal:
            read_data(json.dumps(said).encode(), "category.json")
        assert refusal.value.code == "category"
    assert read(folder / "category.json").rows == []
    assert len(read(folder / "category.json").refused) == 1


def test_content_says_the_kind_of_a_file_and_not_the_ending_of_its_name():
    made = make.make_seminar()
    table = f"title;seminar;addresses\nUna;{made.slug};https://example.org/a\n"
    toml = f'seminar = "{made.slug}"\n[[recording]]\ntitle = "Una"\naddresses = ["https://example.org/a"]\n'
    contents = [table, toml, json.dumps(talk()), "https://example.org/a\n"]

    found = [[len(read_data(each.encode(), name).rows) for name in ("a.txt", "a.csv", "a.toml", "a.dat")] for each in contents]

    assert found == [[1, 1, 1, 1]] * len(contents)
    with pytest.raises(ValidationError) as refusal:
        read_data(b"Hola", "a.dat")
    assert refusal.value.code == "ending"


def test_what_deserves_a_look_is_said_before_anything_is_written():
    days = {"starts_on": date(1904, 1, 1), "ends_on": date(2012, 3, 1)}
    one, other = make.make_seminar(slug="uno", **days), make.make_seminar(slug="dos", **days)
    Source.objects.create(recording=make.make_recording(seminar=other), url="https://example.org/a", position=1)
    head = "title;seminar;addresses;speakers;day;duration\n"
    lines = [
        "Sesi¢n;uno;https://example.org/a;Ana Díaz y Beto Gil|Cora Paz;2012-03-01;504:00:00",
        "Dos;uno;;Ana / Beto;1904-01-01;1:00:00",
    ]
    lines += [
        "Tres;uno;https://example.org/c;Dina Ruiz, Eva Sol;2012-03-01;",
        "Cuatro;dos;https://example.org/c;Marín;2012-03-01;",
    ]

    with translation.override("en"):
        plan = plan_of(head + "\n".join(lines))
        said, signs = plan.notices(), [*map(str, plan.signs)]
        assert refused(plan) == []

    assert sorted(said) == [
        "1 recording has no address at which it can be seen: Dos.",
        "2 addresses are also those of recordings of other seminars: https://example.org/a, https://example.org/c.",
        "3 names may be of several people, and count as one each: Ana Díaz y Beto Gil, Ana / Beto, Dina Ruiz, Eva Sol.",
    ]
    assert signs == [
        "grabaciones.csv, line 2, column “Title”: “Sesi¢n” seems to be read in a wrong encoding. Save the file as UTF-8"
        " and upload it again.",
        "grabaciones.csv, line 3, column “Day”: The year 1904 of “1904-01-01” is unlikely. Is it right?",
        "grabaciones.csv, line 2, column “Duration”: “504:00:00” would be a day or longer. Is it right?",
    ]
    assert one.recordings.count() == 0


def rows(*lines, head="title;addresses;day;duration"):
    return "\n".join([head, *lines]) + "\n"


SIGNS = {
    rows("Mu¤oz;;;"): "misread",
    rows("45123;;;"): "number",
    rows("2-sep;;;"): "number",
    rows("Uno;;2099-01-01;"): "year",
    rows("Uno;;;62:15:00"): "long",
    rows("Uno;;;45", "Dos;;;90"): "seconds",
    rows("Uno;;05/09/2024;", "Dos;;06/09/2024;", "Tres;;06/10/2024;"): None,
    rows("Uno;;09/05/2024;", "Dos;;09/06/2024;"): "exchanged",
    rows(*(f"Uno;https://example.org/{n};;" for n in range(3))): "repeated",
    rows(*(f"T {n};;;30:00" for n in range(5))): "repeated",
    rows(*(f"T {n};https://example.org/{n};05/09/2024;{n + 1}:00" for n in range(5))): None,
    rows("Uno;;2024-09-05;62:15", "Dos;;2024-10-05;1:02:15"): None,
}


def test_each_sign_of_wrong_reading_is_noticed_and_good_tables_have_none():
    def codes(text):
        return [sign.code for sign in read_data(text.encode(), "tabla.csv").signs]

    assert {text: codes(text) for text in SIGNS} == {text: [code] if code else [] for text, code in SIGNS.items()}


def test_what_cannot_be_meant_is_refused_with_its_line():
    table = rows("SesiÃ³n;;;", "4.47E+11;;;", "#REF!;;;", "Uno;;45123;", "title;addresses;day;duration", "Dos;;;")
    two = "title;title_es\nUno;Dos\nTres;Tres\n"

    reading, other = read_data(table.encode(), "tabla.csv"), read_data(two.encode(), "tabla.csv")

    assert sorted(each.spot.line for each in reading.refused) == [2, 3, 4, 5, 6]
    assert ([row.title for row in reading.rows], [row.title for row in other.rows]) == (["Dos"], ["Tres"])


def test_a_refusal_of_the_plan_says_the_line_the_field_and_the_value(tmp_path):
    make.make_person(name="Ana Díaz"), make.make_person(name="Ana Díaz")
    talks = [talk(recorded="2019-05-01"), talk(title="Otra", speakers=[], recorded="2031-09-09")]
    with translation.override("en"):
        found = refused(plan_of_folder(category(tmp_path, *talks, start_date="2019-05-01", end_date="2019-05-02")))

    assert found == [
        "jornadas-2019/charla-1.json, line 7: people “Ana Díaz”: Several people are called Ana Díaz: add this recording by hand.",
        "jornadas-2019/charla-2.json, line 5: day “2031-09-09”: This day is not one of the seminar’s.",
    ]


def test_a_long_import_is_written_in_batches_and_goes_on_where_it_stopped():
    rows = [f"Encuentro,Título {number},2024-09-05,Ana {number},https://example.org/n{number}.mp4,,es\n" for number in range(7)]
    plan = plan_of(TABLE + "".join(rows))
    url = plan.steps[5].sources[0].url
    make_source = plan.steps[5].sources[0]
    make_source.url = "javascript:alert(1)"  # what no plan lets through: the third batch breaks

    with pytest.raises(Interrupted) as stopped:
        carry_out_in_batches(plan.to_do, publish=True, size=2)

    assert (stopped.value.done, Recording.objects.count()) == (4, 4)
    again = plan_of(TABLE + "".join(rows))
    assert verdicts(again) == [Verdict.SAME] * 4 + [Verdict.NEW] * 3
    assert carry_out_in_batches(again.to_do, publish=True, size=2) == []
    assert (Recording.objects.count(), Recording.objects.public().count(), Seminar.objects.count()) == (7, 7, 1)
    assert Source.objects.filter(url=url).exists()
