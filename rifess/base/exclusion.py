"""No two periods of one parent overlap: said once more by PostgreSQL itself, for whoever does not come by a form."""

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
