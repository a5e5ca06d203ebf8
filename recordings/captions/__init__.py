"""What was said, with its times: WebVTT and SRT files as people have them, read, written again and put into passages.

Nothing here knows the database: bytes come in, and cues, texts and passages go out.
"""

from recordings.captions.cues import MAX_CUES, Captions, Cue, from_json, to_json
from recordings.captions.passages import Paragraph, Passage, paragraphs, passages
from recordings.captions.reading import read
from recordings.captions.source import MAX_BYTES
from recordings.captions.writing import as_srt, as_text, as_vtt

__all__ = [
    "MAX_BYTES",
    "MAX_CUES",
    "Captions",
    "Cue",
    "Paragraph",
    "Passage",
    "as_srt",
    "as_text",
    "as_vtt",
    "from_json",
    "paragraphs",
    "passages",
    "read",
    "to_json",
]
