"""How each room declares the personal data it keeps: `<room>/personal_data.py` has a list `KEPT` of these.

`rifess.portal.personal_data` gathers the lists. From them come the page that shows all that is kept of an address, copies,
erasure and what the history of changes forgets.

A test fails for a table that is neither declared nor listed as holding no personal data.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.db import models
from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import pgettext_lazy

NAMELESS = "Nombre retirado"  # in the language of record, since names are not translated
FORGOTTEN = "–"


class Fate(models.TextChoices):
    DELETED = "deleted", pgettext_lazy("erasure", "deleted")
    ANONYMIZED = "anonymized", pgettext_lazy("erasure", "made anonymous")
    KEPT = "kept", pgettext_lazy("erasure", "kept")


@dataclass(frozen=True)
class Subject:
    """Whose data it is: addresses that are known to be theirs, and the account and the person that go with them.

    `name_stays` while something published names them; `names` are all that are known, for the history of changes.
    """

    emails: frozenset = frozenset()
    user: models.Model | None = None
    person: models.Model | None = None
    name_stays: bool = False
    names: frozenset = frozenset()

    def at(self, column):
        """The condition that `column` is one of their addresses, however it is written."""
        wanted = Q(pk__in=[])
        for email in self.emails:
            wanted |= Q(**{f"{column}__iexact": email})
        return wanted


@dataclass(frozen=True)
class Kept:
    """One kind of rows with personal data.

    They are found by the columns with an e-mail address (`addresses`) and by foreign keys to the account, the person or to rows
    of another declaration (`ties`, paths as in a filter); `find` replaces both. `tell` gives one row of a copy under `key`;
    without it they are in the copy of their parent rows. `forget` does what erasure does, and is absent where other rows take
    these along or where they stay. `lasts` is the name in settings.RETENTION of how long they are kept, or a sentence.
    """

    key: str
    model: type[models.Model]
    what: str
    why: str
    fate: Fate | Callable[[Subject], Fate]
    lasts: str
    addresses: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    rows: Callable[[], models.QuerySet] | None = None
    find: Callable[[Subject], models.QuerySet] | None = None
    tell: Callable[[models.Model], object] | None = None
    forget: Callable[[models.QuerySet, Subject], None] | None = None
    hidden: tuple[str, ...] = ()

    def fate_for(self, subject):
        return self.fate if isinstance(self.fate, Fate) else self.fate(subject)

    def all(self):
        return self.rows() if self.rows else self.model._base_manager.all()


def name_fate(subject):
    """What becomes of a name: it stays where something published names the person."""
    return Fate.KEPT if subject.name_stays else Fate.ANONYMIZED


def moment(value):
    """A moment as a copy says it."""
    return value.isoformat(timespec="seconds") if value else None


def day(value):
    return value.isoformat() if value else None


def deleted(key, model, what, why, lasts, **found):
    """Rows that erasure deletes."""
    return Kept(key, model, what, why, Fate.DELETED, lasts, forget=_delete, **found)


def _delete(rows, subject):
    rows.delete()


class Words:
    """Addresses and full names, to be found whole, in any case. A single name alone is too many people's, and is left out."""

    def __init__(self, emails, names):
        self.all = {*filter(None, emails), *(name for name in names if len(name.split()) > 1)}
        written = sorted({form for word in self.all for form in _written(word)}, key=len, reverse=True)
        edge = r"(?<![\w.+-]){}(?![\w-]|\.\w)"
        self.pattern = re.compile("|".join(edge.format(re.escape(form)) for form in written) or r"(?!)", re.IGNORECASE)

    @classmethod
    def of(cls, subject):
        """Those of `subject`: the names only where none of them stays."""
        return cls(subject.emails, () if subject.name_stays else subject.names)

    def perhaps_in(self, *columns):
        """The condition that one of `columns` of text may hold one of them."""
        wanted = Q(pk__in=[])
        for form in {form for word in self.all for form in _written(word)}:
            for column in columns:
                wanted |= Q(**{f"{column}__icontains": form})
        return wanted

    def taken_out_of(self, value):
        """`value` (text, or what JSON holds) without them."""
        if isinstance(value, str):
            return self.pattern.sub(FORGOTTEN, value)
        if isinstance(value, list):
            return [self.taken_out_of(each) for each in value]
        if isinstance(value, dict):
            return {self.taken_out_of(key): self.taken_out_of(each) for key, each in value.items()}
        return value


def _written(word):
    """`word` as plain text, pages, addresses and JSON write it."""
    return {word, escape(word), quote(word), json.dumps(word)[1:-1]}
