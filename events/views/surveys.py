"""The survey after a seminar, behind the signed address of whoever took part."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.generic import FormView

from events.surveys import responses
from events.surveys.forms import SurveyForm
from events.views.registration import OfOneRegistration


class SurveyPage(OfOneRegistration, FormView):
    """The questions or, before the end, after the last day and once answered, a sentence that says so."""

    form_class = SurveyForm
    template_name = "events/survey.html"

    def get(self, request):
        return super().get(request) if responses.is_open_for(self.registration) else self.say_why_not()

    def post(self, request):
        return super().post(request) if responses.is_open_for(self.registration) else self.say_why_not()

    def say_why_not(self):
        survey = responses.survey_for(self.registration)
        if survey is None:
            raise Http404
        why = {
            "has_answered": responses.has_answered(survey, self.registration),
            "has_begun": responses.has_begun(survey),
            "closes_on": survey.closes_on,
        }
        return render(self.request, "events/survey_closed.html", self.words() | why)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"registration": self.registration}

    def get_context_data(self, **kwargs):
        return super().get_context_data(survey=responses.survey_for(self.registration), **kwargs, **self.words())

    def form_valid(self, form):
        try:
            responses.answer(self.registration, **form.cleaned_data)
        except ValidationError:  # closed or answered meanwhile: the page says which
            return self.say_why_not()
        return redirect(responses.address_of(self.registration))
