from django.contrib import messages
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView

from events.models import Alert
from members import notices
from members.access import ForDelegates
from members.forms import NoticesForm


class Notices(ForDelegates, FormView):
    """Which notices come by e-mail; which always do; and the news one asked for."""

    form_class = NoticesForm
    template_name = "delegation/notices.html"
    success_url = reverse_lazy("delegation:notices")

    def get_initial(self):
        return {"wanted": notices.wanted_by(self.request.user)}

    def get_context_data(self, **kwargs):
        alerts = Alert.objects.confirmed().at(self.request.user.email).select_related("topic")
        return super().get_context_data(alerts=alerts, **kwargs)

    def form_valid(self, form):
        notices.choose(self.request.user, form.cleaned_data["wanted"])
        messages.success(self.request, _("Your choice is saved."))
        return super().form_valid(form)
