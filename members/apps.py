from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Members(AppConfig):
    name = "members"
    verbose_name = _("The Network")

    def ready(self):
        from members.accounts import addresses  # noqa: F401  (it hears of accounts whose address changes)
        from members.outbox.delivery import ask_row_before_sending
        from members.outbox.timeliness import CHECKS

        for model, check in CHECKS.items():
            ask_row_before_sending(model, check)
