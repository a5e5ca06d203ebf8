from django.db import migrations

from rifess.base.cleaned.respelling import respell

COLUMNS = {
    ("members", "User"): ["email"],
    ("members", "Application"): ["contact_email"],
    ("members", "Enquiry"): ["email"],
    ("members", "Invitation"): ["email"],
    ("members", "Message"): ["to", "reply_to"],
    ("members", "DataRequest"): ["email"],
    ("account", "EmailAddress"): ["email"],
}


def give_one_spelling(apps, schema_editor):
    for (app, name), columns in COLUMNS.items():
        for pk in respell(apps.get_model(app, name), *columns):
            print(f"\n  {app}.{name} {pk}: its address stays written as xn--…, because another row has the same address.")


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("members", "0017_messages_know_what_they_are_about"),
    ]

    operations = [migrations.RunPython(give_one_spelling, migrations.RunPython.noop, elidable=True)]
