"""What happens to a person's data when they ask for erasure: deleted, made anonymous or kept, each said first with its reason.

What was published of the Network's events is the public record: names and positions in programmes stay, unless somebody decides
that they go too. Mandates and votes are the institution's; they stay, without a name when nothing public names the person.
"""

from dataclasses import dataclass

from auditlog.context import disable_auditlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.accounts import is_last_secretary
from members.models import Person
from rifess.base.personal_data import NAMELESS, Fate, Subject
from rifess.personal_data import subjects, traces
from rifess.personal_data.tables import TABLES, rows_of
from rifess.search.index import forget_words

__all__ = ["NAMELESS", "Consequence", "Fate", "erase", "foresee"]


@dataclass(frozen=True)
class Consequence:
    """One line of the preview."""

    key: str
    what: str
    fate: Fate
    count: int
    why: str


def foresee(whom, *, also_public=False):
    """What would happen to each kind of data: lines with what, fate, how many and why. What there is none of is left out."""
    return _foresee(_subject(whom, also_public))


def _subject(whom, also_public):
    """`whom` may be a Person: then every address that is known of them counts."""
    if isinstance(whom, Person):
        return subjects.of_person(whom, also_public=also_public)
    return subjects.with_public_name(whom, goes=also_public)


def _foresee(subject):
    counted = ((kept, rows_of(kept, subject).count()) for kept in TABLES)
    return [Consequence(kept.key, kept.what, kept.fate_for(subject), count, kept.why) for kept, count in counted if count]


@transaction.atomic
def erase(whom: Person | Subject, *, also_public=False):
    """Do what `foresee` told, the account last, and return it. The log of changes does not take down what is being taken away.

    Raises ValidationError (code "last_secretary") for the last account that can run the portal.
    """
    subject = _subject(whom, also_public)
    _refuse_the_last_secretary(subject.user)
    told = _foresee(subject)
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
        raise ValidationError(_("This is the secretariat’s last account: invite somebody else first."), code="last_secretary")
