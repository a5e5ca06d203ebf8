"""What those who came thought of it. What they say is kept apart from who said it."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.registrations import Registration
from events.models.seminars import Seminar
from rifess.base.cleaned import models

MARKED = ("contents", "usefulness", "organization", "connection", "interpretation")
MARKS = [(mark, str(mark)) for mark in range(1, 6)]


class Survey(models.Model):
    """That those who took part in a seminar are asked about it, until a day (included) or without end."""

    seminar = models.OneToOneField(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="survey")
    closes_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day, included."))

    class Meta:
        verbose_name, verbose_name_plural = _("survey"), _("surveys")

    def __str__(self):
        return str(self.seminar)


def _mark(label):
    return models.PositiveSmallIntegerField(
        label, choices=MARKS, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class SurveyResponse(models.Model):
    """One answer. Nothing in it says whose or when: a key drawn at random, no moment, no language (docs/adr/0025)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, verbose_name=_("survey"), on_delete=models.CASCADE, related_name="responses")
    contents = _mark(_("contents"))
    usefulness = _mark(_("use for one’s work"))
    organization = _mark(_("organization"))
    connection = _mark(_("connection and sound"))
    interpretation = _mark(_("interpretation"))
    liked = models.TextField(_("what was best"), max_length=1000, blank=True)
    to_improve = models.TextField(_("what could be better"), max_length=1000, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("answer to a survey"), _("answers to surveys")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="survey_marks_are_from_one_to_five",
                condition=Q(*(Q(**{f"{mark}__isnull": True}) | Q(**{f"{mark}__range": (1, 5)}) for mark in MARKED)),
            )
        ]

    def __str__(self):
        return str(self.survey)


class SurveyTaken(models.Model):
    """That somebody answered, so that nobody does twice. What they answered it does not say."""

    survey = models.ForeignKey(Survey, verbose_name=_("survey"), on_delete=models.CASCADE, related_name="taken")
    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="surveys_taken"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("survey answered"), _("surveys answered")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "registration"],
                name="each_person_answers_once",
                violation_error_message=_("You have answered already. Thank you."),
            )
        ]

    def __str__(self):
        return str(self.survey)
