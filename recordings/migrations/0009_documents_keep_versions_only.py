from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recordings", "0008_files_become_versions")]
    operations = [
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "minutes"), models.Q(("state", ""), _negated=True)),
                    models.Q(models.Q(("kind", "minutes"), _negated=True), ("state", "")),
                    _connector="OR",
                ),
                name="document_state_is_of_minutes",
                violation_error_message="Minutes have a state, and no other document has one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "approved"),
                    models.Q(("approved_on__isnull", True), ("approving_meeting__isnull", True)),
                    _connector="OR",
                ),
                name="document_approval_is_of_what_is_approved",
                violation_error_message="Only minutes that are approved say when and where.",
            ),
        ),
        migrations.RemoveField(
            model_name="document",
            name="file",
        ),
    ]
