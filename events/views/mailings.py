"""Ending the e-mails that the secretariat writes about a seminar to those who take part."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from events.notifications import mailings
from events.views.registration import OfOneRegistration


@method_decorator(csrf_exempt, name="dispatch")  # programs of mail press it, without our cookies (RFC 8058 §3.2)
class RegistrationMailings(OfOneRegistration, View):
    """One button ends them, for this seminar; afterwards another one has them sent again. The registration stays as it is."""

    def get(self, request):
        return self._page()

    def post(self, request):
        if "again" in request.POST:
            mailings.resume(self.registration)
            messages.success(request, _("We will write to you again when there is something to tell you about this seminar."))
            return redirect(self.registration)
        mailings.end(self.registration)
        self.registration.refresh_from_db(fields=["mailings_ended_at"])
        return self._page()

    def _page(self):
        return render(self.request, "events/registration_mailings.html", self.words())
