from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Recordings(AppConfig):
    name = "recordings"
    verbose_name = _("Recordings and documents")

    def ready(self):
        from members.outbox.delivery import ask_row_before_sending
        from recordings.documents import may_still_read
        from recordings.models import Document

        ask_row_before_sending(Document, may_still_read)
