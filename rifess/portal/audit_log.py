"""What was done to each record, by anyone and at any door, is kept: who, when, before, after."""

from auditlog.context import auditlog_disabled
from auditlog.diff import get_field_value
from auditlog.models import LogEntry, LogEntryManager
from auditlog.registry import auditlog
from django.apps import apps
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.encoding import smart_str

from rifess.base.database.bulk import rows_created, rows_linked
from rifess.links.models import Address
from rifess.search.models import Concept

ROOMS = ("members", "events", "recordings")
NOT_KEPT = {
    "members": {
        "user": ["password", "last_login", "desk_seen_at", "desk_seen_before"],
        "invitation": ["nonce"],
        "application": ["key"],
        "datarequest": ["words", "email", "answer"],  # private, and taken away when it is answered
    },
    "events": {
        "joinlink": ["join_url"],  # who may join is asked each time, of the history too
        "interpretationchannel": ["url"],
        "certificate": ["credential", "said", "email"],  # what it says stays in it as it is
        "registration": ["needs", "link_key"],  # may tell of somebody's health; is a part of what opens their page
    },
    "recordings": {"caption": ["cues"]},  # whole transcripts; the files they come from stay, and their names are kept
}


THEIR_OWN_HISTORY = {
    "message",
    "mandatereminder",
    "applicationstep",
    "proposalturn",
    "vote",
    "votecast",
    "documentopening",
    "messageattachment",
    "registrationanswer",
    "chosenoption",
    "lettertold",
    "missedreminder",
    "listedparticipant",
    "panelquestionvote",
    "surveyresponse",  # a history would tell when, and so perhaps who
    "surveytaken",
    "registrationattempt",  # what a stranger may have typed: nothing of it stays
    "alert",  # an address that somebody gave and takes back: nothing of it stays
    "calendarentry",
    "knowncolumns",
    "issuingjob",
}  # rows that tell what was done


def register_all():
    """Keep the history of every table of every room that is not itself one."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.proxy or model._meta.model_name in THEIR_OWN_HISTORY:
                continue
            secret = NOT_KEPT.get(room, {}).get(model._meta.model_name, [])
            many = {field.name for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created}
            auditlog.register(model, exclude_fields=secret, m2m_fields=many)


register_all()
auditlog.register(Concept)
auditlog.register(Address, include_fields=["archived_url"])  # how it answers is kept by its checks


class EntriesAtOnce(LogEntryManager):
    """The log's manager, which keeps the entries that it is to write for one statement."""

    def __init__(self):
        super().__init__()
        self.model, self.entries = LogEntry, []

    def create(self, **values):
        entry = LogEntry(**values)
        pre_save.send(LogEntry, instance=entry, raw=False, using=None, update_fields=None)  # who acts (auditlog's middleware)
        self.entries.append(entry)

    def write(self):
        LogEntry.objects.bulk_create(self.entries)


@receiver(rows_created)
def log_created(sender, rows, **_kwargs):
    """An entry for each new row, as the log writes it when one is saved; columns that say nothing are left out."""
    if auditlog_disabled.get() or not auditlog.contains(sender):
        return
    log, kept = EntriesAtOnce(), _kept_columns(sender)
    for row in rows:
        said = [column for column in kept if vars(row).get(column.attname) not in (None, "")]
        changes = {column.name: ("None", smart_str(get_field_value(row, column))) for column in said}
        log.log_create(row, action=LogEntry.Action.CREATE, changes=changes)
    log.write()


def _kept_columns(model):
    """The columns of `model` whose changes are kept."""
    asked = auditlog.get_model_fields(model)
    kept = [
        column for column in model._meta.concrete_fields if column.name in asked["include_fields"] or not asked["include_fields"]
    ]
    return [column for column in kept if column.name not in asked["exclude_fields"]]


@receiver(rows_linked)
def log_linked(field, links, **_kwargs):
    if auditlog_disabled.get():
        return
    log = EntriesAtOnce()
    for row, others in links.items():
        log.log_m2m_changes(others, row, "add", field)
    log.write()
