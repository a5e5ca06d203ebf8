from events.certificates.issue import finish_what_was_left
from events.consultations.closing import attend_all
from events.registration.bulk import tell_the_enrolled
from events.surveys.responses import ask_due
from members.accounts.dormant import forget_sessions, lock_idle, warn_idle
from members.accounts.encryption import encrypt_all
from members.mandates.reminders import remind
from members.outbox.delivery import send_due
from rifess.portal import news_digest
from rifess.portal.management.acts import DoesWhatIsDue
from rifess.portal.management.commands.remind import OFTEN
from rifess.portal.personal_data.retention import forget
from rifess.portal.worker import forget_old_results

# What is due once a day, in this order; what is due more often too, for a day on which that did not run.
DAILY = [
    ("results of consultations written; openings and closings told", attend_all),
    *OFTEN,
    ("mandates of which it was told that their term is nearly over", remind),
    ("people told that their account is not used", warn_idle),
    ("accounts locked that nobody uses", lock_idle),
    ("sessions that are over forgotten", forget_sessions),
    ("second factors encrypted with the present key", encrypt_all),
    ("people from lists told that they take part", tell_the_enrolled),
    ("people asked what they thought of a seminar that is over", ask_due),
    ("messages with what is new, to those who asked for them", news_digest.tell),
    ("rows with personal data no longer needed, erased or made anonymous", forget),
    ("issues of certificates finished that a worker had left", finish_what_was_left),
    ("results of background tasks, no longer needed, deleted", forget_old_results),
    ("messages of the outbox tried", lambda: len(send_due())),
]


class Command(DoesWhatIsDue):
    help = "Does what is due: run it once a day, or as often as you like. A day it did not run is made up for on the next."
    acts = DAILY
