"""Links are the secretariat's work."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_addresses"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant("links", secretariat=["address", "check"], editors=[]), migrations.RunPython.noop)]
