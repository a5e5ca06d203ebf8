"""What belongs to a recording is the work of both groups; which sites are trusted, the secretariat's."""

from django.db import migrations

from rifess.base.groups import grant

PARTS = ["caption", "chapter", "clip", "consent"]


class Migration(migrations.Migration):
    dependencies = [("recordings", "0003_captions_ranges_and_consent")]
    operations = [
        migrations.RunPython(
            grant("recordings", secretariat=[*PARTS, "trustedhost"], editors=PARTS),
            migrations.RunPython.noop,
        )
    ]
