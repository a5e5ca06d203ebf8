"""What of this room is written in three languages."""

from modeltranslation.translator import TranslationOptions, register

from recordings.models import Chapter, Document, Recording


@register(Recording)
class RecordingTranslation(TranslationOptions):
    fields = ("title", "summary", "source_note")
    required_languages = {"es": ("title",), "default": ()}


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "summary", "source_note")
    required_languages = {"es": ("title",), "default": ()}


@register(Chapter)
class ChapterTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = {"es": ("title",), "default": ()}
