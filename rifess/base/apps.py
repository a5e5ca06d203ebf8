from django.apps import AppConfig


class Base(AppConfig):
    name = "rifess.base"
    label = "base"

    def ready(self):
        from rifess.base import integers  # noqa: F401  (teaches the database)
        from rifess.base.text import accent_folding, collation  # noqa: F401  (the same)
