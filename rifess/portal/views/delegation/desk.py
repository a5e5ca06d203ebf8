from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from members.access import ForDelegates, why_without
from members.models import Invitation, Proposal, standings_of
from members.models.standing import titular_first
from rifess.portal.delegate_dashboard import note_visit, what_comes, what_is_new, what_waits, where_registered


class Desk(ForDelegates, TemplateView):
    """Where a delegate begins: what needs doing, what comes, what is new."""

    template_name = "delegation/desk.html"

    def get_context_data(self, **kwargs):
        if self.standing:
            kwargs |= {
                "tasks": what_waits(self.request.user, self.standing),
                "coming": what_comes(self.request.user),
                "registrations": where_registered(self.request.user),
                "news": what_is_new(self.request.user, note_visit(self.request.user)),
                "proposals": Proposal.objects.visible_to(self.request.user).with_card()[:5],
                "people": titular_first(self.standing.membership.delegates.on().select_related("person")),
                "invitations": Invitation.objects.open().filter(membership=self.standing.membership).select_related("person"),
            }
        return super().get_context_data(**kwargs)

    def without_standing(self):
        """The one page of these that says why: the mandate ended, or has not begun."""
        if standings_of(self.request.user):
            return super().without_standing()
        if self.request.user.is_staff:
            return redirect("admin:index")
        self.template_name = "delegation/without.html"
        return self.render_to_response(self.get_context_data(reasons=why_without(self.request.user)))


class Choose(ForDelegates, TemplateView):
    """In whose name a person with several mandates acts, until they choose again or sign out."""

    template_name = "delegation/choose.html"

    def dispatch(self, request, *args, **kwargs):
        self.standings = standings_of(request.user)
        return super().dispatch(request, *args, **kwargs)

    def without_standing(self):
        if self.standings:
            return View.dispatch(self, self.request)
        raise Http404

    def get(self, request, *args, **kwargs):
        if len(self.standings) == 1:
            return redirect("delegation:desk")
        return super().get(request, *args, **kwargs)

    def post(self, request):
        chosen = request.POST.get("membership", "")
        seats = {str(standing.membership.pk): standing.membership.pk for standing in self.standings}
        if chosen not in seats:
            return redirect("delegation:choose")
        request.session["acts_for"] = seats[chosen]
        return redirect(self.onward(request.POST.get("next", "")))

    def onward(self, address):
        """`address` when it is one of this portal's, or else the desk."""
        safe = url_has_allowed_host_and_scheme(address, {self.request.get_host()}, self.request.is_secure())
        return address if safe else reverse("delegation:desk")

    def get_context_data(self, **kwargs):
        onward = self.onward(self.request.GET.get("next", ""))
        return super().get_context_data(standings=self.standings, onward=onward, **kwargs)
