from django.db.models import Prefetch
from django.views.generic import TemplateView

from members.models import CoordinationTerm, Delegate, Institution, Membership
from recordings.models import Recording
from recordings.subjects import with_voice_from
from rifess.base.views import SluggedDetail
from rifess.directory import visible_institutions, work_of
from rifess.linked_data import network, organization
from rifess.map import map_of
from rifess.milestones import milestones


class Network(TemplateView):
    """Who belongs to the Network and since when, who coordinates it, and on whose word."""

    template_name = "network/network.html"

    def get_context_data(self, **kwargs):
        now = Membership.objects.on().select_related("institution")
        seats = sorted(now.members(), key=lambda seat: (seat.joined_on or seat.as_of, seat.holder_name))
        terms = list(CoordinationTerm.objects.latest_first().select_related("institution", "coordinator"))
        current = CoordinationTerm.objects.on().first()
        return super().get_context_data(
            seats=seats,
            observers=now.observers(),
            partners=now.partners(),
            former=Membership.objects.ended().select_related("institution"),
            terms=terms,
            current_term=current,
            milestones=milestones(self.request.user),
            map=map_of({seat.country.code for seat in seats}, current.country.code if current else ""),
            linked_data=network(),
            **kwargs,
        )


class InstitutionDetail(SluggedDetail):
    """An institution: its place in the Network, and what it did here."""

    model = Institution
    template_name = "network/institution.html"

    def get_queryset(self):
        delegates = Prefetch("delegates", Delegate.objects.on().public().select_related("person"))
        seats = Prefetch("memberships", Membership.objects.prefetch_related(delegates))
        return visible_institutions(self.request.user).prefetch_related(seats, "coordination_terms__coordinator")

    def get_context_data(self, **kwargs):
        user, country = self.request.user, str(self.object.country)
        is_heard = bool(country) and Recording.objects.visible_to(user).filter(with_voice_from(country)).exists()
        context = super().get_context_data(linked_data=organization(self.object), country_is_heard=is_heard, **kwargs)
        return context | work_of(self.object, user)
