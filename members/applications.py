"""An institution asks to join the Network, and is told what became of it."""

from datetime import date

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.invitations import invite
from members.models import (
    Application,
    ApplicationState,
    ApplicationStep,
    Institution,
    Invitation,
    InvitedAs,
    Membership,
    MembershipCategory,
    Person,
)
from members.outbox.mail import write, write_to_the_secretariat
from rifess.base.database.conflicts import once_more_after_a_conflict

SIGNER = signing.Signer(salt="members.applications", sep=".")


def token_of(application):
    """What the applicant's link carries: the key of the application, signed."""
    return SIGNER.sign(application.key)


def with_token(token):
    """The application whose link carries `token`, or None: a made-up one and one that was forgotten look the same."""
    try:
        key = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return Application.objects.filter(key=key).first()


@transaction.atomic
def apply(application):
    """Keep `application`, and ask its contact by mail to confirm the address. Until then nobody else learns of it."""
    application.consented_at = timezone.now()
    application.save()
    _note(application)
    _tell(application, "application_confirm")


@transaction.atomic
def confirm(application):
    """The contact's address is right: the secretariat gets the application to read. Confirmed already, it stays as it is."""
    application = locked_with_country(application)
    if application.state == ApplicationState.UNCONFIRMED:
        application.confirmed_at = timezone.now()
        _move(application, ApplicationState.RECEIVED)
        context = {"application": application}
        write_to_the_secretariat("application_received", reply_to=application.contact_email, context=context, about=application)
    return application


@transaction.atomic
def take_up(application, *, by):
    """Say that the secretariat is reading `application`. Raises ValidationError (code "decided")."""
    application = _waiting(application)
    if application.state == ApplicationState.RECEIVED:
        _move(application, ApplicationState.IN_REVIEW, by=by)
    return application


@once_more_after_a_conflict
def accept(
    application,
    *,
    by,
    joined_on: date,
    institution: Institution | None = None,
    person: Person | None = None,
    role: InvitedAs = InvitedAs.TITULAR,
    source_note: str = "",
):
    """The institution belongs to the Network from `joined_on`, and the contact is invited to speak for it in `role`.

    `institution` and `person` are those the Network knows already; without them, they are made as the application names them.
    Raises ValidationError: "decided", "overlap" when the country or the institution belongs to the Network already in those
    days, "not_in_force" for a day to come, and whatever else the new rows refuse.
    """
    application = _waiting(application)
    institution = institution or _institution(application)
    application.membership = _kept(seat_for(application, institution=institution, joined_on=joined_on, source_note=source_note))
    _decide(application, ApplicationState.ACCEPTED, by=by)
    invitation = Invitation(
        email=application.contact_email,
        person=person or _kept(Person(name=application.contact_name)),
        membership=application.membership,
        role=role,
        language=application.language,
    )
    invite(invitation, by=by)
    _tell(application, "application_accepted")
    return application


def seat_for(application, *, institution, joined_on, source_note=""):
    """The membership that `application` asks for, not kept yet."""
    is_member = application.category == MembershipCategory.MEMBER
    return Membership(
        category=application.category,
        country=application.country if is_member else "",
        institution=institution,
        joined_on=joined_on,
        source_note_es=source_note,
    )


@transaction.atomic
def decline(application, *, by, reason: str):
    """Say no to `application`, and why. Raises ValidationError: "decided", or without a reason."""
    application = _waiting(application)
    application.reason = reason
    _decide(application, ApplicationState.DECLINED, by=by)
    _tell(application, "application_declined")
    return application


def locked_with_country(application):
    """Return `application` as it is now, locked with all of its country until the transaction ends: a seat is given once."""
    held = Application.objects.select_for_update().filter(Q(pk=application.pk) | Q(country=application.country))
    return next(each for each in held.order_by("pk") if each.pk == application.pk)


def _waiting(application):
    application = locked_with_country(application)
    if application.state not in {ApplicationState.RECEIVED, ApplicationState.IN_REVIEW}:
        raise ValidationError(_("This application is not waiting for a decision."), code="decided")
    return application


def _decide(application, state, *, by):
    application.decided_at, application.decided_by = timezone.now(), by
    _move(application, state, by=by, note=application.reason)


def _move(application, state, *, by=None, note=""):
    application.state = state
    application.full_clean(exclude=["letter"])
    application.save()
    _note(application, by=by, note=note)


def _note(application, *, by=None, note=""):
    ApplicationStep.objects.create(application=application, state=application.state, by=by, note=note)


def _kept(row):
    row.full_clean()
    row.save()
    return row


def _institution(application):
    named = {"name_es": application.institution_name, "acronym_es": application.acronym}
    known = {name: getattr(application, name) for name in ("kind", "country", "website")}
    return _kept(Institution(**named, **known))


def _tell(application, kind):
    with override(application.language):
        url = settings.SITE_URL + reverse("members:application", args=[token_of(application)])
    context = {"application": application, "url": url}
    write(kind, to=application.contact_email, language=application.language, context=context, about=application)
