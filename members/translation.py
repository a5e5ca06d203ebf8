"""What of this room is written in three languages."""

from modeltranslation.translator import TranslationOptions, register

from members.models import CoordinationTerm, Delegate, Institution, Membership, Person


@register(Institution)
class InstitutionTranslation(TranslationOptions):
    fields = ("name", "acronym", "part_of", "description", "source_note")
    required_languages = {"es": ("name",), "default": ()}


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ("biography",)


@register(Membership)
class MembershipTranslation(TranslationOptions):
    fields = ("end_reason", "source_note")


@register(Delegate)
class DelegateTranslation(TranslationOptions):
    fields = ("source_note",)


@register(CoordinationTerm)
class CoordinationTermTranslation(TranslationOptions):
    fields = ("source_note",)
