"""The secretariat's two groups and what each may do, said by each room's migration."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

SECRETARIAT, EDITORS = "Secretaría", "Edición"
ALL = ("view", "add", "change", "delete")


def grant(room, **models_by_group):
    """A migration function: give `secretariat=` and `editors=` lists of model names of `room` every permission on them."""

    def forwards(apps, schema_editor):
        create_permissions(installed.get_app_config(room), verbosity=0, using=schema_editor.connection.alias)
        for name, models in ((SECRETARIAT, models_by_group["secretariat"]), (EDITORS, models_by_group["editors"])):
            group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
            codenames = [f"{action}_{model}" for model in models for action in ALL]
            permission = apps.get_model("auth", "Permission").objects
            group.permissions.add(*permission.filter(content_type__app_label=room, codename__in=codenames))

    return forwards
