from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0020_answers_follow_their_option")]

    operations = [
        *(migrations.RemoveField("registrationquestion", f"lines{language}") for language in ("", "_es", "_pt_br", "_en")),
        migrations.RemoveField("registrationanswer", "chosen_lines"),
    ]
