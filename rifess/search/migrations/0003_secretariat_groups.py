"""The secretariat's groups: both keep the thesaurus."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_full_text"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant("search", secretariat=["concept"], editors=["concept"]), migrations.RunPython.noop)]
