"""The builders: each makes one valid object and is told only what the test is about."""

import json
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from functools import cache, wraps
from itertools import count
from unittest.mock import patch
from zoneinfo import ZoneInfo

from auditlog.context import disable_auditlog
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from events.certificates import issue
from events.certificates.eligibility import earning
from events.models import (
    HAS_A_SEAT,
    Alert,
    AttendanceForm,
    AttendanceSource,
    CertificateKind,
    CertificateRules,
    Intervention,
    Panel,
    PrintedPosition,
    Registration,
    RegistrationQuestion,
    RegistrationState,
    RegistrationTerms,
    Seats,
    Seminar,
    Topic,
)
from members.models import Audience, CoordinationTerm, Delegate, Institution, Membership, MembershipCategory, Person, User
from recordings import documents
from recordings.models import Caption, Chapter, Clip, Consent, Document, DocumentKind, Recording, Source, TrustedHost
from rifess.base.uploads import examination
from rifess.links.models import DAYS_TO_DIE, Address, LinkState
from tests.base.samples import PDF

TERM = count()
NUMBER = count(1)
_history = {"is_kept": False}


@contextmanager
def history_of_what_is_made():
    """Within it builders leave the history that production keeps. Outside they leave none: a fifteenth of the time went there.

    Whatever a test does without builders always leaves its history.
    """
    before, _history["is_kept"] = _history["is_kept"], True
    try:
        yield
    finally:
        _history["is_kept"] = before


def leaves_no_history(build):
    """Build without the log, unless its `history_of_what_is_made` is asked for (fixture `history_follows`)."""

    @wraps(build)
    def built(*args, **given):
        with nullcontext() if _history["is_kept"] else disable_auditlog():
            return build(*args, **given)

    return built


def in_spanish(given, **texts):
    """`title="x"` in a test means the Spanish text, whatever language is active."""
    for field, default in texts.items():
        given.setdefault(f"{field}_es", given.pop(field, default))
    return given


@leaves_no_history
def make_user(groups=(), second_factor=None, **given):
    """An account. Whoever works in the secretariat opens sessions with a second factor, unless told otherwise."""
    given.setdefault("email", f"persona{next(NUMBER)}@example.org")
    user = User.objects.create_user(password="una clave larga y propia", **given)
    user.groups.set(Group.objects.filter(name__in=groups))
    user.second_factor = user.is_staff if second_factor is None else second_factor
    return user


@leaves_no_history
def make_secretary(**given):
    return make_user(groups=["Secretaría"], is_staff=True, **given)


@leaves_no_history
def make_editor(**given):
    return make_user(groups=["Edición"], is_staff=True, **given)


@leaves_no_history
def make_institution(**given):
    return Institution.objects.create(**in_spanish(given, name=f"Instituto {next(NUMBER)}"))


@leaves_no_history
def make_person(**given):
    return Person.objects.create(**{"name": f"Persona {next(NUMBER)}"} | given)


@leaves_no_history
def make_membership(**given):
    if given.get("category", MembershipCategory.MEMBER) == MembershipCategory.MEMBER:
        given.setdefault("country", "MX")
    else:
        given.setdefault("institution", make_institution())
    return Membership.objects.create(**{"joined_on": date(2024, 1, 1)} | given)


@leaves_no_history
def make_delegate(**given):
    person = given.pop("person", None) or make_person(user=given.pop("user", None))
    membership = given.pop("membership", None) or make_membership()
    return Delegate.objects.create(
        **{"person": person, "membership": membership, "role": "titular", "starts_on": date(2024, 1, 1)} | given
    )


@leaves_no_history
def make_delegate_user(category=MembershipCategory.MEMBER, **given):
    """An account whose person holds a mandate in a seat of `category`."""
    user = make_user()
    make_delegate(user=user, membership=make_membership(category=category), **given)
    return user


@leaves_no_history
def make_term(**given):
    given.setdefault("institution", None)
    given["institution"] = given["institution"] or make_institution()
    starts_on = date(2024, 1, 1) + timedelta(days=next(TERM) % 700)  # two terms without an end never begin on one day
    return CoordinationTerm.objects.create(**{"country": "MX", "starts_on": starts_on} | given)


@leaves_no_history
def make_topic(**given):
    return Topic.objects.create(**in_spanish(given, name=f"Tema {next(NUMBER)}"))


@leaves_no_history
def make_seminar(**given):
    """A published seminar of the past, for everyone."""
    defaults = {"starts_on": date(2024, 9, 5), "ends_on": date(2024, 9, 6), "published_at": timezone.now()}
    return Seminar.objects.create(**defaults | in_spanish(given, title=f"Seminario {next(NUMBER)}"))


@leaves_no_history
def make_coming_seminar(days=30, capacity=None, form=AttendanceForm.VIRTUAL, **given):
    """A published seminar in so many `days`, for which one may register; without a `capacity` there is no end of seats."""
    zone = ZoneInfo(given.get("time_zone") or settings.NETWORK_TIME_ZONE)
    first = timezone.localdate(timezone=zone) + timedelta(days=days)
    seminar = make_seminar(**{"starts_on": first, "ends_on": first, "format": "virtual"} | given)
    RegistrationTerms.objects.create(seminar=seminar)
    Seats.objects.create(seminar=seminar, form=form, capacity=capacity)
    return seminar


@leaves_no_history
def make_registration(seminar=None, **given):
    """Somebody who takes part in a seminar, by default confirmed, in a seat that is counted as taken."""
    seminar, number = seminar or make_coming_seminar(), next(NUMBER)
    defaults = {"name": f"Participante {number}", "email": f"participante{number}@example.org", "country": "UY"}
    defaults |= {"state": RegistrationState.CONFIRMED, "confirmed_at": timezone.now(), "sector": "government"}
    registration = Registration.objects.create(seminar=seminar, **defaults | given)
    seats, _made = Seats.objects.get_or_create(seminar=seminar, form=registration.form)
    if registration.state in HAS_A_SEAT:
        Seats.objects.filter(pk=seats.pk).update(taken=F("taken") + 1)
    elif registration.state == RegistrationState.WAITING:
        Seats.objects.filter(pk=seats.pk).update(in_line=F("in_line") + 1)
    return registration


@leaves_no_history
def make_question(seminar, *options, **given):
    """A question at registration, with `options` in Spanish to choose one of, or any with `kind="several"`."""
    kind = "choice" if options else "text"
    question = RegistrationQuestion.objects.create(seminar=seminar, **{"text_es": "¿Qué espera?", "kind": kind} | given)
    for position, words in enumerate(options, start=1):
        question.options.create(position=position, text_es=words)
    return question


@leaves_no_history
def make_answer(registration, question, *words, text=""):
    """What somebody answered: `text`, or the options whose Spanish words these are."""
    answer = registration.answers.create(question=question, text=text)
    answer.chosen.set(question.options.filter(text_es__in=words))
    return answer


@leaves_no_history
def make_alert(**given):
    """An address that confirmed that it wants news of everything."""
    now = timezone.now()
    defaults = {"email": f"lectora{next(NUMBER)}@example.org", "confirmed_at": now, "told_until": now}
    return Alert.objects.create(**defaults | given)


@leaves_no_history
def make_attendance(seminar, **given):
    """Somebody who registered for `seminar` and came to it."""
    registration = make_registration(seminar, **given)
    registration.attendances.create(source=AttendanceSource.DOOR)
    return registration


@leaves_no_history
def make_certificate(registration=None, **given):
    """A certificate of attendance, signed as the portal signs."""
    registration = registration or make_attendance(make_seminar(), **given)
    CertificateRules.objects.get_or_create(seminar=registration.seminar)
    found = earning(registration.seminar, CertificateKind.ATTENDANCE).candidates
    candidate = next(each for each in found if each.registration == registration)
    return issue.issue(registration.seminar, CertificateKind.ATTENDANCE, candidate, tells=False)


@leaves_no_history
def make_panel(**given):
    given.setdefault("seminar", None)
    given["seminar"] = given["seminar"] or make_seminar()
    return Panel.objects.create(**in_spanish(given, title=f"Panel {next(NUMBER)}"))


@leaves_no_history
def make_intervention(positions=(), **given):
    """An intervention, with `positions` as pairs of text and institution."""
    panel = given.pop("panel", None) or make_panel()
    if "collective" not in given and "collective_es" not in given:
        given.setdefault("person", None)
        given["person"] = given["person"] or make_person()
    elif "collective" in given:
        given["collective_es"] = given.pop("collective")
    intervention = Intervention.objects.create(panel=panel, **given)
    for order, (text, institution) in enumerate(positions, start=1):
        PrintedPosition.objects.create(intervention=intervention, text_es=text, institution=institution, position=order)
    return intervention


@leaves_no_history
def make_recording(url="", **given):
    """A published recording, with a source at `url` when one is given."""
    if given.get("panel") and not given.get("seminar"):
        given["seminar"] = given["panel"].seminar
    given.setdefault("seminar", None)
    given["seminar"] = given["seminar"] or make_seminar()
    given.setdefault("published_at", timezone.now())
    recording = Recording.objects.create(**in_spanish(given, title=f"Grabación {next(NUMBER)}"))
    if url:
        source = Source(recording=recording, url=url)
        source.recognize()
        source.save()
    return recording


def seconds(number):
    """`number` of seconds, or None for a time that is not known."""
    return None if number is None else timedelta(seconds=number)


@leaves_no_history
def make_clip(recording, intervention=None, start=None, end=None):
    """An intervention as a range of `recording`, in seconds."""
    intervention = intervention or make_intervention(panel=recording.panel or make_panel(seminar=recording.seminar))
    return Clip.objects.create(recording=recording, intervention=intervention, start=seconds(start), end=seconds(end))


@leaves_no_history
def make_chapter(recording, start, title):
    return Chapter.objects.create(recording=recording, start=seconds(start), title_es=title)


@leaves_no_history
def make_caption(recording, *said, language="es", **given):
    """Captions of `said`: rows of start and end in seconds, words and, when known, who speaks."""
    cues = [[int(start * 1000), int(end * 1000), "".join(speaker), text, ""] for start, end, text, *speaker in said]
    return Caption.objects.create(recording=recording, language=language, original="captions/prueba.vtt", cues=cues, **given)


@leaves_no_history
def make_consent(recording, person=None, **given):
    """A permission given, with its evidence."""
    defaults = {"given_on": date(2024, 9, 7), "evidence": "Mensaje del 7 de septiembre"}
    return Consent.objects.create(recording=recording, person=person or make_person(), **defaults | given)


@leaves_no_history
def make_trusted(name):
    return TrustedHost.objects.create(name=name)


@leaves_no_history
def make_dead(url, since=date(2026, 3, 1)):
    """An address that has not answered for three days."""
    return Address.objects.create(
        url=url, state=LinkState.DEAD, failing_since=since, failed_on=since + timedelta(days=2), failed_days=DAYS_TO_DIE
    )


@leaves_no_history
def make_document(**given):
    """A link that everyone may open."""
    defaults = {"kind": DocumentKind.REPORT, "audience": Audience.EVERYONE, "url": "https://example.org/informe.pdf"}
    return Document.objects.create(**defaults | in_spanish(given, title=f"Documento {next(NUMBER)}"))


@leaves_no_history
def make_version(document=None, content=PDF, name="acta.pdf", by=None, changes=""):
    """A file of `document`, by default one of its own that everyone may read."""
    document = document or make_document(url="")
    with patch.object(examination, "_examine", examined_once):
        return documents.add_version(document, SimpleUploadedFile(name, content), by=by, changes=changes)


_examine = examination._examine


def examined_once(file, task, options):
    """What an examination finds in a file that a test only needs to be there: each content is examined by one process, once."""
    content = file.read()
    file.seek(0)
    return _found_in(content, task, json.dumps(options))


@cache
def _found_in(content, task, options):
    return _examine(ContentFile(content), task, json.loads(options))
