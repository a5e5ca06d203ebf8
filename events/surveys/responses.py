"""What those who took part thought of it: asked once, answered once, and kept apart from who answered (docs/adr/0025)."""

from random import SystemRandom

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events.models import (
    Attendance,
    LetterKind,
    LetterTold,
    Registration,
    RegistrationState,
    Seminar,
    Survey,
    SurveyResponse,
    SurveyTaken,
)
from events.notifications import send

MIXED = 100  # answers that are written anew together with each one that comes


def address_of(registration):
    """Where whoever registered answers, behind their signed address."""
    return reverse("events:survey", args=[registration.signed])


def asked(survey):
    """Those who are asked: they came, or had a seat until the end."""
    came = Exists(Attendance.objects.filter(registration=OuterRef("pk")))
    return Registration.objects.filter(Q(state=RegistrationState.CONFIRMED) | came, seminar=survey.seminar_id)


def survey_for(registration):
    """The survey that whoever registered is asked to answer, open or not; None where there is none for them."""
    survey = getattr(registration.seminar, "survey", None)
    is_held = registration.seminar.is_published and not registration.seminar.is_cancelled
    is_asked = survey and is_held and registration.may_see_seminar() and asked(survey).filter(pk=registration.pk).exists()
    return survey if is_asked else None


def has_begun(survey, now=None):
    """Whether the seminar is over: its last panel, or its last day while the hours are not known."""
    return survey.seminar.ends_at <= (now or timezone.now())


def has_closed(survey, now=None):
    """Whether the last day on which one may answer is over in the seminar's own zone."""
    return survey.closes_on is not None and survey.closes_on < timezone.localdate(now, survey.seminar.zone)


def is_open_for(registration, now=None):
    """Whether whoever registered may answer now."""
    survey = survey_for(registration)
    return bool(survey and has_begun(survey, now) and not has_closed(survey, now) and not has_answered(survey, registration))


def has_answered(survey, registration):
    return SurveyTaken.objects.filter(survey=survey, registration=registration).exists()


@transaction.atomic
def answer(registration, *, now=None, **said):
    """Keep what somebody said, and that they said something: two rows that nothing joins.

    Raises ValidationError (codes "none", "early", "closed", "answered").
    """
    survey = _hold(registration, now)
    try:
        with transaction.atomic():
            SurveyTaken.objects.create(survey=survey, registration=registration)
    except IntegrityError:
        raise ValidationError(_("You have answered already. Thank you."), code="answered") from None
    _write_among_others(SurveyResponse(survey=survey, **said))


def ask_due(now=None) -> int:
    """Ask those who took part in seminars that are over since yesterday or longer, each once; how many were asked."""
    over = Seminar.objects.past(now).filter(published_at__isnull=False, cancelled_on=None).order_by().values("pk")
    surveys = [each for each in Survey.objects.filter(seminar__in=over).select_related("seminar") if not has_closed(each, now)]
    return sum(_ask(registration) for survey in surveys for registration in _still_to_ask(survey))


def _hold(registration, now):
    """The survey, locked: those who answer at once come one after the other."""
    survey = survey_for(registration)
    if survey is None:
        raise ValidationError(_("There is no survey."), code="none")
    survey = Survey.objects.select_related("seminar").select_for_update(of=("self",)).get(pk=survey.pk)
    if not has_begun(survey, now):
        raise ValidationError(_("The survey opens when the seminar is over."), code="early")
    if has_closed(survey, now):
        raise ValidationError(_("The survey is closed."), code="closed")
    return survey


def _write_among_others(response):
    """Write `response` and others anew, in an order drawn by lot: neither its place nor its transaction tells which came last."""
    others = list(SurveyResponse.objects.filter(survey=response.survey).order_by("?")[:MIXED])
    SurveyResponse.objects.filter(pk__in=[other.pk for other in others]).delete()
    rows = [*others, response]
    SystemRandom().shuffle(rows)
    SurveyResponse.objects.bulk_create(rows)


def _still_to_ask(survey):
    told = LetterTold.objects.filter(registration=OuterRef("pk"), kind=LetterKind.SURVEY)
    taken = SurveyTaken.objects.filter(registration=OuterRef("pk"), survey=survey)
    return asked(survey).reachable().filter(~Exists(told), ~Exists(taken)).order_by("pk")


@transaction.atomic
def ask_again(registration, now=None):
    """Ask whoever was asked at an address that was corrected since, while they may answer; whether a letter was written."""
    told = LetterTold.objects.filter(registration=registration, kind=LetterKind.SURVEY)
    if not is_open_for(registration, now) or not told.delete()[0]:
        return False
    return _ask(registration)


@transaction.atomic
def _ask(registration):
    """Whether they were asked now: of two at once, one finds that they were."""
    registration = Registration.objects.select_for_update(of=("self",)).select_related("seminar").get(pk=registration.pk)
    with override(registration.language):
        url = address_of(registration)
    return send.tell(registration, LetterKind.SURVEY, url=url) is not None
