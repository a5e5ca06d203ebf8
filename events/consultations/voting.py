"""A consultation before the members, a vote in it, and how it is called off."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from modeltranslation.utils import build_localized_fieldname

from events.consultations import messages
from events.consultations.closing import A_DAY
from events.consultations.tasks import attend
from events.models import Consultation, OptionMeaning, Vote, VoteCast
from members.models import DelegateRole, MembershipCategory, standing_now
from rifess.base.database.locking import lock_and_refresh
from rifess.base.dates import today_in_the_network


def add_usual_options(consultation):
    """Give `consultation` the three usual answers, in each language: in favour, against, abstention."""
    meanings = [OptionMeaning.PROPOSAL, OptionMeaning.AGAINST, OptionMeaning.ABSTENTION]
    for position, meaning in enumerate(meanings, start=1):
        texts = {}
        for language in settings.MODELTRANSLATION_LANGUAGES:
            with translation.override(language):
                texts[build_localized_fieldname("text", language)] = _usual_words()[meaning]
        consultation.options.create(position=position, meaning=meaning, **texts)


def _usual_words():
    return {
        OptionMeaning.PROPOSAL: pgettext("vote", "In favour"),
        OptionMeaning.AGAINST: pgettext("vote", "Against"),
        OptionMeaning.ABSTENTION: pgettext("vote", "Abstention"),
    }


@transaction.atomic
def publish(consultation, *, by, now=None):
    """Show `consultation` to the members; they vote and are told when it opens. One that is published stays as it is.

    Raises ValidationError: "gone" when it was deleted, "nothing_to_adopt" without an answer that can be adopted and another,
    "over" when it would be closed already, "no_members" when nobody could vote, "called_off".
    """
    lock_and_refresh(consultation)
    now = now or timezone.now()
    consultation.refuse_if_called_off()
    if consultation.is_published:
        return
    _check(consultation, now)
    consultation.published_at, consultation.published_by = now, by
    consultation.save(update_fields=["published_at", "published_by"])
    for moment in (consultation.opens_at, consultation.closes_at - A_DAY, consultation.closes_at):
        transaction.on_commit(partial(_come_back, consultation.pk, max(moment, now)), robust=True)


def _check(consultation, now):
    meanings = list(consultation.options.values_list("meaning", flat=True))
    if len(meanings) < 2 or OptionMeaning.PROPOSAL not in meanings:
        raise ValidationError(
            _("Enter at least two answers before publishing. At least one of them must be one that can be adopted."),
            code="nothing_to_adopt",
        )
    if consultation.is_over(now):
        raise ValidationError(_("This consultation would already be closed. Change the closing time first."), code="over")
    if not consultation.units().exists():
        raise ValidationError(_("On the day it closes no member could vote."), code="no_members")


def _come_back(consultation_id, moment):
    """Have a worker do what is due at `moment`. Where it cannot wait, `close_consultations` does it."""
    if moment <= timezone.now():
        attend.enqueue(consultation_id)
    elif attend.get_backend().supports_defer:
        attend.using(run_after=moment).enqueue(consultation_id)


@transaction.atomic
def call_off(consultation_id, *, by, reason, now=None):
    """End a consultation without a result, and tell those who vote; `reason` is what they read: language → words.

    It is held as for a vote: none comes in beside it. Raises ValidationError: see `check_may_be_called_off`; "no_reason".
    """
    consultation = Consultation.objects.select_for_update().get(pk=consultation_id)
    now = now or timezone.now()
    check_may_be_called_off(consultation, now)
    if not any(reason.values()):
        raise ValidationError(_("Give the reason: the members will read it."), code="no_reason")
    consultation.called_off_at, consultation.called_off_by = now, by
    for language, words in reason.items():
        setattr(consultation, build_localized_fieldname("called_off_reason", language), words)
    consultation.save()
    messages.tell("consultation_called_off", consultation, messages.voters(consultation.units()))


def check_may_be_called_off(consultation, now=None):
    """Raises ValidationError: "not_published", "called_off", "over" from the closing moment on, when its result is due."""
    if not consultation.is_published:
        raise ValidationError(_("It is not published: change it, or delete it."), code="not_published")
    consultation.refuse_if_called_off()
    if consultation.is_over(now):
        raise ValidationError(
            _("Voting is over and the result stands. The consultation can no longer be cancelled."), code="over"
        )


@transaction.atomic
def cast(consultation_id, option_id, *, by, now=None):
    """Write the vote of the membership that `by` acts for, in place of an earlier one, and a line in the log.

    The consultation is held from before the clock is read until the vote is written: nothing comes in at the closing moment
    or after it, and of two votes at once one waits for the other. Raises ValidationError: see `check_may_cast`; "unknown_option".
    """
    consultation = Consultation.objects.select_for_update().get(pk=consultation_id)
    now = now or timezone.now()
    standing = standing_now(by, today_in_the_network(now))
    check_may_cast(consultation, standing, now)
    option = consultation.options.filter(pk=option_id).first()
    if option is None:
        raise ValidationError(_("This is not one of the answers. Choose again."), code="unknown_option")
    ballot = {"mandate": standing.mandate, "role": standing.role, "by": by, "cast_at": now, "option": option}
    vote, is_new = Vote.objects.update_or_create(consultation=consultation, membership=standing.membership, defaults=ballot)
    VoteCast.objects.create(consultation=consultation, membership=standing.membership, replaced=not is_new, **ballot)
    return vote


def check_may_cast(consultation, standing, now=None):
    """Refuse a vote that `standing` may not cast at `now`.

    Raises ValidationError: "called_off", "not_begun", "over", "no_vote" (not a member's, or one that leaves before the
    closing), "technical", "titular_voted".
    """
    if consultation.is_called_off:
        raise ValidationError(_("This consultation was cancelled. No votes are accepted."), code="called_off")
    if not consultation.has_begun(now):
        raise ValidationError(_("Voting has not begun yet."), code="not_begun")
    if consultation.is_over(now):
        raise ValidationError(_("Voting is over. No more votes are accepted."), code="over")
    if standing is None or standing.category != MembershipCategory.MEMBER:
        raise ValidationError(_("Only the members of the Network vote."), code="no_vote")
    if not standing.may_act:
        raise ValidationError(_("Technical contacts can read. The principal delegate or an alternate votes."), code="technical")
    if not consultation.units().filter(pk=standing.membership.pk).exists():
        raise ValidationError(_("Your membership ends before this consultation closes, so it has no vote."), code="no_vote")
    if not standing.is_titular and _titular_has_voted(consultation, standing.membership):
        raise ValidationError(
            _("The principal delegate has voted for your delegation. Only the principal delegate may change that vote."),
            code="titular_voted",
        )


def _titular_has_voted(consultation, membership):
    return consultation.votes.filter(membership=membership, role=DelegateRole.TITULAR).exists()
