"""All that the portal keeps of an account and its person, as plain data. Secrets are left out: they would only travel."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.db.models import Q

from events.models import Alert, Certificate, Intervention, Registration, VoteCast
from members.models import DeclinedNotice, Delegate, Invitation, Message, Person, Proposal, ProposalTurn
from recordings.models import Consent, DocumentOpening

# Tables whose rows are called by the names and addresses of others
OF_OTHERS = {
    "registration",
    "attendance",
    "alert",
    "certificate",
    "user",
    "invitation",
    "application",
    "enquiry",
    "datarequest",
    "contactdetails",
    "consent",
}
CHANGES = 5000  # the latest of what somebody changed: a copy is read by a person


def copy_of(user):
    """A dictionary of what is kept of `user` and of the person behind it, ready to be written as JSON."""
    person = Person.objects.filter(user=user).first()
    of_the_person = {
        "person": _person(person),
        "mandates": [_mandate(each) for each in _of(Delegate, person).select_related("membership__institution")],
        "interventions": [_intervention(each) for each in _of(Intervention, person).select_related("panel__seminar")],
        "permissions": [_permission(each) for each in _of(Consent, person).select_related("recording")],
        "invitations": [_invitation(each) for each in _of(Invitation, person).select_related("membership__institution")],
    }
    return {
        "account": _account(user),
        "signing_in": _signing_in(user),
        **of_the_person,
        "proposals": [_proposal(each) for each in Proposal.objects.filter(made_by=user)],
        "comments": [{"at": _moment(each.at), "comment": each.comment} for each in ProposalTurn.objects.filter(by=user)],
        "votes": [
            _vote(each) for each in VoteCast.objects.filter(by=user).select_related("consultation", "option", "membership")
        ],
        "documents_opened": [_opening(each) for each in DocumentOpening.objects.filter(user=user).select_related("document")],
        "registrations": [_registration(each) for each in _registrations(user)],
        "certificates": [
            {"code": each.code, "name": each.name, "kind": each.kind, "issued_at": _moment(each.issued_at)}
            for each in Certificate.objects.filter(Q(registration__in=_registrations(user)) | Q(person__user=user))
        ],
        "alerts": [
            {
                "email": each.email,
                "topic": each.topic and each.topic.name,
                "country": each.country.code,
                "of": [name for name in ("seminars", "recordings") if getattr(each, f"of_{name}")],
                "since": _moment(each.asked_at),
            }
            for each in Alert.objects.filter(Q(user=user) | Q(email__iexact=user.email)).select_related("topic")
        ],
        "notices_declined": sorted(DeclinedNotice.objects.filter(user=user).values_list("kind", flat=True)),
        "messages": [_message(each) for each in _messages(user)],
        "changes": [_change(each) for each in LogEntry.objects.filter(actor=user).select_related("content_type")[:CHANGES]],
    }


def _of(model, person):
    return model.objects.filter(person=person) if person else model.objects.none()


def _moment(moment):
    return moment.isoformat(timespec="seconds") if moment else None


def _account(user):
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "since": _moment(user.date_joined),
        "last_signed_in": _moment(user.last_login),
        "works_in_the_secretariat": user.is_staff,
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def _signing_in(user):
    """What lets the user in: that it exists, and since when. Never the secret itself."""
    return {
        "addresses": [
            {"email": each.email, "verified": each.verified, "primary": each.primary}
            for each in EmailAddress.objects.filter(user=user)
        ],
        "second_factors": [
            {"kind": each.get_type_display(), "since": _moment(each.created_at), "last_used": _moment(each.last_used_at)}
            for each in Authenticator.objects.filter(user=user)
        ],
        "sessions": [
            {
                "since": _moment(each.created_at),
                "last_seen": _moment(each.last_seen_at),
                "address": each.ip,
                "browser": each.user_agent,
            }
            for each in UserSession.objects.filter(user=user)
        ],
    }


def _person(person):
    if person is None:
        return None
    contact = getattr(person, "contact", None)
    return {
        "name": person.name,
        "variants": sorted(person.variants.values_list("name", flat=True)),
        "biography": {"es": person.biography_es, "pt-BR": person.biography_pt_br, "en": person.biography_en},
        "website": person.website,
        "page": person.get_absolute_url(),
        "contact": contact
        and {
            "position": contact.position,
            "phone": contact.phone,
            "is_listed": contact.is_listed,
            "shares_email": contact.shares_email,
            "shares_phone": contact.shares_phone,
        },
    }


def _mandate(mandate):
    return {
        "for": mandate.membership.holder_name,
        "role": mandate.role,
        "starts_on": mandate.starts_on and mandate.starts_on.isoformat(),
        "due_on": mandate.mandate_due_on and mandate.mandate_due_on.isoformat(),
        "ended_on": mandate.ended_on and mandate.ended_on.isoformat(),
        "accreditation": mandate.accreditation,
        "shown_to_visitors": mandate.is_public,
    }


def _intervention(intervention):
    return {
        "seminar": intervention.panel.seminar.title,
        "panel": intervention.panel.title,
        "role": intervention.role,
        "printed_as": intervention.printed_name,
        "summary": intervention.summary,
    }


def _permission(consent):
    return {
        "recording": consent.recording.title,
        "given_on": consent.given_on and consent.given_on.isoformat(),
        "scope": consent.scope,
        "evidence": consent.evidence,
        "withdrawn_on": consent.withdrawn_on and consent.withdrawn_on.isoformat(),
    }


def _invitation(invitation):
    return {
        "email": invitation.email,
        "role": invitation.role,
        "for": invitation.membership and invitation.membership.holder_name,
        "invited_at": _moment(invitation.invited_at),
        "accepted_at": _moment(invitation.accepted_at),
    }


def _proposal(proposal):
    return {
        "title": proposal.title,
        "kind": proposal.kind,
        "state": proposal.state,
        "made_at": _moment(proposal.made_at),
        "contents": proposal.contents,
    }


def _vote(cast):
    return {
        "consultation": cast.consultation.question,
        "for": cast.membership.holder_name,
        "answer": cast.option.text,
        "cast_at": _moment(cast.cast_at),
    }


def _registrations(user):
    found = Registration.objects.known().filter(Q(user=user) | Q(email__iexact=user.email))
    return found.select_related("seminar", "notice", "listens_in").prefetch_related(
        "answers__question", "attendances__panel", "panel_questions", "surveys_taken"
    )


def _registration(registration):
    return {
        "seminar": registration.seminar.title,
        "number": registration.code,
        "name": registration.name,
        "email": registration.email,
        "country": registration.country.code,
        "institution": registration.institution_name,
        "sector": registration.sector,
        "position": registration.position,
        "language": registration.language,
        "wants_to_listen_in": registration.listens_in_id,
        "needs": registration.needs,
        "form": registration.form,
        "state": registration.state,
        "written_at": _moment(registration.written_at),
        "agreed_to": registration.notice and registration.notice.version,
        "agreed_at": _moment(registration.agreed_at),
        "answers": [{"question": each.question.text, "answer": str(each)} for each in registration.answers.all()],
        "questions_to_the_panels": [each.text for each in registration.panel_questions.all()],
        "answered_the_survey": bool(registration.surveys_taken.all()),  # what they answered nobody can find
        "wants_no_mailings_since": _moment(registration.mailings_ended_at),
        "attendance": [
            {"panel": each.panel and each.panel.title, "minutes": each.minutes, "known_by": each.source}
            for each in registration.attendances.all()
        ],
    }


def _opening(opening):
    return {"document": opening.document.title, "version": opening.number, "opened_at": _moment(opening.opened_at)}


def _messages(user):
    return Message.objects.filter(Q(user=user) | Q(to__iexact=user.email))


def _message(message):
    return {
        "subject": message.subject,
        "to": message.to,
        "state": message.state,
        "written_at": _moment(message.written_at),
        "sent_at": _moment(message.sent_at),
    }


def _change(entry):
    return {
        "when": _moment(entry.timestamp),
        "did": entry.get_action_display(),
        "kind": entry.content_type.model,
        "what": "" if entry.content_type.model in OF_OTHERS else entry.object_repr,
    }
