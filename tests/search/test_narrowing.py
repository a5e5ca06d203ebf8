"""Lists narrowed by words are answered by the index: no statement compares the texts of rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rifess.search.index import Thing, write
from rifess.search.matching import found_by, tier_of
from rifess.search.models import Entry
from rifess.search.narrowing import MOST_WORDS, ids_with_words, with_word, words_of
from rifess.search.query import parse
from tests.make import make_delegate_user

pytestmark = pytest.mark.django_db
PUBLIC_BOXES = ("events:seminars", "recordings:recordings", "recordings:documents", "people")
DELEGATES_BOXES = ("delegation:directory", "delegation:agreements")


def found(word, **where):
    return list(
        Entry.objects.filter(kind="document", object_id__in=ids_with_words("document", [word], **where)).values_list(
            "object_id", flat=True
        )
    )


def test_a_word_its_forms_and_its_beginning_find_a_row():
    write(
        [
            Thing("document", 1, ["A/RES/77/281", "Cooperativas de Ñuñoa"], people="Héctor Álvarez", body="Economía"),
            Thing("recording", 2, "Cooperativas"),
        ]
    )

    for word in ("cooperativa", "COOPERATIVAS", "coop", "alvarez", "álvare", "77/281", "a/res", "(Ñuñoa)", "econom"):
        assert found(word) == [1], word
    for word in ("%", "_", "'", "\x00", "☕", "77/282", "281/77", "operativas", "e"):
        assert found(word) == [], word
    assert found("hector", fields=("title",)) == []
    for words, holds in ((["hector", "coop"], True), (["hector", "77/282"], False), (["hector", "%"], False)):
        assert ids_with_words("document", words).exists() is holds, words


def test_only_the_first_words_count_and_each_is_looked_at_up_to_a_limit():
    assert len(words_of("a " * 10_000)) == MOST_WORDS
    assert len(words_of("a" * 10_000)[0]) == 100
    assert words_of(None) == words_of("  ") == []
    assert not Entry.objects.filter(with_word("document", "x" * 10_000)).exists()


def test_no_list_with_a_box_compares_the_texts_of_rows(client):
    """LIKE over columns costs what the archive holds, and anybody can ask for it."""
    client.force_login(make_delegate_user())
    pages = [reverse(name) for name in (*PUBLIC_BOXES, *DELEGATES_BOXES)]

    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page, {"q": "django cooperativa"})
        statements = " ".join(query["sql"] for query in asked)

        assert answer.status_code == 200, page
        assert "search_entry" in statements, page
        assert not any(sign in statements for sign in ("LIKE", " ~ ")), page


def test_the_table_of_entries_is_read_once_however_frequent_a_word_is():
    query = parse("cooperativa social")

    searched = str(Entry.objects.filter(found_by(query)).annotate(tier=tier_of(query)).query)
    narrowed = str(ids_with_words("recording", ["cooperativa", "social"]).query)

    assert [len(re.findall(r'FROM "?search_entry\b', sql)) for sql in (searched, narrowed)] == [1, 1]
