"""Whose data are asked for: an address, a person or an account, and what is known to go together.

Only verified addresses lead to an account or a person: an address that was merely typed may be a stranger's.
"""

from dataclasses import replace

from allauth.account.models import EmailAddress

from events.models import Intervention, ListedParticipant, Registration
from members.models import Application, CoordinationTerm, Delegate, Enquiry, Invitation, Person, User
from rifess.base.personal_data import Subject


def of_address(email):
    """The subject who reads the mail of `email`, with their account and person."""
    user = _account_at(email)
    person = Person.objects.filter(user=user).first() if user else _invited_at(email)
    return _known({email}, user, person)


def of_user(user):
    return _known(set(), user, Person.objects.filter(user=user).first())


def of_person(person):
    """The same for a person."""
    invited = Invitation.objects.filter(person=person, revoked_at=None).values_list("email", flat=True)
    return _known(set(invited), person.user, person)


def without_public_name(subject):
    """Return `subject` as one whose name is removed from published programmes too."""
    return replace(subject, name_stays=False)


def of_request(request, *, also_public=False):
    """The subject of a DataRequest: the address, the account and the person that it names, and no other.

    `also_public`: the name in published programmes is removed too.
    """
    if request.person:
        found = of_person(request.person)
    elif request.user:
        found = of_user(request.user)
    else:
        found = of_address(request.email) if request.email else Subject()
    return without_public_name(found) if also_public else found


def _account_at(email):
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return User.objects.filter(email__iexact=email).first() or User.objects.filter(pk__in=proved).first()


def _invited_at(email):
    """The person without account whom the secretariat invited at `email`, unless several were."""
    people = Person.objects.filter(invitations__email__iexact=email, invitations__revoked_at=None, user=None).distinct()[:2]
    return people[0] if len(people) == 1 else None


def _known(emails, user, person):
    if user:
        proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
        emails = {*emails, user.email, *proved}
    subject = Subject(frozenset(email for email in emails if email), user, person, bool(person) and is_named_in_public(person))
    return replace(subject, names=frozenset(_names_of(subject)))


def is_named_in_public(person):
    """Whether something published names them."""
    return (
        Intervention.objects.filter(person=person).exists()
        or CoordinationTerm.objects.filter(coordinator=person).exists()
        or Delegate.objects.public().filter(person=person).exists()
    )


def _names_of(subject):
    """Every name that is known of them."""
    if subject.user:
        yield subject.user.name
    if subject.person:
        yield subject.person.name
        yield from subject.person.variants.values_list("name", flat=True)
    at = subject.at
    yield from Registration.objects.known().filter(at("email")).values_list("name", flat=True)
    yield from Enquiry.objects.filter(at("email")).values_list("name", flat=True)
    yield from Application.objects.filter(at("contact_email")).values_list("contact_name", flat=True)
    yield from ListedParticipant.objects.filter(at("email")).values_list("name", flat=True)
