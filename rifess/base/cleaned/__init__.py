"""Texts that people type, without what cannot be seen in them: one cleaning for all doors (docs/adr/0038).

`from rifess.base.cleaned import models` (and `forms`) are Django's, with text fields that clean: forms and the admin before they
check, imports, commands and the shell when they save. Addresses of mail and of the web are refused instead: a repair would guess.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# Scripts in which ZWJ and ZWNJ decide how letters join: Arabic, Syriac, N'Ko and their kin; Indic, Tibetan, Khmer, Mongolian.
ARABIC = "\u0600-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
INDIC = "\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\ua840-\ua97f\ua9e0-\ua9ff\U00011000-\U000114ff"
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SYMBOLS = "\u00a9\u00ae\u203c\u2049\u2190-\u2bff\U0001f000-\U0001faff"
KEPT = re.compile(
    f"(?<=[{ARABIC}])[\u200c\u200d](?=[{ARABIC}])"
    f"|(?<=[{INDIC}])[\u200c\u200d]"
    f"|(?<=[{SYMBOLS}\ufe0f])\u200d(?=[{SYMBOLS}])"  # a family, a profession, a flag of several signs
    f"|(?<=[{SYMBOLS}{INDIC}{HAN}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"  # which shape of the sign before it
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # a key of a telephone
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"  # which shape of a Mongolian letter
    "|(?<=\U0001f3f4)[\U000e0020-\U000e007e]+\U000e007f"  # the flag of a region
)
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
UNSEEN = re.compile(  # controls, surrogates, formats (Cf, but for those of Arabic numbers, which are seen), fillers and selectors
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    f"\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff{NONCHARACTERS}]"
)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
LETTER = re.compile("[A-Za-z]")
PUNYCODE, LONGEST_DOMAIN = "xn--", 255  # how a label in other letters begins (RFC 3490 §5), characters (RFC 1035 §2.3.4)
LATIN = re.compile("[\t\n -~\u00a1-\u00ac\u00ae-\u017e]*+")  # letters and signs of which the cleaning only changes the blanks
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})  # as PDFs have them
FIRST_YEAR, LAST_YEAR = 1000, 2999  # beyond them, days are mistyped, and some have no day before or after them to count with
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")


def clean_text(text, *, lines=False):
    """`text` in NFC, with plain spaces and letters, and without what cannot be seen; on one line unless `lines`.

    Ligatures of printers become letters. Kept are the joiners that letters and pictures need. Spaces around it go; of line ends
    all become "\\n".
    """
    if LATIN.fullmatch(text):  # nearly all; the rest costs a hundred times as much
        return text.strip() if lines else " ".join(text.split())
    text = SPACES.sub(" ", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", _seen(text).translate(LIGATURES))
    return text.strip() if lines else " ".join(text.split())


def _seen(text):
    if not UNSEEN.search(text):
        return text
    kept = {match.start() + offset for match in KEPT.finditer(text) for offset in range(len(match.group()))}
    return UNSEEN.sub(lambda match: match.group() if match.start() in kept else "", text)


def plain_address(address):
    """Return an address of mail in the one spelling in which it is kept, compared and looked for.

    The domain is written in its own letters and small, not as `xn--…`: both are the same domain (IDNA 2003, by which Django sends
    mail and writes `xn--…` again). `xn--…` stays where its signs are no letters or may be taken for others. A
    domain of ASCII stays as it is typed: databases know the case of its letters.
    """
    name, at, domain = address.rpartition("@")
    is_ascii = domain.isascii() and PUNYCODE not in domain.lower()
    if is_ascii or _may_be_taken_for_another(domain) or _hides_something(domain):  # the last two are refused, not repaired
        return address
    return f"{name}{at}{_in_own_letters(unicodedata.normalize('NFC', domain.lower()))}"


def _in_own_letters(domain):
    if len(domain) > LONGEST_DOMAIN:
        return domain
    try:
        shown = domain.encode("idna").decode("idna")
    except UnicodeError:
        return domain
    is_plain = validate_email.validate_domain_part(shown) and not _may_be_taken_for_another(shown)
    return shown if is_plain else domain


def _may_be_taken_for_another(address):
    """Whether a letter becomes one of ASCII's when its case changes, as `iexact` changes it: "ı" and "i", "ß" and "ss"."""
    others = (each for each in address if not each.isascii())
    return any(LETTER.search(each.upper() + each.lower() + each.casefold()) for each in others)


def check_is_no_other(address):
    """Refuse an address of mail that a database may take for another: its reader would be given what belongs to that one.

    Raises ValidationError (code "not_plain").
    """
    if _may_be_taken_for_another(address):
        raise ValidationError(
            _("There is a letter in this address that can be taken for another. Write the part after the @ as xn--…"),
            code="not_plain",
        )


def check_is_seen(address):
    """Refuse an address of mail or of the web in which something cannot be seen. Raises ValidationError (code "unseen")."""
    if _hides_something(address):
        raise ValidationError(_("There are characters in it that cannot be seen. Type it anew."), code="unseen")


def _hides_something(address):
    return UNSEEN.search(address) or SPACES.search(address)


def check_is_in_calendar(day):
    """Refuse a day or moment outside the years that can be meant. Raises ValidationError (code "beyond_calendar")."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("The year must be between %(first)d and %(last)d."),
            code="beyond_calendar",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )
