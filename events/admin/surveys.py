"""The survey of a seminar at the desk: whether there is one, and what it came to, without anybody's name."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, pgettext

from events.models import Survey
from events.surveys import results as survey_results
from events.surveys.responses import asked
from rifess.base.admin.pages import SecretariatInline
from rifess.base.spreadsheets.writer import as_csv, as_xlsx

WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


class SurveyInline(SecretariatInline):
    model = Survey
    fields = ["closes_on"]


class ShowsSurvey:
    """Adds the results to who takes part."""

    def get_urls(self):
        view = self.admin_site.admin_view
        files = [
            path(f"<int:pk>/survey.{kind}", view(self.survey_file), {"kind": kind}, name=f"events_takingpart_survey_{kind}")
            for kind in WRITERS
        ]
        return [path("<int:pk>/survey/", view(self.survey), name="events_takingpart_survey"), *files, *super().get_urls()]

    def survey_results(self, request, pk):
        """The seminar and what its survey came to, for whoever may know."""
        if not request.user.has_perm("events.view_surveyresponse"):
            raise PermissionDenied
        survey = Survey.objects.select_related("seminar").filter(seminar=pk).first()
        if survey is None:
            raise Http404
        return survey.seminar, survey_results.of(survey, asked=asked(survey).count())

    def survey(self, request, pk):
        seminar, results = self.survey_results(request, pk)
        context = {"title": gettext("Survey"), "opts": self.opts, "original": seminar, "results": results}
        context |= {"fewest": survey_results.FEWEST}
        return render(request, "admin/events/takingpart/survey.html", self.admin_site.each_context(request) | context)

    def survey_file(self, request, pk, kind):
        seminar, results = self.survey_results(request, pk)
        name = pgettext("name of a file", "survey")
        return WRITERS[kind](f"{seminar.slug}-{name}.{kind}", survey_results.as_rows(results))
