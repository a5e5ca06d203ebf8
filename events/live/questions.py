"""Questions to the panels: asked by those who have a seat, looked at by the secretariat, wanted by others too, and answered."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import PanelQuestion, PanelQuestionState, PanelQuestionVote, Registration, RegistrationState
from rifess.base.database.locking import lock_and_refresh
from rifess.base.personal_data import FORGOTTEN

State = PanelQuestionState
MOST_WAITING = 3  # of one person, before the secretariat has looked at them
DECISIONS = [State.APPROVED, State.ANSWERED, State.DECLINED]


@transaction.atomic
def ask(registration, *, text, panel=None, shows_name=False, language="", is_suspected_spam=False, now=None) -> PanelQuestion:
    """Put a question, which others read once the secretariat has approved it. Sent twice, it is one.

    Raises ValidationError (codes "no_seat", "over", "many").
    """
    now = now or timezone.now()
    registration = _take_part(registration, now)
    mine = registration.panel_questions.select_related(None)
    if again := mine.filter(text=text, panel=panel).first():
        return again
    if mine.filter(state=State.WAITING).count() >= MOST_WAITING:
        sentence = _("The Secretariat has not reviewed your last questions yet. Please wait until it has.")
        raise ValidationError(sentence, code="many")
    return PanelQuestion.objects.create(
        seminar=registration.seminar,
        panel=panel,
        registration=registration,
        shows_name=shows_name,
        text=text,
        language=language or registration.language,
        asked_at=now,
        is_suspected_spam=is_suspected_spam,
    )


@transaction.atomic
def vote(registration, question, *, now=None) -> bool:
    """They want it asked too; whether that is new. Twice is once, and one's own needs no vote: whoever asks wants it asked.

    Raises ValidationError (codes "no_seat", "over", "closed").
    """
    registration = _take_part(registration, now or timezone.now())
    question = PanelQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.seminar_id != registration.seminar_id or question.state != State.APPROVED:
        raise ValidationError(_("This question is no longer open."), code="closed")
    if question.registration_id == registration.pk:
        return False
    _vote, is_new = PanelQuestionVote.objects.get_or_create(question=question, registration=registration)
    if is_new:
        PanelQuestion.objects.filter(pk=question.pk).update(votes=F("votes") + 1)
    return is_new


@transaction.atomic
def decide(question, state, *, by, now=None) -> PanelQuestion:
    """The secretariat shows it, marks it as answered or does not show it; each may be taken back by another.

    Raises ValidationError (codes "state", "gone"; "forgotten" when its words were erased with the data of whoever asked).
    """
    if state not in DECISIONS:
        raise ValidationError(_("Approve it, mark it as answered, or decline it."), code="state")
    lock_and_refresh(question)
    if question.registration_id is None and question.text == FORGOTTEN:
        sentence = _("The words of this question were erased with the personal data: no one is shown it.")
        raise ValidationError(sentence, code="forgotten")
    question.state, question.moderated_by, question.moderated_at = state, by, now or timezone.now()
    question.save(update_fields=["state", "moderated_by", "moderated_at"])
    return question


def is_open(seminar, now):
    """Whether one may still ask: of a published seminar, until it is over."""
    return seminar.is_published and not seminar.is_cancelled and now < seminar.ends_at


def _take_part(registration, now):
    """The registration as it is now, locked. Raises ValidationError when it may not take part now."""
    registration = Registration.objects.select_for_update(of=("self",)).select_related("seminar").get(pk=registration.pk)
    if registration.state != RegistrationState.CONFIRMED or not registration.may_see_seminar():
        raise ValidationError(_("Only those whose registration is confirmed can do this."), code="no_seat")
    if not is_open(registration.seminar, now):
        raise ValidationError(_("The seminar is over. Questions are closed."), code="over")
    return registration
