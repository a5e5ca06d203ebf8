from django.apps import AppConfig


class Base(AppConfig):
    name = "rifess.base"
    label = "base"

    def ready(self):
        from rifess.base import collation, folding, integers  # noqa: F401  (each teaches the database)
