"""Tables as programs save them: the encodings of their text, and the signs that one of them was not the right one."""

import codecs
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FOLLOWING = "".join(map(chr, range(0x80, 0xC0))) + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
ENCODED_TWICE = re.compile(  # UTF-8 read as Windows-1252 or Latin-1, Mac Roman, CP850 or Windows-1251
    f"[ÂÃÄÅ][{re.escape(FOLLOWING)}]|â€|[a-zà-ÿ]Ã|√[^\\s\\d(]|[A-Za-z][├┬]|├ü|[A-Za-z][ГВ]|\\bГ.[a-z]"
)
BROKEN = re.compile(  # letters as no language of the Network has them
    r"\ufffd"  # a letter was lost
    r"|(?<=[^\W\d_])[‚ƒ„†‡ˆ‰‹›™¡¢£¤¥¦§¨©¬®¯±²³´µ¶¸¹¼½¾¿×÷?](?=[a-zà-ÿ])"  # a sign within a word: CP850, Mac Roman, a lost letter
    # Mac Roman and CP850 read as Windows-1252
    r"|(?<=[a-zà-ÿœ])(?:–(?:as?|os?|ora?|oz|es?|ez|ola?|era)|—(?:ne?s?|mez|pez|s))\b"  # ñ and ó of Mac Roman, not a dash
    r"|(?<=[a-zà-ÿ])[ŽŸÆ]|(?<=[a-z])œ(?![iut])|[¢£]¤|(?<=[a-zà-ÿ])[‚‡¢£¤](?!\w)"  # é, ü, ã, ú; at the end of a word é, ç, ó, ñ
    r"|\bç[b-df-hj-np-tv-z]|\bµ[a-z]{3}"  # Á at the beginning of one
    r"|(?<=[A-ZÀ-Þ])[¥¤ƒ‡](?=[A-ZÀ-Þ])"  # Ñ of CP850 in capitals
    r"|\b[À-ÖØ-öø-ÿ]{4,}\b"  # nothing but accents: letters of another script
)
AS_CODES = re.compile(  # letters as programs spell them for one another: HTML, mail, addresses
    r"&(?:#\d{2,5}|#x[0-9a-f]{2,4}|[a-z](?:acute|grave|tilde|uml|circ|cedil|ring)|quot|amp|nbsp);|[=%]C3[=%][89AB][0-9A-F]",
    re.IGNORECASE,
)
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LOOKED_AT = 4_000  # bytes, a multiple of four


def decoded(data):
    """The text in `data`: UTF-16 where it says so, UTF-8 with or without a mark, or what Excel saves (CP1252). None: no text.

    Raises ValidationError (code "unmarked") for UTF-16 that does not say so, and for UTF-32.
    """
    for encoding in ["utf-16"] if data.startswith(UTF16) else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    if _has_wide_letters(data):
        sentence = _("This text is in UTF-16 without the mark that says so, or in UTF-32. Save it as UTF-8 and upload it again.")
        raise ValidationError(sentence, code="unmarked")
    return None


def _has_wide_letters(data):
    """Whether `data` is words in UTF-16 or UTF-32: empty bytes beside letters, and nothing in it that is no letter."""
    head = data[:LOOKED_AT]
    head = head[: len(head) // 4 * 4]
    if head.count(0) * 3 < len(head):
        return False
    for encoding in ("utf-32", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        plain = sum(letter.isascii() and (letter.isprintable() or letter.isspace()) for letter in text)
        if plain * 3 >= len(text) > 0 and "\0" not in text and "\ufffd" not in text:
            return True
    return False


def looks_misread(text):
    """Whether words in `text` were encoded twice ("JosÃ©"), decoded as what they are not ("Jos‚", "Èâàí", "Espa?a"), or left as
    codes ("Jos&eacute;", "Jos=C3=A9").
    """
    return bool(BROKEN.search(text) or ENCODED_TWICE.search(text) or AS_CODES.search(text) or is_encoded_twice(text))


def is_encoded_twice(text):
    """Whether the letters of `text`, of whatever script it was, are the bytes of UTF-8: by chance they never are."""
    if text.isascii():
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            text.encode(encoding).decode()
        except UnicodeError:
            continue
        return True
    return False
