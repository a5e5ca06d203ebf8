from django.db.models import Prefetch
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.generic import TemplateView
from django_countries import countries

from events.views.calendar_feeds import to_follow
from members.models import CoordinationTerm, Delegate, Institution, Membership
from recordings.filters import NEWEST_FIRST
from recordings.models import Recording
from recordings.subjects import with_voice_from
from rifess.base.text.collation import sort_key
from rifess.base.views import SluggedDetail
from rifess.portal.country_map import map_of
from rifess.portal.directory import visible_countries, visible_institutions, work_of, work_of_country
from rifess.portal.milestones import milestones
from rifess.portal.schema_org import country, network, organization


class Network(TemplateView):
    """Who belongs to the Network and since when, who coordinates it, and on whose word."""

    template_name = "network/network.html"

    def get_context_data(self, **kwargs):
        now = Membership.objects.on().select_related("institution")
        seats = sorted(now.members(), key=lambda seat: (seat.joined_on or seat.as_of, sort_key(seat.holder_name)))
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
        seats = Prefetch("memberships", with_delegates(Membership.objects.begun()))
        return visible_institutions(self.request.user).prefetch_related(seats, "coordination_terms__coordinator")

    def get_context_data(self, **kwargs):
        user, code = self.request.user, str(self.object.country)
        is_heard = bool(code) and Recording.objects.visible_to(user).filter(with_voice_from(code)).exists()
        context = super().get_context_data(linked_data=organization(self.object), country_is_heard=is_heard, **kwargs)
        return context | work_of(self.object, user)


class CountryDetail(TemplateView):
    """A country: its seat in the Network, whose institution may not be known, and what was said and heard for it."""

    template_name = "network/country.html"

    def get(self, request, code):
        if code.upper() not in visible_countries(request.user):
            raise Http404
        if code != code.lower():
            return HttpResponsePermanentRedirect(reverse("country", args=[code.lower()]))
        return super().get(request, code=code.upper())

    def get_context_data(self, code, **kwargs):
        user, name = self.request.user, countries.name(code)
        seats = Membership.objects.begun().members().filter(country=code)
        return super().get_context_data(
            name=name,
            code=code.lower(),
            seats=with_delegates(seats.select_related("institution")),
            terms=CoordinationTerm.objects.filter(country=code).latest_first().select_related("institution", "coordinator"),
            recordings=Recording.objects.visible_to(user).filter(with_voice_from(code)).with_card().order_by(*NEWEST_FIRST)[:6],
            linked_data=country(name, self.request.path),
            followed=to_follow("country", code.lower()),
            **work_of_country(code, user),
            **kwargs,
        )


def with_delegates(seats):
    """Bring along the delegates of each seat in force whom visitors may know, the titular first."""
    public = Delegate.objects.on().in_active_memberships().public().select_related("person")
    return seats.prefetch_related(Prefetch("delegates", public.order_by("-role", "pk")))
