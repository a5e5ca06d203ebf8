"""Whatever stands in an address, the portal answers: with a page, a file, a refusal, never with an error of its own."""

import pytest
from django.urls import reverse
from django.utils import translation

from rifess.base.integers import whole_number
from rifess.links.fetch import _seconds
from tests.make import make_caption, make_document, make_person, make_recording, make_secretary

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("what databases take in a text or a number differs")]
VALUES = [
    "9" * 5000,
    "-1",
    "99999999999999999999",
    "²",
    "١٢",
    "\ud7ff",
    "' OR 1=1--",
    "999999h,999999h",
    "x\r\nX: y",
]
LISTS = {  # what may be asked; names in one row are asked together: no value is a choice of any, and one does not hide another
    "recordings:recordings": ["q transcript", "page", "sort person topic seminar country year language duration"],
    "recordings:documents": ["q", "page", "kind year topic language"],
    "events:seminars": ["q", "page", "year kind topic country format language"],
    "people": ["q", "page"],
    "account_login": ["next"],
    "contact": ["next"],
}
WORDLESS = ["%00", "a%00b", "%FF", "%C3%28", "a" * 5000, "%5C", "%250"]


@pytest.fixture(autouse=True)
def in_spanish():
    with translation.override("es"):
        yield


@pytest.fixture
def recording():
    recording = make_recording("https://medios.example/a.mp4", slug="cinta")
    make_caption(recording, (0, 2, "hola"))
    return recording


@pytest.mark.parametrize(("page", "rows"), LISTS.items(), ids=LISTS)
def test_a_list_answers_whatever_it_is_asked(client, page, rows):
    make_person()
    make_document()

    asked = [(names, value) for names in rows for value in VALUES]
    answers = {
        (names, value): client.get(reverse(page), dict.fromkeys(names.split(), value)).status_code for names, value in asked
    }

    assert {question: status for question, status in answers.items() if status not in {200, 404}} == {}


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_recording_answers_whatever_it_is_asked(client, recording, value):
    short, embed = (reverse(page, args=[recording.key]) for page in ("recording_by_key", "embed"))
    pages = [recording.get_absolute_url(), embed, reverse("recordings:citation", args=["cinta", "ris"])]

    assert {client.get(page, {"t": value, "lang": value}).status_code for page in pages} == {200}
    assert client.get(short, {"t": value}).headers["Location"].startswith(recording.get_absolute_url())


@pytest.mark.parametrize("value", ["\0", "a\0b"])
def test_an_address_with_a_character_that_no_text_has_is_refused(client, recording, value):
    asked = [(reverse(page), {names.split()[0]: value}) for page, rows in LISTS.items() for names in rows]
    asked += [(recording.get_absolute_url(), {"t": value}), (reverse("oembed"), {"url": value}), (reverse("home"), {value: "x"})]

    assert {client.get(page, query).status_code for page, query in asked} == {400}


@pytest.mark.parametrize("name", ["url", "format", "maxwidth", "maxheight"])
def test_oembed_answers_whatever_it_is_asked(client, recording, name):
    address = {"url": f"http://testserver/g/{recording.key}"}

    answers = {value: client.get(reverse("oembed"), address | {name: value}).status_code for value in VALUES}

    assert {value: status for value, status in answers.items() if status not in {200, 400, 404, 501}} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/{}",
        "/g/{}",
        "/embed/{}",
        "/es/{}/",
        "/es/grabaciones/{}/",
        "/es/grabaciones/cinta/citation.{}",
        "/es/grabaciones/cinta/es.floor.{}",
        "/es/grabaciones/feeds/seminar/{}.atom",
        "/es/personas/{}/",
        "/es/documentos/{}/",
        "/es/seminarios/{}/{}/",
        "/media/posters/{}/",
        "/media/documents/{}/",
        "/oembed?url=http://testserver/g/{}",
        "/oembed?url=http://testserver/es/grabaciones/{}/",
    ],
)
def test_an_address_that_is_none_is_not_found(client, recording, path):
    answers = {words: client.get(path.replace("{}", words)).status_code for words in WORDLESS}

    assert {words: status for words, status in answers.items() if status not in {400, 404}} == {}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://[",
        "http://testserver@sitio.example/g/{key}",
        "http://sitio.example/g/{key}",
        "//testserver.sitio.example/g/{key}",
        "http://testserver\\@sitio.example/g/{key}",
        "file:///g/{key}",
    ],
)
def test_oembed_describes_no_address_of_others(client, recording, url):
    assert client.get(reverse("oembed"), {"url": url.format(key=recording.key)}).status_code in {400, 404}


MANY_DIGITS = "9" * 5000  # more than Python converts


def test_number_of_thousands_of_digits_is_no_row_at_the_desk(client):
    client.force_login(make_secretary())
    asked = [
        reverse("admin:events_mailing_add", query={"seminar": MANY_DIGITS}),
        reverse("admin:events_mailing_change", args=[MANY_DIGITS]),
        reverse("admin:events_registration_changelist", query={"seminar": MANY_DIGITS}),
        reverse("admin:events_takingpart_change", args=[MANY_DIGITS]),
        reverse("admin:members_application_letter", args=[MANY_DIGITS]),
        reverse("admin:view_on_site", args=[MANY_DIGITS, "1"]),
    ]

    assert [client.get(address).status_code for address in asked] == [200, 302, 200, 302, 404, 404]


def test_only_plain_digits_of_a_key_are_a_number():
    assert {text: whole_number(text) for text in ("0", "12", "9" * 18)} == {"0": 0, "12": 12, "9" * 18: 10**18 - 1}
    assert {whole_number(text) for text in ("", "-1", "1.0", " 1", "٣", "²", "9" * 19, MANY_DIGITS)} == {None}
    assert _seconds(MANY_DIGITS) == _seconds("Fri, 31 Dec 1999 23:59:59 GMT") == 60 * 60
