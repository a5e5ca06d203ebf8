from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import UpdateView

from members.access import ForDelegates
from members.profile import ProfileForm
from rifess.base.database.locking import lock_and_refresh
from rifess.portal.directory import visible_people


class Profile(ForDelegates, UpdateView):
    """One's own profile. The address names nobody: another's cannot be asked for."""

    form_class = ProfileForm
    template_name = "delegation/profile.html"
    success_url = reverse_lazy("delegation:profile")

    def get_object(self, queryset=None):
        """What is sent is saved with all columns: of the person as it is by then, if the account is still theirs."""
        person = self.standing.mandate.person
        if self.request.method == "POST" and lock_and_refresh(person).user != self.request.user:
            raise Http404
        return person

    def get_context_data(self, **kwargs):
        has_page = visible_people(self.request.user).filter(pk=self.object.pk).exists()
        return super().get_context_data(has_page=has_page, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        messages.success(self.request, _("Your profile is saved."))
        return super().form_valid(form)
