"""Caption files as they are uploaded: what their names tell, and what is in them."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings import captions
from recordings.models import CaptionKind, RecordingTrack
from rifess.base.folding import fold

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
    recording tells the language, "twice" for two of one language and kind, "ending", "too_many", and those of `captions.read`.
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
    language = language_in(file.name) or _only(languages)
    if not language:
        sentence = _("Say the language in the file's name, as in charla.es.vtt or charla.pt-BR.srt.")
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


def _only(languages):
    return next(iter(languages)) if len(languages) == 1 else ""


def _refuse_twice(file, other):
    if other:
        sentence = _("It gives the same language and kind as %(other)s: upload one of the two.")
        raise ValidationError(sentence, code="twice", params={"other": other.name})


def _of_file(name, error):
    """`error` as a sentence that names the file; its code and its line stay."""
    params = {**(error.params or {}), "file": name, "sentence": error.messages[0]}
    return ValidationError("%(file)s: %(sentence)s", code=error.code, params=params)
