"""One row for each language the Network speaks, signs or writes in."""

from django.db import migrations

from rifess.base.text.languages import LANGUAGES


def add_languages(apps, schema_editor):
    language = apps.get_model("base", "Language")
    for position, (code, _name) in enumerate(LANGUAGES, start=1):
        language.objects.update_or_create(code=code, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(add_languages, migrations.RunPython.noop)]
