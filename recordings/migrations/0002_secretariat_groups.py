"""Recordings and documents are the work of both groups."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("recordings", "0001_initial"), ("members", "0003_secretariat_groups")]
    operations = [
        migrations.RunPython(
            grant(
                "recordings",
                secretariat=["recording", "source", "document"],
                editors=["recording", "source", "document"],
            ),
            migrations.RunPython.noop,
        )
    ]
