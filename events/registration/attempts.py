"""What was typed for an address that has a registration already, kept beside it until the address is confirmed."""

from copy import copy

from django.db.models import Model, prefetch_related_objects
from django.utils import timezone

from events.models import Registration, RegistrationAttempt, RegistrationQuestion
from rifess.base.text.translated import text_of


def keep(registration, answers, now=None, **fields):
    """Keep what was typed: `fields` are columns of a registration, `answers` what `registering` writes. The last one counts."""
    typed = {name: value.pk if isinstance(value, Model) else value for name, value in fields.items()}
    said = [[question.pk, text, chosen] for question, text, chosen in answers]
    defaults = {"typed": typed, "answers": said, "typed_at": now or timezone.now()}
    RegistrationAttempt.objects.update_or_create(registration=registration, defaults=defaults)


def of(registration) -> RegistrationAttempt | None:
    """The one that waits beside `registration`, locked."""
    return RegistrationAttempt.objects.select_for_update().filter(registration=registration).first()


def version_of(attempt) -> str:
    """Which one it is: empty without any. A page that showed one says so when its button is pressed."""
    return attempt.typed_at.isoformat() if attempt else ""


def read(attempt):
    """Its columns, and its answers: question, words and options chosen. A row that is gone meanwhile is left out."""
    fields = {name: _value(name, value) for name, value in attempt.typed.items()}
    questions = RegistrationQuestion.objects.in_bulk([key for key, _text, _chosen in attempt.answers])
    return fields, [(questions[key], text, chosen) for key, text, chosen in attempt.answers if key in questions]


def answers_in_words(attempt):
    """Its answers as a copy of personal data has them: pairs of question and answer."""
    answers = read(attempt)[1]
    prefetch_related_objects([question for question, _text, _keys in answers], "options")
    for question, text, keys in answers:
        chosen = (option for option in question.options.all() if option.pk in keys)
        yield str(text_of(question, "text")), "; ".join(filter(None, [text, *(str(text_of(each, "text")) for each in chosen)]))


def as_typed(registration) -> Registration:
    """A copy of `registration` that says what was typed last. It is not to be saved."""
    shown, attempt = copy(registration), getattr(registration, "attempt", None)
    if attempt:
        for name, value in read(attempt)[0].items():
            setattr(shown, name, value)
    return shown


def forget(registration):
    RegistrationAttempt.objects.filter(registration=registration).delete()


def _value(name, value):
    column = Registration._meta.get_field(name)
    return column.related_model.objects.filter(pk=value).first() if column.is_relation else value
