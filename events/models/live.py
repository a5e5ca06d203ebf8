"""The day itself: the public stream, the channels of interpretation, and what the public asks the panel."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.programme import Panel
from events.models.registrations import Registration
from events.models.seminars import Seminar
from rifess.base.cleaned import models
from rifess.base.models import Language, on_the_web


class Stream(models.Model):
    """Where everybody may watch a seminar while it goes on."""

    seminar = models.OneToOneField(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="stream")
    url = models.URLField(_("public stream"), max_length=500, help_text=_("Everyone sees it. The link to join is another one."))

    class Meta:
        verbose_name, verbose_name_plural = _("public stream"), _("public streams")
        constraints = [on_the_web("stream_is_on_the_web", "url")]

    def __str__(self):
        return self.url


class InterpretationChannel(models.Model):
    """How to listen to a seminar in another language: an address, or what to choose in the meeting."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="channels")
    language = models.ForeignKey(Language, verbose_name=_("language"), on_delete=models.PROTECT, related_name="+")
    url = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Only those registered see it."))
    note = models.CharField(
        _("how to find it"), max_length=250, blank=True, help_text=_("For example: choose Português in the menu Interpretation.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("channel of interpretation"), _("channels of interpretation")
        ordering = ["language__position", "pk"]
        constraints = [
            on_the_web("channel_is_on_the_web", "url"),
            models.UniqueConstraint(
                fields=["seminar", "language"],
                name="one_channel_for_each_language",
                violation_error_message=_("There is a channel for this language already."),
            ),
        ]

    def __str__(self):
        return str(self.language)


class PanelQuestionState(models.TextChoices):
    WAITING = "waiting", _("to be looked at")
    APPROVED = "approved", _("shown")
    ANSWERED = "answered", pgettext_lazy("question", "answered")
    DECLINED = "declined", _("not shown")


class PanelQuestionQuerySet(models.QuerySet):
    def shown(self):
        """Questions that everybody at the seminar reads."""
        return self.filter(state__in=[PanelQuestionState.APPROVED, PanelQuestionState.ANSWERED])


class PanelQuestion(models.Model):
    """What somebody registered asks a panel. The secretariat looks at it before others read it."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="panel_questions")
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.CASCADE, null=True, blank=True, related_name="panel_questions"
    )
    registration = models.ForeignKey(
        Registration, verbose_name=_("asked by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="panel_questions"
    )
    shows_name = models.BooleanField(_("with their name"), default=True)
    text = models.TextField(_("question"), max_length=500)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=8, choices=PanelQuestionState, default=PanelQuestionState.WAITING)
    asked_at = models.DateTimeField(pgettext_lazy("question", "asked"), default=timezone.now, editable=False)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked at by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    moderated_at = models.DateTimeField(_("looked at"), null=True, editable=False)
    votes = models.PositiveIntegerField(_("votes"), default=0, editable=False)
    is_suspected_spam = models.BooleanField(_("suspected spam"), default=False, db_default=False, editable=False)

    objects = PanelQuestionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("question to a panel"), _("questions to the panels")
        ordering = ["-votes", "asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="panel_question_says_something", condition=~Q(text=""), violation_error_message=_("Enter the question.")
            )
        ]

    def __str__(self):
        return self.text


class PanelQuestionVote(models.Model):
    """Somebody registered wants this question asked too."""

    question = models.ForeignKey(PanelQuestion, verbose_name=_("question"), on_delete=models.CASCADE, related_name="voters")
    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="question_votes"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("vote for a question"), _("votes for questions")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "registration"],
                name="one_vote_for_each_question",
                violation_error_message=_("You voted for this question already."),
            )
        ]

    def __str__(self):
        return str(self.question)
