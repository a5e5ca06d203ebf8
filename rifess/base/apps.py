from django.apps import AppConfig


class Base(AppConfig):
    name = "rifess.base"
    label = "base"

    def ready(self):
        from rifess.base import folding  # noqa: F401  (teaches SQLite to fold accents)
