"""The roof as Django knows it: the secretariat's admin, and the commands that cross rooms."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SecretariatAdmin(AdminConfig):
    default_site = "rifess.desk.SecretariatSite"


class Roof(AppConfig):
    name = "rifess"
    label = "rifess"
    verbose_name = "RIFESS"

    def ready(self):
        from members.delivery import ask_row_before_sending
        from members.models import Proposal
        from rifess import audit, checks, indexing, signing_in  # noqa: F401  (all but indexing register themselves)
        from rifess.proposal_mail import is_still_so

        indexing.follow()
        ask_row_before_sending(Proposal, is_still_so)
