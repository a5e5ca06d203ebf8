"""What happens to a person's data when they ask for erasure: deleted, made anonymous or kept, each said first with its reason.

What was published of the Network's events is the public record: names and positions in programmes stay, unless somebody decides
that they go too. Mandates and votes are the institution's; they stay, without a name when nothing public names the person.
"""

from dataclasses import dataclass

from auditlog.context import disable_auditlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.accounts.dormant import is_last_secretary
from rifess.base.personal_data import Fate, Subject
from rifess.portal.personal_data import traces
from rifess.portal.personal_data.tables import TABLES, rows_of
from rifess.search.index import forget_words


@dataclass(frozen=True)
class Consequence:
    """One line of the preview."""

    key: str
    what: str
    fate: Fate
    count: int
    why: str


def foresee(subject: Subject) -> list[Consequence]:
    """Return what erasing `subject` would do to each kind of data: what, fate, how many and why. Empty kinds are left out."""
    counted = ((kept, rows_of(kept, subject).count()) for kept in TABLES)
    return [Consequence(kept.key, kept.what, kept.fate_for(subject), count, kept.why) for kept, count in counted if count]


@transaction.atomic
def erase(subject: Subject) -> list[Consequence]:
    """Do what `foresee` told, the account last, and return it. The log of changes does not record what is removed.

    Raises ValidationError (code "last_secretary") for the last account that can run the portal.
    """
    _refuse_the_last_secretary(subject.user)
    told = foresee(subject)
    gone, searched = traces.rows_to_forget(subject), _searched_of(subject.person)
    with disable_auditlog():
        for kept in TABLES[::-1]:
            if kept.forget:
                kept.forget(rows_of(kept, subject), subject)
        traces.forget_history(gone, lambda kept: kept.fate_for(subject))
        traces.take_out_of_texts(subject)
    if subject.person:
        forget_words([*subject.names, *searched])
    return told


def _searched_of(person):
    """What the search knows of a person beside the name."""
    return [person.biography_es or "", person.biography_pt_br or "", person.biography_en or ""] if person else []


def _refuse_the_last_secretary(user):
    if user is not None and is_last_secretary(user):
        raise ValidationError(_("This is the Secretariat’s last account: invite someone else first."), code="last_secretary")
