from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0026_one_spelling_of_mail_domains")]

    operations = [
        migrations.AddField(
            "registration",
            "link_key",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Anew when the address is corrected.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "certificate",
            "names_successor",
            models.BooleanField(
                db_default=True,
                default=True,
                editable=False,
                help_text="Not where its code was sent to an address that was corrected.",
            ),
        ),
    ]
