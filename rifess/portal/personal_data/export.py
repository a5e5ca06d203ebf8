"""A copy of the personal data of one person, as plain data. Secrets are left out."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry

from rifess.base.personal_data import Subject, moment
from rifess.portal.personal_data.tables import TABLES, rows_of

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


def copy_of(subject: Subject, *, with_changes=True):
    """A dictionary of what is kept of `subject`, ready to be written as JSON.

    The changes that they made in the records contain data of others too: they are left out without `with_changes`.
    """
    user = subject.user
    told = {kept.key: [kept.tell(row) for row in rows_of(kept, subject)] for kept in TABLES if kept.tell}
    changes = _changes(user) if user and with_changes else []
    return {
        "account": _account(user),
        "signing_in": _signing_in(user),
        "person": _person(subject.person),
        **told,
        "changes": changes,
    }


def _changes(user):
    return [_change(each) for each in LogEntry.objects.filter(actor=user).select_related("content_type")[:CHANGES]]


def _account(user):
    return user and {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "since": moment(user.date_joined),
        "last_signed_in": moment(user.last_login),
        "works_in_the_secretariat": user.is_staff,
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def _signing_in(user):
    """What lets the user in: that it exists, and since when. Never the secret itself."""
    return user and {
        "addresses": [
            {"email": each.email, "verified": each.verified, "primary": each.primary}
            for each in EmailAddress.objects.filter(user=user)
        ],
        "second_factors": [
            {"kind": each.get_type_display(), "since": moment(each.created_at), "last_used": moment(each.last_used_at)}
            for each in Authenticator.objects.filter(user=user)
        ],
        "sessions": [
            {
                "since": moment(each.created_at),
                "last_seen": moment(each.last_seen_at),
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
        "variants": [variant.name for variant in person.variants.all()],
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


def _change(entry):
    return {
        "when": moment(entry.timestamp),
        "did": entry.get_action_display(),
        "kind": entry.content_type.model,
        "what": "" if entry.content_type.model in OF_OTHERS else entry.object_repr,
    }
