"""Every table that may hold personal data: the declarations of the rooms, and ours for the tables of libraries."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events import personal_data as events
from members import personal_data as members
from members.models import Person, User
from recordings import personal_data as recordings
from rifess.base.personal_data import Fate, Kept

WITH_ACCOUNT = _("as long as the account")


def _with_account(key, model, what, *ties, hidden=()):
    """Rows of a library that are deleted with the account; the columns in `hidden` would give access to it."""
    return Kept(key, model, what, _("They go with the account."), Fate.DELETED, WITH_ACCOUNT, ties=ties, hidden=hidden)


def _forget_author(entries, subject):
    entries.update(actor=None, actor_email=None)


OF_LIBRARIES = [
    _with_account("addresses", EmailAddress, _("Addresses of the account"), "user"),
    _with_account("confirmations", EmailConfirmation, _("Codes that confirm an address"), "email_address__user", hidden=("key",)),
    _with_account("second_factors", Authenticator, _("Second factors"), "user"),
    _with_account("sessions", UserSession, _("Sessions"), "user", hidden=("session_key",)),
    Kept(
        "changes",
        LogEntry,
        _("Changes made in the records"),
        _("What changed and when stays, without who made the change."),
        Fate.ANONYMIZED,
        lasts=_("as long as what was changed"),
        ties=("actor",),
        addresses=("actor_email",),
        forget=_forget_author,
    ),
]
# In the order of the page; what hangs on other rows is forgotten before them, so erasure goes through it from the end.
TABLES = [*members.KEPT, *events.KEPT, *recordings.KEPT, *OF_LIBRARIES]
NOTHING_OF_PERSONS = {
    **members.NOTHING_OF_PERSONS,
    **events.NOTHING_OF_PERSONS,
    **recordings.NOTHING_OF_PERSONS,
    "admin.LogEntry": "nothing is written there (rifess.base.admin.no_log): the history of changes is auditlog’s",
    "auth.Permission": "names of rights",
    "auth.Group": "names of groups",
    "auth.Group_permissions": "of groups",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "signed and dated; those that name the person end with the account (rifess.portal.personal_data.traces)",
    "django_tasks_database.DBTaskResult": "keys of rows; traces of errors are cleaned (rifess.portal.personal_data.traces)",
    "base.FormerSlug": "former addresses, which go with the name",
    "base.Heartbeat": "when a process was last seen",
    "base.Language": "languages",
    "base.SeededRow": "keys of rows",
    "search.Entry": "what is published, and follows its row; it is cleaned with the name",
    "search.EntryLabel": "what is published, and follows its row",
    "search.Passage": "what is published, and follows its row",
    "search.KnownWord": "words of what is published, and follows it; cleaned with the name",
    "search.Concept": "words of the thesaurus",
    "links.Address": "addresses of sites",
    "links.Check": "how sites answer",
}
BY_MODEL = {kept.model: kept for kept in reversed(TABLES)}


def rows_of(kept, subject):
    """The rows of one declaration with data of `subject`."""
    if kept.find:
        return kept.find(subject)
    wanted = Q(pk__in=[])
    for column in kept.addresses:
        wanted |= subject.at(column)
    for path in kept.ties:
        wanted |= _tied(kept.model, path, subject)
    return kept.all().filter(wanted)


def _tied(model, path, subject):
    """The condition that `path` leads from rows of `model` to the subject's account, person, or rows of another declaration."""
    target = target_of(model, path)
    if target is User:
        return Q(**{path: subject.user}) if subject.user else Q(pk__in=[])
    if target is Person:
        return Q(**{path: subject.person}) if subject.person else Q(pk__in=[])
    return Q(**{f"{path}__in": rows_of(BY_MODEL[target], subject).order_by().values("pk")})


def target_of(model, path):
    """The model at the end of `path`."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def undeclared():
    """Labels of the tables that are neither declared nor said to hold nothing of persons."""
    known = {kept.model._meta.label for kept in TABLES} | {*NOTHING_OF_PERSONS}
    models = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return sorted({model._meta.label for model in models} - known)
