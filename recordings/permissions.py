"""Who is heard in a recording, and who of them has allowed it to be shown."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from events.models import Intervention
from events.models.interventions import SILENT
from members.models import Audience, Person
from recordings.models import Clip, Consent, ConsentScope
from rifess.base.text.collation import SortKey


def people_heard(recording):
    """The people whose permission `recording` needs, also while nobody has noted when they speak. Collectives are not asked."""
    said = recording.interventions_heard()
    return Person.objects.filter(interventions__in=said.values("pk")).distinct().order_by(SortKey("name"), "pk")


def people_who_allow(recording):
    """Those heard whose permission is in force and enough for the seminar's audience."""
    return people_heard(recording).filter(consents__in=_enough(recording))


def people_missing(recording):
    """Those heard who have given no permission, taken it back, or allowed less than the seminar's audience."""
    return people_heard(recording).exclude(consents__in=_enough(recording))


def people_not_asked(recording):
    """Those heard of whose permission nothing is written."""
    return people_heard(recording).exclude(consents__recording=recording)


def _enough(recording):
    return recording.consents.that_allow(recording.seminar.audience)


def permission_counts():
    """Expressions by name: how many people are heard in a recording, and how many of them allow it.

    Each looks through the interventions of the seminar: not to be asked of a whole archive.
    """
    said = _heard().filter(panel__seminar=OuterRef("seminar"))  # as a clip is; without it, all that were ever made are read
    return {"people_heard": _number_of_people(said), "people_who_allow": _number_of_people(said.filter(_allowed()))}


def lacking(recordings):
    """Of `recordings` those not withdrawn whose seminar waits for permissions, and somebody's is missing."""
    waiting = recordings.filter(seminar__waits_for_consent=True, withdrawn_on__isnull=True)
    return waiting.filter(Exists(_heard().exclude(_allowed())))


def _heard():
    """In a query of recordings: the interventions of people in each, as `recordings.models.hearing` says."""
    ranges = Clip.objects.filter(intervention=OuterRef("pk"))
    in_range = Exists(ranges.filter(recording=OuterRef(OuterRef("pk"))))
    its_own = Q(pk=OuterRef("intervention"))
    in_panel = Q(IsNull(OuterRef("intervention"), True), panel=OuterRef("panel")) & ~Exists(ranges)
    in_seminar = Q(IsNull(OuterRef("panel"), True), panel__seminar=OuterRef("seminar"))
    spoken = ~Q(role__in=SILENT)  # not pk__in=spoken(): for that PostgreSQL reads all interventions once for each recording
    return Intervention.objects.filter(in_range | (spoken & (its_own | in_panel | in_seminar)), person__isnull=False).order_by()


def _allowed():
    """In a query of the interventions of recordings: whether who speaks allows it."""
    theirs = Consent.objects.in_force().filter(recording=OuterRef(OuterRef("pk")), person=OuterRef("person"))
    return Exists(theirs.filter(Q(scope=ConsentScope.EVERYONE) | ~Q(recording__seminar__audience=Audience.EVERYONE)))


def _number_of_people(interventions):
    counted = interventions.annotate(all=Value(1)).values("all").annotate(people=Count("person", distinct=True))
    return Coalesce(Subquery(counted.values("people")), 0)
