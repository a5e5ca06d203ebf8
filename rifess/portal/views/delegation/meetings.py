from django.views.generic import TemplateView

from events.models import Seminar, SeminarKind
from rifess.portal.views.delegation.network import ForTheNetwork


class MeetingList(ForTheNetwork, TemplateView):
    """Meetings of the Network: those to come, soonest first, and those that are over."""

    permission = "events.view_seminar"
    template_name = "delegation/meeting_list.html"

    def get_context_data(self, **kwargs):
        meetings = Seminar.objects.visible_to(self.request.user).filter(kind=SeminarKind.MEETING).with_card()
        return super().get_context_data(**kwargs, coming=meetings.upcoming(), past=meetings.past())
