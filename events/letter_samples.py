"""A letter as somebody would get it who does not exist: for previews and tests at the desk. Nobody who registered is shown."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from events.letters import placeholders_of
from events.models import Registration, RegistrationState

NUMBER = "0000-0000"  # no code has a nought: it is never anybody's


def somebody(seminar):
    """A participant of `seminar` who is none, in the active language. Never to be saved."""
    seats = seminar.seats.first()
    return Registration(
        seminar=seminar,
        name=pgettext("sample", "Name Surname"),
        code=NUMBER,
        language=get_language(),
        state=RegistrationState.CONFIRMED,
        offer_expires_at=timezone.now() + timedelta(days=2),
        **({"form": seats.form} if seats else {}),
    )


def sample_values(seminar):
    """What stands for each placeholder, in the active language."""
    return placeholders_of(somebody(seminar)) | {"before": 3, "reason": _("the seminar is for public institutions.")}
