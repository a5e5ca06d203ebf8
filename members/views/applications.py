"""Asking to join: what it means, the form, and the applicant's own page."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, View

from members.applications import apply, confirm, with_token
from members.forms import ApplicationForm
from members.models import MembershipCategory
from rifess.base.limits import client_network, too_many, too_many_for

AN_HOUR, A_DAY = 60 * 60, 24 * 60 * 60
DAYS_TO_CONFIRM = settings.RETENTION["unconfirmed_applications"].days  # then it is erased


class Join(TemplateView):
    """Who may join, as what, and what happens then."""

    template_name = "members/application_ways.html"


class Apply(FormView):
    """The form of one category (`as_view(category=…)`)."""

    category = None
    form_class = ApplicationForm
    template_name = "members/application_form.html"
    success_url = reverse_lazy("members:join-sent")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"category": self.category}

    def get_context_data(self, **kwargs):
        return super().get_context_data(category=MembershipCategory(self.category), **kwargs)

    def form_valid(self, form):
        if form.is_spam:
            return super().form_valid(form)
        refusal = self._too_many(form.cleaned_data["contact_email"])
        if refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        form.instance.language = get_language()
        apply(form.instance)
        return super().form_valid(form)

    def _too_many(self, email):
        """Why no more applications are taken from there for now, or nothing."""
        if too_many("application", client_network(self.request), limit=5, seconds=AN_HOUR):
            return _("Several applications were sent from here in a short while. Please try again in an hour.")
        if too_many_for(email, "application-email", self.request, limit=3, seconds=A_DAY):
            return _(
                "Several applications were sent with this e-mail address today. Please look at your mail, or try again tomorrow."
            )
        return ""


class JoinSent(TemplateView):
    template_name = "members/application_sent.html"
    extra_context = {"days": DAYS_TO_CONFIRM}


@method_decorator(never_cache, name="dispatch")
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
