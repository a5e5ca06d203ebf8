"""Messages of the contact form whose trap field was filled in are kept, marked (docs/adr/0039)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0014_mail_outages"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="is_suspected_spam",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="A field that people do not see was filled in. It was not sent to the Secretariat by email.",
                verbose_name="suspected spam",
            ),
        ),
    ]
