"""Questions whose trap field was filled in go to moderation, marked (docs/adr/0039)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0016_registrations_keep_attempts_and_who_decided"),
    ]

    operations = [
        migrations.AddField(
            model_name="panelquestion",
            name="is_suspected_spam",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="suspected spam"),
        ),
    ]
