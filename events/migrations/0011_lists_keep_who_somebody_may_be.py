from django.db import migrations, models

import events.models.attendance


class Migration(migrations.Migration):
    dependencies = [("events", "0010_secretariat_keeps_who_takes_part")]
    operations = [
        migrations.AddField(
            model_name="listedparticipant",
            name="suggestions",
            field=models.JSONField(
                default=events.models.attendance.no_suggestions,
                editable=False,
                help_text="Pairs of a participant's number and why it may be them, best first.",
            ),
        ),
    ]
