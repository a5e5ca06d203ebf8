"""One's personal data: a copy of them, or a request that they be erased. For everyone with an account, whatever their mandate."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import CreateView

from members.forms import ErasureForm
from members.models import DataRequest, DataRequestKind, Person, standing_of
from members.outbox import mail
from rifess.portal.admin_site import ask_what_is_missing
from rifess.portal.personal_data import subjects
from rifess.portal.personal_data.export import copy_of
from rifess.portal.personal_data.pages import sections_of
from rifess.portal.views.personal_data import as_file

OF_OTHERS_TOO = {"changes"}  # what somebody changed tells of others; the copy has it, without their names


class PersonalData(LoginRequiredMixin, CreateView):
    """What is kept, row by row; the way to a copy; and the form that asks for erasure."""

    form_class = ErasureForm
    template_name = "delegation/data.html"
    success_url = reverse_lazy("delegation:data")

    def get_context_data(self, **kwargs):
        user = self.request.user
        said = {"standing": standing_of(user), "sections": sections_of(subjects.of_user(user), without=OF_OTHERS_TOO)}
        return super().get_context_data(asked=DataRequest.objects.filter(user=user)[:20], **said, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        waiting = DataRequest.objects.waiting().filter(user=self.request.user, kind=DataRequestKind.ERASURE)
        if waiting.exists():
            messages.info(self.request, _("You have asked already: the Secretariat will answer you."))
            return redirect(self.success_url)
        form.instance.kind = DataRequestKind.ERASURE
        form.instance.user, form.instance.person = self.request.user, _person_of(self.request.user)
        response = super().form_valid(form)
        mail.write_to_the_secretariat("erasure_asked", context={"asked": self.object}, about=self.object)
        messages.success(self.request, _("The Secretariat has your request. It will tell you what goes and what stays, and why."))
        return response


class PersonalDataCopy(LoginRequiredMixin, View):
    """The copy itself, as JSON. That it was asked for is written down."""

    http_method_names = ["post", "options"]

    def post(self, request):
        if request.user.is_staff and not request.user.second_factor:  # what the secretariat did tells of others
            return ask_what_is_missing(request, wanted=reverse("delegation:data"))
        now = timezone.now()
        DataRequest.objects.create(
            kind=DataRequestKind.EXPORT,
            user=request.user,
            person=_person_of(request.user),
            answered_at=now,
            answered_by=request.user,
        )
        return as_file(copy_of(subjects.of_user(request.user)))


def _person_of(user):
    return Person.objects.filter(user=user).first()
