"""What the database knows of its own tables, by which it chooses how to answer."""

from django.db import connection


def refresh_statistics():
    """Count rows and values anew. To be called after many rows were written at once.

    PostgreSQL does it by itself only minutes later, SQLite never; until then both may read whole tables for each row of another.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
