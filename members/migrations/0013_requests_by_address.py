"""Requests about personal data by e-mail address. The history of changes forgets the private words of earlier ones."""

import django.utils.timezone
from django.db import migrations, models


def forget_words_in_the_history(apps, schema_editor):
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="members", model="datarequest")
    apps.get_model("auditlog", "LogEntry").objects.filter(content_type__in=kind, changes__has_key="words").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_mail_held_back_after_a_restore"),
        ("auditlog", "0017_add_actor_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="datarequest",
            name="confirmed_at",
            field=models.DateTimeField(
                blank=True, default=django.utils.timezone.now, null=True, verbose_name="address confirmed"
            ),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="email",
            field=models.EmailField(
                blank=True,
                db_default="",
                help_text="Of participants, subscribers, and others without an account.",
                max_length=254,
                verbose_name="email address",
            ),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="language",
            field=models.CharField(
                choices=[("es", "Spanish"), ("pt-br", "Portuguese"), ("en", "English")],
                db_default="es",
                default="es",
                help_text="The language of the messages.",
                max_length=5,
                verbose_name="language",
            ),
        ),
        migrations.RunPython(forget_words_in_the_history, migrations.RunPython.noop),
    ]
