"""What of this room is written in three languages."""

from modeltranslation.translator import TranslationOptions, register

from events.models import (
    Agreement,
    CertificateRules,
    Consultation,
    ConsultationOption,
    InterpretationChannel,
    Intervention,
    Mailing,
    Panel,
    PrintedPosition,
    PrivacyNotice,
    RegistrationOption,
    RegistrationQuestion,
    Seminar,
    SeminarLetter,
    Topic,
)


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = {"es": ("name",), "default": ()}


@register(Seminar)
class SeminarTranslation(TranslationOptions):
    fields = ("title", "subtitle", "place", "summary", "description", "conclusions", "source_note")
    required_languages = {"es": ("title",), "default": ()}


@register(Panel)
class PanelTranslation(TranslationOptions):
    fields = ("title", "summary", "conclusions", "source_note")
    required_languages = {"es": ("title",), "default": ()}


@register(Intervention)
class InterventionTranslation(TranslationOptions):
    fields = ("collective", "title", "summary", "quote", "source_note")


@register(PrintedPosition)
class PrintedPositionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = {"es": ("text",), "default": ()}


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"es": ("title",), "default": ()}


@register(Consultation)
class ConsultationTranslation(TranslationOptions):
    fields = ("question", "explanation", "called_off_reason")
    required_languages = {"es": ("question",), "default": ()}


@register(ConsultationOption)
class ConsultationOptionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = {"es": ("text",), "default": ()}


@register(PrivacyNotice)
class PrivacyNoticeTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = {"es": ("text",), "default": ()}


@register(RegistrationQuestion)
class RegistrationQuestionTranslation(TranslationOptions):
    fields = ("text", "hint")
    required_languages = {"es": ("text",), "default": ()}


@register(RegistrationOption)
class RegistrationOptionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = {"es": ("text",), "default": ()}


@register(InterpretationChannel)
class InterpretationChannelTranslation(TranslationOptions):
    fields = ("note",)


@register(SeminarLetter)
class SeminarLetterTranslation(TranslationOptions):
    fields = ("subject", "text")
    required_languages = {"es": ("subject", "text"), "default": ()}


@register(Mailing)
class MailingTranslation(TranslationOptions):
    fields = ("subject", "text")
    required_languages = {"es": ("subject", "text"), "default": ()}


@register(CertificateRules)
class CertificateRulesTranslation(TranslationOptions):
    fields = ("signed_as",)
