"""What happens in the Network: seminars, their panels, and what each person said."""

from events.models.interventions import Certainty, Intervention, InterventionRole, PrintedPosition
from events.models.programme import Panel, PanelInstitution, PanelKind
from events.models.proposals import PanelProposal, SeminarProposal
from events.models.seminars import InstitutionRole, Seminar, SeminarFormat, SeminarInstitution, SeminarKind, Topic

__all__ = [
    "Certainty",
    "InstitutionRole",
    "Intervention",
    "InterventionRole",
    "Panel",
    "PanelInstitution",
    "PanelKind",
    "PanelProposal",
    "PrintedPosition",
    "Seminar",
    "SeminarFormat",
    "SeminarInstitution",
    "SeminarKind",
    "SeminarProposal",
    "Topic",
]
