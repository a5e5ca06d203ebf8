"""One's own sessions, ended one by one. The list, and ending all others at once, are allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View


class EndSession(LoginRequiredMixin, View):
    """A button of the list. The session one is in ends by signing out."""

    def get(self, request, pk):
        return redirect("usersessions_list")

    def post(self, request, pk):
        session = get_object_or_404(UserSession, pk=pk, user=request.user)
        if session.is_current():
            return redirect("account_logout")
        session.end()
        messages.success(request, _("That session is over. To continue there, sign in again."))
        return redirect("usersessions_list")
