from django.views.generic import DetailView
from django_filters.views import FilterView

from events.models import Agreement
from events.programme.filters import AgreementFilter
from rifess.portal.views.delegation.network import ForTheNetwork


class AgreementList(ForTheNetwork, FilterView):
    """The register, latest first."""

    permission = "events.view_agreement"
    filterset_class = AgreementFilter
    template_name = "delegation/agreement_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Agreement.objects.visible_to(self.request.user).with_card()


class AgreementDetail(ForTheNetwork, DetailView):
    permission = "events.view_agreement"
    template_name = "delegation/agreement.html"

    def get_queryset(self):
        return Agreement.objects.visible_to(self.request.user).with_card()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            notes=self.object.notes.select_related("by"),
            meeting=self._if_visible(self.object.seminar),
            consultation=self._if_visible(getattr(self.object, "consultation", None)),
        )

    def _if_visible(self, row):
        """`row`, when whoever reads the agreement may see that too."""
        return row and type(row).objects.visible_to(self.request.user).filter(pk=row.pk).first()
