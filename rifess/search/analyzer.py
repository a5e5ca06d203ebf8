"""What counts as the same word: one set of light rules for Spanish, Portuguese and English, for texts and questions alike.

Each word has two keys. The *stem* joins the forms of one word ("cooperativa", "cooperativas", "cooperativo"); the *cognate*
joins a word with its sisters in the other languages ("organización", "organização", "organization"). Rules are tried in
order and the first that fits is used. They work on folded words, so that accents never matter.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rifess.base.text.accent_folding import fold

LONGEST = 64  # letters of a word that are looked at
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # written without spaces: each sign is a word

# Initials with full stops are one word (E.U.A.), a possessive 's is none, an underscore is no letter.
WORD = re.compile(rf"((?:\b[^\W\d_]\.){{2,}}|[{CJK}]|[^\W_{CJK}]+)(?:['’]s\b)?")

# Words that say nothing by themselves in one of the languages, and are no other word in the rest.
STOP_WORDS = frozenset(
    """
    a al ante aos as ao com como con cual cuando da das de del desde do dos e el ela elas ele eles em en entre era es esa ese
    esta este esto eu ha hay isso isto la las le les lo los mas me mi muy na nas no nos nuestra nuestro o os ou para pela pelas
    pelo pelos pero por porque que quem se ser seu seus si sin sobre su sua suas sus também tambien tem ter um uma umas una unas
    uno unos uns y ya
    about an and are at be been but by for from had has have he her his if in into is it its my not of on or our she so that the
    their there they this to us was we were which who will with you your
    """.split()  # noqa: SIM905  (a list of words is read as a text)
)

PLURALS = (
    ("coes", "cao"),
    ("soes", "sao"),
    ("ioes", "iao"),
    ("oes", "ao"),
    ("ciones", "cion"),
    ("siones", "sion"),
    ("genes", "gen"),
    ("gens", "gem"),
    ("ies", "y"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("xes", "x"),
    ("eses", "es"),
    ("ses", "s"),
)
COGNATE_PLURALS = (
    ("ciones", "cion"),
    ("coes", "cao"),
    ("tions", "tion"),
    ("siones", "sion"),
    ("sions", "sion"),
    ("soes", "sao"),
    ("ioes", "iao"),
    ("oes", "ao"),
    ("dades", "dad"),
    ("ties", "ty"),
    ("ries", "ry"),
    ("cies", "cy"),
    ("ies", "y"),
    ("bles", "ble"),
    ("veis", "vel"),
    ("ciais", "cial"),
    ("nais", "nal"),
    ("rais", "ral"),
    ("tais", "tal"),
    ("ais", "al"),
    ("ajes", "aje"),
    ("genes", "gen"),
    ("gens", "gem"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("xes", "x"),
)
# What one ending of Latin has become in the three languages: "-ción", "-ção", "-tion".
ENDINGS = (
    ("isation", "izacion"),
    ("cional", "cional"),
    ("tional", "cional"),
    ("stion", "stion"),
    ("stao", "stion"),
    ("cion", "cion"),
    ("cao", "cion"),
    ("tion", "cion"),
    ("ssion", "sion"),
    ("sion", "sion"),
    ("sao", "sion"),
    ("xao", "xion"),
    ("iao", "ion"),
    ("iedade", "idad"),
    ("iedad", "idad"),
    ("idade", "idad"),
    ("idad", "idad"),
    ("iety", "idad"),
    ("ity", "idad"),
    ("dade", "dad"),
    ("miento", "ment"),
    ("mento", "ment"),
    ("ment", "ment"),
    ("vel", "bl"),
    ("ble", "bl"),
    ("encia", "enci"),
    ("ency", "enci"),
    ("ence", "enci"),
    ("ancia", "anci"),
    ("ancy", "anci"),
    ("ance", "anci"),
    ("anza", "anci"),
    ("anca", "anci"),
    ("icia", "ic"),
    ("icio", "ic"),
    ("ice", "ic"),
    ("ical", "ic"),
    ("ica", "ic"),
    ("ico", "ic"),
    ("ics", "ic"),
    ("ic", "ic"),
    ("iva", "iv"),
    ("ivo", "iv"),
    ("ive", "iv"),
    ("osa", "os"),
    ("oso", "os"),
    ("ous", "os"),
    ("ismo", "ism"),
    ("ista", "ist"),
    ("agem", "ag"),
    ("aje", "ag"),
    ("age", "ag"),
    ("iero", "er"),
    ("iera", "er"),
    ("eiro", "er"),
    ("eira", "er"),
    ("ario", "ari"),
    ("aria", "ari"),
    ("ary", "ari"),
    ("orio", "ori"),
    ("oria", "ori"),
    ("ory", "ori"),
    ("ia", "i"),
    ("io", "i"),
    ("y", "i"),
)
# Letters that the languages write differently for what was one sound, from the first rule to the last.
SOUNDS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"nm", "m"),  # inmigración, imigração
        (r"([bcdfghjklmnpqstvwxyz])\1", r"\1"),  # but not rr: ahorro is not ahora
        (r"ee", "e"),  # empreendimento
        (r"ph", "f"),
        (r"th", "t"),
        (r"ch(?=[nr])", "c"),  # technology
        (r"nh", "n"),
        (r"lh", "j"),  # trabalho, trabajo
        (r"qua", "cua"),
        (r"sc(?=[ei])", "c"),  # crescimento
        (r"[cp]t", "t"),  # actividad, atividade
        (r"y", "i"),
        (r"v", "b"),
        (r"^e(?=s[bcdfghjklmnpqrtvxz])", ""),  # estrategia, strategy
        (r"(?<=[bcdfgjlmnpqrstvz])ie(?=[bcdfglmnprstvz])", "e"),  # gobierno, governo
        (r"(?<=[bcdfhjlmnprstvz])ue(?=[bcdfglmnprstvz])", "o"),
    )
)


class Token(NamedTuple):
    """A word of a text: its keys, and where it stands (`text[start:end]`)."""

    stem: str
    cognate: str
    word: str  # folded
    written: str
    start: int = 0
    end: int = 0

    @property
    def is_stop_word(self):
        return self.word in STOP_WORDS


def composed(text):
    """`text` with each accented letter as one character, as words are looked for in it."""
    return unicodedata.normalize("NFC", text)


def tokens(text):
    """The words of a composed `text`, in order."""
    return [Token(*keys(found[1]), found[1], found.start(1), found.end(1)) for found in WORD.finditer(text)]


@lru_cache(200_000)
def keys(written):
    """The stem, the cognate and the folded form of a word as it is written."""
    word = fold(written.replace(".", ""))[:LONGEST]
    return stem(word), cognate(word), word


def stem(word):
    """What the forms of a folded word share."""
    if len(word) < 4:
        return word
    word = _singular(word, PLURALS)
    if len(word) > 4 and word[-1] in "aoe":
        word = word[:-1]
    if len(word) > 4 and word[-1] == "y":
        word = word[:-1] + "i"
    return word


def cognate(word):
    """What a folded word shares with its sisters in the other languages."""
    if len(word) < 4:
        return word.replace("y", "i")
    word = _singular(word, COGNATE_PLURALS)
    ended = _with_ending(word, ENDINGS)
    if ended != word:
        word = ended
    elif len(word) > 4 and word[-1] in "aoe":
        word = word[:-1]
    for pattern, letters in SOUNDS:
        word = pattern.sub(letters, word)
    return word


def _singular(word, plurals):
    single = _with_ending(word, plurals)
    if single != word:
        return single
    if len(word) > 4 and word.endswith("es") and word[-3] in "rldnz":
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def _with_ending(word, endings):
    """`word` with the first of `endings` that it has, and two letters before it, changed."""
    for old, new in endings:
        if word.endswith(old) and len(word) - len(old) >= 2:
            return word[: -len(old)] + new
    return word
