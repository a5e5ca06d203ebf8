"""Personal data without an account: requested by e-mail address, confirmed and delivered by a link sent there."""

from functools import cached_property

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, View

from events import personal_data as events
from events.models import Registration
from events.views.registration import OfOneRegistration
from members.forms import DataRequestForm
from members.models import DataRequest, DataRequestKind
from rifess.base.dates import today_in_the_network
from rifess.base.limits import client_network, too_many, too_many_for
from rifess.base.personal_data import Subject
from rifess.portal.personal_data import requests, subjects
from rifess.portal.personal_data.export import copy_of
from rifess.portal.personal_data.pages import section_of_rows
from rifess.portal.personal_data.tables import BY_MODEL

AN_HOUR, A_DAY = 60 * 60, 24 * 60 * 60
MOST_FROM_ONE_PLACE = 20  # an hour
MOST_A_DAY = 3  # messages of one kind to one address; counted by kind, so that requests for copies do not block those for erasure
MOST_DOWNLOADS = 10  # an hour, of one link
FROM_HERE = _("Many requests came from here in a short while. Please try again in an hour.")


@method_decorator(never_cache, name="dispatch")
class AskForMyData(FormView):
    """The form. Whether anything is kept of an address, its answer does not tell."""

    form_class = DataRequestForm
    template_name = "privacy/my_data.html"
    success_url = reverse_lazy("my-data-sent")

    def form_valid(self, form):
        if too_many("data-requests", client_network(self.request), limit=MOST_FROM_ONE_PLACE, seconds=AN_HOUR):
            form.add_error(None, FROM_HERE)
            return self.form_invalid(form)
        email, kind = form.cleaned_data["email"], form.cleaned_data["kind"]
        # What is too much is left out without a word: the answer must not tell whether others asked about this address today.
        if not too_many_for(email, f"data-request:{kind}", self.request, limit=MOST_A_DAY, seconds=A_DAY):
            requests.ask(email, kind, language=get_language())
        return super().form_valid(form)


class MyDataSent(TemplateView):
    template_name = "privacy/my_data_sent.html"


class MyDataLink(View):
    """What the link of the letter leads to. Opening it does nothing: programs open links, and people press the button."""

    @cached_property
    def asked(self):
        return DataRequest.objects.behind(self.kwargs["signed"]).first()

    def dispatch(self, request, *args, **kwargs):
        if self.asked is None:
            return render(request, "privacy/my_data_unknown.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, signed):
        if self.asked.kind == DataRequestKind.EXPORT:
            return render(request, "privacy/my_copy.html", {"asked": self.asked})
        return render(request, "privacy/my_erasure.html", {"asked": self.asked, "told": requests.kept_of(self.asked)})

    def post(self, request, signed):
        if self.asked.kind == DataRequestKind.EXPORT:
            return self._give_copy()
        requests.confirm_erasure(self.asked)
        return self.get(request, signed)

    def _give_copy(self):
        """The file, made now and kept nowhere."""
        if too_many("data-copy", self.asked.pk, limit=MOST_DOWNLOADS, seconds=AN_HOUR):
            messages.error(self.request, _("It was downloaded several times in a short while. Please try again in an hour."))
            return redirect("my-data-link", self.kwargs["signed"])
        subject = subjects.of_request(self.asked)
        of_staff = bool(subject.user and subject.user.is_staff)  # what the secretariat changed tells of others
        requests.note_copy(self.asked)
        return as_file(copy_of(subject, with_changes=not of_staff))


def as_file(copy):
    response = JsonResponse(copy, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="rifess-{today_in_the_network():%Y-%m-%d}.json"'
    response["Cache-Control"] = "no-store, private"
    return response


class RegistrationData(OfOneRegistration, View):
    """What is kept of one registration, for the holders of its link. What is kept of its address is sent to the address only."""

    def get(self, request):
        return render(request, "events/registration_data.html", self.words() | {"sections": self._sections()})

    def post(self, request):
        kind = request.POST.get("kind")
        if kind not in DataRequestKind.values or not self.registration.email:
            return self.get(request)
        if too_many("data-requests", client_network(request), limit=MOST_FROM_ONE_PLACE, seconds=AN_HOUR):
            messages.error(request, FROM_HERE)
        elif too_many(f"data-request-by-link:{kind}", self.registration.code, limit=MOST_A_DAY, seconds=A_DAY):
            messages.error(request, _("We have written to you several times today. Look at your mail, or try again tomorrow."))
        else:
            requests.ask(self.registration.email, kind, language=get_language())
            messages.success(
                request, _("We have written to your email address. The link in that message is valid for three days.")
            )
        return redirect("registration-data", self.request.resolver_match.kwargs["signed"])

    def _sections(self):
        """The registration and what hangs on it."""
        nobody = Subject()
        told = [section_of_rows(BY_MODEL[Registration], [self.registration], nobody)]
        for kept in events.KEPT:
            if "registration" in kept.ties:
                rows = kept.model._base_manager.filter(registration=self.registration)
                told.append(section_of_rows(kept, rows, nobody, hidden=["registration"]))
        return [section for section in told if section]
