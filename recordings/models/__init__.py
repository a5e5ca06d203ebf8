"""What remains: recordings of what was said, and documents."""

from recordings.models.documents import Document, DocumentKind
from recordings.models.recordings import LinkState, Recording, RecordingTrack, Source

__all__ = ["Document", "DocumentKind", "LinkState", "Recording", "RecordingTrack", "Source"]
