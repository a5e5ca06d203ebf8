"""What is made of several apps: pages, search, proposals, personal data, commands and the secretariat's area."""

from django.apps import AppConfig


class Portal(AppConfig):
    name = "rifess.portal"
    verbose_name = "RIFESS"

    def ready(self):
        from members.models import Proposal
        from members.outbox.delivery import ask_row_before_sending
        from rifess.portal import audit_log, checks, second_factor  # noqa: F401  (each registers itself)
        from rifess.portal.proposals.messages import is_still_so
        from rifess.portal.search import sync

        sync.follow()
        ask_row_before_sending(Proposal, is_still_so)
