"""What a delegate may propose to keep: a recording, with where it can be seen, or a document."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from members.models import Audience
from members.proposals import Day, ProposalForm, in_three
from recordings.documents import add_version
from recordings.forms import KeptFile
from recordings.models import Document, Recording, Source
from rifess.base.cleaned import forms
from rifess.base.uploads.files import KINDS, checked, plain_name
from rifess.base.uploads.forms import FileComesLast
from rifess.links import hosts

OF_A_KNOWN_ONE = ["url", "note", "seen"]  # the fields that are left when the recording itself is known
MOST_MEGABYTES = 25  # as the help text says


def known_without_link(seminar, user):
    """The recordings of `seminar` that `user` sees, and of which nobody knows where they can be seen."""
    return Recording.objects.visible_to(user).filter(seminar=seminar).without_source()


class RecordingProposalForm(ProposalForm):
    """A new recording with its address; of one that is known, the address alone."""

    wishes = ("note",)

    url = forms.URLField(
        label=_("address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it can be seen. Paste it as the site gives it."),
    )
    note = forms.CharField(
        label=_("Note for the Secretariat"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who recorded it, and whether those heard in it have agreed to its being shown."),
    )

    class Meta:
        model = Recording
        fields = [*in_three("title"), "panel", "languages"]
        widgets = {"languages": forms.CheckboxSelectMultiple}

    def __init__(self, *args, proposal, only=None, **kwargs):
        if proposal.known_id:
            only = [name for name in OF_A_KNOWN_ONE if only is None or name in only]
        super().__init__(*args, proposal=proposal, only=only, **kwargs)

    @property
    def needed(self):
        return ["url"] if self.proposal.known_id else super().needed

    def apply(self):
        """Of a recording that is known nothing is written but its source."""
        if self.proposal.known_id is None:
            return super().apply()
        known = Recording.objects.select_for_update().get(pk=self.proposal.known_id)
        self._add_source(known)
        return known

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
            self._add_source(self.instance)

    def _add_source(self, recording):
        source = Source(recording=recording, url=self.cleaned_data["url"])
        source.get_additional_data = self._source
        source.full_clean(exclude=["host"])
        source.save()


class DocumentProposalForm(FileComesLast, ProposalForm):
    wishes = ("wished_audience",)

    file = forms.FileField(label=_("file"), required=False, widget=KeptFile, help_text=_("When there is no link. At most 25 MB."))
    wished_audience = forms.ChoiceField(
        label=_("Who should read it"),
        required=False,
        choices=[("", _("- Select an option -")), *Audience.choices],
        help_text=_("A wish: until the Secretariat decides, no one else reads it."),
    )

    class Meta:
        model = Document
        fields = [*in_three("title"), "kind", "dated_on", "dated_on_precision", "language", "url"]
        widgets = {"dated_on": Day}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.initial["file"] = self.proposal.file or None

    @property
    def needed(self):
        """Without its file or its link there is no document."""
        return [*super().needed, "url", "file"]

    @property
    def contents(self):
        return super().contents | {"file": self._name_of_the_file()}

    def examine(self, file):
        checked(file, kinds=KINDS, max_megabytes=MOST_MEGABYTES)

    def clean(self):
        cleaned = super().clean()
        link, file = cleaned.get("url"), cleaned.get("file")
        if not (self.is_draft or link or file or {"url", "file"} & set(self.errors)):
            self.add_error("url", ValidationError(_("Give a link, or choose a file below."), code="required"))
        if link and file:
            self.add_error("url", ValidationError(_("Give a file or a link, not both."), code="file_and_link"))
        return cleaned

    def keep(self):
        super().keep()
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            self.proposal.file, self.proposal.file_name = file, plain_name(file.name)
        elif not file:
            self.proposal.file, self.proposal.file_name = "", ""

    def _save_m2m(self):
        super()._save_m2m()
        if self.cleaned_data.get("file"):
            add_version(self.instance, self.cleaned_data["file"], by=self.proposal.made_by, name=self._name_of_the_file())

    def _name_of_the_file(self):
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            return plain_name(file.name)
        return self.proposal.file_name if file else ""
