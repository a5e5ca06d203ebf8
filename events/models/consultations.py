"""Written consultations: a question to the members, one vote for each, and rules that stand on the consultation itself.

Votes are open: who voted what is read by all members once it is over. Secret ballots are out (docs/adr/0018).
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.agreements import Agreement
from members.models import Delegate, DelegateRole, Membership, MembershipCategory, standing_of
from rifess.base.cleaned import models

RULES = [
    "question_es",
    "question_pt_br",
    "question_en",
    "explanation_es",
    "explanation_pt_br",
    "explanation_en",
    "opens_at",
    "closes_at",
    "quorum_percent",
    "threshold",
    "counts_abstentions",
]


class Threshold(models.TextChoices):
    """What an option needs in order to be adopted. "Votes cast" are those of the members that voted."""

    MAJORITY = "majority", _("more than half of the votes cast")
    MAJORITY_OF_ALL = "majority-of-all", _("more than half of all members")
    TWO_THIRDS = "two-thirds", _("two thirds of the votes cast")
    THREE_QUARTERS = "three-quarters", _("three quarters of the votes cast")
    UNANIMITY = "unanimity", _("all of the votes cast")


class ConsultationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the secretariat; for delegates of members those that are published."""
        if user.has_perm("events.view_consultation"):
            return self
        standing = standing_of(user)
        if standing is None or standing.category != MembershipCategory.MEMBER:
            return self.none()
        return self.filter(published_at__isnull=False)

    def open(self, now=None):
        """Consultations in which members may vote."""
        now = now or timezone.now()
        return self.not_called_off().filter(published_at__isnull=False, opens_at__lte=now, closes_at__gt=now)

    def to_be_closed(self, now=None):
        """Consultations that are over and whose result is not written yet."""
        over = self.not_called_off().filter(published_at__isnull=False, closes_at__lte=now or timezone.now())
        return over.filter(closed_at=None)

    def not_called_off(self):
        return self.filter(called_off_at=None)

    def with_ballots(self):
        """Bring options and votes along: one query per table."""
        return self.select_related("agreement").prefetch_related(
            "options", "votes__option", "votes__membership__institution", "votes__mandate__person"
        )


class Consultation(models.Model):
    """A question to the members. It may be voted on from `opens_at` up to, and not including, `closes_at`.

    Once open, its rules stay as they are. Quorum: so many per cent of the members must have voted, never rounded down:
    half of seven members is four. One that was published by mistake is called off: it has no result, and its page says why.
    """

    question = models.CharField(_("question"), max_length=250)
    explanation = models.TextField(_("explanation"), blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"), help_text=_("From this moment on no one can vote."))
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in per cent"),
        default=50,
        help_text=_("How many of the members must vote. It is never rounded down: half of seven members is four."),
    )
    threshold = models.CharField(_("what it needs"), max_length=16, choices=Threshold, default=Threshold.MAJORITY)
    counts_abstentions = models.BooleanField(
        _("abstentions are votes cast"),
        default=False,
        help_text=_("Marked, they make the threshold harder to reach. For the quorum they always count."),
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    called_off_at = models.DateTimeField(pgettext_lazy("consultation", "cancelled"), null=True, editable=False)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("cancelled by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    called_off_reason = models.TextField(_("reason for cancelling"), blank=True, editable=False)
    told_at = models.DateTimeField(_("opening told"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    closed_at = models.DateTimeField(_("result written"), null=True, editable=False)
    result = models.JSONField(_("result"), null=True, editable=False)
    agreement = models.OneToOneField(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="consultation",
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("consultation"), _("consultations")
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultation_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("A consultation closes after it opens."),
            ),
            models.CheckConstraint(
                name="consultation_quorum_is_a_percentage",
                condition=Q(quorum_percent__lte=100),
                violation_error_message=_("The quorum goes from 0 to 100 per cent."),
            ),
            models.CheckConstraint(
                name="consultation_closed_has_its_result",
                condition=Q(closed_at__isnull=True, result__isnull=True, agreement__isnull=True)
                | Q(closed_at__isnull=False, result__isnull=False, agreement__isnull=False),
                violation_error_message=_("The result is written when the consultation is over."),
            ),
            models.CheckConstraint(
                name="consultation_called_off_has_no_result",
                condition=Q(called_off_at__isnull=True) | Q(published_at__isnull=False, closed_at__isnull=True),
                violation_error_message=_("Only what is published and has no result yet can be cancelled."),
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("delegation:consultation", args=[self.pk])

    def clean(self):
        before = Consultation.objects.filter(pk=self.pk).first() if self.pk else None
        if before is None or not any(getattr(self, name) != getattr(before, name) for name in RULES):
            return
        before.refuse_if_called_off()
        if before.has_begun():
            raise ValidationError(
                _("This consultation is open, or was: its question and its rules stay as they are."), code="has_begun"
            )

    def refuse_if_called_off(self):
        """Raises ValidationError (code "called_off")."""
        if self.is_called_off:
            raise ValidationError(_("This consultation was cancelled: it stays as it is."), code="called_off")

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_called_off(self):
        return self.called_off_at is not None

    def has_begun(self, now=None):
        """Whether members may vote in it, or could."""
        return self.is_published and self.opens_at <= (now or timezone.now())

    def is_over(self, now=None):
        return self.closes_at <= (now or timezone.now())

    def is_open(self, now=None):
        """Whether a vote cast at `now` counts: from the opening, up to the closing moment and not at it."""
        return self.has_begun(now) and not self.is_over(now) and not self.is_called_off

    def is_settled(self, now=None):
        """Whether its rules and its answers stay as they are."""
        return self.has_begun(now) or self.is_called_off

    def last_day(self):
        """The day, in the Network, on which it closes: its voting units are the members of that day."""
        return timezone.localdate(self.closes_at, ZoneInfo(settings.NETWORK_TIME_ZONE))

    def units(self):
        """The voting units: memberships of members in force when it closes."""
        return Membership.objects.members().on(self.last_day())


class OptionMeaning(models.TextChoices):
    PROPOSAL = "proposal", _("can be adopted")
    AGAINST = "against", _("against: nothing is adopted")
    ABSTENTION = "abstention", _("abstention")


class ConsultationOption(models.Model):
    """An answer that may be given to a consultation."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="options"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("answer"), max_length=200)
    meaning = models.CharField(_("meaning"), max_length=10, choices=OptionMeaning, default=OptionMeaning.PROPOSAL)

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("of a vote", "option"), pgettext_lazy("of a vote", "options")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(meaning="abstention"),
                name="one_abstention_per_consultation",
                violation_error_message=_("There is already an abstention."),
            ),
        ]

    def __str__(self):
        return self.text

    def clean(self):
        if not self.consultation_id:
            return
        self.consultation.refuse_if_called_off()
        if self.consultation.has_begun():
            raise ValidationError(_("This consultation is open, or was: its answers stay as they are."), code="has_begun")


class Ballot(models.Model):
    """Who answered what, by which mandate, and when."""

    mandate = models.ForeignKey(Delegate, verbose_name=_("mandate"), on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=DelegateRole, help_text=_("When the vote was cast."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    cast_at = models.DateTimeField(_("cast"))

    class Meta:
        abstract = True


class Vote(Ballot):
    """The vote of a member as it stands. `VoteCast` keeps how it came to be so."""

    consultation = models.ForeignKey(Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="votes")
    membership = models.ForeignKey(Membership, verbose_name=_("membership"), on_delete=models.PROTECT, related_name="votes")
    option = models.ForeignKey(ConsultationOption, verbose_name=_("answer"), on_delete=models.PROTECT, related_name="votes")

    class Meta:
        verbose_name, verbose_name_plural = _("vote"), _("votes")
        ordering = ["cast_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "membership"],
                name="one_vote_per_member",
                violation_error_message=_("This member has voted."),
            )
        ]

    def __str__(self):
        return f"{self.membership.holder_name} · {self.role}"


class VoteCast(Ballot):
    """One line of the log of a consultation, which only grows: each time somebody voted, also when it was replaced later."""

    consultation = models.ForeignKey(Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="log")
    membership = models.ForeignKey(Membership, verbose_name=_("membership"), on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(ConsultationOption, verbose_name=_("answer"), on_delete=models.PROTECT, related_name="+")
    replaced = models.BooleanField(_("took the place of an earlier vote"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("vote cast"), _("votes cast")
        ordering = ["cast_at", "pk"]

    def __str__(self):
        return f"{self.membership.holder_name} · {self.role}"
