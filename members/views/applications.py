"""Asking to join: what it means, the form, and the applicant's own page."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from members.applications import apply, confirm, with_token
from members.forms import LETTER_MEGABYTES, ApplicationForm
from members.models import MembershipCategory
from rifess.base.limits import client_network, too_many, too_many_for, were_too_many

AN_HOUR, A_DAY = 60 * 60, 24 * 60 * 60
MOST_OF_ONE_PLACE, MOST_OF_ONE_ADDRESS = 5, 3  # an hour, and a day
MOST_LETTERS = 20  # an hour, of one place: those that are refused too
DAYS_TO_CONFIRM = settings.RETENTION["unconfirmed_applications"].days  # then it is erased
FROM_HERE = gettext_lazy("Several applications were sent from here in a short while. Please try again in an hour.")


class Join(TemplateView):
    """Who may join, as what, and what happens then."""

    template_name = "members/application_ways.html"


class Apply(FormView):
    """The form of one category (`as_view(category=…)`)."""

    category = None
    form_class = ApplicationForm
    template_name = "members/application_form.html"
    success_url = reverse_lazy("members:join-sent")
    body_megabytes = LETTER_MEGABYTES + 1

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.may_send = self._refuse_another_letter
        return form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"category": self.category}

    def get_context_data(self, **kwargs):
        return super().get_context_data(category=MembershipCategory(self.category), **kwargs)

    def form_valid(self, form):
        refusal = self._too_many(form.cleaned_data["contact_email"])
        if refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        form.instance.language = get_language()
        apply(form.instance)
        return super().form_valid(form)

    def _refuse_another_letter(self):
        """Raise ValidationError (code "too_many") before a letter is examined that would not be kept."""
        who = client_network(self.request)
        sent_enough = were_too_many("application", who, limit=MOST_OF_ONE_PLACE - 1)
        if sent_enough or too_many("application-letter", who, limit=MOST_LETTERS, seconds=AN_HOUR):
            raise ValidationError(FROM_HERE, code="too_many")

    def _too_many(self, email):
        """Why no more applications are taken from there for now, or nothing."""
        if too_many("application", client_network(self.request), limit=MOST_OF_ONE_PLACE, seconds=AN_HOUR):
            return FROM_HERE
        if too_many_for(email, "application-email", self.request, limit=MOST_OF_ONE_ADDRESS, seconds=A_DAY):
            return _(
                "Several applications were sent with this email address today. Please look at your mail, or try again tomorrow."
            )
        return ""


class JoinSent(TemplateView):
    template_name = "members/application_sent.html"
    extra_context = {"days": DAYS_TO_CONFIRM}


class ApplicationPage(View):
    """The applicant's page, by the signed link of the mail: to confirm the address, and later to see how it goes."""

    def dispatch(self, request, token):
        application = with_token(token)
        if application is None:
            return render(request, "members/application_unknown.html", {"days": DAYS_TO_CONFIRM}, status=404)
        return super().dispatch(request, application)

    def get(self, request, application):
        context = {"application": application, "steps": application.steps.all(), "days": DAYS_TO_CONFIRM}
        return render(request, "members/application.html", context)

    def post(self, request, application):
        confirm(application)
        return redirect(request.path)
