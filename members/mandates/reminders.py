"""Mandates whose term is nearly over: told in time to the secretariat and to whoever speaks for the membership.

What is asked is which mandates are due and not yet told: a night on which nothing ran loses nothing.
"""

from django.db import transaction

from members.models import Delegate, MandateReminder
from members.models.mandates import DUE_SOON
from members.outbox import mail
from rifess.base.dates import today_in_the_network

DAYS_BEFORE = (DUE_SOON.days, 30, 7)


@transaction.atomic
def remind(day=None):
    """Tell what is due within 90, 30 or 7 days of `day` (today) and was not told yet; how many mandates were told.

    One that several limits have passed unsaid is told once. The secretariat gets one message about all of them.
    """
    day = day or today_in_the_network()
    due = Delegate.objects.select_for_update(of=("self",)).on(day).in_active_memberships(day)
    due = due.filter(mandate_due_on__lte=day + DUE_SOON).order_by("mandate_due_on", "pk")
    told = [mandate for mandate in due.select_related("person", "membership__institution") if _is_news(mandate, day)]
    for mandate in told:
        for user in Delegate.objects.concerned_by(mandate, day).accounts():
            said = _about(mandate, day, to_whom=user)
            mail.write("mandate_due", to=user.email, language=user.language, user=user, context=said, about=mandate)
    if told:
        about = [_about(mandate, day) for mandate in told]
        mail.write_to_the_secretariat("mandates_due", context={"mandates": about})
    return len(told)


def _is_news(mandate, day):
    """Whether one of the limits that `mandate` has passed was not told yet. From now on they all are."""
    left = (mandate.mandate_due_on - day).days
    passed = [days for days in DAYS_BEFORE if left <= days]
    rows = MandateReminder.objects.filter(delegate=mandate, due_on=mandate.mandate_due_on)
    known = set(rows.values_list("days_before", flat=True))
    is_news = min(passed) not in known
    MandateReminder.objects.bulk_create(
        MandateReminder(delegate=mandate, due_on=mandate.mandate_due_on, days_before=days) for days in passed if days not in known
    )
    return is_news


def _about(mandate, day, to_whom=None):
    return {
        "mandate": mandate,
        "days": (mandate.mandate_due_on - day).days,
        "is_overdue": mandate.mandate_due_on < day,
        "is_theirs": to_whom is not None and mandate.person.user_id == to_whom.pk,
    }
