"""What the Network agreed: the register, and what came of each agreement."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.seminars import Seminar
from members.models import Audience, Institution, standing_of
from rifess.base.cleaned import models
from rifess.base.dates import today_in_the_network

AUDIENCES = [Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS, Audience.SECRETARIAT]


class AgreementState(models.TextChoices):
    OPEN = "open", pgettext_lazy("agreement", "to be begun")
    IN_PROGRESS = "in-progress", pgettext_lazy("agreement", "in progress")
    FULFILLED = "fulfilled", pgettext_lazy("agreement", "fulfilled")
    DROPPED = "dropped", pgettext_lazy("agreement", "dropped")
    NOT_ADOPTED = "not-adopted", pgettext_lazy("agreement", "not adopted")


TO_BE_DONE = [AgreementState.OPEN, AgreementState.IN_PROGRESS]


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the secretariat; for delegates those whose audience they belong to; none for visitors."""
        if user.has_perm("events.view_agreement"):
            return self
        standing = standing_of(user)
        return self.filter(audience__in=standing.audiences) if standing else self.none()

    def overdue(self, day=None):
        """Agreements still to be fulfilled whose due date is before `day` (today in the Network)."""
        return self.filter(state__in=TO_BE_DONE, due_on__lt=day or today_in_the_network())

    def with_card(self):
        """Bring what a row of a list shows."""
        return self.select_related("institution", "seminar", "consultation")


class Agreement(models.Model):
    """An agreement of the Network, by the number under which it is cited. It never leaves the Network: visitors see none."""

    number = models.CharField(_("number"), max_length=30, help_text=_("As it is cited, for example 2026/3."))
    dated_on = models.DateField(_("date"))
    seminar = models.ForeignKey(
        Seminar,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        help_text=_("Where it was agreed. Empty when it was agreed in writing."),
    )
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("responsible institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, help_text=_("The last day to fulfil it."))
    state = models.CharField(_("state"), max_length=12, choices=AgreementState, default=AgreementState.OPEN)
    audience = models.CharField(
        _("who may read it"),
        max_length=24,
        choices=[(each.value, each.label) for each in AUDIENCES],
        default=Audience.MEMBERS,
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("agreement"), _("agreements")
        ordering = ["-dated_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="one_agreement_per_number",
                violation_error_message=_("Another agreement has this number."),
            ),
            models.CheckConstraint(
                name="agreement_stays_in_the_network",
                condition=Q(audience__in=AUDIENCES),
                violation_error_message=_("Agreements are read within the Network: members, or members and observers."),
            ),
            models.CheckConstraint(
                name="agreement_due_on_or_after_its_date",
                condition=Q(due_on__isnull=True) | Q(due_on__gte=models.F("dated_on")),
                violation_error_message=_("It cannot be due before it was agreed."),
            ),
        ]

    def __str__(self):
        return f"{self.number} · {self.title}"

    def get_absolute_url(self):
        return reverse("delegation:agreement", args=[self.pk])

    def clean(self):
        self._follow_its_consultation()
        self._refuse_a_cancelled_meeting()

    def _follow_its_consultation(self):
        """What the members did not adopt is not carried out, and what they adopted is not marked as refused."""
        consultation = getattr(self, "consultation", None) if self.pk else None
        if consultation is None:
            return
        was_adopted = bool(consultation.result["adopted"])
        if was_adopted == (self.state == AgreementState.NOT_ADOPTED):
            sentence = (
                _("The members adopted it in a consultation.")
                if was_adopted
                else _("The members did not adopt it in a consultation.")
            )
            raise ValidationError({"state": ValidationError(sentence, code="result")})

    def _refuse_a_cancelled_meeting(self):
        """Nothing is agreed at a meeting that does not take place; what was written before stays."""
        before = Agreement.objects.filter(pk=self.pk).values_list("seminar", flat=True).first() if self.pk else None
        if self.seminar_id and self.seminar_id != before and self.seminar.is_cancelled:
            raise ValidationError({"seminar": ValidationError(_("This seminar is cancelled."), code="cancelled")})

    def is_overdue(self, day=None):
        """Whether it should have been fulfilled before `day` (today in the Network)."""
        return self.state in TO_BE_DONE and self.due_on is not None and self.due_on < (day or today_in_the_network())


class AgreementNote(models.Model):
    """What came of an agreement by some day."""

    agreement = models.ForeignKey(Agreement, verbose_name=_("agreement"), on_delete=models.CASCADE, related_name="notes")
    noted_on = models.DateField(_("date"), default=today_in_the_network)
    text = models.TextField(_("what was done"), max_length=5000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("follow-up note"), _("follow-up notes")
        ordering = ["-noted_on", "-pk"]

    def __str__(self):
        return f"{self.agreement.number} {self.noted_on:%Y-%m-%d}"
