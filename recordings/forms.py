"""What the secretariat types about recordings and documents, checked."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import Audience
from recordings.models import Document, Recording, Source
from rifess.base.editing import CarefulForm


class RecordingForm(CarefulForm):
    """A recording with the address of its first source, for a seminar's page. Further ones are on the recording's page."""

    link = forms.URLField(
        label=_("link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it can be seen. Left empty, the page says that the link is not available yet."),
    )

    class Meta:
        model = Recording
        fields = []

    def more_values(self, row):
        first = next(iter(row.sources.all()), None) if row.pk else None
        return {"link": first.url if first else ""}

    def _save_m2m(self):
        super()._save_m2m()
        first, link = self.instance.sources.first(), self.cleaned_data["link"]
        if first and not link:
            first.delete()
        elif link and (first is None or first.url != link):
            row = first or Source(recording=self.instance)
            row.url = link
            row.recognize()
            row.save()


class DocumentForm(CarefulForm):
    """A document that only the secretariat reads is not opened to everyone by a slip of the mouse."""

    open_to_everyone = forms.BooleanField(
        label=_("yes, everyone may read it"),
        required=False,
        help_text=_("Only asked when a document is opened to everyone."),
    )

    class Meta:
        model = Document
        fields = []

    def clean(self):
        cleaned = super().clean()
        opens = cleaned.get("audience") == Audience.EVERYONE and "audience" in self.changed_data
        if opens and not cleaned.get("open_to_everyone"):
            sentence = _("Visitors and search engines will read it. Mark this to confirm.")
            self.add_error("open_to_everyone", ValidationError(sentence, code="confirm"))
        return cleaned
