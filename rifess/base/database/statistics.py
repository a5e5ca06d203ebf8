"""What the database knows of its own tables, by which it chooses how to answer."""

from django.db import connection

ROWS_OF_AN_INDEX = 1000  # that SQLite looks at: as many as its manual advises, however large the table is


def refresh_statistics():
    """Count rows and values anew. To be called after many rows were written at once.

    PostgreSQL does it by itself only minutes later, SQLite never; until then both may read whole tables for each row of another.
    Both take a sample, so that it costs the same after each of many batches (https://www.sqlite.org/lang_analyze.html).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_OF_AN_INDEX}")
        cursor.execute("ANALYZE")
