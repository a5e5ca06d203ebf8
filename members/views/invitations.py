"""The page that a message of invitation opens. Reading it decides nothing: programs open links too."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from members.accounts.forms import OpenAccountForm, WayIn
from members.invitations import accept, account_for, named_by, open_account
from members.models import InvitationState

GONE, UNKNOWN = 410, 404


class InvitationPage(View):
    """Says who invites, to what; its button accepts."""

    def dispatch(self, request, *args, **kwargs):
        self.invitation, is_last_link = named_by(kwargs["token"])
        if self.invitation is None:
            return self.closed("unknown", UNKNOWN)
        state = self.invitation.state()
        if state != InvitationState.WAITING:
            return self.closed(state, GONE)
        if not is_last_link:
            return self.closed("replaced", GONE)
        self.account = account_for(self.invitation)
        self.has_to_sign_in = bool(self.account) or request.user.is_authenticated  # nobody opens a second account
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, token):
        return self.show(None if self.has_to_sign_in else self.form())

    def post(self, request, token):
        if self.has_to_sign_in:
            return self.accept_signed_in()
        form = self.form(request.POST)
        return self.accept_with_a_new_account(form) if form.is_valid() else self.show(form)

    def accept_signed_in(self):
        if self.request.user != self.account:
            return self.show(None)
        try:
            accept(self.invitation, user=self.account)
        except ValidationError as refusal:
            return self.show(None, refusal)
        messages.success(self.request, _("You accepted the invitation."))
        return redirect("members:welcome")

    def accept_with_a_new_account(self, form):
        password = form.cleaned_data["password1"]
        try:
            user = open_account(self.invitation, name=form.cleaned_data["name"], password=password)
        except ValidationError as refusal:
            return self.show(form, refusal)
        messages.success(self.request, _("You accepted the invitation. Your account is open."))
        way = WayIn.PASSWORD if password else WayIn.CODE  # proved this moment: a passkey may be added without asking again
        record_authentication(self.request, user, method=str(way), email=user.email, reauthenticated=True)
        return perform_login(self.request, Login(user=user, email=user.email, redirect_url=reverse("members:welcome")))

    def form(self, data=None):
        return OpenAccountForm(data, email=self.invitation.email, initial={"name": self.invitation.person.name})

    def show(self, form, refusal=None):
        context = {
            "invitation": self.invitation,
            "account": self.account,
            "form": form,
            "refusal": refusal,
            "sign_in": f"{reverse('account_login')}?next={self.request.path}",
        }
        return render(self.request, "members/invitation.html", context)

    def closed(self, why, status):
        return render(self.request, "members/invitation_closed.html", {"why": why}, status=status)


class Welcome(LoginRequiredMixin, TemplateView):
    """After accepting: how to sign in from now on, and where the work is."""

    template_name = "members/invitation_welcome.html"
