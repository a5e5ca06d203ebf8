from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Seminar, Topic
from members.models import Audience, Institution, audiences_open_to
from rifess.base.cleaned import models
from rifess.base.dates import check_precision, precision_field
from rifess.base.models import SluggedModel, SourcedModel, on_the_web
from rifess.base.text.collation import ShownSortKey
from rifess.base.text.languages import LANGUAGES


class DocumentKind(models.TextChoices):
    STATUTE = "statute", _("statute")
    AGREEMENT = "agreement", _("agreement")
    MINUTES = "minutes", _("minutes")
    DECLARATION = "declaration", _("declaration")
    UN_RESOLUTION = "un-resolution", _("United Nations resolution")
    REGISTRATION = "registration", _("official registration")
    REPORT = "report", _("report")
    PRESENTATION = "presentation", _("presentation")
    LAW = "law", _("law")
    GOOD_PRACTICE = "good-practice", _("good practice")


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "draft")
    CIRCULATED = "circulated", pgettext_lazy("minutes", "circulated")
    APPROVED = "approved", pgettext_lazy("minutes", "approved")


READERS = Case(
    When(state=MinutesState.DRAFT, then=Value(Audience.SECRETARIAT)),
    When(state=MinutesState.CIRCULATED, then=Value(Audience.MEMBERS)),
    default=F("audience"),
    output_field=models.CharField(),
)


class DocumentQuerySet(models.QuerySet):
    def read_by(self, audiences):
        """Documents whose readers are one of `audiences`: minutes that are not approved have others than those they will have."""
        return self.alias(is_read_by=READERS).filter(is_read_by__in=audiences)

    def public(self):
        """Documents any visitor may read. A paper of a seminar they may not see stays closed whatever its audience."""
        return self.read_by([Audience.EVERYONE]).filter(Q(seminar=None) | Q(seminar__in=Seminar.objects.public()))

    def visible_to(self, user):
        """All for the secretariat; for everyone else those whose audience they belong to."""
        if user.has_perm("recordings.view_document"):
            return self
        theirs = self.read_by(audiences_open_to(user))
        return theirs.filter(Q(seminar=None) | Q(seminar__in=Seminar.objects.visible_to(user)))

    def with_card(self):
        """Bring what a row of a list shows."""
        return self.select_related("seminar", "institution").prefetch_related("versions")


class Document(SluggedModel, SourcedModel):
    """A text the Network keeps or points to. Only the secretariat reads it unless somebody says otherwise.

    Its file, if there is one, is the last of its `versions`. Minutes are drafted, circulated among the members and approved;
    until then their state says who reads them, and their audience only who will.
    """

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind)
    symbol = models.CharField(_("document number"), max_length=60, blank=True, help_text=_("For example A/RES/77/281."))
    dated_on = models.DateField(_("date"), null=True, blank=True)
    dated_on_precision = precision_field()
    language = models.CharField(_("language"), max_length=12, choices=LANGUAGES, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True, help_text=_("Where it can be read, when we keep no file."))
    summary = models.TextField(_("summary"), blank=True)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    seminar = models.ForeignKey(
        Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="documents")
    audience = models.CharField(_("who may read it"), max_length=24, choices=Audience, default=Audience.SECRETARIAT)
    shows_versions = models.BooleanField(
        _("its older versions too"),
        default=False,
        help_text=_("Anyone who can read it can also read its older files. Otherwise only the Secretariat can."),
    )
    state = models.CharField(_("state of the minutes"), max_length=10, choices=MinutesState, blank=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    approving_meeting = models.ForeignKey(
        Seminar,
        verbose_name=_("approved at"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="minutes_approved",
    )
    is_milestone = models.BooleanField(_("milestone of the Network"), default=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        ordering = [models.F("dated_on").desc(nulls_last=True), ShownSortKey("title"), "pk"]
        constraints = [
            on_the_web("document_source_is_on_the_web", "source_url"),
            models.UniqueConstraint(
                fields=["slug"], name="one_document_per_address", violation_error_message=_("Another document has this address.")
            ),
            on_the_web("document_is_on_the_web", "url"),
            models.CheckConstraint(
                name="document_state_is_of_minutes",
                condition=(Q(kind="minutes") & ~Q(state="")) | (~Q(kind="minutes") & Q(state="")),
                violation_error_message=_("Minutes have a state, and no other document has one."),
            ),
            models.CheckConstraint(
                name="document_approval_is_of_what_is_approved",
                condition=Q(state="approved") | Q(approved_on__isnull=True, approving_meeting__isnull=True),
                violation_error_message=_("Only minutes that are approved say when and where."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.symbol})" if self.symbol else self.title

    def slug_source(self):
        return self.symbol or self.title_es

    def get_absolute_url(self):
        return reverse("recordings:document", args=[self.slug])

    def clean(self):
        check_precision(self.dated_on, self.dated_on_precision, field="dated_on")
        self._keep_what_was_approved()
        self._settle_state()
        if self.url and self.pk and self.versions.exists():
            raise ValidationError({"url": ValidationError(_("Give a file or a link, not both."), code="file_and_link")})

    def refuse_another_text(self):
        """Raise ValidationError (code "approved") for approved minutes that have their text: it is the one that was approved."""
        if self.state == MinutesState.APPROVED and (self.url or self.versions.exists()):
            sentence = _("These minutes are approved, and their text stays as it is. To replace it, undo the approval first.")
            raise ValidationError(sentence, code="approved")

    def _keep_what_was_approved(self):
        """Approved minutes keep their link and stay minutes."""
        before = Document.objects.filter(pk=self.pk, state=MinutesState.APPROVED).first() if self.pk else None
        for name in ("kind", "url"):
            if before and getattr(before, name) != getattr(self, name):
                try:
                    before.refuse_another_text()
                except ValidationError as refused:
                    raise ValidationError({name: refused}) from None

    def _settle_state(self):
        """What becomes minutes begins as a draft; what is none any more has no state."""
        self.state = (self.state or MinutesState.DRAFT) if self.kind == DocumentKind.MINUTES else ""
        if self.state != MinutesState.APPROVED:
            self.approved_on = self.approving_meeting = None

    @property
    def readers(self):
        """The audience that reads it now (see `READERS`)."""
        by_state = {MinutesState.DRAFT: Audience.SECRETARIAT, MinutesState.CIRCULATED: Audience.MEMBERS}
        return by_state.get(self.state, Audience(self.audience))

    @property
    def is_for_everyone(self):
        return self.readers == Audience.EVERYONE

    @property
    def current(self):
        """The version one reads, the last; None without a file."""
        return next(iter(self.versions.all()), None)

    def meeting_shown_to(self, user):
        """The meeting that approved it, if `user` may see it."""
        return (
            Seminar.objects.visible_to(user).filter(pk=self.approving_meeting_id).first() if self.approving_meeting_id else None
        )
