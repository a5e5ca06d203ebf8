"""The database engine of settings on PostgreSQL: Django's own, with an end to waiting."""
