from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Audience, AudienceByKindField, Institution, audiences_open_to
from rifess.base.cleaned import models
from rifess.base.models import Language, SluggedModel, SourcedModel, on_the_web
from rifess.base.text.collation import ShownSortKey
from rifess.base.zones import ZONES, in_the_days_of_each_zone

LONGEST_NIGHT = timedelta(days=2)  # so long after its last day a panel of it may still go on


class Topic(SluggedModel):
    """A subject that runs through seminars and panels."""

    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name, verbose_name_plural = _("topic"), _("topics")
        ordering = [ShownSortKey("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], name="one_topic_per_address", violation_error_message=_("Another topic has this address.")
            )
        ]

    def __str__(self):
        return self.name


class SeminarKind(models.TextChoices):
    SEMINAR = "seminar", _("seminar")
    WEBINAR = "webinar", _("webinar")
    COURSE = "course", _("course")
    CONFERENCE = "conference", _("conference")
    MEETING = "meeting", _("network meeting")


def default_audience(kind):
    """Who may see a seminar of this kind unless the secretariat says otherwise: meetings of the Network are for its members."""
    return Audience.MEMBERS if kind == SeminarKind.MEETING else Audience.EVERYONE


class SeminarFormat(models.TextChoices):
    VIRTUAL = "virtual", _("virtual")
    IN_PERSON = "in-person", _("in person")
    HYBRID = "hybrid", _("hybrid")


class SeminarQuerySet(models.QuerySet):
    def public(self):
        """Seminars any visitor may see, cancelled ones too."""
        return self.filter(published_at__isnull=False, audience=Audience.EVERYONE)

    def visible_to(self, user):
        """All for the secretariat; for everyone else the published ones whose audience they belong to."""
        if user.has_perm("events.view_seminar"):
            return self
        return self.filter(published_at__isnull=False, audience__in=audiences_open_to(user))

    def drafts(self):
        """Seminars only the secretariat sees yet."""
        return self.filter(published_at__isnull=True)

    def with_last_day(self):
        """Each with its last day: `ends_on`, or the first day while the last is not known."""
        return self.annotate(last_day=Coalesce("ends_on", "starts_on"))

    def upcoming(self, now=None):
        """Seminars that have not ended (see `Seminar.ends_at`), soonest first. `now` is a moment."""
        return self.with_last_day().filter(~_is_over(now)).order_by("starts_on", "pk")

    def to_come(self, now=None):
        """Seminars that people take part in: published, not over and not cancelled."""
        return self.upcoming(now).filter(published_at__isnull=False, cancelled_on=None)

    def called_off(self, now=None):
        """Published seminars that were cancelled and would not be over."""
        return self.upcoming(now).filter(published_at__isnull=False, cancelled_on__isnull=False)

    def past(self, now=None):
        """Seminars that have ended (see `Seminar.ends_at`), latest first."""
        return self.with_last_day().filter(_is_over(now)).order_by("-starts_on", "-pk")

    def with_card(self):
        """Bring what a row of a list shows: one query per table, however many seminars."""
        return self.prefetch_related("languages", "interpreted_languages", "institutions__institution")

    def with_calendar(self):
        """Bring what a calendar shows of a seminar: one query per table."""
        return self.prefetch_related("topics", "panels")

    def with_programme(self):
        """Bring panels, interventions and positions along: one query per table, however long the programme."""
        return self.with_card().prefetch_related(
            "topics",
            "panels__institutions__institution",
            "panels__topics",
            "panels__interventions__person",
            "panels__interventions__positions__institution",
        )


def _is_over(now):
    """The condition that a seminar, with its `last_day`, has ended at `now`: `Seminar.has_ended` in the database."""
    now = now or timezone.now()
    panels = Seminar._meta.get_field("panels").related_model.objects.filter(seminar=OuterRef("pk")).order_by()
    has_hours = Exists(panels.filter(held_on=OuterRef("last_day"))) & ~Exists(panels.filter(ends_at=None))
    return ~Exists(panels.filter(ends_at__gt=now)) & (Q(has_hours) | _on_each_clock("last_day__lt", now))


def _on_each_clock(comparison, now):
    zoned = in_the_days_of_each_zone("time_zone", lambda day: Q(**{comparison: day}), now)
    network_day = timezone.localdate(now, ZoneInfo(settings.NETWORK_TIME_ZONE))
    return zoned | (Q(time_zone="") & Q(**{comparison: network_day}))


class Seminar(SluggedModel, SourcedModel):
    """Something the Network holds, on one day or several. `starts_on` and `ends_on` are days in its own zone, both included.

    That it is published and that it is cancelled are separate facts: a cancelled seminar keeps its page.
    """

    title = models.CharField(_("title"), max_length=250)
    subtitle = models.CharField(_("subtitle"), max_length=250, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SeminarKind, default=SeminarKind.SEMINAR)
    format = models.CharField(
        _("format"), max_length=12, choices=SeminarFormat, blank=True, help_text=_("Leave it empty when it is not known.")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The last day, included. Leave it empty when it is not known.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=ZONES, blank=True, help_text=_("The zone in which its times are written.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True, help_text=_("Two or three sentences; lists show the beginning."))
    description = models.TextField(_("description"), blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="seminars")
    languages = models.ManyToManyField(Language, verbose_name=_("working languages"), blank=True, related_name="+")
    interpreted_languages = models.ManyToManyField(
        Language, verbose_name=_("interpreted into"), blank=True, related_name="+", help_text=_("Sign languages too.")
    )
    audience = AudienceByKindField(
        _("who may see it"),
        max_length=24,
        choices=Audience,
        blank=True,
        help_text=_("Once it is published. Left empty: members for a network meeting, everyone for the other kinds."),
    )
    is_milestone = models.BooleanField(_("milestone of the Network"), default=False)
    is_demonstration = models.BooleanField(_("demonstration"), default=False, editable=False)
    waits_for_consent = models.BooleanField(
        _("recordings wait for the speakers’ consent"),
        default=False,
        help_text=_(
            "A recording is published when each person heard in it has agreed, and disappears when one of them withdraws consent."
        ),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # Told once, however often it is published.
    announced_at = models.DateTimeField(_("told in alerts"), null=True, blank=True, editable=False)
    cancelled_on = models.DateField(
        _("cancelled on"), null=True, blank=True, help_text=_("It takes effect at once. Its page stays and says so.")
    )

    objects = SeminarQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("seminar"), _("seminars")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            on_the_web("seminar_source_is_on_the_web", "source_url"),
            models.UniqueConstraint(
                fields=["slug"], name="one_seminar_per_address", violation_error_message=_("Another seminar has this address.")
            ),
            models.CheckConstraint(
                name="seminar_ends_on_or_after_its_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A seminar ends on or after the day it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    def slug_source(self):
        return f"{self.title_es} {self.starts_on.year}"

    def get_absolute_url(self):
        return reverse("events:seminar", args=[self.slug])

    @property
    def default_audience(self):
        return default_audience(self.kind)

    @property
    def zone(self):
        """The zone its times are shown in: its own, or the Network's while that is not known."""
        return ZoneInfo(self.time_zone or settings.NETWORK_TIME_ZONE)

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_cancelled(self):
        return self.cancelled_on is not None

    @property
    def last_known_day(self):
        return self.ends_on or self.starts_on

    @property
    def ends_at(self):
        """The moment it is over: the end of its last panel, which may be past midnight.

        While some hours, or the programme of the last day, are not known: the end of that day in its own zone, or of a panel
        known to last longer. One query, or none when its panels were brought along.
        """
        panels = list(self.panels.all())
        ends = [panel.ends_at for panel in panels]
        if ends and all(ends) and any(panel.held_on == self.last_known_day for panel in panels):
            return max(ends)
        midnight = datetime.combine(self.last_known_day + timedelta(days=1), time.min, self.zone)
        return max([midnight, *filter(None, ends)])

    def has_ended(self, now=None):
        """Whether it is over at `now`. Hours decide where they are known; far from its last day nothing has to be asked."""
        now = now or timezone.now()
        days_since = (timezone.localdate(now, self.zone) - self.last_known_day).days
        return self.ends_at <= now if 0 <= days_since <= LONGEST_NIGHT.days else days_since > 0

    def is_under_way(self, now=None):
        """Whether it goes on at `now`: from its first day, in its own zone, until it is over."""
        return self.starts_on <= timezone.localdate(now, self.zone) and not self.has_ended(now)

    def clean(self):
        super().clean()
        self._be_cancelled_by_now()

    def _be_cancelled_by_now(self):
        today = max(timezone.localdate(timezone=zone) for zone in (self.zone, ZoneInfo(settings.NETWORK_TIME_ZONE)))
        if self.cancelled_on and self.cancelled_on > today:
            sentence = _("A cancellation takes effect at once: enter today, or the day on which it was decided.")
            raise ValidationError({"cancelled_on": ValidationError(sentence, code="to_come")})


class InstitutionRole(models.TextChoices):
    CONVENES = "convenes", _("convenes")
    ORGANIZES = "organizes", _("organizes")
    SUPPORTS = "supports", _("supports")
    GUIDES = "guides", _("guides the conclusions")
    TAKES_PART = "takes-part", _("takes part")


class SeminarInstitution(models.Model):
    """What an institution does in a seminar."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="seminar_roles"
    )
    role = models.CharField(_("role"), max_length=12, choices=InstitutionRole, default=InstitutionRole.ORGANIZES)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name, verbose_name_plural = _("institution of the seminar"), _("institutions of the seminar")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "institution", "role"],
                name="each_role_in_a_seminar_once",
                violation_error_message=_("This institution already has this role."),
            )
        ]

    def __str__(self):
        return f"{self.institution} · {self.get_role_display()}"
