"""What a delegate proposes. One table for all kinds: the conversation, the queue and who may read it are the same for each.

What is proposed has a table of its own in the room it belongs to (docs/adr/0016).
"""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.institutions import Institution
from members.models.mandates import Delegate, Membership, MembershipCategory
from members.models.standing import standing_of
from rifess.base.cleaned import models


class ProposalKind(models.TextChoices):
    INSTITUTION = "institution", _("change to the institution’s record")
    SEMINAR = "seminar", _("new seminar")
    PANEL = "panel", _("new panel")
    RECORDING = "recording", _("new recording")
    DOCUMENT = "document", _("new document")


class ProposalState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("with the Secretariat")
    RETURNED = "returned", _("returned with a comment")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    ACCEPTED_IN_PART = "accepted-in-part", _("accepted in part")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


WITH_THE_DELEGATE = [ProposalState.DRAFT, ProposalState.RETURNED]
OPEN = [*WITH_THE_DELEGATE, ProposalState.SUBMITTED]


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        """Proposals that the secretariat has to answer, oldest first."""
        return self.filter(state=ProposalState.SUBMITTED).order_by("submitted_at", "pk")

    def visible_to(self, user):
        """For the secretariat all that were ever sent in; for a member's delegates the institution's; for others their own."""
        standing = standing_of(user)
        seen = Q(pk__in=[])
        if standing:
            own = Q(membership=standing.membership)
            seen |= own if standing.category == MembershipCategory.MEMBER else own & Q(made_by=user)
        if user.has_perm("members.view_proposal"):
            seen |= Q(submitted_at__isnull=False)
        return self.filter(seen)

    def with_card(self):
        """Bring what a row of a list shows."""
        return self.select_related("membership__institution", "mandate__person", "made_by")


class Proposal(models.Model):
    """A draft with a difference: `contents` are the columns as proposed, `before` as they were then.

    Columns hold what a form shows, as text (or lists of keys). Nothing of it is public until the secretariat publishes it.
    Each kind knows its `row()`: what it would change, as that is now; or a new row, not kept yet, of what it proposes.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ProposalKind, editable=False)
    membership = models.ForeignKey(
        Membership, verbose_name=_("membership"), on_delete=models.PROTECT, editable=False, related_name="proposals"
    )
    mandate = models.ForeignKey(
        Delegate, verbose_name=_("mandate"), on_delete=models.PROTECT, editable=False, related_name="proposals"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="proposals",
    )
    title = models.CharField(_("title"), max_length=250, editable=False)
    contents = models.JSONField(_("what is proposed"), default=dict, editable=False)
    before = models.JSONField(_("what there was"), default=dict, editable=False)
    accepted = models.JSONField(_("what was accepted"), default=list, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=ProposalState, default=ProposalState.DRAFT, editable=False)
    made_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    submitted_at = models.DateTimeField(_("sent in"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("proposal"), _("proposals")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_sent_in_says_when",
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                violation_error_message=_("This proposal has not been sent in yet."),
            ),
        ]

    became = ""  # of each kind: the field that leads to what it changes, or became when it was accepted

    def __str__(self):
        return self.title or str(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("delegation:proposal", args=[self.pk])

    def read_again(self):
        """It as the database holds it by now; itself while it is new."""
        return type(self)._base_manager.get(pk=self.pk) if self.pk else self

    @property
    def what(self):
        """What is proposed, in a few words."""
        return self.get_kind_display()

    def files(self):
        """What it holds besides text: name of the field → open file."""
        return {}

    @property
    def changed(self):
        """The columns that it proposes to change or to fill; their order is the form's to know."""
        return sorted(name for name, text in self.contents.items() if (text or "") != (self.before.get(name) or ""))

    def conversation(self):
        """Its turns in order; `is_word` says of each whether it left the proposal where it was."""
        turns, state = list(self.turns.select_related("by")), None
        for turn in turns:
            turn.is_word, state = turn.state == state, turn.state
        return turns

    @property
    def is_with_the_delegate(self):
        return self.state in WITH_THE_DELEGATE

    @property
    def is_with_the_secretariat(self):
        return self.state == ProposalState.SUBMITTED

    @property
    def is_open(self):
        """Whether nobody has decided about it, and it has not been taken back."""
        return self.state in OPEN

    @property
    def was_sent(self):
        return self.submitted_at is not None


class InstitutionProposal(Proposal):
    """A change to what the portal says of an institution."""

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, editable=False, related_name="proposals"
    )

    became = "institution"

    class Meta:
        verbose_name, verbose_name_plural = _("change to an institution"), _("changes to institutions")

    def row(self, *, for_update=False):
        rows = Institution.objects.select_for_update() if for_update else Institution.objects
        return rows.get(pk=self.institution_id)


class ProposalTurn(models.Model):
    """One turn of the conversation about a proposal, with the state it left it in."""

    proposal = models.ForeignKey(Proposal, verbose_name=_("proposal"), on_delete=models.CASCADE, related_name="turns")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.SET_NULL, null=True, related_name="+")
    of_the_secretariat = models.BooleanField(_("Secretariat"), default=False)
    at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("state"), max_length=16, choices=ProposalState)
    comment = models.TextField(_("comment"), max_length=5000, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("turn of a proposal"), _("turns of a proposal")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"
