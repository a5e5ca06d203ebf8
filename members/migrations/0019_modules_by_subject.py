"""Tasks that wait in the queue are looked for by the path of their function, and many functions have moved."""

from django.db import migrations, models

MOVED = {
    "events.tasks.attend": "events.consultations.tasks.attend",
    "events.tasks.issue": "events.certificates.tasks.issue",
    "events.tasks.tell_the_enrolled": "events.registration.tasks.tell_the_enrolled",
    "members.tasks.deliver": "members.outbox.tasks.deliver",
    "members.tasks.deliver_in_turn": "members.outbox.tasks.deliver_in_turn",
    "rifess.tasks.check_links": "rifess.portal.tasks.check_links",
}


def follow(apps, schema_editor):
    _rename(apps, MOVED)


def go_back(apps, schema_editor):
    _rename(apps, {new: old for old, new in MOVED.items()})


def _rename(apps, paths):
    results = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for old, new in paths.items():
        results.filter(task_path=old).update(task_path=new)


class Migration(migrations.Migration):
    dependencies = [
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
        ("members", "0018_one_spelling_of_mail_domains"),
    ]

    operations = [
        migrations.RunPython(follow, go_back),
        migrations.AlterField(
            model_name="message",
            name="about",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The row that it is about, asked again before it leaves (members.outbox.delivery).",
                max_length=80,
            ),
        ),
    ]
