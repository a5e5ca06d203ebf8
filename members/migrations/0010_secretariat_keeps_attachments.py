"""What goes with a message is the secretariat's to look at, as the message is."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("members", "0009_messages_to_many_and_their_attachments")]
    operations = [
        migrations.RunPython(grant("members", secretariat=["messageattachment"], editors=[]), migrations.RunPython.noop)
    ]
