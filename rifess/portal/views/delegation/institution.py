from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.views.generic import TemplateView

from members.access import ForDelegates
from members.models import Delegate, Institution, Invitation, Membership
from members.models.standing import titular_first
from recordings.models import Document
from rifess.base.admin.history import happenings
from rifess.base.dates import today_in_the_network

LATEST = 30


class OwnInstitution(ForDelegates, TemplateView):
    """What the portal keeps of one's own membership: its dates, its mandates, its documents, and who changed what."""

    template_name = "delegation/institution.html"

    def get_context_data(self, **kwargs):
        seat = self.standing.membership
        mandates = seat.delegates.select_related("person")
        return super().get_context_data(
            seat=seat,
            present=titular_first(mandates.on()),
            future=mandates.with_known_from().filter(known_from__gt=today_in_the_network()),
            former=mandates.ended().order_by("-ended_on"),
            invitations=Invitation.objects.open().filter(membership=seat).select_related("person"),
            documents=documents_of(seat, self.request.user),
            history=happenings(changes_of(seat)[:LATEST]),
            **kwargs,
        )


def documents_of(seat, user):
    """Documents that its institution issued, as `user` may read them."""
    if seat.institution_id is None:
        return Document.objects.none()
    return Document.objects.visible_to(user).filter(institution=seat.institution_id).with_card()


def changes_of(seat):
    """What was done to a membership, its mandates and its institution, latest first."""
    kinds = ContentType.objects.get_for_models(Membership, Delegate, Institution)
    mandates = Delegate.objects.filter(membership=seat).values("pk")
    here = (
        Q(content_type=kinds[Membership], object_id=seat.pk)
        | Q(content_type=kinds[Institution], object_id=seat.institution_id)
        | Q(content_type=kinds[Delegate], object_id__in=mandates)
    )
    return LogEntry.objects.filter(here).select_related("actor", "content_type").order_by("-timestamp", "-pk")
