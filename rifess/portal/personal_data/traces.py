"""What remains beside the rows when they are forgotten: the history of changes, e-mails to others, sessions, failed tasks.

The history is cleaned by keys, also of rows that were deleted long ago; addresses and full names are looked for as text.
"""

import json
from collections import defaultdict
from itertools import batched

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django_tasks_db.models import DBTaskResult

from members.models import Message
from rifess.base.personal_data import Fate, Words
from rifess.portal.personal_data.tables import TABLES, rows_of, target_of

MANY = 200  # keys in one question


# The history of changes


def rows_to_forget(subject):
    """{model: keys} of all that will be deleted or made anonymous, and of the subject itself."""
    found = defaultdict(set)
    for kept in TABLES:
        if kept.model is not LogEntry and (kept.forget or kept.fate_for(subject) != Fate.KEPT):
            found[kept.model] |= {*rows_of(kept, subject).order_by().values_list("pk", flat=True)}
    return found


def forget_history(found, fate_for):
    """Delete what the log says of the rows `found` ({model: keys}), and of whatever hung on them, even if it was deleted since.

    What hangs on them is declared by its `ties`; `fate_for(kept)` says what stays with its history.
    """
    for model, keys in found.items():
        _forget_entries(model, keys)
    for kept in TABLES:
        if kept.model is LogEntry or fate_for(kept) == Fate.KEPT:
            continue
        for tie in kept.ties:
            if "__" not in tie and (keys := found.get(target_of(kept.model, tie))):
                _forget_entries(kept.model, _once_tied(kept.model, tie, keys))


def _forget_entries(model, keys):
    kind = ContentType.objects.get_for_model(model)
    for some in batched(map(str, keys), MANY):
        LogEntry.objects.filter(content_type=kind, object_pk__in=some).delete()


def _once_tied(model, tie, keys):
    """Keys of the rows of `model` of which the log says that `tie` led to one of `keys`."""
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model)).annotate(
        before=Cast(KT(f"changes__{tie}__0"), TextField()), after=Cast(KT(f"changes__{tie}__1"), TextField())
    )
    found = set()
    for some in batched(map(str, keys), MANY):
        found |= {*entries.filter(Q(before__in=some) | Q(after__in=some)).order_by().values_list("object_pk", flat=True)}
    return found


# Addresses and names, wherever they stand as text


def take_out_of_texts(subject):
    """Take addresses and names out of the log, of e-mails to others, of failed tasks; end sessions that name them."""
    words = Words.of(subject)
    if not words.all:
        return
    _take_out(
        LogEntry,
        words,
        texts=("object_repr", "changes_text", "actor_email"),
        data=("changes", "serialized_data", "additional_data"),
    )
    _take_out(Message, words, texts=("subject", "text", "html", "to_name", "trouble"))
    _take_out(DBTaskResult, words, texts=("traceback",), data=("args_kwargs", "return_value"))
    for session in Session.objects.iterator():
        if words.pattern.search(json.dumps(session.get_decoded(), ensure_ascii=False, default=str)):
            session.delete()


def _take_out(model, words, *, texts, data=()):
    as_text = {f"{column}_as_text": Cast(column, TextField()) for column in data}
    columns = [*texts, *data]
    for row in model._base_manager.alias(**as_text).filter(words.perhaps_in(*texts, *as_text)).only("pk", *columns):
        kept = {column: getattr(row, column) for column in columns}
        cleaned = {column: words.taken_out_of(value) for column, value in kept.items()}
        changed = {column: value for column, value in cleaned.items() if value != kept[column]}
        if changed:
            model._base_manager.filter(pk=row.pk).update(**changed)
