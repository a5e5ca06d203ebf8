import django.db.models.deletion
from django.db import migrations, models

LANGUAGES = ["", "_es", "_pt_br", "_en"]
KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def text(language):
    null = {"null": True} if language else {}
    return f"text{language}", models.CharField(max_length=500, verbose_name="answer", **null)


class Migration(migrations.Migration):
    dependencies = [("events", "0018_reminders_not_sent_in_time")]

    operations = [
        migrations.RemoveConstraint(model_name="registrationquestion", name="question_with_choice_has_answers"),
        *(migrations.RenameField("registrationquestion", f"options{language}", f"lines{language}") for language in LANGUAGES),
        migrations.RenameField("registrationanswer", "chosen", "chosen_lines"),
        migrations.CreateModel(
            name="RegistrationOption",
            fields=[
                ("id", KEY),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                *map(text, LANGUAGES),
                (
                    "is_retired",
                    models.BooleanField(
                        default=False, help_text="Not offered any more. Those who chose it keep it.", verbose_name="retired"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="events.registrationquestion",
                        verbose_name="question",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to choose from",
                "verbose_name_plural": "answers to choose from",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ChosenOption",
            fields=[
                ("id", KEY.clone()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.registrationanswer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="events.registrationoption",
                        verbose_name="answer to choose from",
                    ),
                ),
            ],
            options={
                "verbose_name": "chosen",
                "verbose_name_plural": "chosen",
                "constraints": [models.UniqueConstraint(fields=("answer", "option"), name="each_option_chosen_once")],
            },
        ),
        migrations.AddField(
            model_name="registrationanswer",
            name="chosen",
            field=models.ManyToManyField(
                related_name="answers", through="events.ChosenOption", to="events.registrationoption", verbose_name="chosen"
            ),
        ),
        migrations.AlterField(
            model_name="registrationattempt",
            name="answers",
            field=models.JSONField(
                default=list, editable=False, help_text="Key of the question, words, keys of the options chosen."
            ),
        ),
    ]
