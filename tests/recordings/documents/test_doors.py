"""Every role at every door of every kind of document. One table says who reads what; each check is made from it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import Audience, DelegateRole
from rifess.portal.search.sync import paused
from tests.base.samples import PDF
from tests.make import (
    make_delegate_user,
    make_document,
    make_editor,
    make_institution,
    make_membership,
    make_secretary,
    make_seminar,
    make_topic,
    make_user,
    make_version,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.one_database("every role at every door: the querysets that decide are tested on both in test_documents.py"),
]

ROLES = {
    "visitor": lambda: None,
    "account without a mandate": make_user,
    "mandate that ended": lambda: make_delegate_user(ended_on=date(2024, 6, 1)),
    "mandate to come": lambda: make_delegate_user(starts_on=date(2999, 1, 1)),
    "observer's delegate": lambda: make_delegate_user("observer"),
    "partner's contact": lambda: make_delegate_user("partner"),
    "member's alternate": lambda: make_delegate_user(role=DelegateRole.ALTERNATE),
    "member's technical contact": lambda: make_delegate_user(role=DelegateRole.TECHNICAL),
    "member's titular": make_delegate_user,
    "staff without a second factor": lambda: make_secretary(second_factor=False),
    "editor": make_editor,
    "secretary": make_secretary,
}
DESK = {"editor", "secretary"}
MEMBERS = DESK | {"member's titular", "member's alternate", "member's technical contact"}
BOTH = MEMBERS | {"observer's delegate"}
ALL = set(ROLES)
READ_BY = {  # each document by a word of its own, and who reads it
    "abierto": (ALL, {"audience": Audience.EVERYONE}),
    "observado": (BOTH, {"audience": Audience.MEMBERS_AND_OBSERVERS}),
    "interno": (MEMBERS, {"audience": Audience.MEMBERS}),
    "secreto": (DESK, {"audience": Audience.SECRETARIAT}),
    "borrador": (DESK, {"audience": Audience.EVERYONE, "kind": "minutes", "state": "draft"}),
    "circulado": (MEMBERS, {"audience": Audience.EVERYONE, "kind": "minutes", "state": "circulated"}),
    "aprobado": (BOTH, {"audience": Audience.MEMBERS_AND_OBSERVERS, "kind": "minutes", "state": "approved"}),
    "ponencia": (MEMBERS, {"audience": Audience.EVERYONE, "seminar": {"audience": Audience.MEMBERS}}),
    "adelanto": (DESK, {"audience": Audience.EVERYONE, "seminar": {"published_at": None}}),
}
FOR_ALL = {word for word, (readers, _given) in READ_BY.items() if readers == ALL}


@pytest.fixture
def kept(index_follows):
    """One of each, with two versions, of an institution that everyone sees, about a topic that everyone sees."""
    institution, topic = make_institution(slug="instituto", name="Instituto"), make_topic(slug="tema")
    make_membership(category="observer", institution=institution)
    make_seminar().topics.add(topic)
    with paused():
        for word, (_readers, given) in READ_BY.items():
            given = given | ({"seminar": make_seminar(**given["seminar"])} if "seminar" in given else {})
            given |= {"institution": institution, "is_milestone": True, "dated_on": date(2024, 5, 3)}
            state = given.pop("state", "draft" if given.get("kind") == "minutes" else "")
            document = make_document(
                title=f"Titulo{word}", slug=word, url="", symbol=f"S/{word}", state="draft" if state else "", **given
            )
            document.topics.add(topic)
            make_version(document, name=f"{word}.pdf")
            make_version(document, content=PDF + b"%2\n", name=f"{word}.pdf")
            document.state = state  # from now on: the text of approved minutes does not change
            document.save()
    with translation.override("es"):
        yield


def words_in(answer):
    text = answer.getvalue().decode(errors="replace")
    return {word for word in READ_BY if f"Titulo{word}" in text or f"/{word}/" in text or f"{word}.pdf" in text}


def told_by(client, page, **asked):
    """The documents of which a page tells."""
    return words_in(client.get(reverse(*page, query=asked)))


def given_by(client, page, *numbers, method="get", status=200, **headers):
    """The documents whose own door answers `status`."""
    asked = {word: getattr(client, method)(reverse(page, args=[word, *numbers]), headers=headers) for word in READ_BY}
    assert {answer.status_code for answer in asked.values()} <= {status, 404}
    return {word for word, answer in asked.items() if answer.status_code == status}


PAGES = {
    "list": lambda client: told_by(client, ["recordings:documents"]),
    "list narrowed down": lambda client: told_by(client, ["recordings:documents"], topic="tema", file="on"),
    "list by words": lambda client: told_by(client, ["recordings:documents"], q="titulo"),
    "detail": lambda client: given_by(client, "recordings:document"),
    "file": lambda client: given_by(client, "document_file"),
    "file, only its head": lambda client: given_by(client, "document_file", method="head"),
    "file, a part": lambda client: given_by(client, "document_file", status=206, range="bytes=0-4"),
    "file, by its number": lambda client: given_by(client, "document_version", 2),
    "search": lambda client: told_by(client, ["search"], q="S"),
    "institution": lambda client: told_by(client, ["institution", None, ["instituto"]]),
    "network": lambda client: told_by(client, ["network"]),
}
SITEMAP = {"sitemap": lambda client: told_by(client, ["sitemap-of", None, ["documents"]])}
SILENT = {
    "feed of recordings": lambda client: told_by(client, ["recordings:feed", None, ["atom"]]),
    "feed of a search": lambda client: told_by(client, ["search-feed", None, ["atom"]], q="S"),
    "people": lambda client: told_by(client, ["people"]),
    "nowhere": lambda client: words_in(client.get("/es/no-hay/")),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_told_and_given_what_is_for_it_at_every_door(client, kept, role):
    if user := ROLES[role]():
        client.force_login(user)

    found = {door: knock(client) for door, knock in (PAGES | SITEMAP | SILENT).items()}
    older = given_by(client, "document_version", 1)

    theirs = {word for word, (readers, _given) in READ_BY.items() if role in readers}
    expected = {door: theirs for door in PAGES} | {door: FOR_ALL for door in SITEMAP} | {door: set() for door in SILENT}
    assert found == expected
    assert older == (theirs if role in DESK else set())


OFFERED = {
    "desk": ["everyone", "members-and-observers", "members", "secretariat"],
    "members": ["everyone", "members-and-observers", "members"],
    "observers": ["everyone", "members-and-observers"],
    "others": [],
}


def readers_of(role):
    groups = {"desk": DESK, "members": MEMBERS, "observers": BOTH}
    return next((name for name, roles in groups.items() if role in roles), "others")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_offered_only_the_readers_it_belongs_to(client, kept, role):
    if user := ROLES[role]():
        client.force_login(user)

    form = client.get(reverse("recordings:documents")).context["filter"].form

    field = form.fields.get("audience")
    offered = [value for value, _label in field.choices if value] if field else []
    assert offered == OFFERED[readers_of(role)]
