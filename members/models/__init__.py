"""Who belongs to the Network, and who speaks for whom."""

from members.models.audience import Audience
from members.models.enquiries import Enquiry
from members.models.institutions import Institution, InstitutionKind
from members.models.mandates import CoordinationTerm, Delegate, DelegateRole, Membership, MembershipCategory, audiences_open_to
from members.models.people import NameVariant, Person
from members.models.users import User

__all__ = [
    "Audience",
    "CoordinationTerm",
    "Delegate",
    "DelegateRole",
    "Enquiry",
    "Institution",
    "InstitutionKind",
    "Membership",
    "MembershipCategory",
    "NameVariant",
    "Person",
    "User",
    "audiences_open_to",
]
