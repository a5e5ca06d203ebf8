"""The secretariat's group gets what is new; editors nothing of it: these are personal data and memberships."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("members", "0004_who_comes_in_and_who_proposes")]
    operations = [
        migrations.RunPython(
            grant(
                "members",
                secretariat=[
                    "application",
                    "applicationstep",
                    "contactdetails",
                    "datarequest",
                    "institutionproposal",
                    "invitation",
                    "mandatereminder",
                    "message",
                    "proposal",
                    "proposalturn",
                ],
                editors=[],
            ),
            migrations.RunPython.noop,
        )
    ]
