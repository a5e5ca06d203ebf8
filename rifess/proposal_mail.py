"""What each turn of the conversation about a proposal tells the other side."""

from members import mail
from members.models import Delegate, MembershipCategory


def tell(proposal, *, left_out):
    """Leave word of the last turn in the outbox, for those on the other side. `left_out()` names what was not accepted."""
    turn = proposal.conversation()[-1]
    context = {"proposal": proposal, "turn": turn, "left_out": left_out}
    if not turn.of_the_secretariat:
        more = {"who": proposal.mandate.person, "holder": _holder(proposal)}
        mail.write_to_the_secretariat("proposal_to_secretariat", context=context | more)
        return
    for user in delegates_to_tell(proposal):
        mail.write("proposal_to_delegate", to=user.email, language=user.language, user=user, context=context)


def delegates_to_tell(proposal):
    """Who proposed it and, for a member, its titular: of those whose mandates are in force today."""
    mandates = Delegate.objects.on().filter(membership=proposal.membership_id).in_active_memberships()
    concerned = mandates.filter(person__user=proposal.made_by_id)
    if proposal.membership.category == MembershipCategory.MEMBER:
        concerned |= mandates.titulars()
    return concerned.accounts()


def _holder(proposal):
    return proposal.membership.institution or proposal.membership.holder_name
