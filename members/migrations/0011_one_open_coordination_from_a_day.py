from django.db import migrations, models

from rifess.base.database.row_checks import refuse_repeated


class Migration(migrations.Migration):
    dependencies = [("members", "0010_secretariat_keeps_attachments")]
    operations = [
        refuse_repeated(
            "members",
            "coordinationterm",
            ["starts_on"],
            "Of the coordinations that begin on a day, only one has no end.",
            among=models.Q(ends_on__isnull=True),
        ),
        migrations.AddConstraint(
            model_name="coordinationterm",
            constraint=models.UniqueConstraint(
                fields=["starts_on"],
                name="one_open_coordination_from_a_day",
                condition=models.Q(ends_on__isnull=True),
                violation_error_message="Another coordination without an end begins on this day. Correct one of the two.",
            ),
        ),
    ]
