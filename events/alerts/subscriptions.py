"""Asking to hear of what is new, without an account: the address is confirmed first, and one click ends it.

What was new, and is told, is the roof's to say: recordings belong to a room above.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Alert
from members.outbox import mail
from rifess.base.database.locking import lock_and_refresh


@transaction.atomic
def ask(email, *, language, topic=None, country="", of_seminars=True, of_recordings=True, user=None, now=None) -> Alert:
    """Write down that whoever reads `email` wants to hear of what is new, and ask there whether that is so.

    An address that has the same alert keeps it as it is, and is told so. Nobody else learns which of both happened. Where
    `user` asks for their own address, there is nothing to confirm.
    """
    wishes = {"language": language, "of_seminars": of_seminars, "of_recordings": of_recordings}
    alert = _find_or_write(email, topic, country, wishes)
    if user:
        _write(alert, user=user, **wishes)
        return confirm(alert, now=now)
    if not alert.is_confirmed:
        _write(alert, asked_at=now or timezone.now(), **wishes)
    _write_letter("alert_already" if alert.is_confirmed else "alert_confirm", alert)
    return alert


@transaction.atomic
def confirm(alert, *, now=None) -> Alert:
    """The address is theirs: from now on they are told. Pressed twice it changes nothing.

    Raises ValidationError (code "gone") when it was ended meanwhile.
    """
    now = now or timezone.now()
    if not lock_and_refresh(alert).is_confirmed:
        _write(alert, confirmed_at=now, told_until=now)
    return alert


@transaction.atomic
def change(alert, **wishes):
    """Tell of other kinds of news from now on, or in another language.

    Raises ValidationError: "gone" when it was ended meanwhile, "not_confirmed" while nobody has said that the address is theirs.
    """
    if not lock_and_refresh(alert).is_confirmed:
        raise ValidationError(_("Confirm your email address first."), code="not_confirmed")
    _write(alert, **wishes)


@transaction.atomic
def move(alert, email):
    """Tell `email` instead, an address known to be of the same account. It gets a row of its own: links of the former one end."""
    same = Alert.objects.at(email).filter(topic=alert.topic_id, country=alert.country)
    same.filter(confirmed_at=None).delete()
    alert.delete()
    if not same.exists():
        alert.email = email
        alert.save()


def stop(alert):
    """Tell of this no more. Nothing of it is kept."""
    Alert.objects.filter(pk=alert.pk).delete()


def stop_all(alert):
    """Tell nothing more to the address of `alert`."""
    Alert.objects.at(alert.email).delete()


def _find_or_write(email, topic, country, wishes):
    """The alert of `email` about `topic` or `country`, locked."""
    found = Alert.objects.at(email).filter(topic=topic, country=country).select_for_update(of=("self",))
    if alert := found.first():
        return alert
    try:
        with transaction.atomic():
            return Alert.objects.create(email=email, topic=topic, country=country, **wishes)
    except IntegrityError:  # the same person, in the same moment, at another door
        return found.get()


def _write(alert, **fields):
    for name, value in fields.items():
        setattr(alert, name, value)
    alert.save(update_fields=[*fields])


def _write_letter(kind, alert):
    mail.write(kind, to=alert.email, language=alert.language, context={"alert": alert}, about=alert)
