"""Personal data are kept as long as they are needed and no longer: how long is said by settings.RETENTION."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.anonymity import forget as forget_registration
from events.models import Alert, ListedParticipant, Registration, RegistrationAttempt, RegistrationState, Seminar
from members.models import Application, ApplicationState, Enquiry, Invitation, Message, MessageState
from recordings.models import DocumentOpening
from rifess.personal_data.forgetting import FORGOTTEN, forget_application, forget_contact

FINAL = [MessageState.SENT, MessageState.FAILED, MessageState.EXPIRED, MessageState.UNCERTAIN]


@dataclass(frozen=True)
class Rule:
    """Rows of one kind that are older than they need be on the day `before`, and what is done to them."""

    name: str
    what: str
    find: Callable[[datetime], models.QuerySet]
    forget: Callable[[models.Model], object] = lambda row: row.delete()

    @property
    def kept_for(self):
        return settings.RETENTION[self.name]

    def due(self, now):
        return self.find(now - self.kept_for)

    @transaction.atomic
    def apply(self, now):
        """Delete or make anonymous what is due; how many rows that were."""
        rows = self.due(now)
        keys = list(rows.select_for_update().values_list("pk", flat=True))
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(rows.model), object_pk__in=[str(key) for key in keys]
        ).delete()
        with disable_auditlog():
            for row in rows.model._base_manager.filter(pk__in=keys):
                self.forget(row)
        return len(keys)


def over(before):
    """Seminars whose last day was before the day of `before`."""
    return Seminar.objects.with_last_day().filter(last_day__lt=before.date()).order_by().values("pk")


RULES = [
    Rule("messages", _("e-mails sent"), lambda before: Message.objects.filter(state__in=FINAL, written_at__lt=before)),
    Rule(
        "enquiries", _("messages from visitors, answered"), lambda before: Enquiry.objects.filter(answered_on__lt=before.date())
    ),
    Rule(
        "invitations",
        _("invitations that nobody accepted"),
        lambda before: Invitation.objects.filter(accepted_at=None, expires_at__lt=before),
    ),
    Rule(
        "unconfirmed_applications",
        _("applications whose address was never confirmed"),
        lambda before: Application.objects.filter(state=ApplicationState.UNCONFIRMED, applied_at__lt=before),
        forget=forget_application,
    ),
    Rule(
        "decided_applications",
        _("contacts and letters of applications that were decided"),
        lambda before: Application.objects.filter(
            state__in=[ApplicationState.ACCEPTED, ApplicationState.DECLINED], decided_at__lt=before
        ).exclude(contact_name=FORGOTTEN),
        forget=forget_contact,
    ),
    Rule(
        "registrations",
        _("participants of seminars that are over, made anonymous"),
        lambda before: Registration.objects.known().filter(seminar__in=over(before)),
        forget=forget_registration,
    ),
    Rule(
        "unconfirmed_registrations",
        _("registrations whose address was never confirmed"),
        lambda before: Registration.objects.filter(state=RegistrationState.UNCONFIRMED, written_at__lt=before).exclude(
            pk__in=RegistrationAttempt.objects.filter(typed_at__gte=before).values("registration")  # the last try counts
        ),
    ),
    Rule(
        "platform_lists",
        _("rows of the meeting platforms’ lists"),
        lambda before: ListedParticipant.objects.filter(list__brought_at__lt=before),
    ),
    Rule(
        "unconfirmed_alerts",
        _("alerts whose address was never confirmed"),
        lambda before: Alert.objects.filter(confirmed_at=None, asked_at__lt=before),
    ),
    Rule("openings", _("who opened which document"), lambda before: DocumentOpening.objects.filter(opened_at__lt=before)),
    Rule("sessions", _("sessions that are over"), lambda before: Session.objects.filter(expire_date__lt=before)),
]


def apply(now=None):
    """Apply every rule; [(rule, how many rows)]. Safe to repeat."""
    now = now or timezone.now()
    _forget_attempts(now - settings.RETENTION["unconfirmed_registrations"])
    return [(rule, rule.apply(now)) for rule in RULES]


def _forget_attempts(before):
    """Delete what was typed for an existing registration and never confirmed; the registration and its history stay."""
    RegistrationAttempt.objects.filter(typed_at__lt=before).delete()


def forget():
    """Apply every rule; how many rows that were."""
    return sum(count for _rule, count in apply())


def foresee(now=None):
    """What `apply` would do."""
    now = now or timezone.now()
    return [(rule, rule.due(now).count()) for rule in RULES]
