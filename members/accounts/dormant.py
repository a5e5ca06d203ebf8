"""Accounts that nobody uses are told, then locked, and opened again on asking. Whatever was done with them stays.

Each act asks what is due and not yet done: a night the server slept loses nothing, and nobody is locked who was not told in time.
"""

from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.accounts import mail
from members.accounts.adapter import SECOND_FACTORS
from members.accounts.reach import refuse_sign_in_of
from members.models import User
from members.outbox.mail import write
from rifess.base.dates import today_in_the_network
from rifess.base.groups import SECRETARIAT

NOTICE = settings.IDLE_LOCK_AFTER - settings.IDLE_WARN_AFTER  # at least so long between being told and being locked
TOLD = Q(warned_on__gt=F("used_on"))
NOT_TOLD = Q(warned_on=None) | Q(warned_on__lte=F("used_on"))


class Use(models.TextChoices):
    """Whether an account is used, and what was done about it."""

    USED = "used", _("used")
    IDLE = "idle", _("not used for long")
    WARNED = "warned", _("told that it is not used")
    LOCKED = "locked", _("locked")


def accounts():
    """Accounts with `used_on`: the last day on which they signed in, or the one on which they were opened."""
    day = TruncDate(Coalesce("last_login", "date_joined"), tzinfo=ZoneInfo(settings.NETWORK_TIME_ZONE))
    return User.objects.annotate(used_on=day)


def by_use(rows, use, day=None):
    """Those of `rows` (see `accounts`) that are in the state `use` on `day`."""
    idle = Q(is_active=True, used_on__lte=(day or today_in_the_network()) - settings.IDLE_WARN_AFTER)
    which = {
        Use.USED: Q(is_active=True) & ~idle,
        Use.IDLE: idle & NOT_TOLD,
        Use.WARNED: idle & TOLD,
        Use.LOCKED: Q(locked_on__isnull=False),
    }
    return rows.filter(which[use])


def due_to_lock(day):
    """Accounts that were told in time and have not signed in since."""
    long_ago = Q(used_on__lte=day - settings.IDLE_LOCK_AFTER, warned_on__lte=day - NOTICE)
    return accounts().filter(TOLD & long_ago, is_active=True)


def warn_idle(day=None):
    """Tell whoever has not signed in for `IDLE_WARN_AFTER`, once; how many they were."""
    day = day or today_in_the_network()
    return sum(warn(user, day=day) for user in list(by_use(accounts(), Use.IDLE, day)))


def lock_idle(day=None):
    """Lock whoever was told and has still not signed in; how many they were. The last secretary stays."""
    day = day or today_in_the_network()
    return sum(lock(user, day=day) for user in list(due_to_lock(day)) if not is_last_secretary(user))


@transaction.atomic
def warn(user, *, day=None):
    """Tell `user` that the account will be locked; whether that was still to be done."""
    day = day or today_in_the_network()
    user = accounts().select_for_update(of=["self"]).filter(NOT_TOLD, is_active=True, used_on__lt=day, pk=user.pk).first()
    if user is None:
        return False
    user.warned_on = day
    user.save(update_fields=["warned_on"])
    _tell(user, "account_idle", locks_on=max(user.used_on + settings.IDLE_LOCK_AFTER, day + NOTICE))
    return True


@transaction.atomic
def lock(user, *, day=None):
    """Lock the account and end its sessions; whether it was open. Raises ValidationError (code "last_secretary")."""
    if is_last_secretary(user):
        sentence = _(
            "%(name)s is the only person left with access to the administration of the Secretariat. Invite someone else first."
        )
        raise ValidationError(sentence, code="last_secretary", params={"name": user.get_full_name()})
    user = User.objects.select_for_update().filter(pk=user.pk, is_active=True).first()
    if user is None:
        return False
    user.is_active, user.locked_on = False, day or today_in_the_network()
    user.save(update_fields=["is_active", "locked_on"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    _tell(user, "account_locked")
    return True


@transaction.atomic
def unlock(user, *, day=None):
    """Open a locked account again; whether it was locked. Its owner counts as told today: unused, it is locked again in time."""
    user = User.objects.select_for_update().filter(pk=user.pk, locked_on__isnull=False).first()
    if user is None:
        return False
    user.is_active, user.locked_on, user.warned_on = True, None, day or today_in_the_network()
    user.save(update_fields=["is_active", "locked_on", "warned_on"])
    _tell(user, "account_unlocked", locks_on=user.warned_on + NOTICE)
    return True


@transaction.atomic
def reset_second_factor(user, *, by):
    """Remove all second factors of `user`, end the sessions, and tell them. Raises ValidationError (members.accounts.reach)."""
    refuse_sign_in_of(by, user)
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    mail.tell("second_factor_reset", user.email, {"user": user, "timestamp": timezone.now()})


def forget_sessions(now=None):
    """Delete the sessions that are over, and what was noted of them: address, browser, when; of how many."""
    Session.objects.filter(expire_date__lt=now or timezone.now()).delete()
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return over.delete()[0]


def is_last_secretary(user):
    """Whether nobody but `user` could open the secretariat's desk: staff of the group with a second factor set up.

    Inside a transaction, those who could are held until it ends, so that two are not locked at once.
    """
    factor = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user")
    may = User.objects.filter(Q(is_superuser=True) | Q(groups__name=SECRETARIAT), is_active=True, is_staff=True, pk__in=factor)
    who = User.objects.filter(pk__in=may.values("pk")).order_by("pk")
    if connection.in_atomic_block:
        who = who.select_for_update()
    return [secretary.pk for secretary in who] == [user.pk]


def _tell(user, kind, **more):
    with override(user.language):
        urls = {"sign_in_url": reverse("account_login"), "contact_url": reverse("contact")}
    said = {name: settings.SITE_URL + path for name, path in urls.items()} | {"user": user} | more
    write(kind, to=user.email, user=user, language=user.language, context=said, about=user)
