"""Asking for the certificates of a seminar. A worker issues them; the job's row says how far it is."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.certificates import tasks
from events.certificates.eligibility import as_candidate, earning, rules_of, without
from events.certificates.issue import issue
from events.models import CertificateKind, IssuingJob
from events.programme.status import refuse_cancelled, refuse_draft

NOBODY = _("There is no one to issue one to. All who earn it have it.")


@transaction.atomic
def start(seminar, kind, *, by=None, tells=True) -> IssuingJob:
    """Have the certificates of `kind` issued to all who earn one and have none.

    Raises ValidationError (codes "draft", "cancelled", "to_come", "rules", "nobody").
    """
    refuse_draft(seminar)
    refuse_cancelled(seminar)
    if seminar.starts_on > timezone.localdate(timezone=seminar.zone):
        raise ValidationError(_("It has not been held yet: a certificate would say that it has."), code="to_come")
    if kind == CertificateKind.ATTENDANCE and rules_of(seminar) is None:
        raise ValidationError(_("Write first who earns a certificate: the rules are on this seminar’s page."), code="rules")
    candidates = earning(seminar, kind).candidates
    if not without(seminar, kind, candidates):
        raise ValidationError(NOBODY, code="nobody")
    fields = {"kind": kind, "sends_mail": tells, "asked_by": by, "total": len(candidates)}
    job = IssuingJob.objects.create(seminar_id=seminar.pk, **fields)
    _hand_over(job)
    return job


def go_on(job):
    """Have a job done that a worker left. Where one still works at it, nothing is issued twice."""
    if job.done_at is None:
        _hand_over(job)


@transaction.atomic
def issue_of_organization(seminar, people, *, task="", language="", by=None, tells=True) -> list:
    """Issue certificates of organization to `people` who have none; those that are new."""
    refuse_draft(seminar)
    refuse_cancelled(seminar)
    kind = CertificateKind.ORGANIZATION
    chosen = [as_candidate(person, language=language, task=task) for person in people]
    missing = without(seminar, kind, chosen)
    if not missing:
        raise ValidationError(NOBODY, code="nobody")
    return [issue(seminar, kind, each, by=by, tells=tells) for each in missing]


def _hand_over(job):
    transaction.on_commit(partial(tasks.issue.enqueue, job.pk), robust=True)
