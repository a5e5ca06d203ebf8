"""Seminars are the work of both groups."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("events", "0002_initial"), ("members", "0003_secretariat_groups")]
    operations = [
        migrations.RunPython(
            grant(
                "events",
                secretariat=[
                    "topic",
                    "seminar",
                    "seminarinstitution",
                    "panel",
                    "panelinstitution",
                    "intervention",
                    "printedposition",
                ],
                editors=[
                    "topic",
                    "seminar",
                    "seminarinstitution",
                    "panel",
                    "panelinstitution",
                    "intervention",
                    "printedposition",
                ],
            ),
            migrations.RunPython.noop,
        )
    ]
