"""What happens to a person's data when they ask for erasure: deleted, made anonymous or kept, each said first with its reason.

What was published of the Network's events is the public record: names and positions in programmes stay, unless somebody decides
that they go too. Mandates and votes are the institution's; they stay, without a name when nothing public names the person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from allauth.account.models import EmailAddress
from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.anonymity import forget as forget_registration
from events.models import Alert, Certificate, Intervention, Registration, SurveyTaken, VoteCast
from members.accounts import is_last_secretary
from members.models import (
    Application,
    ContactDetails,
    CoordinationTerm,
    DeclinedNotice,
    Delegate,
    Enquiry,
    Invitation,
    Message,
    Person,
    Proposal,
    ProposalTurn,
    User,
)
from recordings.models import Consent, DocumentOpening
from rifess.base.models import FormerSlug
from rifess.personal_data.forgetting import forget_contact

NAMELESS = "Nombre retirado"  # in the language of record, since names are not translated
SAYS_MORE = Q(website__gt="") | Q(biography_es__gt="") | Q(biography_pt_br__gt="") | Q(biography_en__gt="")


class Fate(models.TextChoices):
    DELETED = "deleted", pgettext_lazy("erasure", "deleted")
    ANONYMIZED = "anonymized", pgettext_lazy("erasure", "made anonymous")
    KEPT = "kept", pgettext_lazy("erasure", "kept")


@dataclass(frozen=True)
class Subject:
    """Whose data it is; `also_public` when the names in published programmes go too."""

    person: Person
    also_public: bool = False

    @cached_property
    def user(self):
        return self.person.user

    @cached_property
    def emails(self):
        """Every address known of them, by which rows that know no account are found."""
        if not self.user:
            return set(Invitation.objects.filter(person=self.person).values_list("email", flat=True))
        addresses = EmailAddress.objects.filter(user=self.user).values_list("email", flat=True)
        return {self.user.email, *addresses, *Invitation.objects.filter(person=self.person).values_list("email", flat=True)}

    def at_their_address(self, column):
        """The condition that `column` is one of their addresses, however it is written."""
        wanted = Q(pk__in=[])
        for email in self.emails:
            wanted |= Q(**{f"{column}__iexact": email})
        return wanted

    @cached_property
    def is_named_in_public(self):
        """Whether something published names them, and that stays."""
        said = Intervention.objects.filter(person=self.person).exists()
        coordinated = CoordinationTerm.objects.filter(coordinator=self.person).exists()
        shown = Delegate.objects.public().filter(person=self.person).exists()
        return (said or coordinated or shown) and not self.also_public


@dataclass(frozen=True)
class Step:
    """One kind of rows: which, what becomes of them, and why. `act` does it; kept rows have none."""

    what: str
    fate: Callable[[Subject], Fate] | Fate
    find: Callable[[Subject], models.QuerySet]
    why: str
    act: Callable[[models.QuerySet, Subject], None] | None = None

    def fate_for(self, subject):
        return self.fate if isinstance(self.fate, Fate) else self.fate(subject)


@dataclass(frozen=True)
class Consequence:
    """One line of the preview."""

    what: str
    fate: Fate
    count: int
    why: str


def _delete(rows, subject):
    _forget_history_of(rows)
    rows.delete()


def _forget_history_of(rows):
    """What the log of changes says of `rows` goes with what it says."""
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(rows.model), object_pk__in=keys).delete()


def _forget_contacts(applications, subject):
    _forget_history_of(applications)
    for application in applications:
        forget_contact(application)


def _forget_reader(openings, subject):
    openings.update(user=None, name=NAMELESS)


def _forget_author(entries, subject):
    entries.update(actor=None, actor_email=None)


def _forget_registrations(registrations, subject):
    _forget_history_of(registrations)
    for registration in registrations:
        forget_registration(registration)


def _close_account(users, subject):
    user = subject.user
    for session in user.usersession_set.all():
        session.end()
    subject.person.user = None
    subject.person.save()
    _delete(users, subject)


def _empty_biography(people, subject):
    _forget_history_of(people)
    person = subject.person
    person.biography_es = person.biography_pt_br = person.biography_en = person.website = ""
    person.save()


def _name_fate(subject):
    return Fate.KEPT if subject.is_named_in_public else Fate.ANONYMIZED


def _forget_name(people, subject):
    """The name goes, with its variants, the addresses made of it, and what the history says."""
    if subject.is_named_in_public:
        return
    person, former = subject.person, FormerSlug.objects.filter(kind=Person.slug_kind(), current=subject.person.slug)
    former.delete()
    people.update(slug=f"persona-{person.pk}")  # not by `save`, which would leave a redirect from the name
    person.slug, person.name = f"persona-{person.pk}", NAMELESS
    person.save()
    _delete(person.variants.all(), subject)
    said = Intervention.objects.filter(person=person)
    said.update(name_as_printed="")
    for rows in (people, said, Delegate.objects.filter(person=person), Consent.objects.filter(person=person)):
        _forget_history_of(rows)


def _registrations_of(subject):
    theirs = Q(user=subject.user, user__isnull=False) | subject.at_their_address("email")
    return Registration.objects.known().filter(theirs)


STEPS = [
    Step(
        _("Account: addresses, password, second factor, sessions"),
        Fate.DELETED,
        lambda subject: User.objects.filter(pk=subject.user.pk if subject.user else None),
        _("Nobody can sign in with it any more."),
        _close_account,
    ),
    Step(
        _("Telephone, position and what the directory showed"),
        Fate.DELETED,
        lambda subject: ContactDetails.objects.filter(person=subject.person),
        _("It was there for other delegates to reach them."),
        _delete,
    ),
    Step(
        _("Invitations"),
        Fate.DELETED,
        lambda subject: Invitation.objects.filter(Q(person=subject.person) | subject.at_their_address("email")),
        _("They hold an e-mail address; the mandate they led to stays."),
        _delete,
    ),
    Step(
        _("E-mails to them and from them"),
        Fate.DELETED,
        lambda subject: Message.objects.filter(
            Q(user=subject.user, user__isnull=False) | subject.at_their_address("to") | subject.at_their_address("reply_to")
        ),
        _("What they told has been told."),
        _delete,
    ),
    Step(
        _("Messages they wrote by the contact form"),
        Fate.DELETED,
        lambda subject: Enquiry.objects.filter(subject.at_their_address("email")),
        _("They hold a name and an e-mail address."),
        _delete,
    ),
    Step(
        _("Applications of which they were the contact"),
        Fate.ANONYMIZED,
        lambda subject: Application.objects.filter(subject.at_their_address("contact_email")),
        _("The institution asked to join, and what was decided stays; the contact’s data go."),
        _forget_contacts,
    ),
    Step(
        _("Registrations for seminars"),
        Fate.ANONYMIZED,
        _registrations_of,
        _("That somebody took part stays in the figures; a seat they still had is free again."),
        _forget_registrations,
    ),
    Step(
        _("Alerts they asked for"),
        Fate.DELETED,
        lambda subject: Alert.objects.filter(Q(user=subject.user, user__isnull=False) | subject.at_their_address("email")),
        _("They hold an e-mail address."),
        _delete,
    ),
    Step(
        _("Notices they did not want"),
        Fate.DELETED,
        lambda subject: DeclinedNotice.objects.filter(user=subject.user, user__isnull=False),
        _("They go with the account."),
        _delete,
    ),
    Step(
        _("Surveys they answered"),
        Fate.ANONYMIZED,
        lambda subject: SurveyTaken.objects.filter(registration__in=_registrations_of(subject)),
        _("With the registration goes whose it was. What they answered was kept apart from the start: nobody can find it."),
    ),
    Step(
        _("Certificates"),
        Fate.KEPT,
        lambda subject: Certificate.objects.filter(
            Q(person=subject.person) | Q(registration__user=subject.user, registration__user__isnull=False)
        ),
        _("Whoever was shown one may ask whether it is true. To have one revoked, ask for that."),
    ),
    Step(
        _("Documents they opened"),
        Fate.ANONYMIZED,
        lambda subject: DocumentOpening.objects.filter(user=subject.user, user__isnull=False),
        _("That somebody of their institution read it stays."),
        _forget_reader,
    ),
    Step(
        _("Changes they made in the record"),
        Fate.ANONYMIZED,
        lambda subject: LogEntry.objects.filter(actor=subject.user, actor__isnull=False),
        _("What changed and when stays, not who."),
        _forget_author,
    ),
    Step(
        _("Proposals and comments"),
        Fate.ANONYMIZED,
        lambda subject: Proposal.objects.filter(made_by=subject.user, made_by__isnull=False),
        _("They are the institution’s. With the account goes the name of who wrote them."),
    ),
    Step(
        _("Comments in conversations about proposals"),
        Fate.ANONYMIZED,
        lambda subject: ProposalTurn.objects.filter(by=subject.user, by__isnull=False),
        _("They are the institution’s. With the account goes the name of who wrote them."),
    ),
    Step(
        _("Votes cast for their institution"),
        Fate.KEPT,
        lambda subject: VoteCast.objects.filter(mandate__person=subject.person),
        _("They are the institution’s, and the result rests on them."),
    ),
    Step(
        _("Mandates"),
        Fate.KEPT,
        lambda subject: Delegate.objects.filter(person=subject.person),
        _("Who spoke for whom and when is the history of the Network."),
    ),
    Step(
        _("Permissions to show recordings"),
        Fate.KEPT,
        lambda subject: Consent.objects.filter(person=subject.person),
        _("They prove that what is shown may be shown. To have a recording withdrawn, ask for that."),
    ),
    Step(
        _("Interventions in seminars"),
        Fate.KEPT,
        lambda subject: Intervention.objects.filter(person=subject.person),
        _("Published programmes are the public record."),
    ),
    Step(
        _("Biography and website"),
        Fate.DELETED,
        lambda subject: Person.objects.filter(SAYS_MORE, pk=subject.person.pk),
        _("They were there by the person’s own wish."),
        _empty_biography,
    ),
    Step(
        _("Name"),
        _name_fate,
        lambda subject: Person.objects.filter(pk=subject.person.pk),
        _("It stays only where something published names the person, and nobody decided that it goes."),
        _forget_name,
    ),
]


def foresee(person, *, also_public=False):
    """What would happen to each kind of data: lines with what, fate, how many and why. What there is none of is left out."""
    return _foresee(Subject(person, also_public))


def _foresee(subject):
    counted = ((step, step.find(subject).count()) for step in STEPS)
    return [Consequence(step.what, step.fate_for(subject), count, step.why) for step, count in counted if count]


@transaction.atomic
def erase(person, *, also_public=False):
    """Do what `foresee` told, the account last, and return it. The log of changes does not take down what is being taken away.

    Raises ValidationError (code "last_secretary") for the last account that can run the portal.
    """
    subject = Subject(person, also_public)
    _refuse_the_last_secretary(subject.user)
    told = _foresee(subject)
    with disable_auditlog():
        for step in STEPS[::-1]:
            if step.act:
                step.act(step.find(subject), subject)
    return told


def _refuse_the_last_secretary(user):
    if user is not None and is_last_secretary(user):
        raise ValidationError(_("This is the secretariat’s last account: invite somebody else first."), code="last_secretary")
