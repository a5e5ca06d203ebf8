"""What those who take part are told by e-mail: its words, where the secretariat wrote its own, and what was told to whom."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models.registrations import Registration
from events.models.seminars import Seminar
from members.models import Message
from rifess.base.cleaned import models


class LetterKind(models.TextChoices):
    CONFIRM = "confirm", _("confirm the address")
    ALREADY = "already", _("you are registered already")
    TO_APPROVE = "to-approve", _("the registration is looked at")
    CONFIRMED = "confirmed", _("the registration is confirmed")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("a place is free")
    LAPSED = "lapsed", _("the place went to the next")
    DECLINED = "declined", _("the registration is not accepted")
    CANCELLED = "cancelled", _("the registration is cancelled")
    WEEK_BEFORE = "week-before", _("reminder, 7 days before")
    DAY_BEFORE = "day-before", _("reminder, 1 day before")
    HOUR_BEFORE = "hour-before", _("reminder, 1 hour before")
    FURTHER_DAY = "further-day", _("reminder before each further day")
    JOIN = "join", _("the link to join")
    CHANGED = "changed", _("the seminar has changed")
    CALLED_OFF = "called-off", _("the seminar is cancelled")
    REINSTATED = "reinstated", _("the seminar takes place after all")
    THANKS = "thanks", _("thanks, with the recordings")
    CERTIFICATE = "certificate", _("the certificate")
    SURVEY = "survey", _("the survey")


class SeminarLetter(models.Model):
    """The secretariat's own words for one kind of letter of one seminar. Without them the portal's are used."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), help_text=_("Paragraphs are divided by an empty line."))
    follows = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Languages in the portal’s words, with commas.",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("letter of a seminar"), _("letters of the seminars")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "kind"],
                name="one_letter_of_each_kind",
                violation_error_message=_("There is a letter of this kind already."),
            )
        ]

    @property
    def languages_in_the_portals_words(self):
        """Those in which it says what the portal says at the time: the secretariat reworded only the others."""
        return self.follows.split(",") if self.follows else []

    def __str__(self):
        return f"{self.get_kind_display()} · {self.seminar}"


class LetterTold(models.Model):
    """That somebody was told something, once: `about` says which one where a kind comes more than once."""

    registration = models.ForeignKey(Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="told")
    kind = models.CharField(_("kind"), max_length=20)
    about = models.CharField(max_length=60, blank=True)
    message = models.ForeignKey(
        Message, verbose_name=_("email"), on_delete=models.SET_NULL, null=True, blank=True, related_name="letters_told"
    )
    told_at = models.DateTimeField(_("written"), default=timezone.now)
    is_due_again = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Its message did not leave because it was not so at that moment.",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("letter written"), _("letters written")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "about"], name="each_thing_is_told_once"),
        ]

    def __str__(self):
        return f"{self.kind} → {self.registration}"


class MissedReminderQuerySet(models.QuerySet):
    def recent(self, now=None):
        """Those noticed within a week, as long as the secretariat may still want to write to people itself."""
        return self.filter(noticed_at__gt=(now or timezone.now()) - timedelta(days=7))


class MissedReminder(models.Model):
    """That a reminder did not reach `people` while it was true: nothing ran then, or no e-mail could leave."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="missed_reminders")
    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind)
    about = models.CharField(max_length=60)
    people = models.PositiveIntegerField(_("people"))
    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)

    objects = MissedReminderQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("reminder not sent in time"), _("reminders not sent in time")
        ordering = ["-noticed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "kind", "about"], name="each_missed_reminder_is_noticed_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.seminar}"


class Segment(models.TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("participants", "confirmed")
    WAITING = "waiting", pgettext_lazy("participants", "waiting for a place")
    TO_APPROVE = "to-approve", pgettext_lazy("participants", "to be looked at")
    ATTENDED = "attended", pgettext_lazy("participants", "who came")
    MISSED = "missed", pgettext_lazy("participants", "confirmed, but did not come")


class Mailing(models.Model):
    """An e-mail of the secretariat to part of those who take part in a seminar. Once sent it is only read."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="mailings")
    segment = models.CharField(_("to those"), max_length=12, choices=Segment, default=Segment.CONFIRMED)
    country = CountryField(_("only from"), blank=True)
    form = models.CharField(
        _("only in this form of attendance"), max_length=10, blank=True, choices=Registration._meta.get_field("form").choices
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), help_text=_("Paragraphs are divided by an empty line."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    recipients = models.PositiveIntegerField(_("recipients"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("email to participants"), _("emails to participants")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="mailing_sent_says_to_how_many", condition=Q(sent_at__isnull=True) | Q(recipients__isnull=False)
            )
        ]

    def __str__(self):
        return self.subject
