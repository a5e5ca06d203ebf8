"""What somebody asks a panel, checked."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import Panel, PanelQuestion
from rifess.base.cleaned import forms
from rifess.base.honeypot import HasTrap
from rifess.base.text.translated import text_of

LONGEST = PanelQuestion._meta.get_field("text").max_length


class PanelField(forms.ModelChoiceField):
    def label_from_instance(self, panel):
        return text_of(panel, "title").words


class PanelQuestionForm(HasTrap):
    """A question to one of `panels` or to the seminar. The secretariat looks at each, so what looks like spam is marked."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": _("Characters left: ")}),
        error_messages={
            "required": _("Enter your question."),
            "max_length": _("Write it in at most %(limit_value)d characters: it has %(show_value)d."),
        },
    )
    panel = PanelField(
        Panel.objects.none(), label=_("To which panel?"), required=False, empty_label=_("To the seminar as a whole")
    )
    shows_name = forms.BooleanField(label=_("Show my name beside it"), required=False)

    keeps_spam = True

    def __init__(self, *args, panels, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].queryset = panels
        if not panels.exists():
            del self.fields["panel"]

    def clean_text(self):
        """Plain words: no signs that cannot be seen, and of several empty lines one."""
        text = "".join(
            each for each in self.cleaned_data["text"] if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cf"}
        )
        lines = [" ".join(line.split()) for line in text.splitlines()]
        text = "\n".join(line for line in lines if line)
        if not text:
            raise ValidationError(_("Enter your question."), code="required")
        return text


def _is_seen(sign):
    return sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf"}
