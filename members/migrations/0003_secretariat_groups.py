"""The secretariat's groups: editors see people and institutions, not memberships nor accounts."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_no_overlapping_periods"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            grant(
                "members",
                secretariat=[
                    "user",
                    "institution",
                    "person",
                    "namevariant",
                    "membership",
                    "delegate",
                    "coordinationterm",
                    "enquiry",
                ],
                editors=["institution", "person", "namevariant"],
            ),
            migrations.RunPython.noop,
        )
    ]
