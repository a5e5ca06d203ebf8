"""Citations of recordings and of passages, in the styles of the region: each expected text is written out."""

import json
from datetime import date, timedelta

import pytest
from django.utils import translation

from events.models import InstitutionRole
from recordings.citations import as_bibtex, as_csl, as_ris, in_text, references, work_of
from recordings.playback import moments
from rifess.base.models import Language
from tests.make import (
    make_clip,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_seminar,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
AT = "http://testserver/g/abcd2345"
EXPECTED = {
    "es": {
        "apa": f"Héctor Dada Sánchez. (2024, 5 de septiembre). Las políticas globales [Video]. En Seminario 2024. RIFESS. {AT}",
        "iso": "Héctor Dada Sánchez. Las políticas globales [grabación de video]. En: Seminario 2024. RIFESS, 5 de septiembre "
        f"de 2024 [consulta: 23 de noviembre de 2026]. Disponible en: {AT}",
        "abnt": "LAS POLÍTICAS globales. Intervención de Héctor Dada Sánchez. [S. l.]: RIFESS, 5 sept. 2024. 1 video (62 min). "
        f"Evento: Seminario 2024. Disponible en: {AT}. Acceso en: 23 nov. 2026.",
        "chicago": "Héctor Dada Sánchez. «Las políticas globales». En Seminario 2024. Grabado el 5 de septiembre de 2024. "
        f"RIFESS. Video, 1:02:03. {AT}.",
        "in text": "(Héctor Dada Sánchez, 2024)",
    },
    "pt-br": {
        "apa": f"Héctor Dada Sánchez. (2024, 5 de setembro). Las políticas globales [Vídeo]. Em Seminário 2024. RIFESS. {AT}",
        "iso": "Héctor Dada Sánchez. Las políticas globales [gravação de vídeo]. Em: Seminário 2024. RIFESS, 5 de setembro de "
        f"2024 [consulta: 23 de novembro de 2026]. Disponível em: {AT}",
        "abnt": "LAS POLÍTICAS globales. Intervenção de Héctor Dada Sánchez. [S. l.]: RIFESS, 5 set. 2024. 1 vídeo (62 min). "
        f"Evento: Seminário 2024. Disponível em: {AT}. Acesso em: 23 nov. 2026.",
        "chicago": "Héctor Dada Sánchez. “Las políticas globales”. Em Seminário 2024. Gravado em 5 de setembro de 2024. "
        f"RIFESS. Vídeo, 1:02:03. {AT}.",
        "in text": "(Héctor Dada Sánchez, 2024)",
    },
    "en": {
        "apa": f"Héctor Dada Sánchez. (2024, September 5). Las políticas globales [Video]. In Seminario 2024. RIFESS. {AT}",
        "iso": "Héctor Dada Sánchez. Las políticas globales [video recording]. In: Seminario 2024. RIFESS, 5 September 2024 "
        f"[viewed 23 November 2026]. Available from: {AT}",
        "abnt": "LAS POLÍTICAS globales. Intervention by Héctor Dada Sánchez. [S. l.]: RIFESS, 5 Sept. 2024. 1 video (62 min). "
        f"Event: Seminario 2024. Available at: {AT}. Accessed on: 23 Nov. 2026.",
        "chicago": "Héctor Dada Sánchez. “Las políticas globales.” In Seminario 2024. Recorded September 5, 2024. "
        f"RIFESS. Video, 1:02:03. {AT}.",
        "in text": "(Héctor Dada Sánchez, 2024)",
    },
}


@pytest.fixture(autouse=True)
def in_spanish():
    with translation.override("es"):
        yield


@pytest.fixture
def recording():
    """Of one panel, in which one person speaks."""
    panel = make_panel(seminar=make_seminar(title="Seminario 2024", title_pt_br="Seminário 2024"), held_on=date(2024, 9, 5))
    make_intervention(panel=panel, person=make_person(name="Héctor Dada Sánchez"))
    lasting = timedelta(hours=1, minutes=2, seconds=3)
    return make_recording(panel=panel, title="Las políticas globales", key="abcd2345", duration=lasting)


def cite(recording, asked=""):
    """The work cited, and its text by style."""
    work = work_of(recording, moments.read(asked))
    return {each.style: each.text for each in references(work, TODAY)} | {"in text": in_text(work)}


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_a_recording_is_cited_in_the_language_of_the_page(recording, language):
    with translation.override(language):
        assert cite(recording) == EXPECTED[language]


def test_a_passage_is_cited_with_its_seconds_and_its_link(recording):
    with translation.override("en"):
        cited = cite(recording, "65,3723")

    link = f"{AT}?t=65,3723"
    assert cited == {
        "apa": f"Héctor Dada Sánchez. (2024, September 5). Las políticas globales [Video]. In Seminario 2024. RIFESS. {link}",
        "iso": "Héctor Dada Sánchez. Las políticas globales [video recording]. In: Seminario 2024. RIFESS, 5 September 2024, "
        f"1:05–1:02:03 [viewed 23 November 2026]. Available from: {link}",
        "abnt": "LAS POLÍTICAS globales. Intervention by Héctor Dada Sánchez. [S. l.]: RIFESS, 5 Sept. 2024. 1 video (62 min). "
        f"Passage: 1:05–1:02:03. Event: Seminario 2024. Available at: {link}. Accessed on: 23 Nov. 2026.",
        "chicago": "Héctor Dada Sánchez, “Las políticas globales,” in Seminario 2024, recorded September 5, 2024, RIFESS, "
        f"video, 1:02:03, at 1:05–1:02:03, {link}.",
        "in text": "(Héctor Dada Sánchez, 2024, 1:05–1:02:03)",
    }


def test_who_is_heard_at_a_second_is_who_is_cited():
    recording = make_recording(panel=make_panel(), title="Plenaria")
    first, second = (make_intervention(panel=recording.panel, person=make_person(name=name)) for name in ("Ana", "Rui"))
    second.title_es = "El crédito"
    second.save()
    make_clip(recording, first, 10, 20.5)
    make_clip(recording, second, 20.5, 30)

    heard = {
        asked: work_of(recording, moments.read(asked)).people for asked in ("10", "19,21", "20", "20,30", "29", "30", "15,25")
    }

    assert heard == {"10": ("Ana",), "19,21": ("Ana",), "20": ("Rui",), "20,30": ("Rui",), "29": ("Rui",), "30": (), "15,25": ()}
    passage = work_of(recording, moments.read("20,30"))
    assert (passage.title, passage.within) == ("El crédito", str(recording.seminar))


def test_where_several_speak_it_is_by_those_who_called_for_the_seminar():
    recording = make_recording(title="¿Y ahora?")
    panel = make_panel(seminar=recording.seminar)
    for _each in range(2):
        make_intervention(panel=panel)
    by_the_network = work_of(recording).authors
    for name, role in (("INAES", "convenes"), ("Instituto B", "organizes"), ("Apoyo", "supports")):
        recording.seminar.institutions.create(institution=make_institution(name=name), role=InstitutionRole(role))

    assert by_the_network == ("Red Iberoamericana de Fomento a la Economía Social y Solidaria",)
    assert cite(recording)["apa"].startswith("INAES y Instituto B. (2024, septiembre). ")
    assert cite(recording)["abnt"].startswith(
        "¿Y AHORA? Organización: INAES; Instituto B. [S. l.]: RIFESS, sept. 2024. 1 video. "
    )
    assert cite(recording)["chicago"].startswith("INAES y Instituto B. «¿Y ahora?». En ")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((date(2024, 9, 5), date(2024, 9, 5)), "2024, 5 de septiembre"),
        ((date(2024, 9, 5), date(2024, 9, 6)), "2024, septiembre"),
        ((date(2024, 9, 30), date(2024, 10, 1)), "2024"),
        ((date(2024, 9, 5), None), "2024"),
    ],
)
def test_a_day_that_is_not_known_is_not_invented(days, said):
    recording = make_recording(seminar=make_seminar(starts_on=days[0], ends_on=days[1]))

    assert f"({said})" in cite(recording)["apa"]


def test_a_sound_file_is_no_video():
    recording = make_recording(url="https://example.org/voz.mp3")

    assert "[Audio]" in cite(recording)["apa"]
    assert as_ris(work_of(recording), TODAY).startswith("TY  - SOUND\r\n")
    assert json.loads(as_csl(work_of(recording), TODAY))[0]["type"] == "song"


def test_a_collective_is_cited_as_it_is():
    recording = make_recording(panel=make_panel())
    make_intervention(panel=recording.panel, collective="Delegaciones de los países")

    assert work_of(recording).people == ("Delegaciones de los países",)


def test_bibtex_escapes_what_latex_would_obey(recording):
    recording.title_es = "100 % & {más}_#$ ~^ \\input\n}ñ"

    entry = as_bibtex(work_of(recording, moments.read("65")), TODAY)

    assert entry == (
        "@misc{rifess-abcd2345,\n"
        "  author = {{Héctor Dada Sánchez}},\n"
        r"  title = {{100 \% \& \{más\}\_\#\$ \textasciitilde{}\textasciicircum{} \textbackslash{}input \}ñ}},"
        "\n"
        "  year = {2024},\n"
        "  month = {09},\n"
        "  day = {05},\n"
        "  howpublished = {Video, 1:02:03},\n"
        "  organization = {RIFESS},\n"
        "  note = {Seminario 2024. 1:05},\n"
        f"  url = {{{AT}?t=65}},\n"
        "  urldate = {2026-11-23},\n"
        "}\n"
    )


def test_ris_is_a_record_of_one_line_per_fact(recording):
    recording.title_es = "Uno\r\nER  - dos"
    recording.languages.set(Language.objects.filter(pk__in=["es"]))

    assert as_ris(work_of(recording, moments.read("65,70")), TODAY) == (
        "TY  - VIDEO\r\nAU  - Héctor Dada Sánchez\r\nTI  - Uno ER - dos\r\nT2  - Seminario 2024\r\nPY  - 2024\r\n"
        "DA  - 2024/09/05/\r\nPB  - RIFESS\r\nN1  - 1:05–1:10\r\nLA  - es\r\n"
        f"UR  - {AT}?t=65,70\r\nY2  - 2026/11/23/\r\nID  - rifess-abcd2345\r\nER  - \r\n"
    )


def test_csl_json_is_a_list_of_one_item(recording):
    with translation.override("pt-br"):
        items = json.loads(as_csl(work_of(recording, moments.read("65")), TODAY))

    assert items == [
        {
            "id": "rifess-abcd2345",
            "type": "motion_picture",
            "title": "Las políticas globales",
            "author": [{"literal": "Héctor Dada Sánchez"}],
            "event-title": "Seminário 2024",
            "issued": {"date-parts": [[2024, 9, 5]]},
            "accessed": {"date-parts": [[2026, 11, 23]]},
            "publisher": "RIFESS",
            "genre": "gravação de vídeo",
            "dimensions": "1:02:03",
            "note": "1:05",
            "URL": f"{AT}?t=65",
        }
    ]
