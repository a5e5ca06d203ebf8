"""A delegate's own profile: what the portal says of them, and what the other delegates may know."""

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import ContactDetails, NameVariant, Person, User
from rifess.base.admin.optimistic_lock import CarefulForm

CONTACT = ["position", "phone", "is_listed", "shares_email", "shares_phone"]


def of_contact(name):
    """The form field of a column of the contact details."""
    return ContactDetails._meta.get_field(name).formfield()


class ProfileForm(CarefulForm):
    """A person, their contact details and the language of their account, on one page."""

    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("In which the portal writes to you.")
    )
    position = of_contact("position")
    phone = of_contact("phone")
    is_listed = of_contact("is_listed")
    shares_email = of_contact("shares_email")
    shares_phone = of_contact("shares_phone")

    class Meta:
        model = Person
        fields = ["name", "biography_es", "biography_pt_br", "biography_en", "website"]
        labels = {
            "name": _("Your name, as it is shown"),
            "biography_es": _("About you, in Spanish"),
            "biography_pt_br": _("About you, in Portuguese"),
            "biography_en": _("About you, in English"),
        }
        help_texts = {
            "name": _("A former name stays known, so that searches find you by it."),
            "biography_es": _("A few lines for your public page. Write it in the languages you can."),
            "biography_pt_br": "",
            "biography_en": "",
        }
        error_messages = {"name": {"required": _("Enter your name.")}}
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("biography_es", "biography_pt_br", "biography_en")}

    def more_values(self, person):
        contact = ContactDetails.objects.filter(person=person).first() or ContactDetails(person=person)
        language = User.objects.values_list("language", flat=True).get(person=person)
        return {"language": language} | {name: getattr(contact, name) for name in CONTACT}

    def clean(self):
        data = super().clean()
        if data.get("shares_phone") and not data.get("phone"):
            self.add_error("phone", _("Enter the telephone number for the directory."))
        return data

    @transaction.atomic
    def save(self, commit=True):
        """Keep it all; a name that is no longer the name becomes one of its variants."""
        if "name" in self.changed_data:
            keep_former_name(self.instance)
        person = super().save()
        given = {name: self.cleaned_data[name] for name in CONTACT}
        ContactDetails.objects.update_or_create(person=person, defaults=given)
        account = person.user
        account.name, account.language = person.name, self.cleaned_data["language"]
        account.save(update_fields=["name", "language"])
        return person


def keep_former_name(person):
    """What the record says until now stays a known variant of the name of `person`; the new one is none."""
    former = Person.objects.values_list("name", flat=True).get(pk=person.pk)
    person.variants.filter(name=person.name).delete()
    if former != person.name:
        NameVariant.objects.get_or_create(person=person, name=former)
