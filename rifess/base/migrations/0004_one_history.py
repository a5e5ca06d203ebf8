"""The administration's own log goes: it kept names and addresses beside the history of changes, which tells the same."""

from django.db import migrations


def forget_the_log_of_the_administration(apps, schema_editor):
    apps.get_model("admin", "LogEntry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("base", "0003_heartbeats"), ("admin", "0003_logentry_add_action_flag_choices")]
    operations = [migrations.RunPython(forget_the_log_of_the_administration, migrations.RunPython.noop)]
