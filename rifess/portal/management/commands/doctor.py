"""What an operator should mend, in sentences."""

from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandError

from rifess.portal.operations.diagnosis import CHECKS, answers

SAID_BY_OURS = {"security.W004", "security.W008", "security.W012", "security.W016", "mail.E001"}
ONLY_ON_PURPOSE = {
    "security.W005",
    "security.W021",
}  # HSTS for every other site of the domain: HSTS_INCLUDE_SUBDOMAINS, HSTS_PRELOAD


class Command(BaseCommand):
    help = "Says what to mend: settings, database, cache, folders, mail, timers, backups. Ends with 1 when something must be."
    requires_system_checks = []

    def handle(self, *, verbosity, **options):
        found = []
        for subject, ask in CHECKS.items():
            found += self._say(subject, answers(ask), verbosity)
        found += self._say(
            "Django", [each for each in run_checks(include_deployment_checks=True) if not _is_left_out(each)], verbosity
        )
        serious = sum(each.level >= ERROR for each in found)
        if serious:
            raise CommandError(f"{serious} must be mended, {len(found) - serious} should be.")
        self.stdout.write(f"{len(found)} should be mended." if found else self.style.SUCCESS("Nothing to mend."))

    def _say(self, subject, messages, verbosity):
        if verbosity and not messages:
            self.stdout.write(f"  ok    {subject}")
        for each in messages:
            word, style = ("MUST", self.style.ERROR) if each.level >= ERROR else ("mend", self.style.WARNING)
            self.stdout.write(style(f"  {word}  {subject}: {each.msg}") + (f" {each.hint}" if each.hint else ""))
        return messages


def _is_left_out(message):
    """Ours; what ours say in one sentence (no https, no mail server); and what a portal does on purpose only."""
    return (message.id or "").startswith("rifess.") or message.id in SAID_BY_OURS | ONLY_ON_PURPOSE
