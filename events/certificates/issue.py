"""Issuing certificates, one by one and for a whole seminar; taking one back; the paper of each.

Each certificate and the letter that tells of it are one small transaction. The constraints of the table say who has one already:
whatever is done twice, or by two workers at once, gives nobody a second one.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events.attendance.records import Total
from events.certificates import pdf, signing_keys
from events.certificates.eligibility import as_known_now, earning, rules_of, without
from events.certificates.open_badges import claims_of
from events.certificates.text import said_of, texts_of
from events.models import (
    AttendanceForm,
    Certificate,
    CertificateKind,
    Intervention,
    IssuingJob,
    LetterKind,
    Seminar,
    SeminarFormat,
)
from events.notifications import send
from events.notifications.texts import WORDS
from events.programme.status import refuse_cancelled, refuse_draft
from members.outbox import mail
from rifess.base.dates import today_in_the_network
from rifess.base.text.translated import text_of

AN_HOUR = timedelta(hours=1)
SAMPLE_CODE = "0000-0000-0000"

log = logging.getLogger(__name__)


def carry_out(job_id):
    """Issue what a job asks for and is not there yet. Begun again after a worker died, it goes on where that one stopped.

    It stops, and says why, as soon as the seminar is cancelled or a draft: much may happen while a long job runs.
    """
    job = IssuingJob.objects.select_related("seminar", "asked_by").get(pk=job_id)
    if job.done_at:
        return
    try:
        _refuse_unless_held(job.seminar)
        candidates = earning(job.seminar, job.kind).candidates
        IssuingJob.objects.filter(pk=job_id).update(total=len(candidates))
        failed = _issue_each(job, candidates)
    except ValidationError as refused:
        IssuingJob.objects.filter(pk=job_id).update(trouble=" ".join(refused.messages), done_at=timezone.now())
    else:
        _finish(job_id, len(candidates), failed)


def _issue_each(job, candidates):
    """Issue certificates to those of `candidates` who have none; the names of those for whom that failed."""
    failed = []
    for each in without(job.seminar, job.kind, candidates):
        _refuse_unless_held(Seminar.objects.get(pk=job.seminar_id))
        if not _is_issued(job, each):
            failed.append(each.name)
    return failed


def _refuse_unless_held(seminar):
    """Raise ValidationError (codes "draft", "cancelled"): a certificate says that the seminar was held, and leads to its page."""
    refuse_draft(seminar)
    refuse_cancelled(seminar)


def finish_what_was_left(now=None):
    """Do what is left of jobs that a worker began and did not finish; how many jobs those were. Once a day."""
    long_ago = (now or timezone.now()) - AN_HOUR
    left = list(IssuingJob.objects.filter(done_at=None, asked_at__lt=long_ago).values_list("pk", flat=True))
    for job_id in left:
        carry_out(job_id)
    return len(left)


@transaction.atomic
def issue(seminar, kind, candidate, *, by=None, tells=True, replaces=None) -> Certificate:
    """Issue one certificate, signed, and leave word of it. Raises IntegrityError when they have one already."""
    said = _said(seminar, kind, candidate, rules_of(seminar))
    certificate = Certificate(
        kind=kind,
        seminar=seminar,
        registration=candidate.registration,
        person=candidate.person,
        email=candidate.email,
        language=candidate.language,
        name=candidate.name,
        said=said,
        issued_at=timezone.now().replace(microsecond=0),
        issued_by=by,
        replaces=replaces,
    )
    certificate.credential, certificate.key = signing_keys.sign(claims_of(certificate))
    certificate.save()
    if tells:
        _tell(certificate)
    return certificate


def _said(seminar, kind, candidate, rules):
    with override(candidate.language):
        return said_of(kind, seminar, issued_on=today_in_the_network(), rules=rules, **candidate.what)


def unprintable(seminar, kind, candidates):
    """What the papers of `candidates` would say in letters that they cannot show: names first, then titles, places and so on."""
    rules, names = rules_of(seminar), {each.name: None for each in candidates}
    said = (_said(seminar, kind, candidate, rules) for candidate in candidates)
    texts = dict.fromkeys(text.strip() for each in said for text in texts_of(each) if text.strip())
    return pdf.unprintable(names | texts)


@transaction.atomic
def revoke(certificate, *, because, by=None, now=None) -> Certificate:
    """Say of a certificate that it holds no more. Its page says so from now on; the reason stays with the secretariat.

    Raises ValidationError (code "over") when it did not hold any more.
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.revoked_at:
        raise ValidationError(_("This certificate is no longer valid."), code="over")
    certificate.revoked_at, certificate.revoked_because, certificate.revoked_by = now or timezone.now(), because, by
    certificate.save(update_fields=["revoked_at", "revoked_because", "revoked_by"])
    return certificate


@transaction.atomic
def reissue(certificate, *, by=None, tells=True) -> Certificate:
    """Put a new certificate in the place of one, revoked or not, with the name and the rest as they are known now.

    Raises ValidationError (codes "over", "unknown"; "draft", "cancelled" when the seminar no longer stands).
    """
    old = Certificate.objects.select_for_update().get(pk=certificate.pk)
    _refuse_unless_held(old.seminar)
    if Certificate.objects.filter(replaces=old).exists():
        raise ValidationError(_("It has already been replaced by another one."), code="over")
    if old.revoked_at is None:
        old = revoke(old, because=_("It has been replaced by another one."), by=by)
    return issue(old.seminar, old.kind, as_known_now(old), by=by, tells=tells, replaces=old)


def pdf_of(certificate) -> bytes:
    """The paper, made from what was said when it was issued."""
    address = settings.SITE_URL + certificate.get_absolute_url()
    words = {"name": certificate.name, "code": certificate.code, "address": address, "language": certificate.language}
    return pdf.certificate(certificate.said, **words)


def sample_of(seminar, kind, language) -> bytes:
    """The paper as it would be, for nobody."""
    certificate = Certificate(kind=kind, seminar=seminar, language=language, code=SAMPLE_CODE)
    with override(language):
        certificate.name = _("Name of the person")
        certificate.said = said_of(
            kind, seminar, issued_on=today_in_the_network(), rules=rules_of(seminar), **_sample(seminar, kind)
        )
    return pdf_of(certificate)


def _is_issued(job, candidate):
    """Whether `candidate` has a certificate now; what one stumbles over does not keep the others waiting."""
    try:
        with transaction.atomic():
            issue(job.seminar, job.kind, candidate, by=job.asked_by, tells=job.sends_mail)
            IssuingJob.objects.filter(pk=job.pk).update(issued=F("issued") + 1)
    except IntegrityError:  # another worker issued it in this moment
        return not without(job.seminar, job.kind, [candidate])
    except Exception:
        log.exception("A certificate was not issued: seminar %s", job.seminar_id)
        return False
    return True


def _finish(job_id, total, failed):
    trouble = _("Not issued, the log says why: %(names)s") % {"names": ", ".join(failed)} if failed else ""
    already = Greatest(total - len(failed) - F("issued"), 0)  # who was made anonymous meanwhile is not counted any more
    IssuingJob.objects.filter(pk=job_id).update(there_already=already, trouble=trouble, done_at=timezone.now())


def _tell(certificate):
    url = certificate.get_absolute_url()
    if certificate.registration:
        send.tell(certificate.registration, LetterKind.CERTIFICATE, about=certificate.code, url=url)
    elif certificate.email:
        with override(certificate.language):
            said = {"letter": _letter(certificate), "url": url, "reason": REASON}
            mail.write(
                "certificate",
                template="letter",
                to=certificate.email,
                to_name=certificate.name,
                language=certificate.language,
                user=certificate.person.user,
                context=said,
                about=certificate,
            )


REASON = gettext_lazy(
    "You receive this message because you have an account at the portal and a certificate was issued in your name."
)


def _letter(certificate):
    """The portal's words, for somebody who did not register."""
    words, values = WORDS[LetterKind.CERTIFICATE], {"seminar": text_of(certificate.seminar, "title"), "name": certificate.name}
    paragraphs = [send.fill(each, values) for each in words.paragraphs]
    return send.Letter(send.fill(words.subject, values), paragraphs, str(words.button))


def _sample(seminar, kind):
    """What the sample says of nobody."""
    panels = seminar.panels.count()
    if kind == CertificateKind.ATTENDANCE:
        form = AttendanceForm.VIRTUAL if seminar.format == SeminarFormat.VIRTUAL else AttendanceForm.IN_PERSON
        return {"form": form, "total": Total(minutes=90, panels=panels, came=True), "panels": panels}
    if kind == CertificateKind.INTERVENTION:
        spoken = Intervention.objects.spoken().filter(panel__seminar=seminar).select_related("panel")
        return {"interventions": list(spoken.order_by("panel__position", "pk")[:1])}
    return {}
