"""Tables as programs save them: the encodings of their text, and the signs that one of them was not the right one."""

import codecs
import re

FOLLOWING = "".join(map(chr, range(0x80, 0xC0))) + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
ENCODED_TWICE = re.compile(f"[ÂÃÄÅ][{re.escape(FOLLOWING)}]|â€|[a-zà-ÿ]Ã")  # UTF-8 read as Windows-1252 or Latin-1
BROKEN = re.compile(  # letters as no language of the Network has them
    r"\ufffd"  # a letter was lost
    r"|(?<=[^\W\d_])[‚ƒ„†‡ˆ‰‹¡¢£¤¥¦§¨©¬®¯±²³´µ¶¸¹¼½¾¿×÷?](?=[a-zà-ÿ])"  # a sign within a word: CP850, Mac Roman, a lost letter
    r"|\b[À-ÖØ-öø-ÿ]{4,}\b"  # nothing but accents: letters of another script
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
    """Whether words in `text` were encoded twice ("JosÃ©"), or decoded as what they are not ("Jos‚", "Èâàí", "Espa?a")."""
    return bool(BROKEN.search(text) or ENCODED_TWICE.search(text))
