"""What each turn of the conversation about a proposal tells the other side."""

from members.models import Delegate, MembershipCategory
from members.outbox import mail


def tell(proposal, *, left_out):
    """Leave word of the last turn in the outbox, for those on the other side. `left_out()` names what was not accepted."""
    turn = proposal.conversation()[-1]
    context = {"proposal": proposal, "turn": turn, "left_out": left_out}
    if not turn.of_the_secretariat:
        more = {"who": proposal.mandate.person, "holder": _holder(proposal)}
        mail.write_to_the_secretariat("proposal_to_secretariat", context=context | more, about=proposal)
        return
    for user in delegates_to_tell(proposal):
        mail.write("proposal_to_delegate", to=user.email, language=user.language, user=user, context=context, about=proposal)


def delegates_to_tell(proposal):
    """Who proposed it and, for a member, its titular: of those whose mandates are in force today."""
    mandates = Delegate.objects.on().filter(membership=proposal.membership_id).in_active_memberships()
    concerned = mandates.filter(person__user=proposal.made_by_id)
    if proposal.membership.category == MembershipCategory.MEMBER:
        concerned |= mandates.titulars()
    return concerned.accounts()


def is_still_so(proposal, message, now):
    """Why a message about a turn of `proposal` does not leave any more; empty when it does (members.outbox.delivery)."""
    is_to_delegate = message.kind == "proposal_to_delegate"
    if proposal.turns.filter(at__gt=message.written_at, of_the_secretariat=is_to_delegate).exists():
        return "A later turn of the same side is told instead."
    if is_to_delegate and message.user not in delegates_to_tell(proposal):
        return "They do not speak for its institution any more."
    return ""


def _holder(proposal):
    return proposal.membership.institution or proposal.membership.holder_name
