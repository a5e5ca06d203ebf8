"""What happens to a consultation when its moments come: it is told, its members are reminded, its result is written.

Each asks what is due and not yet done, and writes down that it did: whoever calls twice, or late, does it once.
"""

from datetime import timedelta
from itertools import count as numbers

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from modeltranslation.utils import build_localized_fieldname

from events.consultations import messages
from events.consultations.tally import count, quorum_of
from events.models import Agreement, AgreementState, Consultation
from rifess.base.text.translated import text_of

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def attend_all(now=None):
    """Do what is due of every consultation; how many results were written."""
    now = now or timezone.now()
    begun = Consultation.objects.not_called_off().filter(published_at__isnull=False, opens_at__lte=now, closed_at=None)
    return sum(attend(pk, now=now) for pk in begun.order_by("closes_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def attend(consultation_id, *, now=None):
    """Do what is due of one consultation, held until then; whether its result was written."""
    consultation = Consultation.objects.select_for_update().get(pk=consultation_id)
    now = now or timezone.now()
    if consultation.closed_at or consultation.is_called_off or not consultation.has_begun(now):
        return False
    if consultation.is_over(now):
        _close(consultation, now)
        return True
    _tell_opening(consultation, now)
    if now >= consultation.closes_at - A_DAY:
        _remind(consultation, now)
    return False


def _tell_opening(consultation, now):
    if consultation.told_at is None:
        messages.tell("consultation_opened", consultation, messages.voters(consultation.units()))
        consultation.told_at = now
        consultation.save(update_fields=["told_at"])


def _remind(consultation, now):
    """Once, those whose member has not voted; not those who were told of the opening within the last hours.

    That they were told later than now was written down while the clock was ahead.
    """
    if consultation.reminded_at is None and not now - A_DAY / 2 < consultation.told_at <= now + AN_HOUR:
        silent = consultation.units().exclude(votes__consultation=consultation)
        messages.tell("consultation_reminder", consultation, messages.voters(silent))
        consultation.reminded_at = now
        consultation.save(update_fields=["reminded_at"])


def _close(consultation, now):
    result = count(consultation)
    consultation.agreement = _write_agreement(consultation, result)
    consultation.result, consultation.closed_at = result.as_json(), now
    consultation.save(update_fields=["agreement", "result", "closed_at"])
    units = consultation.units()
    messages.tell("consultation_result", consultation, messages.voters(units), agreement=consultation.agreement)


def _write_agreement(consultation, result):
    day = consultation.last_day()
    state = AgreementState.OPEN if result.adopted else AgreementState.NOT_ADOPTED
    texts = dict(_texts(consultation, result))
    for number in _numbers(day.year):
        try:
            with transaction.atomic():
                return Agreement.objects.create(number=number, dated_on=day, state=state, **texts)
        except IntegrityError:  # another consultation took the number in this moment
            if not Agreement.objects.filter(number=number).exists():
                raise


def _numbers(year):
    """The numbers that are free in `year`, from the first after the last one given: 2026/4, 2026/5…"""
    given = Agreement.objects.filter(number__startswith=f"{year}/").values_list("number", flat=True)
    last = max((int(tail) for number in given if (tail := number.partition("/")[2]).isdecimal()), default=0)
    return (f"{year}/{number}" for number in numbers(last + 1))


def _texts(consultation, result):
    """Title and text of the agreement: the title in the languages of the question, the text in each."""
    for language in settings.MODELTRANSLATION_LANGUAGES:
        with translation.override(language):
            yield (
                build_localized_fieldname("title", language),
                getattr(consultation, build_localized_fieldname("question", language)),
            )
            yield build_localized_fieldname("text", language), "\n\n".join(paragraphs(consultation, result))


def paragraphs(consultation, result):
    """The result in words of the active language: what was decided, and the figures it follows from."""
    yield verdict(consultation, result)
    yield _turnout(consultation, result)
    yield "\n".join(f"{text_of(option, 'text')}: {result.votes[str(option.pk)]}" for option in consultation.options.all())
    yield _rules(consultation)


def verdict(consultation, result):
    """One sentence: what was adopted, or why nothing was."""
    if result.adopted:
        option = next(each for each in consultation.options.all() if each.pk == result.adopted)
        return _("Adopted: “%(option)s”.") % {"option": text_of(option, "text")}
    return {
        "quorum": _("Not adopted: too few members voted for the quorum."),
        "none": _("Not adopted: no answer got a vote."),
        "tie": _("Not adopted: the vote is a tie."),
        "against": _("Not adopted: most votes are against."),
        "threshold": _("Not adopted: no answer reached the votes it needs."),
    }[result.reason]


def _turnout(consultation, result):
    units = len(result.units)
    voted = ngettext(
        "%(voted)d of %(units)d member voted.",
        "%(voted)d of %(units)d members voted.",
        units,
    ) % {"voted": result.voted, "units": units}
    needed = quorum_of(consultation.quorum_percent, units)
    quorum = ngettext(
        "The quorum was %(percent)d per cent: %(needed)d member.",
        "The quorum was %(percent)d per cent: %(needed)d members.",
        needed,
    ) % {"percent": consultation.quorum_percent, "needed": needed}
    return f"{voted} {quorum}"


def _rules(consultation):
    needs = _("To be adopted, an answer needed: %(threshold)s.") % {"threshold": consultation.get_threshold_display()}
    abstentions = _("Abstentions were votes cast.") if consultation.counts_abstentions else _("Abstentions were not votes cast.")
    return f"{needs} {abstentions}"
