"""What was done to each record, by anyone and at any door, is kept: who, when, before, after."""

from auditlog.registry import auditlog
from django.apps import apps

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
        "registration": ["needs"],  # may tell of somebody's health
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
