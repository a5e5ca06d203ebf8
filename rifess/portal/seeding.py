"""The Network's real record, read from `rifess/seed/*.toml`. All of it is made, or nothing is."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone, translation

from events.models import Intervention, Panel, PanelInstitution, PrintedPosition, Seminar, SeminarInstitution, Topic
from members.models import CoordinationTerm, Institution, Membership, NameVariant, Person
from recordings.models import Document, Recording, Source
from rifess.base.models import Language, SeededRow

FOLDER = Path(__file__).parents[1] / "seed"
FILES = ("institutions", "people", "topics", "network", "seminars", "recordings", "documents")  # each speaks of those before it
KINDS = {
    "institution": Institution,
    "person": Person,
    "name_variant": NameVariant,
    "topic": Topic,
    "membership": Membership,
    "coordination": CoordinationTerm,
    "seminar": Seminar,
    "seminar_institution": SeminarInstitution,
    "panel": Panel,
    "panel_institution": PanelInstitution,
    "intervention": Intervention,
    "position": PrintedPosition,
    "recording": Recording,
    "source": Source,
    "document": Document,
}
TABLES = {model: table for table, model in KINDS.items()}


class SeedMistake(Exception):
    """What is wrong in a seed file, as "file.toml, line N: reason"."""

    def __init__(self, file, line, reason):
        super().__init__(f"{file}, line {line}: {reason}")


@dataclass(frozen=True)
class Entry:
    """One [[table]] of a file, the `number`-th of its name (from 0)."""

    file: str
    text: str
    table: str
    number: int
    values: dict

    @property
    def key(self):
        return f"{self.table}/{self.values.get('key')}"

    def mistake(self, reason, field=None):
        return SeedMistake(self.file, find_line(self.text, self.table, self.number, field), reason)


def seed(folder=FOLDER, say=print):
    """Make every row of `folder` that was never made before. Gives how many are new, kept, and left out.

    Raises SeedMistake, and makes nothing, when a file has a mistake.
    """
    tally, rows, seen = Counter(), {}, set()
    with translation.override("en"), transaction.atomic():
        for path in in_order(Path(folder)):
            of_file = Counter(plant(entry, rows, seen) for entry in read(path))
            say(f"{path.name}: {of_file['new']} new, {of_file['kept']} kept")
            tally += of_file
    return tally


def in_order(folder):
    """The files of `folder`, in the order in which they speak of each other."""
    found = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if not found:
        raise SeedMistake(folder.name, 0, "there is no .toml file here")
    for stem in found.keys() - set(FILES):
        raise SeedMistake(found[stem].name, 1, f"unknown file; the seed reads {', '.join(FILES)}")
    return [found[stem] for stem in FILES if stem in found]


def read(path):
    """The entries of one file, tables in the order in which each first appears."""
    text = decode(path)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise syntax_mistake(path.name, text, str(error)) from error
    for table, rows in tables.items():
        if table not in KINDS or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SeedMistake(path.name, find_line(text, table, 0), f"unknown table “{table}”; known are {', '.join(KINDS)}")
        for number, values in enumerate(rows):
            yield Entry(path.name, text, table, number, values)


def decode(path):
    raw = path.read_bytes()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise SeedMistake(path.name, raw.count(b"\n", 0, error.start) + 1, "this is not UTF-8") from error


def syntax_mistake(file, text, message):
    """tomllib says where in words: "… (at line 3, column 5)" or "… (at end of document)"."""
    reason, _, place = message.rpartition(" (at ")
    line = re.match(r"line (\d+)", place)
    return SeedMistake(file, int(line[1]) if line else len(text.splitlines()), reason)


def find_line(text, table, number, field=None):
    """The line of `field` under the `number`-th [[table]] (from 0), or of that header when the field is not written."""
    lines = text.splitlines()
    headers = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", line)]
    header = headers[number] if number < len(headers) else 0
    for n, line in enumerate(lines[header:], header + 1):
        if line.lstrip().startswith("[["):
            break
        if re.match(rf"\s*{re.escape(field or table)}\s*=", line) and (field or not header):
            return n
    return header or 1


def plant(entry, rows, seen):
    """Make the row of `entry` unless it was made before. Says "new", "kept", or "left out" when it needs a row since deleted."""
    if not isinstance(entry.values.get("key"), str):
        raise entry.mistake("every row needs a key, a text of its own", "key")
    if entry.key in seen:
        raise entry.mistake(f"the key “{entry.values['key']}” is used twice", "key")
    seen.add(entry.key)
    check_fields(entry)
    references = resolve_all(entry, rows)
    if recorded(entry.key):
        return "kept"
    if any(chosen == [None] and not isinstance(entry.values[name], list) for name, chosen in references.items()):
        rows[entry.key] = None
        return "left out"
    rows[entry.key] = make(entry, references)
    return "new"


def make(entry, references):
    """Save the checked row of `entry`, and record that the seed made it."""
    row, lists = KINDS[entry.table](), {}
    for name, value in entry.values.items():
        if name == "key":
            continue
        if name == "published":
            row.published_at = timezone.now() if value else None
        elif isinstance(value, list):
            lists[name] = [chosen for chosen in references[name] if chosen]
        elif name in references:
            setattr(row, name, references[name][0])
        else:
            set_value(entry, row, name, value)
    check(entry, row)
    row.save()
    for name, chosen in lists.items():
        getattr(row, name).set(chosen)
    SeededRow.objects.create(key=entry.key, kind=row._meta.label_lower, row=str(row.pk))
    return row


@cache
def fields_of(model):
    """What may be written of `model`: its editable fields, texts by language (title_es), and whether it is published."""
    fields = {
        field.name: field
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.editable and not field.primary_key
    }
    fields = {name: field for name, field in fields.items() if f"{name}_es" not in fields}
    if any(field.name == "published_at" for field in model._meta.fields):
        fields["published"] = models.BooleanField()
    return fields


def check_fields(entry):
    """Refuse a field that does not exist, and a list where one value belongs or the other way round."""
    for name, value in entry.values.items():
        if name == "key":
            continue
        field = fields_of(KINDS[entry.table]).get(name)
        if field is None:
            raise entry.mistake(f"unknown field “{name}”", name)
        if isinstance(value, dict) or isinstance(value, list) != bool(field.many_to_many):
            raise entry.mistake(f"{name}: {'give a list' if field.many_to_many else 'give one value'}", name)
        if name == "published" and not isinstance(value, bool):
            raise entry.mistake("published is true or false", name)


def resolve_all(entry, rows):
    """The rows that each field of `entry` speaks of; None stands for one that was made once and deleted since."""
    fields = fields_of(KINDS[entry.table])
    return {
        name: [resolve(entry, name, fields[name].related_model, word, rows) for word in listed(value)]
        for name, value in entry.values.items()
        if name in fields and fields[name].is_relation
    }


def listed(value):
    return value if isinstance(value, list) else [value]


def resolve(entry, name, model, word, rows):
    """The row that `word` names: a language by its code, all else by the key it was made under."""
    if not isinstance(word, str):
        raise entry.mistake(f"{name}: name a row by its key", name)
    key = f"{TABLES.get(model, model._meta.model_name)}/{word}"
    if key not in rows:
        made = Language.objects.filter(pk=word).values_list("pk", flat=True) if model is Language else recorded(key)
        if not made:
            raise entry.mistake(f"{name}: there is no {model._meta.verbose_name} “{word}” before this one", name)
        rows[key] = model.objects.filter(pk=made[0]).first()
    return rows[key]


def recorded(key):
    return SeededRow.objects.filter(key=key).values_list("row", flat=True)


def set_value(entry, row, name, value):
    if isinstance(value, datetime) and timezone.is_naive(value):
        raise entry.mistake(f"{name}: write the offset too, as in 2024-09-05T09:00:00-06:00", name)
    try:
        setattr(row, name, row._meta.get_field(name).clean(value, row))
    except ValidationError as error:
        raise entry.mistake(f"{name}: {' '.join(error.messages)}", name) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise entry.mistake(f"{name}: “{value}” is not a value for this field", name) from error


def check(entry, row):
    """All the rules that the admin keeps, kept here too."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        field = f"{field}_es" if f"{field}_es" in fields_of(type(row)) else field
        words = " ".join(messages)
        raise entry.mistake(words if field == NON_FIELD_ERRORS else f"{field}: {words}", field) from error
