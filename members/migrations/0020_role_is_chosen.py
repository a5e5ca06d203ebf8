from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0019_modules_by_subject"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delegate",
            name="role",
            field=models.CharField(
                choices=[("titular", "principal delegate"), ("alternate", "alternate"), ("technical", "technical contact")],
                max_length=10,
                verbose_name="role",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="role",
            field=models.CharField(
                choices=[
                    ("titular", "principal delegate"),
                    ("alternate", "alternate"),
                    ("technical", "technical contact"),
                    ("secretariat", "Secretariat"),
                    ("editor", "editor of contents"),
                ],
                max_length=12,
                verbose_name="role",
            ),
        ),
    ]
