from django.db import migrations

from rifess.base.cleaned.respelling import respell

COLUMNS = {
    ("events", "Alert"): ["email"],
    ("events", "Registration"): ["email"],
    ("events", "ListedParticipant"): ["email"],
    ("events", "Certificate"): ["email"],
}


def give_one_spelling(apps, schema_editor):
    for (app, name), columns in COLUMNS.items():
        for pk in respell(apps.get_model(app, name), *columns):
            print(f"\n  {app}.{name} {pk}: its address stays written as xn--…, because another row has the same address.")


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0025_letters_due_again"),
    ]

    operations = [migrations.RunPython(give_one_spelling, migrations.RunPython.noop, elidable=True)]
