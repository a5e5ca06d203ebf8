"""What somebody says of a seminar in which they took part."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import MARKED, AttendanceForm, SurveyResponse

SAID = {
    "1": pgettext_lazy("mark", "1, very poor"),
    "2": "2",
    "3": "3",
    "4": "4",
    "5": pgettext_lazy("mark", "5, very good"),
    "": pgettext_lazy("mark", "no answer"),
}
WORDS = ("liked", "to_improve")


class SurveyForm(forms.ModelForm):
    """Marks from 1 to 5 and two texts. Each may be left empty, but not all; what does not concern them is not asked."""

    class Meta:
        model = SurveyResponse
        fields = [*MARKED, *WORDS]
        labels = {
            "contents": _("The contents"),
            "usefulness": _("How useful it is for your work"),
            "organization": _("The organization"),
            "connection": _("Connection and sound"),
            "interpretation": _("The interpretation"),
            "liked": _("What was best?"),
            "to_improve": _("What could be better?"),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 4, "data-count": _("Characters left: ")}) for name in WORDS}

    def __init__(self, *args, registration, **kwargs):
        super().__init__(*args, **kwargs)
        for name in MARKED:
            field = self.fields[name]
            field.widget, field.choices = forms.RadioSelect(), [*SAID.items()]
        if registration.form == AttendanceForm.IN_PERSON:
            del self.fields["connection"]
        if not registration.seminar.interpreted_languages.exists():
            del self.fields["interpretation"]

    def marks(self):
        return [self[name] for name in MARKED if name in self.fields]

    def texts(self):
        return [self[name] for name in WORDS]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Answer at least one question."), code="empty")
        return cleaned
