"""Meetings, agreements and consultations are the secretariat's. Editors get nothing of them; a vote is nobody's to change."""

from django.db import migrations

from rifess.base.groups import grant


class Migration(migrations.Migration):
    dependencies = [("events", "0006_meetings_agreements_consultations")]
    operations = [
        migrations.RunPython(
            grant(
                "events",
                secretariat=[
                    "agreement",
                    "agreementnote",
                    "consultation",
                    "consultationoption",
                    "joinlink",
                    "meetingattendance",
                    "seminarinvitation",
                ],
                editors=[],
            ),
            migrations.RunPython.noop,
        )
    ]
