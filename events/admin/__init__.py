"""Seminars, meetings, agreements and consultations at the secretariat's desk."""

from events.admin import agreements, consultations, taking_part
from events.admin.seminars import PanelAdmin, SeminarAdmin

__all__ = ["PanelAdmin", "SeminarAdmin", "agreements", "consultations", "taking_part"]
