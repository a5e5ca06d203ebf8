"""What only the database can refuse: overlapping periods of one parent, and rows of two transactions at the same moment."""

from functools import wraps

from django.db import IntegrityError, transaction
from django.db.migrations.operations.base import Operation


class AddExclusion(Operation):
    """An exclusion constraint on PostgreSQL, nothing elsewhere: SQLite has one writer at a time, and `clean()` speaks first.

    `equal` are SQL expressions that must differ (each cast to text), `span` the SQL of a daterange, `where` a condition.
    """

    reversible = True

    def __init__(self, table, name, *, equal, span, where="true"):
        self.table, self.name, self.equal, self.span, self.where = table, name, equal, span, where

    def state_forwards(self, app_label, state):
        """Django's picture of the tables stays as it was."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return
        same = "".join(f"(({expression})::text) WITH =, " for expression in self.equal)
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        exclusion = f"EXCLUDE USING gist ({same}({self.span}) WITH &&) WHERE ({self.where})"
        schema_editor.execute(f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {exclusion}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}")

    def describe(self):
        return f"Refuse overlapping periods in {self.table} (PostgreSQL)"


def once_more_after_a_conflict(act, *, also_after=IntegrityError):
    """Return `act`, tried a second time when the database refuses what it writes: another transaction was faster.

    Nothing of the first try is left, and in the second the checks see the other row, and refuse with their sentence.
    `also_after` is another error that means the same.
    """

    @wraps(act)
    def tried(*args, **kwargs):
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except (IntegrityError, also_after):
            pass
        with transaction.atomic():
            return act(*args, **kwargs)

    return tried
