"""Personal data are kept as long as they are needed and no longer: how long is said by settings.RETENTION."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import (
    Alert,
    ListedParticipant,
    Registration,
    RegistrationAttempt,
    RegistrationState,
    Seminar,
    SurveyResponse,
)
from events.registration.anonymize import forget as forget_registration
from members.models import Application, ApplicationState, DataRequest, Enquiry, Invitation, Message, MessageState
from members.personal_data import forget_application, forget_contact
from recordings.models import DocumentOpening
from rifess.base.personal_data import FORGOTTEN, Fate
from rifess.portal.personal_data.tables import TABLES
from rifess.portal.personal_data.traces import forget_history

LAST_MESSAGE = "erasure_done"
FINAL = [MessageState.SENT, MessageState.FAILED, MessageState.EXPIRED, MessageState.UNCERTAIN]


@dataclass(frozen=True)
class Rule:
    """Rows of one kind that are older than they need be on the day `before`, and what is done to them."""

    name: str
    what: str
    find: Callable[[datetime], models.QuerySet]
    forget: Callable[[models.Model], object] = lambda row: row.delete()
    of_persons: bool = True

    @property
    def kept_for(self):
        return settings.RETENTION[self.name]

    def due(self, now):
        return self.find(now - self.kept_for)

    @transaction.atomic
    def apply(self, now):
        """Delete or make anonymous what is due; how many rows that were."""
        rows = self.due(now)
        keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        with disable_auditlog():
            for row in rows.model._base_manager.filter(pk__in=keys):
                self.forget(row)
            if self.of_persons:
                forget_history({rows.model: keys}, _fate_of)
        return len(keys)


def _fate_of(kept):
    """What age does to rows that hang on others: a name and a certificate are not touched by it."""
    return kept.fate if isinstance(kept.fate, Fate) else Fate.KEPT


def over(before):
    """Seminars whose last day was before the day of `before`."""
    return Seminar.objects.with_last_day().filter(last_day__lt=before.date()).order_by().values("pk")


def _forget_words_of(response):
    response.liked = response.to_improve = ""
    response.save(update_fields=["liked", "to_improve"])


def _of_deleted_rows(before):
    """Entries of the log, of tables that hold people's data, whose row exists no more: nobody needs their history."""
    gone = Q(pk__in=[])
    for model in {kept.model for kept in TABLES if kept.fate != Fate.KEPT and kept.model is not LogEntry}:
        there = model._base_manager.annotate(as_text=Cast("pk", CharField())).filter(as_text=OuterRef("object_pk"))
        gone |= Q(~Exists(there), content_type=ContentType.objects.get_for_model(model))
    return LogEntry.objects.filter(gone, timestamp__lt=before).order_by()


RULES = [
    Rule("messages", _("emails sent"), lambda before: Message.objects.filter(state__in=FINAL, written_at__lt=before)),
    Rule("enquiries", _("messages from visitors, answered"), lambda before: Enquiry.objects.kept_since_before(before)),
    Rule(
        "invitations",
        _("invitations that were not accepted"),
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
    Rule(
        "survey_words",
        _("what was written in surveys"),
        lambda before: SurveyResponse.objects.filter(~Q(liked="") | ~Q(to_improve=""), survey__seminar__in=over(before)),
        forget=_forget_words_of,
    ),
    Rule(
        "unconfirmed_data_requests",
        _("requests about personal data whose address was never confirmed"),
        lambda before: DataRequest.objects.unconfirmed().filter(asked_at__lt=before),
    ),
    Rule(
        "data_requests",
        _("requests about personal data, answered"),
        lambda before: DataRequest.objects.filter(answered_at__lt=before),
    ),
    Rule(
        "last_messages",
        _("emails that told of an erasure"),
        lambda before: Message.objects.filter(kind=LAST_MESSAGE, state__in=FINAL, written_at__lt=before),
    ),
    Rule("openings", _("who opened which document"), lambda before: DocumentOpening.objects.filter(opened_at__lt=before)),
    Rule("history", _("what the history of changes says of people whose rows were deleted"), _of_deleted_rows, of_persons=False),
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
