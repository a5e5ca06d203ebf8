"""Versions are the work of both groups; who opened what is known to the secretariat only."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("recordings", "0009_documents_keep_versions_only")]
    operations = [
        migrations.RunPython(
            grant("recordings", secretariat=["documentversion", "documentopening"], editors=["documentversion"]),
            migrations.RunPython.noop,
        )
    ]
