"""Who came: to which panel or to the seminar as a whole, for how long, and how it is known."""

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.programme import Panel
from events.models.registrations import Registration
from events.models.seminars import Seminar
from rifess.base.cleaned import models


class AttendanceSource(models.TextChoices):
    JOIN_LINK = "join-link", _("opened the link to join")
    PLATFORM = "platform", _("list of the meeting platform")
    DOOR = "door", _("at the door")
    SECRETARIAT = "secretariat", _("written by the Secretariat")


class Attendance(models.Model):
    """Somebody came, to a panel or (without one) to the seminar. One row for each way in which it is known."""

    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="attendances"
    )
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.CASCADE, null=True, blank=True, related_name="attendances"
    )
    source = models.CharField(_("how it is known"), max_length=12, choices=AttendanceSource)
    came_at = models.DateTimeField(_("came"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    minutes = models.PositiveIntegerField(
        pgettext_lazy("length of time", "minutes"), null=True, blank=True, help_text=_("Left empty when it is not known.")
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("attendance"), _("attendance")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "panel", "source"],
                condition=Q(panel__isnull=False),
                name="attendance_of_a_panel_once",
                violation_error_message=_("It is written already that this person came to this panel."),
            ),
            models.UniqueConstraint(
                fields=["registration", "source"],
                condition=Q(panel__isnull=True),
                name="attendance_of_a_seminar_once",
                violation_error_message=_("It is written already that this person came."),
            ),
            models.CheckConstraint(
                name="attendance_ends_after_it_begins",
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=True) | Q(left_at__gte=F("came_at")),
                violation_error_message=_("They left after they came."),
            ),
        ]

    def __str__(self):
        return f"{self.registration} · {self.get_source_display()}"


class MeetingPlatform(models.TextChoices):
    ZOOM = "zoom", "Zoom"
    TEAMS = "teams", "Microsoft Teams"
    MEET = "meet", "Google Meet"
    WEBEX = "webex", "Webex"


class PlatformList(models.Model):
    """A list of participants that a meeting platform wrote, brought by the secretariat and looked at row by row."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="platform_lists")
    panel = models.ForeignKey(
        Panel,
        verbose_name=_("panel"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="platform_lists",
        help_text=_("Left empty: of the whole seminar."),
    )
    platform = models.CharField(_("platform"), max_length=8, choices=MeetingPlatform)
    file_name = models.CharField(_("file"), max_length=200)
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of the file: the same one is not brought twice."
    )
    brought_at = models.DateTimeField(_("imported"), default=timezone.now)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("imported by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("attendance written"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("list of a meeting platform"), _("lists of meeting platforms")
        ordering = ["-brought_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "fingerprint"],
                name="each_platform_list_once",
                violation_error_message=_("This list has already been imported."),
            )
        ]

    def __str__(self):
        return self.file_name


class Sureness(models.TextChoices):
    SURE = "sure", _("the same address or the same name")
    UNSURE = "unsure", _("perhaps: look at it")
    NOBODY = "nobody", _("no one registered so")


def no_suggestions():
    return []  # not `list`, which is the name of a field there


class ListedParticipant(models.Model):
    """Somebody in a platform's list, all their joins together, and the participant they are taken for."""

    list = models.ForeignKey(PlatformList, verbose_name=_("list"), on_delete=models.CASCADE, related_name="rows")
    lines = models.CharField(_("lines"), max_length=200, help_text=_("Where in the file."))
    name = models.CharField(_("name"), max_length=300, blank=True)
    email = models.CharField(_("email address"), max_length=254, blank=True)
    came_at = models.DateTimeField(_("came"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    minutes = models.PositiveIntegerField(pgettext_lazy("length of time", "minutes"), null=True, blank=True)
    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.SET_NULL, null=True, blank=True, related_name="listed"
    )
    sureness = models.CharField(_("how sure"), max_length=8, choices=Sureness, default=Sureness.NOBODY)
    is_decided = models.BooleanField(_("decided by a person"), default=False)
    suggestions = models.JSONField(
        default=no_suggestions, editable=False, help_text="Pairs of a participant's number and why it may be them, best first."
    )

    class Meta:
        verbose_name, verbose_name_plural = _("row of a platform’s list"), _("rows of a platform’s list")
        ordering = ["pk"]

    def __str__(self):
        return self.name or self.email
