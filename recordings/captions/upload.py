"""Caption files as they are uploaded: what their names tell, and what is in them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _

from recordings import captions
from recordings.models import CaptionKind, RecordingTrack
from rifess.base.text.accent_folding import fold
from rifess.base.text.languages import LANGUAGES as WORLD

MOST = 30
ENDINGS = {".vtt", ".srt"}
NAMES = {
    "es": "es spa espanol castellano espanhol spanish",
    "pt-BR": "pt por portugues portuguese",
    "en": "en eng ingles english",
    "fr": "fr fra fre frances francais french",
    "ca": "ca cat catalan catala",
    "gn": "gn grn guarani",
    "qu": "qu quechua",
    "ay": "ay aym aymara",
}
LANGUAGES = {word: code for code, words in NAMES.items() for word in words.split()}
INTERPRETED, TRANSLATED = "interp[a-z]*", "trad[a-z]*|transl[a-z]*"
ASIDE = rf"{INTERPRETED}|{TRANSLATED}|orig|original|auto|cc|sdh|sub|subs|subtitulos|legendas|subtitles|captions|transcript"
LAST_WORD = re.compile(
    rf"(?:^|[^a-z0-9])(?P<language>{'|'.join(LANGUAGES)})(?:[-_](?:[a-z]{{2}}|[0-9]{{3}}))?(?:[^a-z0-9]+(?:{ASIDE}))*[^a-z0-9]*$"
)
IS_ASIDE = re.compile(ASIDE)
WITHOUT_ASIDES = re.compile(rf"(?:[^a-z0-9]+(?:{ASIDE}))*[^a-z0-9]*$")
CODE_AT_THE_END = re.compile(r"(?:^|(?P<mark>[^a-z0-9]))(?P<word>(?P<code>[a-z]{2,3})(?:[-_](?:[a-z]{2}|[a-z]{4}|[0-9]{3}))?)$")
OF_THREE_LETTERS = {
    *["ara", "ces", "chi", "deu", "ell", "eus", "fin", "ger", "glg", "heb", "hun", "ita"],
    *["jap", "jpn", "kor", "nld", "pol", "ron", "rus", "swe", "tur", "ukr", "zho"],
}
KINDS = {
    CaptionKind.INTERPRETATION: re.compile(rf"(?:^|[^a-z])(?:{INTERPRETED})(?:$|[^a-z])"),
    CaptionKind.TRANSLATION: re.compile(rf"(?:^|[^a-z])(?:{TRANSLATED})(?:$|[^a-z])"),
}


@dataclass(frozen=True)
class CaptionFile:
    """A file that was read: its name and bytes as they came, its language (BCP 47) and kind, and what it says."""

    name: str
    data: bytes
    language: str
    kind: str
    captions: captions.Captions


def read_files(files, *, languages, track=RecordingTrack.FLOOR):
    """The CaptionFiles of uploaded `files` for a recording on which `languages` are heard.

    Raises ValidationError with a sentence for each file that is wrong. Codes: "language" when neither its name nor the
    recording tells the language, or its name seems to say one that is not understood; "twice" for two of one language and kind,
    "ending", "too_many", and those of `captions.read`.
    """
    if len(files) > MOST:
        raise ValidationError(_("At most %(most)d files at once."), code="too_many", params={"most": MOST})
    read, mistakes = {}, []
    for file in files:
        try:
            each = read_file(file, languages=languages, track=track)
            _refuse_twice(each, read.get((each.language, each.kind)))
            read[each.language, each.kind] = each
        except ValidationError as mistake:
            mistakes += [_of_file(file.name, error) for error in mistake.error_list]
    if mistakes:
        raise ValidationError(mistakes)
    return list(read.values())


def read_file(file, *, languages, track=RecordingTrack.FLOOR):
    """The CaptionFile of one uploaded `file`, whose content says first what it is. Raises ValidationError (see `read_files`)."""
    data, said = read_bytes(file)
    if PurePosixPath(file.name).suffix.lower() not in ENDINGS:
        sentence = _(
            "These are captions, but the name of the file does not say so: let it end in .vtt or .srt, and upload it again."
        )
        raise ValidationError(sentence, code="ending")
    language = language_in(file.name) or _only_unless_said(languages, file.name)
    if not language:
        sentence = _("Say the language in the file’s name, as in charla.es.vtt or charla.pt-BR.srt.")
        raise ValidationError(sentence, code="language")
    return CaptionFile(file.name, data, language, kind_in(file.name, language, languages, track), said)


def read_bytes(file):
    """The bytes of an uploaded `file` and the Captions in them; no more is read than a caption file may have."""
    file.seek(0)
    data = file.read(captions.MAX_BYTES + 1)
    return data, captions.read(data, name=file.name)


def language_in(name):
    """The language that a file's `name` ends with: charla.pt-BR.vtt, charla_es.srt, Charla (Spanish).vtt, charla.en.auto.vtt."""
    found = LAST_WORD.search(_folded(name))
    return LANGUAGES[found["language"]] if found else ""


def kind_in(name, language, languages, track):
    """What the name says; else what was said on this track if `language` is heard there, or a translation of it."""
    for kind, words in KINDS.items():
        if words.search(_folded(name)):
            return kind
    if languages and language not in languages:
        return CaptionKind.TRANSLATION
    return CaptionKind.INTERPRETATION if track == RecordingTrack.INTERPRETED else CaptionKind.FLOOR


def _folded(name):
    return fold(PurePosixPath(name).stem)


def _only_unless_said(languages, name):
    """The only one of `languages`, for a `name` that says none. Raises ValidationError (code "language") if it does."""
    if word := unknown_language_in(name):
        sentence = _(
            "Its name seems to say a language, “%(word)s”, which is not understood there. Say one of the portal at the end of the"
            " name, as in charla.es.vtt or charla.pt-BR.srt, or leave it out."
        )
        raise ValidationError(sentence, code="language", params={"word": word})
    return next(iter(languages)) if len(languages) == 1 else ""


def unknown_language_in(name):
    """The word of a file's `name` that seems to say a language, or "": a code at its end, or a language's name anywhere."""
    words = [word for word in re.split(r"[^a-z0-9-]+", _folded(name)) if word]
    while words and IS_ASIDE.fullmatch(words[-1]):
        words.pop()
    last = CODE_AT_THE_END.search(WITHOUT_ASIDES.sub("", _folded(name)))
    if last and (last["mark"] == "." or last["code"] in _codes()):
        return last["word"]
    return next((part for word in words for part in [word, *word.split("-")] if part in _language_names()), "")


@cache
def _codes():
    """Codes of the world's languages, as files have them: of two letters and, of the most frequent, of three."""
    return {code.partition("-")[0] for code in LANG_INFO} | {code.lower() for code, _name in WORLD} | OF_THREE_LETTERS


@cache
def _language_names():
    """Names of languages, folded: their own, and those in the languages of the portal. Of one word and four letters at least."""
    names = {word for words in NAMES.values() for word in words.split()}
    for code, info in LANG_INFO.items():
        if "name" not in info:
            continue
        names |= {info["name"], info["name_local"]}
        for ours, _label in settings.LANGUAGES:
            with override(ours):
                names.add(get_language_info(code)["name_translated"])
    return {folded for name in names if len(folded := fold(str(name))) > 3 and folded.isalpha()}


def _refuse_twice(file, other):
    if other:
        sentence = _("It gives the same language and kind as %(other)s: upload one of the two.")
        raise ValidationError(sentence, code="twice", params={"other": other.name})


def _of_file(name, error):
    """`error` as a sentence that names the file; its code and its line stay."""
    params = {**(error.params or {}), "file": name, "sentence": error.messages[0]}
    return ValidationError("%(file)s: %(sentence)s", code=error.code, params=params)
