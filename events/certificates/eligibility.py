"""Who earns a certificate of a seminar: by coming, by taking the floor. Who organized it is chosen by the secretariat."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.attendance import records
from events.models import (
    Certificate,
    CertificateKind,
    CertificateMeasure,
    CertificateRules,
    Intervention,
    Registration,
)
from members.models import Person
from rifess.base.text.collation import SortKey


@dataclass(frozen=True)
class Candidate:
    """Somebody who earns a certificate, as who registered or as a person of the Network's record; `what` it is to say of them."""

    name: str
    language: str
    email: str = ""
    registration: Registration | None = None
    person: Person | None = None
    what: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Earning:
    """Who earns a certificate of a seminar, and who does not: those who came for too little, and those who did not come."""

    candidates: list
    too_little: list = field(default_factory=list)
    absent: list = field(default_factory=list)


def rules_of(seminar):
    return CertificateRules.objects.filter(seminar=seminar).first()


def earning(seminar, kind) -> Earning:
    """Who earns a certificate of `kind`. Of organization: nobody, they are chosen one by one."""
    return {CertificateKind.ATTENDANCE: _attending, CertificateKind.INTERVENTION: _intervening}.get(kind, _chosen)(seminar)


def without(seminar, kind, candidates):
    """Those of `candidates` who have had no certificate of `kind` yet. One that was revoked is issued again by hand only."""
    last = Certificate.objects.filter(seminar=seminar, kind=kind, replaced_by=None)
    held = set(last.values_list("registration", "person"))
    return [each for each in candidates if _key(each) not in held]


def as_known_now(certificate):
    """Whose certificate it is, as they are written now. Raises ValidationError (code "unknown") when nobody knows any more."""
    registration, person, seminar = certificate.registration, certificate.person, certificate.seminar
    if registration and registration.name:
        return _who_registered(registration, records.total_of(registration), seminar.panels.count())
    if person and certificate.kind == CertificateKind.INTERVENTION:
        return _who_spoke(person, list(_spoken_by(person, seminar)))
    if person:
        task = next(iter(certificate.said["details"]), "")
        return as_candidate(person, language=certificate.language, task=task)
    raise ValidationError(_("Nothing is kept any more of whose certificate it is: it cannot be issued again."), code="unknown")


def _spoken_by(person, seminar):
    spoken = Intervention.objects.spoken().filter(panel__seminar=seminar, person=person)
    return spoken.select_related("panel").order_by("panel__position", "panel_id", "position", "pk")


def _attending(seminar):
    rules, totals = rules_of(seminar), records.totals(seminar)
    panels = seminar.panels.count()
    enough, too_little, absent = [], [], []
    registrations = seminar.registrations.known().exclude(name="").select_related("seminar", "user")
    for registration in registrations.order_by(SortKey("name"), "pk"):
        total = totals.get(registration.pk)
        if total is None:
            absent += [registration] if registration.has_a_seat else []
        elif rules and _is_enough(rules, total):
            enough.append(_who_registered(registration, total, panels))
        else:
            too_little.append(registration)
    return Earning(enough, too_little, absent)


def _is_enough(rules, total):
    known = {CertificateMeasure.MINUTES: total.minutes, CertificateMeasure.PANELS: total.panels}
    return known.get(rules.measure, rules.at_least) >= rules.at_least


def _who_registered(registration, total, panels):
    what = {"form": total.form_of(registration), "total": total, "panels": panels}
    return Candidate(registration.name, registration.language, registration.email, registration=registration, what=what)


def _intervening(seminar):
    """Those who spoke, opened, chaired, moderated or reported, each once. Collectives get none."""
    spoken = Intervention.objects.spoken().filter(panel__seminar=seminar, person__isnull=False)
    by_person = {}
    for each in spoken.select_related("person__user", "panel").order_by("panel__position", "panel_id", "position", "pk"):
        by_person.setdefault(each.person, []).append(each)
    return Earning([_who_spoke(person, interventions) for person, interventions in by_person.items()])


def _who_spoke(person, interventions):
    return as_candidate(person, interventions=interventions)


def as_candidate(person, *, language="", **what):
    """A person of the Network's record. Whoever has an account is told, in the language of the account."""
    user = person.user if person.user and person.user.is_active else None
    known = (user.language if user else "") or language or settings.LANGUAGE_CODE
    return Candidate(person.name, known, user.email if user else "", person=person, what=what)


def _chosen(seminar):
    return Earning([])


def _key(candidate):
    return getattr(candidate.registration, "pk", None), getattr(candidate.person, "pk", None)
