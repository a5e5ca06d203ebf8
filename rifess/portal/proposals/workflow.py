"""What becomes of a proposal: the acts of the delegates and of the secretariat, and the kinds there are.

    draft ─▶ with the secretariat ─▶ accepted, or accepted in part
      ▲                 ├─▶ declined
      └── returned ◀────┘          taken back, by the delegates, while nobody has decided

Each act holds the proposal until it is done, is a turn of the conversation, and leaves word in the outbox for the other side.
Raises ValidationError (code "state") when the proposal is not where the act begins; what delegates do, also (codes "no_mandate",
"technical") when by then they do not act for its membership.
"""

from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import PanelProposal, SeminarProposal
from events.programme.proposals import PanelProposalForm, SeminarProposalForm
from events.programme.status import refuse_cancelled, refuse_over
from members.models import InstitutionProposal, MembershipCategory, ProposalKind, ProposalState, standing_now
from members.proposals import InstitutionProposalForm, in_three
from recordings.models import DocumentProposal, RecordingProposal
from recordings.proposals import DocumentProposalForm, RecordingProposalForm
from rifess.portal.proposals import messages


@dataclass(frozen=True)
class Kind:
    """A kind of proposal: its table, its form, and the `words` in which a delegate is offered it."""

    model: type
    form: type
    words: str
    of_a_seminar: bool = False


KINDS = {
    ProposalKind.INSTITUTION: Kind(
        InstitutionProposal, InstitutionProposalForm, gettext_lazy("Correct what the portal says of my institution")
    ),
    ProposalKind.SEMINAR: Kind(SeminarProposal, SeminarProposalForm, gettext_lazy("Propose a seminar")),
    ProposalKind.PANEL: Kind(PanelProposal, PanelProposalForm, gettext_lazy("Propose a panel for a seminar"), of_a_seminar=True),
    ProposalKind.RECORDING: Kind(RecordingProposal, RecordingProposalForm, gettext_lazy("Send a recording"), of_a_seminar=True),
    ProposalKind.DOCUMENT: Kind(DocumentProposal, DocumentProposalForm, gettext_lazy("Send a document")),
}


def begin(kind, standing, *, by, seminar=None, known=None):
    """A new proposal of `kind`, not saved yet, by whoever acts with `standing`; with `known`, of that recording's address."""
    about = {"seminar": seminar} if KINDS[kind].of_a_seminar else {}
    if kind == ProposalKind.INSTITUTION:
        about = {"institution": standing.membership.institution}
    if known:
        about["known"] = known
    return KINDS[kind].model(kind=kind, membership=standing.membership, mandate=standing.mandate, made_by=by, **about)


def of_its_kind(proposal, *, for_update=False):
    """`proposal` with what its kind has besides."""
    rows = KINDS[proposal.kind].model.objects
    return (rows.select_for_update() if for_update else rows).get(pk=proposal.pk)


def form_of(proposal, *args, **options):
    """The form of `proposal`, which is of its kind."""
    return KINDS[proposal.kind].form(*args, proposal=proposal, **options)


def left_out(proposal):
    """The labels of what was proposed and not accepted, in the active language."""
    form = form_of(proposal)
    left = [name for name in form.proposed if name not in {*proposal.accepted, *form.wishes}]
    return [form.fields[name].label for name in left]


def result_for(proposal, user):
    """What `proposal` changed or became, if it was accepted and `user` may open its page."""
    row = getattr(proposal, proposal.became) if proposal.accepted else None
    if row is None:
        return None
    rows = type(row).objects
    return (rows.visible_to(user) if hasattr(rows, "visible_to") else rows).filter(pk=row.pk).first()


# What the delegates do


@transaction.atomic
def save_draft(form, *, by):
    """Keep what was typed in `form`, which is valid, and return the proposal. One that was returned stays returned."""
    proposal = form.proposal
    _refuse_without_mandate(proposal, by)
    if proposal.pk:
        _refuse_unless(of_its_kind(proposal, for_update=True).is_with_the_delegate)
    form.keep()
    proposal.title = _title(proposal)
    proposal.save()
    return proposal


@transaction.atomic
def submit(proposal, *, by, comment=""):
    """Send `proposal` to the secretariat. Raises ValidationError (code "incomplete") when something is missing or wrong."""
    proposal = _held(proposal)
    _refuse_without_mandate(proposal, by)
    _refuse_unless(proposal.is_with_the_delegate)
    _refuse_unless_its_seminar_stands(proposal)
    if not proposal.changed:
        raise ValidationError(_("Nothing is different from what the portal says already."), code="incomplete")
    _complete(KINDS[proposal.kind].form.of(proposal), code="incomplete")
    proposal.submitted_at = timezone.now()
    return _turn(proposal, ProposalState.SUBMITTED, by=by, comment=comment)


@transaction.atomic
def withdraw(proposal, *, by):
    """Take `proposal` back while nobody has decided about it. What was never sent in goes without a word."""
    proposal = _held(proposal)
    _refuse_without_mandate(proposal, by)
    _refuse_unless(proposal.is_open)
    return _turn(proposal, ProposalState.WITHDRAWN, by=by)


# What the secretariat does


@transaction.atomic
def return_(proposal, *, by, comment):
    """Give `proposal` back to the delegates to go on with; `comment` says what is asked for."""
    proposal = _held(proposal)
    _refuse_unless(proposal.is_with_the_secretariat)
    _say_why(comment)
    return _turn(proposal, ProposalState.RETURNED, by=by, comment=comment, of_the_secretariat=True)


@transaction.atomic
def decline(proposal, *, by, reason):
    """Refuse `proposal`; the delegates read the `reason`."""
    proposal = _held(proposal)
    _refuse_unless(proposal.is_with_the_secretariat)
    _say_why(reason)
    return _decide(proposal, ProposalState.DECLINED, by=by, comment=reason)


@transaction.atomic
def accept(proposal, columns, *, by, comment=""):
    """Do what `proposal` says in `columns` (and in those without which there is nothing to make). Returns the proposal.

    Nothing is published: a seminar becomes a draft, a recording is not shown, a document is the secretariat's to read; only a
    change to an institution, and the address of a recording that is shown, are seen at once. Raises ValidationError: codes
    "nothing_accepted", and "invalid" with what stands against it; then nothing is done.
    """
    proposal = _held(proposal)
    _refuse_unless(proposal.is_with_the_secretariat)
    _refuse_unless_its_seminar_stands(proposal)
    row = proposal.row(for_update=True)
    whole = KINDS[proposal.kind].form(proposal=proposal, row=row)
    offered = [name for name in whole.proposed if name not in whole.wishes]
    taken = [name for name in offered if name in {*columns, *whole.needed}]
    if not taken:
        raise ValidationError(_("Mark what you accept, or decline the proposal."), code="nothing_accepted")
    form = KINDS[proposal.kind].form.of(proposal, only=[*taken, *whole.needed], row=row)
    _complete(form, code="invalid")
    setattr(proposal, proposal.became, _applied(form))
    proposal.accepted = taken
    state = ProposalState.ACCEPTED if taken == offered else ProposalState.ACCEPTED_IN_PART
    return _decide(proposal, state, by=by, comment=comment)


# What both do


@transaction.atomic
def comment(proposal, *, by, words, of_the_secretariat=False):
    """Write to the other side about `proposal`, which stays where it is; not before it was sent in."""
    proposal = _held(proposal)
    if not of_the_secretariat:
        _refuse_without_mandate(proposal, by)
    _refuse_unless(proposal.was_sent)
    _say_why(words)
    return _turn(proposal, proposal.state, by=by, comment=words, of_the_secretariat=of_the_secretariat)


def _held(proposal):
    return of_its_kind(proposal, for_update=True)


def _refuse_without_mandate(proposal, by):
    """Raise ValidationError unless `by` acts at this moment for the membership of `proposal`.

    Who does not act for a member, but for an observer or a partner, only has what they proposed themselves.
    """
    standing = standing_now(by)
    seat = standing and standing.membership
    is_theirs = seat and (seat.category == MembershipCategory.MEMBER or proposal.made_by_id == by.pk)
    if not is_theirs or seat.pk != proposal.membership_id:
        raise ValidationError(_("You do not act for this institution at present. Nothing was saved or sent."), code="no_mandate")
    if not standing.may_act:
        raise ValidationError(
            _("Technical contacts read proposals; the principal delegate or an alternate sends them."), code="technical"
        )


def _refuse_unless(it_is_so):
    if not it_is_so:
        raise ValidationError(_("Meanwhile something else happened to this proposal: look at its state."), code="state")


def _refuse_unless_its_seminar_stands(proposal):
    """Nothing is added to a seminar that was cancelled meanwhile, nor a panel to one that is over.

    It can still be taken back, returned or declined. Raises ValidationError (codes "cancelled", "over").
    """
    if KINDS[proposal.kind].of_a_seminar:
        refuse_cancelled(proposal.seminar)
    if proposal.kind == ProposalKind.PANEL:
        refuse_over(proposal.seminar)


def _say_why(words):
    if not words.strip():
        raise ValidationError(_("Enter a few words: the other side reads them."), code="no_words")


def _title(proposal):
    if proposal.kind == ProposalKind.INSTITUTION:
        return str(proposal.institution)[:250]
    if proposal.kind == ProposalKind.RECORDING and proposal.known:
        return str(proposal.known)[:250]
    return Truncator(next((text for name in in_three("title") if (text := proposal.contents.get(name))), "")).chars(250)


def _decide(proposal, state, *, by, comment):
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    return _turn(proposal, state, by=by, comment=comment, of_the_secretariat=True)


def _turn(proposal, state, *, by, comment="", of_the_secretariat=False):
    proposal.state = state
    proposal.save()
    if proposal.was_sent:
        proposal.turns.create(by=by, of_the_secretariat=of_the_secretariat, state=state, comment=comment.strip())
        messages.tell(proposal, left_out=partial(left_out, proposal))
    return proposal


def _complete(form, *, code):
    """Raise ValidationError, a sentence for each field, when `form` does not pass."""
    if not form.is_valid():
        raise ValidationError(_sentences(form, form.errors.as_data(), code))


def _applied(form):
    try:
        return form.apply()
    except ValidationError as refusal:
        raise ValidationError(_sentences(form, refusal.update_error_dict({}), "invalid")) from refusal


def _sentences(form, mistakes, code):
    """Each mistake with the name of its field."""
    said = [(name, words) for name, errors in mistakes.items() for error in errors for words in error.messages]
    return [ValidationError(f"{form[name].label}: {words}" if name in form.fields else words, code=code) for name, words in said]
