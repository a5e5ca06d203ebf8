from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0010_secretariat_keeps_attachments")]
    operations = [
        migrations.AddConstraint(
            model_name="coordinationterm",
            constraint=models.UniqueConstraint(
                fields=["starts_on"],
                name="one_open_coordination_from_a_day",
                condition=models.Q(ends_on__isnull=True),
                violation_error_message="Another coordination without an end begins on this day. Correct one of the two.",
            ),
        )
    ]
