"""Tables as programs save them: the encodings of their text, and the signs that one of them was not the right one."""

import codecs
import re

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


def decoded(data):
    """The text in `data`: UTF-16 where it says so, UTF-8 with or without a mark, or what Excel saves (CP1252). None: no text."""
    for encoding in ["utf-16"] if data.startswith(UTF16) else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


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
