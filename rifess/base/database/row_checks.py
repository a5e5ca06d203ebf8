"""Operations of migrations that name the rows in the way of a new constraint, before the database refuses it without naming one.

Each stands in the migration before its constraint: see CONTRIBUTING, “Add a constraint”.
"""

from django.core.management.base import CommandError
from django.db.migrations import RunPython
from django.db.models import Count

NAMED = 20  # rows at most


def refuse_rows(app_label, model_name, breaking, sentence):
    """An operation that stops when rows of a model match `breaking`, a Q. `sentence` says what they should fulfil.

    Raises CommandError with their keys; nothing was changed then.
    """

    def check(apps, schema_editor):
        rows = apps.get_model(app_label, model_name)._base_manager.using(schema_editor.connection.alias)
        found = [*rows.filter(breaking).order_by("pk").values_list("pk", flat=True)[: NAMED + 1]]
        _refuse(app_label, model_name, found, sentence)

    return RunPython(check, RunPython.noop)


def refuse_repeated(app_label, model_name, fields, sentence, among=None):
    """The same for rows that have the same values in `fields`, of those that match the Q `among`. NULL equals nothing."""

    def check(apps, schema_editor):
        rows = apps.get_model(app_label, model_name)._base_manager.using(schema_editor.connection.alias)
        rows = rows.filter(**{f"{field}__isnull": False for field in fields})
        rows = rows.filter(among) if among else rows
        repeated = rows.order_by().values(*fields).annotate(rows=Count("pk")).filter(rows__gt=1)
        found = []
        for values in repeated[:NAMED]:
            del values["rows"]
            found += rows.filter(**values).order_by("pk").values_list("pk", flat=True)[: NAMED + 1]
        _refuse(app_label, model_name, found, sentence)

    return RunPython(check, RunPython.noop)


def _refuse(app_label, model_name, keys, sentence):
    if not keys:
        return
    named = ", ".join(map(str, keys[:NAMED])) + (" and more" if len(keys) > NAMED else "")
    raise CommandError(
        f"{sentence} These rows of {app_label}.{model_name} are in the way: {named}. Correct them with the release that runs, "
        "and migrate again. Nothing was changed."
    )
