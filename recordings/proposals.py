"""What a delegate may propose to keep: a recording, with where it can be seen, or a document."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from members.models import Audience
from members.proposals import Day, ProposalForm, in_three
from recordings import hosts
from recordings.forms import KeptFile
from recordings.models import Document, Recording, Source
from rifess.base.files import KINDS, checked, plain_name

MOST_MEGABYTES = 25


class RecordingProposalForm(ProposalForm):
    wishes = ("note",)

    url = forms.URLField(
        label=_("address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it can be seen. Paste it as the site gives it."),
    )
    note = forms.CharField(
        label=_("Note for the secretariat"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who recorded it, and whether those heard in it have agreed to its being shown."),
    )

    class Meta:
        model = Recording
        fields = [*in_three("title"), "panel", "languages"]
        widgets = {"languages": forms.CheckboxSelectMultiple}

    def _prepare(self, name, field):
        super()._prepare(name, field)
        if name == "panel":
            field.queryset = self.instance.seminar.panels.all()
            field.empty_label = _("the whole seminar")

    def clean_url(self):
        address = self.cleaned_data["url"]
        try:
            return hosts.recognize(address).url if address else ""
        except ValidationError as refusal:
            raise ValidationError(refusal.error_dict["url"]) from None

    def _save_m2m(self):
        super()._save_m2m()
        if self.cleaned_data.get("url"):
            source = Source(recording=self.instance, url=self.cleaned_data["url"])
            source.full_clean(exclude=["host"])
            source.save()


class DocumentProposalForm(ProposalForm):
    wishes = ("wished_audience",)

    wished_audience = forms.ChoiceField(
        label=_("Who should read it"),
        required=False,
        choices=[("", "---------"), *Audience.choices],
        help_text=_("A wish: until the secretariat decides, nobody else reads it."),
    )

    class Meta:
        model = Document
        fields = [*in_three("title"), "kind", "dated_on", "dated_on_precision", "language", "url", "file"]
        widgets = {"dated_on": Day, "file": KeptFile}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.initial["file"] = self.proposal.file or None

    @property
    def contents(self):
        return super().contents | {"file": self._name_of_the_file()}

    def clean_file(self):
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            checked(file, kinds=KINDS, max_megabytes=MOST_MEGABYTES)
        return file

    def clean(self):
        cleaned = super().clean()
        has_one = cleaned.get("url") or cleaned.get("file")
        if not (self.is_draft or has_one or {"url", "file"} & set(self.errors)):
            self.add_error("url", ValidationError(_("Give a link, or choose a file below."), code="required"))
        return cleaned

    def keep(self):
        super().keep()
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            self.proposal.file, self.proposal.file_name = file, plain_name(file.name)
        elif not file:
            self.proposal.file, self.proposal.file_name = "", ""

    def _name_of_the_file(self):
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            return plain_name(file.name)
        return self.proposal.file_name if file else ""
