"""Short codes that people read to one another and type."""

from django.utils.crypto import get_random_string

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another: 0 and O, 1 and I and L, U and V


def new_code(groups=2, length=4):
    """A code at random, such as `7KQ2-M4XD`; each letter is one of thirty."""
    return "-".join(get_random_string(length, LETTERS) for _group in range(groups))


def as_typed(text):
    """What somebody typed, as codes are written: capitals, in groups of four, without what was never in one."""
    letters = [letter for letter in text.upper() if letter in LETTERS]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, len(letters), 4))
