"""Seminars, meetings, agreements and consultations at the secretariat's desk."""

from events.admin import agreements, consultations
from events.admin.seminars import PanelAdmin, SeminarAdmin

__all__ = ["PanelAdmin", "SeminarAdmin", "agreements", "consultations"]
