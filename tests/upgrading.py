"""Databases as former migrations left them: a row in every table, and what of them is no longer there later."""

import uuid
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from tests import template

DAY = date(2024, 3, 5)
MOMENT = datetime(2024, 3, 5, 16, 30, tzinfo=ZoneInfo("UTC"))
VALUES = [  # the first class that fits says how a field is filled; `number` makes it unique
    (models.EmailField, lambda number, text: f"row{number}@example.org"),
    (models.URLField, lambda number, text: f"https://example.org/{number}"),
    (models.SlugField, lambda number, text: f"row-{number}"),
    (models.FileField, lambda number, text: f"kept/{number}.pdf"),
    (models.CharField, lambda number, text: text),
    (models.TextField, lambda number, text: text),
    (models.DateTimeField, lambda number, text: MOMENT + timedelta(days=number)),
    (models.DateField, lambda number, text: DAY + timedelta(days=number)),
    (models.TimeField, lambda number, text: time(16, 30)),
    (models.DurationField, lambda number, text: timedelta(minutes=number)),
    (models.BooleanField, lambda number, text: False),
    (models.DecimalField, lambda number, text: Decimal(number)),
    (models.FloatField, lambda number, text: float(number)),
    (models.IntegerField, lambda number, text: number),
    (models.UUIDField, lambda number, text: uuid.UUID(int=number)),
    (models.JSONField, lambda number, text: {}),
    (models.BinaryField, lambda number, text: b""),
    (models.GenericIPAddressField, lambda number, text: "192.0.2.1"),
]


class Filler:
    """Makes a row of each model of `apps`. `given` says, by model, what the fields alone cannot know."""

    def __init__(self, apps, given, number):
        self.apps, self.given, self.number = apps, given, number
        self.made = {}

    def fill(self):
        """One row in every table; {label of the model: its row}."""
        for model in self.apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                self.row_of(model)
        return self.made

    def row_of(self, model):
        label = model._meta.label
        if label not in self.made:
            given = self.given.get(label, {})
            values = {
                field.attname: self.value_of(field, given)
                for field in model._meta.concrete_fields
                if self.must_be_filled(field, given)
            }
            self.made[label] = model._base_manager.create(**values)
        return self.made[label]

    def must_be_filled(self, field, given):
        return field.name in given or not (field.primary_key and isinstance(field, models.AutoField) or field.null)

    def value_of(self, field, given):
        if field.name in given:
            chosen = given[field.name]
            return chosen(self) if callable(chosen) else chosen
        if field.is_relation:
            target = self.row_of(field.related_model)
            return getattr(target, field.target_field.attname)
        if field.has_default() and field.get_default() != "":
            return field.get_default()
        if field.choices:
            return field.get_default() if field.has_default() else field.choices[0][0]
        how = next(how for kind, how in VALUES if isinstance(field, kind))
        value = how(self.number, f"{field.name} {self.number}")
        return value[: field.max_length] if isinstance(value, str) and field.max_length else value


@contextmanager
def another_database(folder):
    """For the time of the context, the connection of the tests leads to an empty database of its own."""
    usual = connections[DEFAULT_DB_ALIAS]
    other = usual.copy()
    other.settings_dict["NAME"] = database_in(folder, usual)
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        template.remove_copy(other)


def database_in(folder, usual):
    """The name of a new empty database: a file in `folder`, or one beside the `usual` database of PostgreSQL."""
    if usual.vendor == "sqlite":
        return str(folder / "upgraded.sqlite3")
    name = f"{usual.settings_dict['NAME']}_upgraded"
    with usual._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    return name


def contents(tables):
    """{table: its rows, each as {column: value}}, as the database has them."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor)) & set(tables)
        return {table: rows_of(cursor, table) for table in present}


def rows_of(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def lost(before, after):
    """{table: (the columns that are gone, how many rows are not there as they were)}; `None` for a table that is gone."""
    found = {}
    for table, rows in before.items():
        present = after.get(table)
        if present is None:
            found[table] = None
            continue
        columns = set(rows[0]) - set(present[0]) if present else set()
        changed = [row for row in rows if not any(same(row, each) for each in present)]
        if columns or changed:
            found[table] = (columns, len(changed))
    return found


def same(row, later):
    """Whether `later` says the same in all columns that both have."""
    return all(later[column] == value for column, value in row.items() if column in later)
