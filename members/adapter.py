"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter

from members.account_mail import tell


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: delegates are invited by the secretariat."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Leave it in the outbox: whoever asks waits for no mail server, and an address that is known answers like any other."""
        tell(template_prefix.rpartition("/")[2], email, context)
