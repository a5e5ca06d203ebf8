from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.consultations.messages import on_the_clock_of
from events.consultations.voting import cast, check_may_cast
from events.models import Consultation
from events.programme.forms import VoteForm
from members.models import Membership
from rifess.base.text.collation import sort_key
from rifess.portal.views.delegation.network import ForTheNetwork


class ConsultationList(ForTheNetwork, ListView):
    permission = "events.view_consultation"
    template_name = "delegation/consultation_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Consultation.objects.visible_to(self.request.user).with_ballots()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        seat = self.standing.membership if self.standing else None
        rows = [
            {"consultation": each, "closes": on_the_clock_of(seat, each.closes_at), "vote": vote_of(each, seat)}
            for each in context["page_obj"]
        ]
        return context | {"rows": rows}


class ConsultationDetail(ForTheNetwork, DetailView):
    """A consultation: its rules, the vote of one's own delegation and, once it is over, everybody's."""

    permission = "events.view_consultation"
    template_name = "delegation/consultation.html"

    def get_queryset(self):
        return Consultation.objects.visible_to(self.request.user).with_ballots()

    def refusal(self):
        """Why whoever reads may not vote; empty when they may."""
        try:
            check_may_cast(self.object, self.standing)
        except ValidationError as error:
            return error.message
        return ""

    def get_context_data(self, form=None, **kwargs):
        consultation, seat = self.object, self.standing.membership if self.standing else None
        clock, vote, refusal = partial(on_the_clock_of, seat), vote_of(consultation, seat), self.refusal()
        return super().get_context_data(
            **kwargs,
            opens=clock(consultation.opens_at),
            closes=clock(consultation.closes_at),
            vote=vote,
            cast=vote and clock(vote.cast_at),
            refusal=refusal,
            form=None if refusal else form or VoteForm(consultation=consultation),
            answers=answers_of(consultation),
            ballots=ballots_of(consultation, clock) if consultation.is_over() and not consultation.is_called_off else [],
            called_off=consultation.called_off_at and clock(consultation.called_off_at),
        )


class CastVote(ConsultationDetail):
    """Says what will be cast, and for whom; its button casts it."""

    template_name = "delegation/consultation_vote.html"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.refusal():
            return redirect(self.object)
        form = VoteForm(request.GET, consultation=self.object)
        if form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, option=form.cleaned_data["option"]))
        self.template_name = ConsultationDetail.template_name
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = VoteForm(request.POST, consultation=self.object)
        try:
            self.refuse_another_membership()
            option = form.cleaned_data["option"] if form.is_valid() else None
            cast(self.object.pk, option and option.pk, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join([_("Your vote was not submitted."), *error.messages]))
        else:
            sentence = _("The vote of %(holder)s is submitted. You may change it until voting closes.")
            messages.success(request, sentence % {"holder": self.standing.membership.holder_name})
        return redirect(self.object)


def vote_of(consultation, membership):
    """The vote of `membership` as it stands, of a consultation brought `with_ballots`."""
    return next((vote for vote in consultation.votes.all() if membership and vote.membership_id == membership.pk), None)


def answers_of(consultation):
    """Each answer with its votes, once the result is written; without them before."""
    votes = (consultation.result or {}).get("votes", {})
    return [{"option": option, "votes": votes.get(str(option.pk))} for option in consultation.options.all()]


def ballots_of(consultation, clock):
    """Each voting unit with its vote, if it voted, by name: those that counted, once that is written."""
    votes = {vote.membership_id: vote for vote in consultation.votes.all()}
    written = consultation.result
    seats = Membership.objects.filter(pk__in=written["units"]) if written else consultation.units()
    found = ((seat, votes.get(seat.pk)) for seat in seats.select_related("institution"))
    ballots = [{"name": seat.holder_name, "vote": vote, "cast": vote and clock(vote.cast_at)} for seat, vote in found]
    return sorted(ballots, key=lambda ballot: sort_key(ballot["name"]))
