"""What was done to a record, to be read by people: who, when, what it said before and what it says since."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from auditlog.models import LogEntry
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

VERBS = {
    LogEntry.Action.CREATE: _("added"),
    LogEntry.Action.UPDATE: _("changed"),
    LogEntry.Action.DELETE: _("deleted"),
    LogEntry.Action.ACCESS: _("opened"),
}
NOTHING = {"None", "", "[]", "{}", None}


@dataclass(frozen=True)
class Change:
    """One column, by its name for people, before and after. Empty where it said nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Happening:
    """Somebody did something to a record. `who` is empty when the portal did it by itself."""

    when: datetime
    who: str
    verb: str
    kind: str
    what: str
    changes: list[Change] = field(default_factory=list)
    entry: LogEntry = None


def entries_of(row):
    """What the log has of `row`, latest first."""
    return LogEntry.objects.get_for_object(row).select_related("actor", "content_type").order_by("-timestamp", "-pk")


def happenings(entries, *, hidden=()):
    """`entries` of the log in words: one query for each table that their keys point into, however many they are.

    Columns that point to rows of the models in `hidden` are left out.
    """
    entries = list(entries)
    names = _names_of_what_they_point_to(entries)
    return [_happening(entry, names, hidden) for entry in entries]


def _happening(entry, names, hidden):
    model = entry.content_type.model_class()
    return Happening(
        when=entry.timestamp,
        who=entry.actor.get_full_name() if entry.actor else "",
        verb=VERBS.get(entry.action, ""),
        kind=model._meta.verbose_name if model else "",
        what=entry.object_repr,
        changes=_changes(model, entry, names, hidden) if model else [],
        entry=entry,
    )


def changed_columns(model, entry):
    """The columns that `entry` tells of, in the order of the table: without keys, and a translated text once a language."""
    told = entry.changes_dict
    found = [column for column in (*model._meta.fields, *model._meta.many_to_many) if column.name in told]
    mirrored = {column.translated_field.name for column in found if hasattr(column, "translated_field")}
    return {column: told[column.name] for column in found if not column.primary_key and column.name not in mirrored}


def _changes(model, entry, names, hidden):
    changes = []
    for column, values in changed_columns(model, entry).items():
        if column.related_model in hidden:
            continue
        before, after = _of_many(values) if isinstance(values, dict) else (_say(column, value, names) for value in values)
        if before != after:
            changes.append(Change(capfirst(str(column.verbose_name)), before, after))
    return changes


def _of_many(values):
    """Rows that were put beside this one, or taken away from it."""
    said = ", ".join(values.get("objects", []))
    return ("", said) if values.get("operation") == "add" else (said, "")


def _say(column, value, names):
    if value in NOTHING:
        return ""
    if column.is_relation:
        return names[column.related_model].get(str(value), gettext("something that was deleted since"))
    if column.flatchoices:
        return str(dict((str(key), words) for key, words in column.flatchoices).get(str(value), value))
    if isinstance(column, models.BooleanField):
        return gettext("yes") if value == "True" else gettext("no")
    return _say_moment(column, value)


def _say_moment(column, value):
    try:
        if isinstance(column, models.DateTimeField):
            moment = datetime.fromisoformat(value)
            moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
            return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
        if isinstance(column, models.DateField):
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        if isinstance(column, models.TimeField):
            return time_format(time.fromisoformat(value))
    except ValueError:
        pass
    return str(value)


def _names_of_what_they_point_to(entries):
    """{model: {key: name}} for every foreign key in `entries`."""
    keys = defaultdict(set)
    for entry in entries:
        model = entry.content_type.model_class()
        for column, values in changed_columns(model, entry).items() if model else ():
            if column.is_relation and not isinstance(values, dict):
                keys[column.related_model] |= {str(value) for value in values if value not in NOTHING}
    return defaultdict(dict, {model: _names(model, wanted) for model, wanted in keys.items()})


def _names(model, keys):
    """Their names, with what a name may itself be made of brought along."""
    named_by = [column.name for column in model._meta.concrete_fields if column.is_relation]
    rows = model._base_manager.filter(pk__in=keys)
    return {str(row.pk): str(row) for row in (rows.select_related(*named_by) if named_by else rows)}
