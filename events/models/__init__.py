"""What happens in the Network: seminars, their panels, and what each person said; meetings, agreements, consultations."""

from events.models.agreements import TO_BE_DONE, Agreement, AgreementNote, AgreementState
from events.models.consultations import (
    Consultation,
    ConsultationOption,
    OptionMeaning,
    Threshold,
    Vote,
    VoteCast,
)
from events.models.interventions import Certainty, Intervention, InterventionRole, PrintedPosition
from events.models.meetings import (
    INVITED_BY_AUDIENCE,
    AttendanceState,
    JoinLink,
    MeetingAttendance,
    SeminarInvitation,
)
from events.models.programme import Panel, PanelInstitution, PanelKind
from events.models.proposals import PanelProposal, SeminarProposal
from events.models.seminars import InstitutionRole, Seminar, SeminarFormat, SeminarInstitution, SeminarKind, Topic

__all__ = [
    "INVITED_BY_AUDIENCE",
    "TO_BE_DONE",
    "Agreement",
    "AgreementNote",
    "AgreementState",
    "AttendanceState",
    "Certainty",
    "Consultation",
    "ConsultationOption",
    "InstitutionRole",
    "Intervention",
    "InterventionRole",
    "JoinLink",
    "MeetingAttendance",
    "OptionMeaning",
    "Panel",
    "PanelInstitution",
    "PanelKind",
    "PanelProposal",
    "PrintedPosition",
    "Seminar",
    "SeminarFormat",
    "SeminarInstitution",
    "SeminarInvitation",
    "SeminarKind",
    "SeminarProposal",
    "Threshold",
    "Topic",
    "Vote",
    "VoteCast",
]
