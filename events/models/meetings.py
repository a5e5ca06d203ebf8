"""What only delegates know of a network meeting: how to join it, which members are invited, and who came."""

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.seminars import Seminar
from members.models import Audience, Membership, MembershipCategory
from rifess.base.cleaned import models

SHOWN_BEFORE = timedelta(minutes=30)
SHOWN_AFTER = timedelta(hours=1)  # what is planned to end may go on
MEMBERS, OBSERVERS = MembershipCategory.MEMBER, MembershipCategory.OBSERVER
INVITED_BY_AUDIENCE = {
    Audience.EVERYONE: [MEMBERS, OBSERVERS],
    Audience.MEMBERS_AND_OBSERVERS: [MEMBERS, OBSERVERS],
    Audience.MEMBERS: [MEMBERS],
    Audience.SECRETARIAT: [],
}


class JoinLink(models.Model):
    """The address at which a meeting is joined. A table apart from `Seminar`, so that nothing that shows a seminar shows it."""

    seminar = models.OneToOneField(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="join_link")
    join_url = models.URLField(
        _("link to join"),
        max_length=500,
        help_text=_(
            "Only delegates who are invited to a meeting and people registered for a seminar see it, "
            "from 30 minutes before the first known time until an hour after the last one."
        ),
    )
    counts_attendance = models.BooleanField(
        _("opening it counts as attendance"),
        default=False,
        help_text=_("Of the panel that is on at that moment, or of the seminar where times are not known."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("link to join"), _("links to join")
        constraints = [
            models.CheckConstraint(
                name="join_link_is_secure",
                condition=Q(join_url__istartswith="https://"),
                violation_error_message=_("A link to join starts with https://."),
            )
        ]

    def __str__(self):
        return str(self.seminar)

    def is_shown(self, now):
        """Whether `now` is near the meeting, which has not been cancelled."""
        opens, closes = shown_between(self.seminar)
        return not self.seminar.is_cancelled and opens <= now < closes


def shown_between(seminar):
    """From half an hour before the first known start up to, and not including, an hour after the last known end.

    Unknown times are whole days in its zone. When it is planned to end, `Seminar.ends_at` says.
    """
    panels = list(seminar.panels.all())
    starts = [panel.starts_at for panel in panels if panel.starts_at]
    ends = [panel.ends_at + SHOWN_AFTER for panel in panels if panel.ends_at]
    opens = min(starts) - SHOWN_BEFORE if starts else _midnight(seminar.starts_on, seminar.zone)
    return opens, max([seminar.ends_at, *ends])


def _midnight(day, zone):
    return datetime.combine(day, time.min, zone)


class SeminarInvitation(models.Model):
    """A membership is invited to a meeting. Where there are none, all of its audience are."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="invitations")
    membership = models.ForeignKey(
        Membership, verbose_name=_("membership"), on_delete=models.PROTECT, related_name="seminar_invitations"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("member invited to a meeting"), _("members invited to a meeting")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "membership"],
                name="each_member_invited_once",
                violation_error_message=_("This member is invited already."),
            )
        ]

    def __str__(self):
        return str(self.membership)

    def clean(self):
        if self.seminar_id and self.membership_id:
            self._belong_to_the_audience()

    def _belong_to_the_audience(self):
        if self.membership.category not in INVITED_BY_AUDIENCE[self.seminar.audience]:
            sentence = _("%(member)s does not belong to those who may see this meeting. Change who may see it first.")
            error = ValidationError(sentence, code="outside_audience", params={"member": self.membership.holder_name})
            raise ValidationError({"membership": error})


def is_invited(seminar, standing):
    """Whether the membership that `standing` speaks for is invited; one that joined since belongs to the audience."""
    invited = {each.membership_id for each in seminar.invitations.all()}
    if invited:
        return standing.membership.pk in invited
    return standing.category in INVITED_BY_AUDIENCE[seminar.audience]


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


class MeetingAttendance(models.Model):
    """Whether a member came to a meeting, and who came for it, in the words of the minutes."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(
        Membership, verbose_name=_("membership"), on_delete=models.PROTECT, related_name="meeting_attendances"
    )
    state = models.CharField(_("attendance"), max_length=8, choices=AttendanceState)
    represented_by = models.CharField(_("represented by"), max_length=300, blank=True, help_text=_("Names, as the minutes say."))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("attendance of a member"), _("attendance of the members")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "membership"],
                name="one_attendance_per_member",
                violation_error_message=_("The attendance of this member is written already."),
            )
        ]

    def __str__(self):
        return f"{self.membership} · {self.get_state_display()}"
