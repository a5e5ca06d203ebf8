"""What a person types is understood, whatever it is."""

import pytest
from django.utils import translation

from rifess.search.query import MOST_CHARACTERS, MOST_WORDS, parse


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def said(terms):
    """Terms as short texts: phrases in quotes, unfinished words with a star."""
    texts = (" ".join(word.word for word in term.words) + ("*" if term.is_prefix else "") for term in terms)
    return [f'"{text}"' if term.is_phrase else text for text, term in zip(texts, terms, strict=True)]


def understood(text, **asked):
    query = parse(text, **asked)
    return said(query.terms), said(query.excluded)


@pytest.mark.parametrize(
    "text, terms, excluded",
    [
        ("agua limpia", ["agua", "limpia"], []),
        ('"agua limpia" ya', ['"agua limpia"'], []),
        ("«agua limpia» “otra cosa”", ['"agua limpia"', '"otra cosa"'], []),
        ('"agua limpia', ['"agua limpia"'], []),
        ('agua"limpia"', ["agua", '"limpia"'], []),
        ("agua -limpia", ["agua"], ["limpia"]),
        ('agua -"muy limpia" --turbia', ["agua"], ['"muy limpia"', "turbia"]),
        ("agua –limpia", ["agua"], ["limpia"]),
        ("agua - limpia", ["agua", "limpia"], []),
        ("socio-económico", ['"socio economico"'], []),
        ("A/RES/77/281", ['"a res 77 281"'], []),
        ("la ley de la tierra", ["ley", "tierra"], []),
        ("de la", ["de", "la"], []),
        ('"de la tierra"', ['"de la tierra"'], []),
        ('"" agua', ["agua"], []),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(text, terms, excluded):
    assert understood(text) == (terms, excluded)


@pytest.mark.parametrize(
    "text, terms",
    [
        ("agua lim", ["agua", "lim*"]),
        ("agua li", ["agua", "li"]),
        ("agua limpia ", ["agua", "limpia"]),
        ('"agua limpia"', ['"agua limpia"']),
        ('"agua lim', ['"agua lim*"']),
        ("agua y", ["agua"]),
        ("-agu", []),
    ],
)
def test_the_last_word_may_be_unfinished_while_typing(text, terms):
    assert understood(text, prefix=True)[0] == terms


def test_expressions_of_the_thesaurus_are_taken_together_outside_quotes():
    thesaurus = {("comerci", "just"): (("fair", "trad"),), ("comerci",): (("trad",),)}

    query = parse('comercios justos "comercio justo" comercio', thesaurus=thesaurus)

    assert said(query.terms) == ["comercios justos", '"comercio justo"', "comercio"]
    assert [term.alternatives for term in query.terms] == [(("fair", "trad"),), (), (("trad",),)]


HOSTILE = [
    "",
    "   ",
    "'",
    '"',
    '""',
    '"""""',
    "-",
    "--",
    '-"',
    '-""',
    "*",
    "***",
    "a*",
    "^agua",
    "title:agua",
    "{title} : agua",
    "agua AND",
    "AND",
    "OR OR OR",
    "NOT agua",
    "NEAR(agua tierra, 5)",
    "(agua",
    "agua)",
    "agua & tierra | !fuego <-> aire",
    "agua:*",
    "'agua':1A",
    "\\",
    "\\'; DROP TABLE search_entry; --",
    "%",
    "%s %(x)s",
    "agua % tierra",
    "_",
    "\0",
    "agua\0tierra",
    "\x01\x02\x1b[31m",
    "agua\r\ntierra\ttres",
    "\ud800",
    "\u202eagua",
    "\ufeffagua",
    "😀 👩‍🌾",
    "e\u0301" * 300,
    "a" * 10_000,
    "agua " * 2_000,
    '"agua ' * 2_000,
    "-" * 10_000,
    '"' * 10_000,
    "agua " + "x" * 9_995,
    "١٢٣ ½ ² Ⅷ",
    "합작사 עברית العربية हिन्दी ไทย",
    "ﬁnanzas ＡＧＵＡ",
    "İ ı ß ẞ ŉ",
    "-agua",
    '-agua -"otra cosa"',
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:30]))
@pytest.mark.parametrize("prefix", [False, True])
def test_nothing_typed_is_an_error(text, prefix):
    query = parse(text, prefix=prefix)

    assert sum(len(term.words) for term in (*query.terms, *query.excluded)) <= MOST_WORDS
    assert len(query.text) <= MOST_CHARACTERS


def test_what_was_left_out_is_said():
    assert parse("agua " * 13).notice == "Only the first 12 words were searched."
    assert parse("a" * 301).notice == "Only the first 300 characters were searched."
    assert parse("-agua").notice == "Enter at least one word to look for, besides those to leave out."
    assert parse("agua " * 12).notice == parse("").notice == ""
