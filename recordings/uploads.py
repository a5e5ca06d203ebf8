"""Captions and chapters that come in one piece: as files, or pasted."""

from django.core.files.base import ContentFile
from django.db import transaction

from recordings.captions import to_json
from recordings.models import Caption, Chapter


@transaction.atomic
def keep_captions(recording, files):
    """Keep CaptionFiles (see `caption_files.read_files`) as captions of `recording`, and return these.

    Each takes the place of the one of its language and kind: who made that one stays, its review does not, because other words
    were reviewed. The file that was there stays in its folder, and the history says its name; so does `replaced`, "" for none.
    """
    return [_keep(recording, file) for file in files]


def _keep(recording, file):
    caption = recording.captions.filter(language=file.language, kind=file.kind).first()
    caption = caption or Caption(recording=recording, language=file.language, kind=file.kind)
    caption.replaced = (caption.original_name or str(caption)) if caption.pk else ""
    caption.reviewed_by, caption.reviewed_on = "", None
    caption.cues, caption.original_name = to_json(file.captions.cues), file.name[-200:]
    caption.original.save(file.name, ContentFile(file.data), save=False)
    caption.full_clean()
    caption.save()
    return caption


@transaction.atomic
def keep_chapters(recording, chapters, *, in_place_of=()):
    """Keep pairs of time and Spanish title as chapters of `recording`, `in_place_of` those with these keys, beside the others.

    The chapter of a second that there was gets the new title; its translations stay.
    """
    if in_place_of:
        recording.chapters.filter(pk__in=in_place_of).exclude(start__in=[start for start, _title in chapters]).delete()
    there = {chapter.start: chapter for chapter in recording.chapters.all()}
    for start, title in chapters:
        chapter = there.get(start) or Chapter(recording=recording, start=start)
        chapter.title_es = title
        chapter.full_clean()
        chapter.save()
