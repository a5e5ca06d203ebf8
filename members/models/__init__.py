"""Who belongs to the Network, and who speaks for whom."""

from members.models.applications import Application, ApplicationState, ApplicationStep
from members.models.audience import Audience, AudienceByKindField, is_wider
from members.models.contacts import ContactDetails
from members.models.enquiries import Enquiry
from members.models.institutions import Institution, InstitutionKind
from members.models.invitations import Invitation, InvitationState, InvitedAs
from members.models.mandates import CoordinationTerm, Delegate, DelegateRole, Membership, MembershipCategory
from members.models.messages import HoldReason, MailHold, MailOutage, Message, MessageAttachment, MessageState
from members.models.notices import DeclinedNotice, OptionalNotice
from members.models.people import NameVariant, Person
from members.models.proposals import InstitutionProposal, Proposal, ProposalKind, ProposalState, ProposalTurn
from members.models.reminders import DataRequest, DataRequestKind, MandateReminder
from members.models.standing import Standing, audiences_open_to, mandates_of, standing_now, standing_of, standings_of
from members.models.users import User

__all__ = [
    "Application",
    "ApplicationState",
    "ApplicationStep",
    "Audience",
    "AudienceByKindField",
    "ContactDetails",
    "CoordinationTerm",
    "DataRequest",
    "DataRequestKind",
    "DeclinedNotice",
    "Delegate",
    "DelegateRole",
    "Enquiry",
    "Institution",
    "InstitutionKind",
    "InstitutionProposal",
    "Invitation",
    "InvitationState",
    "InvitedAs",
    "MandateReminder",
    "Membership",
    "MembershipCategory",
    "HoldReason",
    "MailHold",
    "MailOutage",
    "Message",
    "MessageAttachment",
    "MessageState",
    "NameVariant",
    "OptionalNotice",
    "Person",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "ProposalTurn",
    "Standing",
    "User",
    "audiences_open_to",
    "is_wider",
    "mandates_of",
    "standing_now",
    "standing_of",
    "standings_of",
]
