import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Intervention, Panel, Seminar
from members.models import Audience
from recordings.models.captions import Caption
from recordings.models.consent import Consent, ConsentScope
from recordings.models.hearing import heard, heard_in
from recordings.models.ranges import Chapter, Clip
from recordings.models.sources import Source
from recordings.models.tracks import RecordingTrack
from rifess.base.cleaned import models
from rifess.base.models import Language, SluggedModel, SourcedModel, on_the_web
from rifess.links.models import Address

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read wrongly aloud


def new_key():
    """A short permanent key that is never used again."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def withdrawn():
    """The condition that the secretariat took a recording away or, where one waits for permissions, that a speaker did."""
    taken_back = Consent.objects.taken_back().filter(recording=OuterRef("pk"))
    return Q(withdrawn_on__isnull=False) | (Q(seminar__waits_for_consent=True) & Exists(taken_back))


def shown_too_widely():
    """The condition that a seminar open to everyone waits for permissions, and a speaker's is for the Network only."""
    narrow = Consent.objects.in_force().filter(recording=OuterRef("pk"), scope=ConsentScope.NETWORK)
    return Q(seminar__waits_for_consent=True, seminar__audience=Audience.EVERYONE) & Exists(narrow)


class RecordingQuerySet(models.QuerySet):
    def public(self):
        """Recordings any visitor may see: published, not withdrawn, of a seminar they may see."""
        return self._shown().filter(seminar__in=Seminar.objects.public())

    def visible_to(self, user):
        """All for the secretariat; for everyone else the published ones of seminars they may see."""
        if user.has_perm("recordings.view_recording"):
            return self
        return self._shown().filter(seminar__in=Seminar.objects.visible_to(user))

    def _shown(self):
        return self.filter(published_at__isnull=False).exclude(withdrawn()).exclude(shown_too_widely())

    def withdrawn_from(self, user):
        """Recordings that `user` could see once and no longer may: their address says so, and when, and nothing else."""
        return self.filter(withdrawn(), published_at__isnull=False, seminar__in=Seminar.objects.visible_to(user))

    def recorded_with(self, recording):
        """The same session recorded otherwise: its other parts, and its other sound."""
        same = self.filter(seminar=recording.seminar_id, panel=recording.panel_id, intervention=recording.intervention_id)
        return same.exclude(part=recording.part, track=recording.track).order_by("part", "track", "pk")

    def without_source(self):
        """Recordings that exist, but whose link is not known."""
        return self.filter(sources=None)

    def with_transcript(self):
        """Recordings of which what was said can be read."""
        return self.filter(Exists(Caption.objects.filter(recording=OuterRef("pk"))))

    def without_transcript(self):
        """Recordings that can be seen somewhere, and of which nothing can be read."""
        seen = self.filter(withdrawn_on__isnull=True).exclude(sources=None)
        return seen.exclude(Exists(Caption.objects.filter(recording=OuterRef("pk"))))

    def with_dead_address(self):
        """Recordings not withdrawn one of whose addresses no longer answers."""
        dead = Source.objects.filter(recording=OuterRef("pk"), url__in=Address.objects.dead().values("url"))
        return self.filter(Exists(dead), withdrawn_on__isnull=True)

    def with_voice_of(self, person):
        """Recordings in which `person` is heard: in a range of their own or, while nobody has noted it, somewhere in it."""
        return self.filter(heard(Intervention.objects.filter(person=person)))

    def with_card(self):
        """Bring what a row of a list shows: one query per table."""
        return self.select_related("seminar", "panel__seminar", "intervention__person").prefetch_related("languages", "sources")


class Recording(SluggedModel, SourcedModel):
    """A file or stream, often of hours, of a seminar, of one of its panels, or of one intervention.

    Having no source yet is a normal state. Seconds are counted from the start of the recording; each source says how much
    later its own clock reads.
    """

    key = models.CharField(_("permanent key"), max_length=12, unique=True, default=new_key, editable=False)
    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, related_name="recordings")
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.PROTECT, null=True, blank=True, related_name="recordings"
    )
    intervention = models.ForeignKey(
        Intervention, verbose_name=_("talk"), on_delete=models.PROTECT, null=True, blank=True, related_name="recordings"
    )
    title = models.CharField(_("title"), max_length=250)
    part = models.PositiveSmallIntegerField(_("part"), default=1, help_text=_("For a panel recorded in several files."))
    track = models.CharField(_("sound"), max_length=12, choices=RecordingTrack, default=RecordingTrack.FLOOR)
    languages = models.ManyToManyField(Language, verbose_name=_("languages heard"), blank=True, related_name="+")
    duration = models.DurationField(_("duration"), null=True, blank=True, help_text=_("Hours:minutes:seconds."))
    summary = models.TextField(_("summary"), blank=True)
    poster = models.ImageField(
        _("poster"),
        upload_to="posters/%Y/",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
        help_text=_("A still picture, kept here. Left empty, the portal draws one."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Told once, however often it is published.
    announced_at = models.DateTimeField(_("told in alerts"), null=True, blank=True, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, help_text=_("It disappears everywhere at once."))

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("recording"), _("recordings")
        ordering = ["-seminar__starts_on", "panel__position", "part", "pk"]
        constraints = [
            on_the_web("recording_source_is_on_the_web", "source_url"),
            models.UniqueConstraint(
                fields=["slug"],
                name="one_recording_per_address",
                violation_error_message=_("Another recording has this address."),
            ),
            models.CheckConstraint(
                name="recording_lasts_some_time",
                condition=Q(duration__isnull=True) | Q(duration__gt=timedelta(0)),
                violation_error_message=_("A recording lasts longer than nothing."),
            ),
            models.CheckConstraint(
                name="recording_of_an_intervention_names_its_panel",
                condition=Q(intervention__isnull=True) | Q(panel__isnull=False),
                violation_error_message=_("Choose the talk’s panel too."),
            ),
        ]

    def __str__(self):
        return self.title

    def slug_source(self):
        return self.title_es

    def get_absolute_url(self):
        return reverse("recordings:recording", args=[self.slug])

    def get_permanent_url(self):
        """The short address that never changes; it takes `?t=`."""
        return reverse("recording_by_key", args=[self.key])

    def clean(self):
        if self.panel_id and self.seminar_id and self.panel.seminar_id != self.seminar_id:
            raise ValidationError({"panel": ValidationError(_("This panel is of another seminar."), code="other_seminar")})
        if self.intervention_id and self.intervention.panel_id != self.panel_id:
            raise ValidationError({"intervention": ValidationError(_("This talk is of another panel."), code="other_panel")})
        if self.pk and self.duration:
            self._hold_its_ranges()

    def _hold_its_ranges(self):
        beyond = Q(start__gte=self.duration)
        chapters, clips = Chapter.objects.filter(recording=self), Clip.objects.filter(recording=self)
        if chapters.filter(beyond).exists() or clips.filter(beyond | Q(end__gt=self.duration)).exists():
            sentence = _("A chapter or a talk of this recording is later than that.")
            raise ValidationError({"duration": ValidationError(sentence, code="ranges_beyond")})

    @property
    def is_published(self):
        return self.published_at is not None and self.withdrawn_on is None

    @property
    def withdrawn_since(self):
        """The day since which it is gone: the secretariat's or, where one waits for permissions, that of the first taken back."""
        if self.withdrawn_on or not self.seminar.waits_for_consent:
            return self.withdrawn_on
        return self.consents.taken_back().aggregate(first=Min("withdrawn_on"))["first"]

    @property
    def held_on(self):
        """The day of its panel or, while that is not known, the first day of its seminar."""
        return (self.panel and self.panel.held_on) or self.seminar.starts_on

    def interventions_heard(self):
        """The interventions heard in it (see `recordings.models.hearing`)."""
        return heard_in(Recording.objects.filter(pk=self.pk))
