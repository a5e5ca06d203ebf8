"""Recordings and documents at the secretariat's desk.

A seminar's page shows them too; the room of seminars does not know this one.
"""

from events.admin import SeminarAdmin
from recordings.admin.captions import CaptionAdmin
from recordings.admin.documents import DocumentInline
from recordings.admin.recordings import RecordingInline
from recordings.admin.sites import TrustedHostAdmin

__all__ = ["CaptionAdmin", "TrustedHostAdmin"]

SeminarAdmin.inlines = [*SeminarAdmin.inlines, RecordingInline, DocumentInline]
