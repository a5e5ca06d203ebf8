"""The secretariat's desk, front page of the administration: what waits, what comes, what changed, the words of the work."""

from dataclasses import dataclass
from functools import update_wrapper

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.models import (
    Agreement,
    Alert,
    Consultation,
    Intervention,
    MissedReminder,
    Panel,
    Registration,
    RegistrationState,
    Seminar,
    TakingPart,
    Topic,
)
from events.notifications.schedule_changes import changed_untold
from members.models import (
    Application,
    CoordinationTerm,
    DataRequest,
    Delegate,
    Enquiry,
    Institution,
    Invitation,
    Membership,
    Message,
    Person,
    Proposal,
    User,
)
from recordings.models import Caption, Document, Recording, TrustedHost
from recordings.permissions import lacking
from rifess.base.admin.history import happenings
from rifess.base.admin.optimistic_lock import untranslated
from rifess.base.uploads.examination import examining_before_transactions
from rifess.links.models import Address
from rifess.portal.admin_site import GuardedSite
from rifess.portal.search.sync import paused
from rifess.portal.timers import signs
from rifess.search.models import Concept

WORDS = [
    (_("Seminars"), [Seminar, Panel, Intervention, Topic]),
    (_("Who takes part"), [TakingPart, Registration, Alert]),
    (_("Recordings and documents"), [Recording, Caption, TrustedHost, Document]),
    (_("People and institutions"), [Person, Institution]),
    (_("The Network"), [Membership, Delegate, Invitation, CoordinationTerm]),
    (_("What the Network decides"), [Consultation, Agreement]),
    (_("Secretariat"), [Enquiry, Application, Proposal, DataRequest, Message, Address, Concept, User]),
]
MADE_ELSEWHERE = {
    Enquiry,
    Application,
    Proposal,
    Message,
    Address,
    User,
    TakingPart,
    Registration,
    Alert,
}  # by others, and by what the record points to


@dataclass(frozen=True)
class Waiting:
    """Something to be done: rows of `model` that `ask()` finds, shown by the list with `query`."""

    model: type
    query: str
    ask: callable
    sentence: str

    def found(self):
        count = self.ask().count()
        return {
            "count": count,
            "sentence": self.sentence % {"count": count},
            "url": f"{_page(self.model, 'changelist')}?{self.query}",
        }


WAITING = [
    Waiting(
        Enquiry,
        "answered_on__isempty=1&is_suspected_spam__exact=0",
        lambda: Enquiry.objects.unanswered(),
        ngettext_lazy("%(count)d message to answer", "%(count)d messages to answer", "count"),
    ),
    Waiting(
        Enquiry,
        "answered_on__isempty=1&is_suspected_spam__exact=1",
        lambda: Enquiry.objects.suspected(),
        ngettext_lazy("%(count)d message that looks like spam", "%(count)d messages that look like spam", "count"),
    ),
    Waiting(
        Application,
        "state=waiting",
        lambda: Application.objects.waiting(),
        ngettext_lazy("%(count)d application to read", "%(count)d applications to read", "count"),
    ),
    Waiting(
        Proposal,
        "state__exact=submitted",
        lambda: Proposal.objects.waiting(),
        ngettext_lazy("%(count)d proposal to answer", "%(count)d proposals to answer", "count"),
    ),
    Waiting(
        Registration,
        "state__exact=to-approve",
        lambda: Registration.objects.filter(state=RegistrationState.TO_APPROVE),
        ngettext_lazy("%(count)d registration to look at", "%(count)d registrations to look at", "count"),
    ),
    Waiting(
        TakingPart,
        "when=untold",
        lambda: TakingPart.objects.filter(pk__in=changed_untold()),
        ngettext_lazy(
            "%(count)d seminar has changed, and not all who take part were told",
            "%(count)d seminars have changed, and not all who take part were told",
            "count",
        ),
    ),
    Waiting(
        TakingPart,
        "when=missed",
        lambda: TakingPart.objects.filter(pk__in=MissedReminder.objects.recent().order_by().values("seminar")),
        ngettext_lazy(
            "%(count)d seminar of which reminders were not sent in time: see its letters",
            "%(count)d seminars of which reminders were not sent in time: see their letters",
            "count",
        ),
    ),
    Waiting(
        DataRequest,
        "state=waiting",
        lambda: DataRequest.objects.waiting(),
        ngettext_lazy(
            "%(count)d request about personal data to answer", "%(count)d requests about personal data to answer", "count"
        ),
    ),
    Waiting(
        Seminar,
        "state=draft",
        lambda: Seminar.objects.drafts(),
        ngettext_lazy("%(count)d seminar in draft", "%(count)d seminars in draft", "count"),
    ),
    Waiting(
        Panel,
        "held_on__isempty=1",
        lambda: Panel.objects.undated(),
        ngettext_lazy("%(count)d panel without a day", "%(count)d panels without a day", "count"),
    ),
    Waiting(
        Recording,
        "state=no-source",
        lambda: Recording.objects.without_source(),
        ngettext_lazy("%(count)d recording without a link", "%(count)d recordings without a link", "count"),
    ),
    Waiting(
        Recording,
        "addresses=dead",
        lambda: Recording.objects.with_dead_address(),
        ngettext_lazy(
            "%(count)d recording whose address no longer answers", "%(count)d recordings whose address no longer answers", "count"
        ),
    ),
    Waiting(
        Message,
        "trouble=any",
        lambda: Message.objects.in_trouble(),
        ngettext_lazy(
            "%(count)d email was not sent, is uncertain or has waited for more than an hour",
            "%(count)d emails were not sent, are uncertain or have waited for more than an hour",
            "count",
        ),
    ),
    Waiting(
        Message,
        "state__exact=waiting",
        lambda: Message.objects.held(),
        ngettext_lazy(
            "%(count)d email is held back since a backup was restored, until the portal’s technical team releases it",
            "%(count)d emails are held back since a backup was restored, until the portal’s technical team releases them",
            "count",
        ),
    ),
    Waiting(
        Address,
        "trouble=no-copy",
        lambda: Address.objects.dead().filter(archived_url=""),
        ngettext_lazy(
            "%(count)d address no longer answers, and no copy is known",
            "%(count)d addresses no longer answer, and no copy is known",
            "count",
        ),
    ),
    Waiting(
        Recording,
        "permissions=missing",
        lambda: lacking(Recording.objects.all()),
        ngettext_lazy(
            "%(count)d recording for which a speaker’s consent is missing",
            "%(count)d recordings for which a speaker’s consent is missing",
            "count",
        ),
    ),
    Waiting(
        Recording,
        "transcript=without",
        lambda: Recording.objects.without_transcript(),
        ngettext_lazy("%(count)d recording without a transcript", "%(count)d recordings without a transcript", "count"),
    ),
    Waiting(
        Membership,
        "institution__isempty=1",
        lambda: Membership.objects.without_institution(),
        ngettext_lazy("%(count)d seat whose institution is not known", "%(count)d seats whose institution is not known", "count"),
    ),
    Waiting(
        Delegate,
        "due=overdue",
        lambda: Delegate.objects.overdue(),
        ngettext_lazy("%(count)d mandate overdue", "%(count)d mandates overdue", "count"),
    ),
    Waiting(
        Delegate,
        "due=soon",
        lambda: Delegate.objects.due_soon(),
        ngettext_lazy("%(count)d mandate due within 90 days", "%(count)d mandates due within 90 days", "count"),
    ),
    Waiting(
        Consultation,
        "state=to-close",
        lambda: Consultation.objects.to_be_closed(),
        ngettext_lazy(
            "%(count)d consultation whose result is not written", "%(count)d consultations whose result is not written", "count"
        ),
    ),
    Waiting(
        Agreement,
        "due=overdue",
        lambda: Agreement.objects.overdue(),
        ngettext_lazy("%(count)d agreement overdue", "%(count)d agreements overdue", "count"),
    ),
    Waiting(
        Seminar,
        "missing=any",
        lambda: Seminar.objects.filter(untranslated("title")),
        ngettext_lazy("%(count)d seminar to translate", "%(count)d seminars to translate", "count"),
    ),
    Waiting(
        Panel,
        "missing=any",
        lambda: Panel.objects.filter(untranslated("title")),
        ngettext_lazy("%(count)d panel to translate", "%(count)d panels to translate", "count"),
    ),
    Waiting(
        Recording,
        "missing=any",
        lambda: Recording.objects.filter(untranslated("title")),
        ngettext_lazy("%(count)d recording to translate", "%(count)d recordings to translate", "count"),
    ),
    Waiting(
        Document,
        "missing=any",
        lambda: Document.objects.filter(untranslated("title")),
        ngettext_lazy("%(count)d document to translate", "%(count)d documents to translate", "count"),
    ),
]


def _page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def _may(user, action, model):
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def what_waits(user):
    """What `user` may do something about, with how many there are; what is done is not said."""
    found = (waiting.found() for waiting in WAITING if _may(user, "view", waiting.model))
    return [each for each in found if each["count"]]


def what_comes(user):
    """The next seminars."""
    if not _may(user, "view", Seminar):
        return []
    return [{"seminar": each, "url": _page(Seminar, "change", each.pk)} for each in Seminar.objects.upcoming()[:5]]


def last_changes(user):
    """Who changed what, latest first: only of what `user` may see."""
    models = {each._meta.concrete_model for _title, group in WORDS for each in group if _may(user, "view", each)}
    kinds = ContentType.objects.get_for_models(*models)
    entries = LogEntry.objects.filter(content_type__in=kinds.values()).select_related("actor", "content_type")
    return [_change(happening) for happening in happenings(entries.order_by("-timestamp")[:10])]


def _change(happening):
    model = happening.entry.content_type.model_class()
    changed = happening.changes if happening.entry.action == LogEntry.Action.UPDATE else []
    return {
        "who": happening.who or _("the portal"),
        "verb": happening.verb,
        "what": happening.what,
        "kind": happening.kind,
        "fields": [change.name for change in changed],
        "when": happening.when,
        "url": _url(model, happening.entry),
    }


def _url(model, entry):
    if entry.action == LogEntry.Action.DELETE:
        return ""
    try:
        return _page(model, "change", entry.object_pk)
    except NoReverseMatch:
        return ""


def words_of_the_work(user):
    """The lists `user` may open, in groups, each with a way to add to it."""
    groups = (
        {"title": title, "lists": [_list(user, model) for model in models if _may(user, "view", model)]}
        for title, models in WORDS
    )
    return [group for group in groups if group["lists"]]


def _list(user, model):
    adds = _may(user, "add", model) and model not in MADE_ELSEWHERE
    return {
        "name": capfirst(model._meta.verbose_name_plural),
        "one": model._meta.verbose_name,
        "url": _page(model, "changelist"),
        "add_url": _page(model, "add") if adds else "",
    }


class SecretariatSite(GuardedSite):
    site_title = _("RIFESS Secretariat")
    site_header = _("Secretariat of the Network")
    index_title = _("Secretariat home")
    index_template = "admin/desk.html"

    def admin_view(self, view, cacheable=False):
        """What a form of the desk changes is one transaction, at whose end the search index is written once."""

        def in_one_go(request, *args, **kwargs):
            with paused():
                return view(request, *args, **kwargs)

        def answer(request, *args, **kwargs):
            if request.method != "POST":
                return view(request, *args, **kwargs)
            return examining_before_transactions(lambda: in_one_go(request, *args, **kwargs), request)

        return super().admin_view(update_wrapper(answer, view), cacheable)

    def index(self, request, extra_context=None):
        user = request.user
        desk = {
            "waiting": what_waits(user),
            "coming": what_comes(user),
            "changes": last_changes(user),
            "groups": words_of_the_work(user),
            "runs_by_itself": signs() if _may(user, "view", Message) else [],
            "may_add_seminar": _may(user, "add", Seminar),
        }
        return super().index(request, {**desk, **(extra_context or {})})
