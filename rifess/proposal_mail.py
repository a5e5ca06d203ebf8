"""What each turn of the conversation about a proposal tells the other side."""

from django.conf import settings

from members import mail
from members.models import Delegate, DelegateRole, MembershipCategory, User


def tell(proposal, turn):
    """Leave word of `turn` in the outbox, for those on the other side."""
    context = {"proposal": proposal, "turn": turn, "commented": _only_commented(proposal, turn)}
    if not turn.of_the_secretariat:
        mail.write(
            "proposal_to_secretariat",
            to=settings.SECRETARIAT_EMAIL,
            language=settings.LANGUAGE_CODE,
            context=context | {"who": proposal.mandate.person, "holder": _holder(proposal)},
        )
        return
    for user in delegates_to_tell(proposal):
        mail.write("proposal_to_delegate", to=user.email, language=user.language, user=user, context=context)


def delegates_to_tell(proposal):
    """Who proposed it and, for a member, its titular: of those whose mandates are in force today."""
    mandates = Delegate.objects.on().filter(membership=proposal.membership_id).in_active_memberships()
    concerned = mandates.filter(person__user=proposal.made_by_id)
    if proposal.membership.category == MembershipCategory.MEMBER:
        concerned |= mandates.filter(role=DelegateRole.TITULAR)
    return User.objects.filter(person__mandates__in=concerned.values("pk"), is_active=True).distinct().order_by("pk")


def _only_commented(proposal, turn):
    """Whether the turn left the proposal where it was."""
    before = proposal.turns.exclude(pk=turn.pk).order_by("-at", "-pk").first()
    return before is not None and before.state == turn.state


def _holder(proposal):
    return proposal.membership.institution or proposal.membership.holder_name
