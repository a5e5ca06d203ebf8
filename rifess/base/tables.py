"""Tables as programs save them: the encodings of their text."""

import codecs

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
