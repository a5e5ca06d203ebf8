from django.apps import AppConfig


class Base(AppConfig):
    name = "rifess.base"
    label = "base"

    def ready(self):
        from rifess.base import folding, integers  # noqa: F401  (both teach the database)
