"""Where the words are kept (full_text.py): FTS5 tables beside SQLite's, columns with a GIN index in PostgreSQL's.

What is deleted takes its words along, whoever deletes it. SQLite forgets triggers when a migration alters their table: one that
alters Entry or Passage ends by making them again.
"""

from django.db import migrations

TOKENS = "tokenize=\"ascii tokenchars '_'\""  # words come ready: this only divides at spaces
SQLITE = [
    f"CREATE VIRTUAL TABLE search_entry_words USING fts5(title, people, body, other, spoken, other_spoken, {TOKENS})",
    f"CREATE VIRTUAL TABLE search_passage_words USING fts5(words, other, {TOKENS})",
    """CREATE TRIGGER search_entry_goes AFTER DELETE ON search_entry
    BEGIN DELETE FROM search_entry_words WHERE rowid = old.id; END""",
    """CREATE TRIGGER search_passage_goes AFTER DELETE ON search_passage
    BEGIN DELETE FROM search_passage_words WHERE rowid = old.id; END""",
]
NO_SQLITE = [
    "DROP TRIGGER search_passage_goes",
    "DROP TRIGGER search_entry_goes",
    "DROP TABLE search_passage_words",
    "DROP TABLE search_entry_words",
]
POSTGRES = [
    "ALTER TABLE search_entry ADD COLUMN words tsvector",
    "ALTER TABLE search_passage ADD COLUMN words tsvector",
    # Without fastupdate: a list of what is not indexed yet makes PostgreSQL read every row instead.
    "CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX search_passage_words ON search_passage USING gin (words) WITH (fastupdate = off)",
]
NO_POSTGRES = ["ALTER TABLE search_passage DROP COLUMN words", "ALTER TABLE search_entry DROP COLUMN words"]


def run(sqlite, postgres):
    def statements(apps, schema_editor):
        for statement in {"sqlite": sqlite, "postgresql": postgres}[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(run(SQLITE, POSTGRES), run(NO_SQLITE, NO_POSTGRES))]
