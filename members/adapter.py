"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: delegates are invited by the secretariat."""

    def is_open_for_signup(self, request):
        return False
