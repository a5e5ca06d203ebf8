"""What the secretariat types about recordings and documents, checked."""

from pathlib import PurePosixPath

from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from members.models import Audience
from recordings import posters
from recordings.captions import to_json
from recordings.captions.upload import read_bytes, read_files
from recordings.models import Caption, Consent, Document, DocumentKind, MinutesState, Recording, Source
from recordings.models.ranges import refuse_beyond
from recordings.models.versions import read_upload
from recordings.playback import timecodes
from recordings.playback.chapters import read_description
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.cleaned import forms
from rifess.links import hosts

NARROW_TO_WIDE = [Audience.SECRETARIAT, Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS, Audience.EVERYONE]
WHO_WILL_READ = {
    Audience.MEMBERS: _("The delegates of the members will read it. Mark this to confirm."),
    Audience.MEMBERS_AND_OBSERVERS: _("The delegates of members and observers will read it. Mark this to confirm."),
    Audience.EVERYONE: _("Visitors and search engines will read it. Mark this to confirm."),
}
OLDER_VERSIONS_TOO = _("They will read its older versions, too. Look at those first, or leave them to the Secretariat.")


class TimecodeField(forms.DurationField):
    """A time as players show it: 1:02:03, 62:03, or seconds; with a minus before it, so much earlier."""

    default_error_messages = {"invalid": _("Enter the time as in 1:02:03, 62:03, or in seconds.")}

    def __init__(self, *, encoder=None, decoder=None, **options):
        super().__init__(**options)

    def prepare_value(self, value):
        if not hasattr(value, "total_seconds"):
            return value
        sign = "-" if value.total_seconds() < 0 else ""
        return sign + timecodes.write_exactly(abs(value))

    def to_python(self, value):
        if value in self.empty_values or hasattr(value, "total_seconds"):
            return value or None
        words = str(value).strip()
        time = timecodes.read(words.removeprefix("-"))
        if time is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return -time if words.startswith("-") else time


class KeptFile(AdminFileWidget):
    """Says which file is kept, without a link: what is uploaded has no address of its own. Its label is a label."""

    template_name = "forms/kept_file.html"
    use_fieldset = False


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, as a list."""

    def __init__(self, **options):
        super().__init__(widget=ManyFilesInput, **options)

    def clean(self, data, initial=None):
        files = [super(ManyFilesField, self).clean(each, initial) for each in data or []]
        return [file for file in files if file]

    def has_changed(self, initial, data):
        return bool(data)


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

    def clean_link(self):
        link = self.cleaned_data["link"]
        if not link:
            return ""
        try:
            url = hosts.recognize(link).url
        except ValidationError as error:
            raise ValidationError(error.error_dict["url"]) from None
        others = [source.url for source in self.instance.sources.all()[1:]] if self.instance.pk else []
        if url in others:
            raise ValidationError(_("This address is already written."), code="twice")
        return link

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


class RecordingDeskForm(CarefulForm):
    """A recording's own page, with what comes along: several caption files at once, and chapters as YouTube writes them."""

    caption_files = ManyFilesField(
        label=_("Add caption files"),
        required=False,
        help_text=_(
            "WebVTT or SRT, several at once. Their names say the language: charla.es.vtt, charla.pt-BR.srt; with “interpretation”"
            " or “translation” when they are. A file takes the place of the one in the same language and of the same kind."
        ),
    )
    pasted_chapters = forms.CharField(
        label=_("Paste chapters"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "As below a video on YouTube, a line each: 0:00 Opening. They are added, in Spanish, to the chapters of this page;"
            " one at the same second gets the pasted title."
        ),
    )
    replace_chapters = forms.BooleanField(label=_("In place of all the chapters of this page"), required=False)

    class Meta:
        model = Recording
        fields = []

    def clean_poster(self):
        poster = self.cleaned_data.get("poster")
        return posters.draw(poster, name=f"{self.instance.key}.jpg") if isinstance(poster, UploadedFile) else poster

    def clean_withdrawn_on(self):
        day = self.cleaned_data["withdrawn_on"]
        if self.instance.withdrawn_on and not day:
            sentence = _("To show it again use the action “Publish”, which checks that the necessary consents are there.")
            raise ValidationError(sentence, code="publish")
        return day

    def clean(self):
        cleaned = super().clean()
        cleaned["caption_files"] = self._read("caption_files", self._captions)
        cleaned["pasted_chapters"] = self._read("pasted_chapters", self._chapters)
        return cleaned

    def _read(self, name, read):
        """What `read` makes of the field `name`; nothing when it is empty or wrong, and what is wrong is said beside it."""
        try:
            return read(self.cleaned_data[name]) if self.cleaned_data.get(name) else []
        except ValidationError as mistakes:
            self.add_error(name, getattr(mistakes, "error_dict", {}).get(name, mistakes))
            return []

    def _captions(self, files):
        languages = {language.code for language in self.cleaned_data.get("languages") or []}
        return read_files(files, languages=languages, track=self.cleaned_data.get("track"))

    def _chapters(self, text):
        chapters = read_description(text)
        duration = self.cleaned_data.get("duration")
        refuse_beyond(Recording(duration=duration), chapters[-1][0], field="pasted_chapters")
        return chapters


class CaptionForm(CarefulForm):
    """Captions on their own page. Another file is read before it takes the place of the one there was."""

    class Meta:
        model = Caption
        fields = []

    def clean_original(self):
        file = self.cleaned_data["original"]
        if isinstance(file, UploadedFile):
            _data, self.read = read_bytes(file)
            self.instance.cues = to_json(self.read.cues)
            self.instance.original_name = PurePosixPath(file.name).name[-200:]
            file.seek(0)
        return file


class ClipForm(CarefulForm):
    """The range of an intervention, chosen among those of the recording's panel or seminar."""

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        if "intervention" in self.fields:
            self.fields["intervention"].choices = [("", "---------"), *choices]
            self.fields["intervention"].widget.can_add_related = self.fields["intervention"].widget.can_delete_related = False


class ClipFormSet(forms.BaseInlineFormSet):
    """All rows ask for the interventions only once."""

    def __init__(self, *args, interventions=(), **kwargs):
        self.choices = [(each.pk, f"{each} · {each.title or each.panel.title}") for each in interventions]
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"choices": self.choices}


class ConsentFormSet(forms.BaseInlineFormSet):
    """What was once allowed or taken back is not forgotten by deleting its row, which could show a recording again."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and (form.initial.get("given_on") or form.initial.get("withdrawn_on")):
                sentence = _("A consent that was given is not deleted. Enter the day on which it was withdrawn.")
                raise ValidationError(sentence, code="not_forgotten")


class DocumentForm(CarefulForm):
    """A document, with a file that becomes its next version. Nobody opens it to more people by a slip of the mouse."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput,
        help_text=_("It becomes the version people read; earlier ones are kept."),
    )
    changes = forms.CharField(
        label=_("What changed"), required=False, max_length=300, help_text=_("In this file, since the one before.")
    )
    wider = forms.BooleanField(
        label=_("Yes, more people may read it"),
        required=False,
        help_text=_("Only asked when more people will be able to read it than now."),
    )

    class Meta:
        model = Document
        fields = []

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file:
            self.instance.refuse_another_text()
            read_upload(file, name=file.name, after=self.instance.current if self.instance.pk else None)
        return file

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file") and cleaned.get("url"):
            self.add_error("url", ValidationError(_("Give a file or a link, not both."), code="file_and_link"))
        self._keep_permissions_closed(cleaned.get("audience"))
        if cleaned.get("audience") and cleaned.get("kind"):
            self._confirm_more_readers(cleaned)
        return cleaned

    def _confirm_more_readers(self, cleaned):
        now = self.instance.readers if self.instance.pk else Audience.SECRETARIAT
        is_minutes = cleaned["kind"] == DocumentKind.MINUTES
        state = (self.instance.state or MinutesState.DRAFT) if is_minutes else ""
        then = Document(audience=cleaned["audience"], state=state).readers
        is_wider = NARROW_TO_WIDE.index(then) > NARROW_TO_WIDE.index(now)
        told = [WHO_WILL_READ[then]] if is_wider else []
        if self._opens_older_versions(cleaned.get("shows_versions"), then, is_wider):
            told.append(OLDER_VERSIONS_TOO)
        if told and not cleaned.get("wider"):
            self.add_error("wider", [ValidationError(sentence, code="confirm") for sentence in told])

    def _opens_older_versions(self, shows_versions, readers, is_wider):
        """Whether files that were replaced are read by people who do not read them now."""
        if not shows_versions or readers == Audience.SECRETARIAT or not self.instance.pk:
            return False
        return (is_wider or "shows_versions" in self.changed_data) and self.instance.versions.count() > 1

    def _keep_permissions_closed(self, audience):
        if not self.instance.pk or audience in {None, Audience.SECRETARIAT}:
            return
        if "audience" in self.changed_data and Consent.objects.filter(document=self.instance).exists():
            sentence = _("This is a speaker’s signed consent: it stays with the Secretariat.")
            self.add_error("audience", ValidationError(sentence, code="permission"))
