"""What remains: recordings of what was said, and documents."""

from recordings.models.captions import Caption, CaptionKind, CaptionOrigin
from recordings.models.consent import Consent, ConsentScope
from recordings.models.documents import READERS, Document, DocumentKind, MinutesState
from recordings.models.proposals import DocumentProposal, RecordingProposal
from recordings.models.ranges import Chapter, Clip
from recordings.models.recordings import Recording
from recordings.models.sources import Source, TrustedHost
from recordings.models.tracks import RecordingTrack
from recordings.models.versions import DocumentOpening, DocumentVersion

__all__ = [
    "READERS",
    "Caption",
    "CaptionKind",
    "CaptionOrigin",
    "Chapter",
    "Clip",
    "Consent",
    "ConsentScope",
    "Document",
    "DocumentKind",
    "DocumentOpening",
    "DocumentProposal",
    "DocumentVersion",
    "MinutesState",
    "Recording",
    "RecordingProposal",
    "RecordingTrack",
    "Source",
    "TrustedHost",
]
