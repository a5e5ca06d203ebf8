"""Seminars and who takes part, meetings, agreements and consultations at the secretariat's desk."""

from events.admin import agreements, alerts, certificates, consultations, mailings, registrations, taking_part
from events.admin.seminars import PanelAdmin, SeminarAdmin

__all__ = [
    "PanelAdmin",
    "SeminarAdmin",
    "agreements",
    "alerts",
    "certificates",
    "consultations",
    "mailings",
    "registrations",
    "taking_part",
]
