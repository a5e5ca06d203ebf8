import uuid
from datetime import timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_SENDING = timedelta(minutes=10)
OVERDUE_AFTER = timedelta(hours=1)  # longer than a message waits while everything runs as it should


class MessageState(models.TextChoices):
    WAITING = "waiting", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent: refused, or tried for three days")
    UNCERTAIN = "uncertain", _("uncertain: the connection broke before the answer")
    EXPIRED = "expired", _("not sent in time, and of no use any more")


def reference_to(row):
    """What `Message.about` keeps of the row that a message is about: "members.invitation:12". Empty without a row."""
    if row is None:
        return ""
    model = (row._meta.all_parents or [row._meta.concrete_model])[-1]  # of a proposal of any kind, the proposal
    return f"{model._meta.label_lower}:{row.pk}"


def new_message_id():
    """The one Message-ID of a message, however often it is tried (RFC 5322 §3.6.4)."""
    return make_msgid(idstring=uuid.uuid4().hex[:12], domain=urlsplit(settings.SITE_URL).hostname)


class MessageQuerySet(models.QuerySet):
    def due(self, now=None):
        """Messages whose moment to be tried has come, oldest first, those that go to many last. None while mail is held back."""
        due = self.filter(state=MessageState.WAITING, next_try_at__lte=now or timezone.now())
        due = due.filter(~Exists(MailHold.objects.active()))
        return due.order_by("is_bulk", "next_try_at", "pk")

    def in_line(self):
        """Messages that go to many and wait for their turn."""
        return self.filter(state=MessageState.WAITING, is_bulk=True)

    def abandoned(self, now=None):
        """Messages whose worker went away while it was sending: it is not known whether they left.

        Those claimed in the future too: the clock was ahead then, and nothing else would ever end them.
        """
        now = now or timezone.now()
        too_long = Q(claimed_at__lt=now - LONGEST_SENDING) | Q(claimed_at__gt=now + LONGEST_SENDING) | Q(claimed_at=None)
        return self.filter(too_long, state=MessageState.SENDING)

    def overdue(self, now=None):
        """Messages that should have left more than an hour ago, oldest first. Those that go to many count from their turn.

        What is held back after a restore waits on purpose.
        """
        before = (now or timezone.now()) - OVERDUE_AFTER
        late = Q(next_try_at__lt=before) | Q(written_at__lt=before) & (Q(is_bulk=False) | Q(attempts__gt=0))
        waiting = self.filter(late, state=MessageState.WAITING)
        return waiting.filter(~Exists(MailHold.objects.active())).order_by("written_at", "pk")

    def waiting_for_the_server(self):
        """Messages that wait because the mail server did not answer, whatever their own next try is."""
        return self.filter(state=MessageState.WAITING, waits_for_server=True)

    def held(self):
        """Messages that wait because mail is held back after a restore."""
        return self.filter(Exists(MailHold.objects.active()), state=MessageState.WAITING)

    def given_up(self):
        """Messages that are not tried again unless a person says so."""
        return self.filter(state__in=[MessageState.FAILED, MessageState.UNCERTAIN])

    def in_trouble(self, now=None):
        """Messages that need a person: not sent, uncertain, or overdue."""
        given_up = Q(state__in=[MessageState.FAILED, MessageState.UNCERTAIN])
        return self.filter(given_up | Q(pk__in=self.model.objects.overdue(now).order_by().values("pk")))


class MailHoldQuerySet(models.QuerySet):
    def active(self):
        """The hold that was not released yet: one at most."""
        return self.filter(released_at=None)


class MailOutageQuerySet(models.QuerySet):
    def active(self):
        """The outage that lasts: one at most."""
        return self.filter(ended_at=None)


class HoldReason(models.TextChoices):
    RESTORED = "restored", _("restored from a backup")


class MailHold(models.Model):
    """A time in which no e-mail leaves: after a restore, since what waited in the backup may have been sent long ago."""

    reason = models.CharField(_("reason"), max_length=20, choices=HoldReason)
    held_at = models.DateTimeField(_("held back since"), default=timezone.now)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = MailHoldQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("time without email"), _("times without email")
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(released_at=None), name="mail_is_held_back_once_at_a_time"),
        ]

    def __str__(self):
        return f"{self.get_reason_display()}, {self.held_at:%Y-%m-%d %H:%M}"


class MailOutage(models.Model):
    """A time in which the mail server did not answer. While it lasts only one message at a time asks whether it does again."""

    began_at = models.DateTimeField(_("began"), default=timezone.now)
    next_probe_at = models.DateTimeField(_("asked again at"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    trouble = models.TextField(_("what happened"), blank=True)

    objects = MailOutageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("outage of the mail server"), _("outages of the mail server")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(ended_at=None), name="one_outage_of_mail_at_a_time"),
        ]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """An e-mail of the outbox, written in the same transaction as what it tells; its row keeps what became of it."""

    kind = models.CharField(_("kind"), max_length=40, help_text=_("The name of its template."))
    to = models.EmailField(pgettext_lazy("message", "to"))
    to_name = models.CharField(_("name of whom it is for"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    about = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The row that it is about, asked again before it leaves (members.outbox.delivery).",
    )
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("page"), blank=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    is_secret = models.BooleanField(
        _("secret"),
        default=False,
        help_text=_("It lets someone in: what it says is wiped once it is sent, and is shown nowhere."),
    )
    is_bulk = models.BooleanField(
        _("to many at once"),
        default=False,
        help_text=_("News or a letter to many: it goes out at a steady pace, after the others."),
    )
    unsubscribe_url = models.URLField(_("address that ends such messages"), max_length=300, blank=True)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, default=timezone.now)
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    waits_for_server = models.BooleanField(default=False, db_default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    trouble = models.TextField(_("what happened"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("email"), _("emails")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="messages_due")]
        constraints = [
            models.CheckConstraint(
                name="message_waiting_has_its_next_try", condition=~Q(state="waiting") | Q(next_try_at__isnull=False)
            ),
            models.CheckConstraint(name="message_sent_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.subject} → {self.to}"

    @property
    def about_model(self):
        """The model of the row that it is about; None for a message about no row."""
        return apps.get_model(self.about.partition(":")[0]) if self.about else None

    def about_row(self):
        """The row that it is about, or None when there is no such row any more."""
        return self.about_model._base_manager.filter(pk=self.about.partition(":")[2]).first()


class MessageAttachment(models.Model):
    """A file that goes with a message, such as its entry for a calendar."""

    message = models.ForeignKey(Message, verbose_name=_("email"), on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=100)
    content_type = models.CharField(_("type"), max_length=100)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name, verbose_name_plural = _("attachment"), _("attachments")
        ordering = ["pk"]

    def __str__(self):
        return self.name
