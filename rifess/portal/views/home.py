from django.views.generic import TemplateView

from events.models import Intervention, Seminar
from events.registration.status import call_of
from members.models import CoordinationTerm, Membership
from recordings.models import Recording
from rifess.portal.country_map import map_of
from rifess.portal.milestones import milestones
from rifess.portal.schema_org import network


class Home(TemplateView):
    """What comes next, what there was last, and who the Network is."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        seminars = Seminar.objects.visible_to(user).filter(published_at__isnull=False)
        latest = seminars.past().with_card().filter(cancelled_on=None, is_demonstration=False).exclude(panels=None).first()
        seats = list(Membership.objects.on().members().select_related("institution"))
        term = CoordinationTerm.objects.on().select_related("institution", "coordinator").first()
        coming = seminars.upcoming().with_card().select_related("terms").filter(cancelled_on=None).first()
        return super().get_context_data(
            next_seminar=coming,
            call=call_of(coming, user) if coming else None,
            latest_seminar=latest,
            recordings=Recording.objects.visible_to(user).filter(seminar=latest).with_card()[:4] if latest else [],
            points=said_in(latest, user),
            seats=seats,
            term=term,
            milestones=milestones(user),
            map=map_of({seat.country.code for seat in seats}, term.country.code if term else ""),
            linked_data=network(),
            **kwargs,
        )


def said_in(seminar, user):
    """Three things that were said in `seminar`, by three different people."""
    if seminar is None:
        return []
    told = (
        Intervention.objects.visible_to(user)
        .filter(panel__seminar=seminar, person__isnull=False, summary_es__gt="")
        .exclude(panel__kind="opening")
    )
    by_person = {}
    for intervention in told.with_panel():
        by_person.setdefault(intervention.person_id, intervention)
    return list(by_person.values())[:3]
