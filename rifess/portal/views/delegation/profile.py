from django.contrib import messages
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import UpdateView

from members.access import ForDelegates
from members.profile import ProfileForm
from rifess.portal.directory import visible_people


class Profile(ForDelegates, UpdateView):
    """One's own profile. The address names nobody: another's cannot be asked for."""

    form_class = ProfileForm
    template_name = "delegation/profile.html"
    success_url = reverse_lazy("delegation:profile")

    def get_object(self, queryset=None):
        return self.standing.mandate.person

    def get_context_data(self, **kwargs):
        has_page = visible_people(self.request.user).filter(pk=self.object.pk).exists()
        return super().get_context_data(has_page=has_page, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        messages.success(self.request, _("Your profile is saved."))
        return super().form_valid(form)
