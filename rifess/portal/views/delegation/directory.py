from itertools import groupby

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView

from events.programme.filters import ListFilter, WordsFilter, labels, select
from members.access import ForDelegates
from members.directory import LISTED, directory_for
from members.models import Delegate, DelegateRole, Person
from members.models.standing import titular_first
from rifess.base.text.collation import names_of_countries, sort_key


class DirectoryFilter(ListFilter):
    q = WordsFilter(_("Name"))
    country = select(_("Country"), "of_country")
    role = select(_("Role"), "with_role")

    class Meta:
        model = Delegate
        fields = []

    def offer(self):
        facts = set(self.rows().values_list("country", "role"))
        return {
            "country": names_of_countries({country for country, _role in facts}),
            "role": labels(DelegateRole.choices, {role for _country, role in facts}),
        }

    def matching(self, words):
        return Q(person__in=Person.objects.named(" ".join(words)).values("pk"))

    def of_country(self, mandates, name, country):
        return mandates.filter(country=country)

    def with_role(self, mandates, name, role):
        return mandates.filter(role=role)


class Directory(ForDelegates, FilterView):
    """The delegates of members and observers, for one another."""

    filterset_class = DirectoryFilter
    template_name = "delegation/directory.html"

    def get_queryset(self):
        if self.standing.category not in LISTED:
            raise Http404
        return directory_for(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"delegations": by_membership(context["object_list"])}


def by_membership(mandates):
    """`mandates` gathered by membership, by name; in each the titular first."""
    order = sorted(titular_first(mandates), key=lambda mandate: (sort_key(mandate.membership.holder_name), mandate.membership_id))
    return [(seat, list(its)) for seat, its in groupby(order, key=lambda mandate: mandate.membership)]
