"""What a visitor may write, checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Enquiry


class EnquiryForm(forms.ModelForm):
    """A message to the secretariat. `website` is a trap: people do not see it, programs fill it in."""

    website = forms.CharField(required=False, label=_("Leave this field empty"))

    class Meta:
        model = Enquiry
        fields = ["name", "email", "text"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "text": forms.Textarea(attrs={"rows": 8}),
        }
        error_messages = {
            "name": {"required": _("Write your name.")},
            "email": {"required": _("Write your e-mail address, so that we can answer.")},
            "text": {"required": _("Write your message.")},
        }

    @property
    def is_spam(self):
        return bool(self.cleaned_data.get("website"))
