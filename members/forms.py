"""What a visitor may write, checked."""

import re
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_countries.data import COUNTRIES

from members.models import Application, DataRequest, DataRequestKind, Enquiry, InstitutionKind, MembershipCategory, OptionalNotice
from rifess.base.cleaned import forms
from rifess.base.consent import AgreesToNotice
from rifess.base.honeypot import HasTrap
from rifess.base.uploads.files import PICTURES, TEXTS, checked, plain_name
from rifess.base.uploads.forms import FileComesLast

LETTER_MEGABYTES = 10
# What an address of the web ends in: of a country, in its own script, or one of the common ones. All are delegated by IANA (or
# reserved): “gob” is none by itself, and “Sec.Gob/Interior” leads nowhere, while “segob.gob.mx/x” ends in “mx”.
DOMAINS = "|".join(
    [
        *(code.lower() for code in COUNTRIES),
        "uk|eu|xn--[a-z0-9-]+|com|org|net|info|biz|edu|gov|int|mil|name|pro|coop|museum|jobs|mobi|travel|cat|lat|app|dev|page",
        "web|site|website|online|store|shop|blog|news|live|link|click|club|life|world|space|tech|cloud|digital|agency|group|win",
        "network|social|work|email|support|help|vip|top|xyz|icu|fun|buzz|rest|bid|loan|ong|ngo|foundation|community|eco|example",
    ]
)
LINK = re.compile(  # “Coop.Ltda/Sur” and “1.er piso” are none
    rf"\b[a-z][a-z0-9+.-]*://|\bwww\.\w|(?=[\w-]*[^\W\d_])\b[\w-]+\.({DOMAINS})(:\d+)?/", re.IGNORECASE
)


class EnquiryForm(HasTrap, forms.ModelForm):
    """A message to the secretariat. What looks like spam is kept for it, and marked."""

    keeps_spam = True

    class Meta:
        model = Enquiry
        fields = ["name", "email", "text"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "text": forms.Textarea(attrs={"rows": 8}),
        }
        error_messages = {
            "name": {"required": _("Enter your name.")},
            "email": {"required": _("Enter your email address, so that we can answer.")},
            "text": {"required": _("Enter your message.")},
        }


class DataRequestForm(HasTrap):
    """A copy or the erasure of what is kept of an address."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Enter your email address so we can write to you."),
            "invalid": _("Enter the whole address, for example name@institution.org."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What do you wish?"),
        choices=[
            (DataRequestKind.EXPORT.value, _("A copy of my personal data")),
            (DataRequestKind.ERASURE.value, _("Deletion of my personal data")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a copy or deletion."), "invalid_choice": _("Choose a copy or deletion.")},
    )


class ApplicationForm(FileComesLast, HasTrap, AgreesToNotice, forms.ModelForm):
    """An application to join, with the fields that its category needs."""

    file_field = "letter"

    agrees = forms.BooleanField(
        label=_("I agree that the Secretariat keeps what I write here, to decide on the application and to answer me."),
        error_messages={"required": _("Without this we may not keep your application.")},
    )

    class Meta:
        model = Application
        fields = [
            "institution_name",
            "acronym",
            "kind",
            "country",
            "website",
            "legal_basis",
            "work",
            "reasons",
            "letter",
            "contact_name",
            "contact_position",
            "contact_email",
            "contact_phone",
        ]
        widgets = {
            "institution_name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "country": forms.Select(attrs={"autocomplete": "country"}),
            "legal_basis": forms.Textarea(attrs={"rows": 3}),
            "work": forms.Textarea(attrs={"rows": 6}),
            "reasons": forms.Textarea(attrs={"rows": 6}),
            "letter": forms.FileInput(attrs={"class": "file", "accept": ".pdf,.docx,.odt,.jpg,.jpeg,.png"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_position": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "contact_phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {
            "letter": _("If your institution wrote one. A PDF, a text document (DOCX, ODT) or a picture of at most 10 MB."),
            "contact_email": _("We write to this address: first to make sure that it is yours, then with the answer."),
        }
        error_messages = {
            "institution_name": {"required": _("Enter the name of the institution.")},
            "country": {"required": _("A member’s seat is a country’s: choose the country.")},
            "website": {"required": _("Enter the address of the institution’s website.")},
            "legal_basis": {"required": _("Enter which law or act gives the institution its task.")},
            "work": {"required": _("Tell what the institution does for the social and solidarity economy.")},
            "reasons": {"required": _("Tell why the institution wishes to join.")},
            "contact_name": {"required": _("Enter the name of the person with whom we may speak.")},
            "contact_position": {"required": _("Enter the position of that person in the institution.")},
            "contact_email": {
                "required": _("Enter an email address, so that we can answer."),
                "invalid": _("Enter the whole address, for example name@institution.org."),
            },
        }

    def __init__(self, *args, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.category = category
        if category == MembershipCategory.MEMBER:
            self.instance.kind = InstitutionKind.GOVERNMENT
            del self.fields["kind"]
            self.fields["country"].required = self.fields["legal_basis"].required = True
        else:
            del self.fields["legal_basis"]
            self.fields["website"].required = True

    @property
    def notice_mark(self):
        """Changes with the words that are agreed to, in whatever language they are shown."""
        with override(settings.LANGUAGE_CODE):
            return sha256(str(self.base_fields["agrees"].label).encode()).hexdigest()[:12]

    def clean_institution_name(self):
        return only_a_name(self.cleaned_data["institution_name"])

    def clean_contact_name(self):
        return only_a_name(self.cleaned_data["contact_name"])

    def examine(self, file):
        kind = checked(file, kinds=[*TEXTS, *PICTURES], max_megabytes=LETTER_MEGABYTES)
        self.instance.letter_name = plain_name(file.name)
        file.name = f"{self.instance.key}.{kind.extension}"
        self.instance.letter = file

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.errors and self.files.get("letter") and "letter" not in self.errors:
            sentence = _("Choose the letter again: browsers do not keep a chosen file when a page comes back.")
            self.add_error("letter", ValidationError(sentence, code="again"))


def only_a_name(text):
    """`text` on one line, and nothing to press on: a message with it goes to an address that nobody has confirmed yet."""
    if LINK.search(text):
        raise ValidationError(_("Enter only the name here, without a link."), code="link")
    return " ".join(text.split())


class ErasureForm(forms.ModelForm):
    """Somebody asks that their personal data be erased."""

    class Meta:
        model = DataRequest
        fields = ["words"]
        labels = {"words": _("Is there something the Secretariat should know?")}
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


class NoticesForm(forms.Form):
    """Which of the optional notices somebody wants by e-mail."""

    wanted = forms.MultipleChoiceField(
        label=_("Email me when…"),
        choices=OptionalNotice.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
