"""Lines that were chosen by their number become options that are chosen by their key, and the way back."""

from itertools import zip_longest

from django.db import migrations

from rifess.base.groups import grant

LANGUAGES = ["es", "pt_br", "en"]
LONGEST = 500


def lines_to_options(apps, schema_editor):
    options = {}  # key of the question, number of the line → key of the option
    for question in apps.get_model("events", "RegistrationQuestion").objects.order_by("pk").iterator():
        for number, texts in enumerate(_lines(question), start=1):
            if any(texts):
                options[question.pk, number] = _make_option(apps, question, number, texts).pk
    chosen = apps.get_model("events", "ChosenOption").objects
    for answer in apps.get_model("events", "RegistrationAnswer").objects.order_by("pk").iterator():
        numbers = dict.fromkeys(number for number in answer.chosen_lines if (answer.question_id, number) in options)
        for number in numbers:
            chosen.create(answer_id=answer.pk, option_id=options[answer.question_id, number])
    _change_attempts(apps, lambda question, number: options.get((question, number)))


def options_to_lines(apps, schema_editor):
    """A retired option is a line again: there is no other place for it."""
    numbers = {}  # key of the option → number of its line
    for question in apps.get_model("events", "RegistrationQuestion").objects.order_by("pk").iterator():
        rows = list(
            apps.get_model("events", "RegistrationOption").objects.filter(question_id=question.pk).order_by("position", "pk")
        )
        numbers |= {option.pk: number for number, option in enumerate(rows, start=1)}
        for language in LANGUAGES:
            texts = [getattr(option, f"text_{language}") or "" for option in rows]
            setattr(question, f"lines_{language}", "\n".join(texts).rstrip("\n") or None)
        question.lines = question.lines_es or ""
        question.save()
    for answer in apps.get_model("events", "RegistrationAnswer").objects.order_by("pk").iterator():
        chosen = apps.get_model("events", "ChosenOption").objects.filter(answer_id=answer.pk)
        answer.chosen_lines = sorted(numbers[key] for key in chosen.values_list("option", flat=True))
        answer.save()
    apps.get_model("events", "ChosenOption").objects.all().delete()
    apps.get_model("events", "RegistrationOption").objects.all().delete()
    _change_attempts(apps, lambda _question, key: numbers.get(key))


def _lines(question):
    """The words of each line in each language. Lines had the same order in each."""
    texts = [getattr(question, f"lines_{language}") or "" for language in LANGUAGES]
    written = [[line.strip() for line in text.splitlines()] for text in texts]
    return list(zip_longest(*written, fillvalue=""))


def _make_option(apps, question, number, texts):
    es, pt_br, en = (text[:LONGEST] for text in texts)
    words = {"text": es or pt_br or en, "text_es": es or pt_br or en, "text_pt_br": pt_br or None, "text_en": en or None}
    return apps.get_model("events", "RegistrationOption").objects.create(question=question, position=number, **words)


def _change_attempts(apps, name_of):
    """What waits to be confirmed names its choices as the answers do: `name_of` is the new name of one, None of one that is gone."""
    for attempt in apps.get_model("events", "RegistrationAttempt").objects.order_by("pk").iterator():
        attempt.answers = [
            [question, words, [name for each in chosen if (name := name_of(question, each)) is not None]]
            for question, words, chosen in attempt.answers
        ]
        attempt.save()


class Migration(migrations.Migration):
    dependencies = [("events", "0019_options_of_questions_are_rows")]

    operations = [
        migrations.RunPython(lines_to_options, options_to_lines),
        migrations.RunPython(grant("events", secretariat=["registrationoption"], editors=[]), migrations.RunPython.noop),
    ]
