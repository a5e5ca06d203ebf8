"""What is written inside a cue: tags, voices, and letters spelled as `&amp;`."""

import re
from html import unescape
from html.entities import html5

from recordings.captions.cues import tidy

TAG = re.compile(
    r"""
      <\s{0,20}[0-9]{1,9}:[0-9:.,]{1,30}\s{0,20}>               # <00:00:01.000>, when a word is said
    | </(?P<closed>[^<>]*)>
    | <(?P<opened>[A-Za-z][A-Za-z0-9]{0,30})(?P<rest>[.\s/][^<>]*)?>
    """,
    re.VERBOSE,
)
STAMP = re.compile(r"<[0-9]{1,9}:[0-9:.,]{1,30}>")
UNCLOSED = re.compile(r"<(?:/?(?:c|i|b|u|v|lang|ruby|rt|font)(?:[.\s]|$)|[0-9]{1,9}:)[^<\n]{0,20}", re.IGNORECASE)
SUBSTATION = re.compile(r"\{\\[^{}\n]*\}")  # {\an8} in SRT
REFERENCE = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,30}));")
MISREAD_IN_SRT = re.compile(r"&(?=#?[A-Za-z0-9]{1,31};)|<(?=[/A-Za-z]|\s{0,20}[0-9])|\{(?=\\)")


def voices(text):
    """Who says what in a cue's text: pairs of speaker and plain words, in order.

    WebVTT's voices end at `</v>` or where the next begins. All other tags go and their words stay, `<br>` is a new line, and
    letters are decoded once. A `<` that begins no tag is itself: players drop what follows it, and we keep every word.
    """
    for speaker, words in _said(text):
        plain = tidy(decode(words))
        if plain:
            yield speaker, plain


def _said(text):
    voice, words, position = None, [], 0
    for tag in TAG.finditer(text):
        words.append(text[position : tag.start()])
        position = tag.end()
        name = (tag["opened"] or "").lower()
        if name == "br":
            words.append("\n")
        elif name == "v" or _closes_voice(tag):
            if any(words):  # a file may open a million voices that say nothing
                yield _annotation(voice), "".join(words)
            voice, words = tag if name == "v" else None, []
    yield _annotation(voice), "".join([*words, text[position:]])


def _closes_voice(tag):
    return re.split(r"[.\s]", (tag["closed"] or "").strip(), maxsplit=1)[0].lower() == "v"


def _annotation(tag):
    """The name in `<v.loud Ana Ruiz>`; none without a voice."""
    if tag is None:
        return ""
    _classes, _space, name = re.sub(r"\s+", " ", tag["rest"] or "").partition(" ")
    return " ".join(tidy(decode(name)).split())


def unclosed(text):
    """The first known tag that no `>` closes: its line in `text`, from 0, and itself. Players hide what follows it."""
    rest = TAG.sub(lambda tag: "\n" * tag[0].count("\n"), text)
    found = UNCLOSED.search(rest)
    return (rest.count("\n", 0, found.start()), found[0]) if found else None


def has_word_times(text):
    return STAMP.search(text) is not None


def without_overrides(text):
    return SUBSTATION.sub("", text)


def decode(text):
    """Letters for `&amp;`, `&nbsp;`, `&#8212;`…, once; what is no reference stays as it is."""
    return REFERENCE.sub(lambda found: unescape(found[0]) if _is_reference(found) else found[0], text)


def _is_reference(found):
    return found["name"] is None or found["name"] + ";" in html5


def encode(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encode_for_srt(text):
    """SRT has no way to write signs: they stay as they are, except where they would be read as something else."""
    return MISREAD_IN_SRT.sub(lambda sign: f"&#{ord(sign[0])};", text).replace("-->", "--&gt;")
