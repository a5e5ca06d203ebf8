from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Events(AppConfig):
    name = "events"
    verbose_name = _("Seminars")

    def ready(self):
        from events import address_corrections  # noqa: F401  (it hears of accounts whose address changes)
        from events.timeliness import CHECKS, what_is_no_longer_so
        from members.outbox.delivery import ask_before_sending, ask_row_before_sending

        ask_before_sending(what_is_no_longer_so)
        for model, check in CHECKS.items():
            ask_row_before_sending(model, check)
