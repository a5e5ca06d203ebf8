"""The delegates' desk: what needs doing, what comes, what is new since the last visit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import Agreement, Consultation, Registration, Seminar
from members.models import Audience, MembershipCategory, Proposal, ProposalState, User
from members.models.mandates import DUE_SOON
from recordings.models import Document, Recording
from rifess.base.dates import say_date, today_in_the_network
from rifess.base.text.translated import text_of
from rifess.base.zones import ZONES

NEXT_VISIT = timedelta(minutes=30)  # since the last look at the desk
LOOKING_BACK = timedelta(days=90)  # on the first visit
MOST = 8  # rows of each kind
MADE_READABLE = ["audience", "state", "seminar"]  # columns on which it depends who may read a row


@dataclass(frozen=True)
class Task:
    """Something for the delegate to do, and where. `by` is the last day for it, if there is one, and `until` says it in words."""

    title: str
    words: str
    url: str
    verb: str
    by: date | None = None
    until: str = ""


@dataclass(frozen=True)
class News:
    """Something that may be read since `at`, and by whom."""

    kind: str
    row: object
    at: datetime
    readers: Audience


def note_visit(user, now=None):
    """Write down that `user` is at the desk, and return the moment since which things are new to them.

    A visit is another one half an hour after the last look; until then the same things stay new.
    """
    now = now or timezone.now()
    seen = user.desk_seen_at
    if seen and now - seen > NEXT_VISIT:
        user.desk_seen_before = seen
    user.desk_seen_at = now
    User.objects.filter(pk=user.pk).update(desk_seen_at=now, desk_seen_before=user.desk_seen_before)
    return user.desk_seen_before or now - LOOKING_BACK


# What needs doing


def what_waits(user, standing):
    """What `user` may do something about, the nearest last day first; what has none comes after."""
    tasks = [
        *returned_proposals(user, standing),
        *consultations_to_answer(user, standing),
        *mandate_due(standing),
        *gaps_of_the_institution(standing),
        *gaps_of_the_profile(standing),
    ]
    return sorted(tasks, key=lambda task: task.by or date.max)


def returned_proposals(user, standing):
    if not standing.may_act:
        return []
    returned = Proposal.objects.visible_to(user).filter(state=ProposalState.RETURNED)[:MOST]
    words = _("The Secretariat returned it with a comment.")
    return [Task(each.title, words, each.get_absolute_url(), _("Continue")) for each in returned]


def consultations_to_answer(user, standing):
    """Consultations in which the membership may vote and has not."""
    if not standing.may_act or standing.category != MembershipCategory.MEMBER:
        return []
    unanswered = Consultation.objects.visible_to(user).open().exclude(votes__membership=standing.membership)
    return [to_answer(each) for each in unanswered.order_by("closes_at")[:MOST]]


def to_answer(consultation):
    closes = timezone.localtime(consultation.closes_at, ZoneInfo(settings.NETWORK_TIME_ZONE))
    city = dict(ZONES).get(settings.NETWORK_TIME_ZONE, settings.NETWORK_TIME_ZONE)
    moment = {"date": date_format(closes, "DATE_FORMAT"), "time": time_format(closes), "city": city}
    return Task(
        text_of(consultation, "question").words,
        _("Your institution has not voted yet."),
        consultation.get_absolute_url(),
        _("Read and vote"),
        closes.date(),
        _("Until %(date)s, %(time)s %(city)s time") % moment,
    )


def mandate_due(standing):
    """Word that the term of the mandate is over, or soon will be. It ends no right."""
    due = standing.mandate.mandate_due_on
    if due is None or due > today_in_the_network() + DUE_SOON:
        return []
    words = _(
        "Your mandate continues until the Secretariat ends it. If it is to be renewed, or someone else "
        "is to take over, please tell the Secretariat."
    )
    is_past = due < today_in_the_network()
    title = _("The term of your mandate is over") if is_past else _("The term of your mandate is nearly over")
    until = (_("Since %(date)s") if is_past else _("Until %(date)s")) % {"date": say_date(due)}
    return [Task(title, words, reverse("contact"), _("Write to the Secretariat"), due, until)]


def gaps_of_the_institution(standing):
    """What the public page of the institution does not say yet, for those who may propose it."""
    institution = standing.membership.institution
    if not standing.may_act:
        return []
    if institution is None:
        words = _("The public page of the Network does not show an institution for your country yet.")
        return [Task(_("Tell us which institution you represent"), words, reverse("contact"), _("Write to the Secretariat"))]
    if text_of(institution, "description"):
        return []
    words = _("Its public page has no text yet.")
    propose = reverse("delegation:propose", args=["institution"])
    return [Task(_("Present your institution in a few lines"), words, propose, _("Propose a text"))]


def gaps_of_the_profile(standing):
    """What the delegate's own profile does not say yet."""
    person = standing.mandate.person
    contact = getattr(person, "contact", None)
    if text_of(person, "biography") and contact and contact.position:
        return []
    words = _("A few lines about you and your work help the other delegations to get to know you.")
    return [Task(_("Complete your profile"), words, reverse("delegation:profile"), _("Open my profile"))]


# What comes, what is new


def what_comes(user):
    """The next seminars and meetings, cancelled ones left out."""
    return Seminar.objects.visible_to(user).filter(published_at__isnull=False, cancelled_on=None).upcoming()[:5]


def where_registered(user):
    """The registrations of `user` for what is to come, soonest first."""
    coming = Seminar.objects.upcoming().order_by().values("pk")
    registrations = Registration.objects.taking_part().filter(user=user, seminar__in=coming).select_related("seminar")
    return registrations.order_by("seminar__starts_on", "pk")[:MOST]


def what_is_new(user, since):
    """What `user` may read since the moment `since`, latest first."""
    found = [
        *_published(Seminar.objects.visible_to(user), since),
        *_published(Recording.objects.visible_to(user).select_related("seminar"), since),
        *_made_readable(Document.objects.visible_to(user), since),
        *_made_readable(Agreement.objects.visible_to(user), since),
    ]
    return sorted(found, key=lambda news: news.at, reverse=True)[:MOST]


def _published(rows, since):
    latest = rows.filter(published_at__gt=since).order_by("-published_at")[:MOST]
    return [_news(row, row.published_at) for row in latest]


def _made_readable(rows, since):
    """Those of `rows` that were added since, or whose audience or state was changed: their history says when."""
    kind = ContentType.objects.get_for_model(rows.model)
    changed = Q(action=LogEntry.Action.CREATE) | Q(changes__has_any_keys=MADE_READABLE)
    entries = LogEntry.objects.filter(changed, content_type=kind, timestamp__gt=since, object_id__in=rows.values("pk"))
    latest = {}
    for key, at in entries.order_by("-timestamp").values_list("object_id", "timestamp")[:200]:
        latest.setdefault(key, at)
    named = rows.in_bulk(list(latest)[:MOST])
    return [_news(row, latest[row.pk]) for row in named.values()]


def _news(row, at):
    """A recording is for whom its seminar is; minutes that are not approved have readers of their own."""
    readers = row.readers if isinstance(row, Document) else (row.seminar if isinstance(row, Recording) else row).audience
    return News(capfirst(row._meta.verbose_name), row, at, Audience(readers))
