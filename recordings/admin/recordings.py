"""Recordings at the secretariat's desk."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from recordings import publication
from recordings.admin.imports import ImportsRecordings
from recordings.admin.parts import CaptionInline, ChapterInline, ClipInline, ConsentInline, SourceInline
from recordings.forms import KeptFile, RecordingDeskForm, RecordingForm, TimecodeField
from recordings.models import Chapter, Consent, Recording
from recordings.permissions import lacking, people_missing, permission_counts
from recordings.playback.chapters import as_description, chapters_of, youtube_asks
from recordings.uploads import keep_captions, keep_chapters
from rifess.base.admin.pages import (
    EVERYWHERE,
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    act_on_each,
    in_three,
    resembles,
    source,
)

# Not forms.ImageField, which opens what is sent with every reader that Pillow has, inside the server (recordings.posters).
POSTER = {"form_class": forms.FileField, "widget": KeptFile}
PICTURES_AND_TIMES = {models.ImageField: POSTER, models.DurationField: {"form_class": TimecodeField}}


class RecordingState(ChoiceFilter):
    title, parameter_name = _("state"), "state"
    questions = {
        "draft": (_("draft"), lambda recordings: recordings.filter(published_at__isnull=True)),
        "public": (_("public"), lambda recordings: recordings.public()),
        "withdrawn": (pgettext_lazy("recordings", "withdrawn"), lambda recordings: recordings.filter(withdrawn_on__isnull=False)),
        "no-source": (_("without a link yet"), lambda recordings: recordings.without_source()),
    }


class Transcript(ChoiceFilter):
    title, parameter_name = _("transcript"), "transcript"
    questions = {
        "with": (_("with transcript"), lambda recordings: recordings.with_transcript()),
        "without": (_("to be seen, without transcript"), lambda recordings: recordings.without_transcript()),
    }


class Permissions(ChoiceFilter):
    title, parameter_name = pgettext_lazy("recordings", "consents"), "permissions"
    questions = {"missing": (_("the seminar waits for someone’s"), lacking)}


class Answering(ChoiceFilter):
    title, parameter_name = _("addresses"), "addresses"
    questions = {"dead": (_("one does not answer"), lambda recordings: recordings.with_dead_address())}


@admin.register(Recording)
class RecordingAdmin(ImportsRecordings, SecretariatModelAdmin):
    form = RecordingDeskForm
    formfield_overrides = PICTURES_AND_TIMES
    list_display = ["title", "of_seminar", "of_panel", "track", "published", "has_link", "permissions"]
    list_filter = [RecordingState, Transcript, Permissions, Answering, "track", "languages", MissingTranslation]
    translated_name = "title"
    list_select_related = ["seminar", "panel"]
    search_fields = [*resembles("title", "seminar__title", "panel__title"), "key"]
    autocomplete_fields = ["seminar", "panel", "intervention"]
    ticked = ["languages"]
    readonly_fields = ["permanent_address", "still_missing", "for_youtube"]
    actions = ["publish", "withdraw", "ask_permissions"]
    fieldsets = [
        (None, {"fields": ["seminar", "panel", "intervention", in_three("title")]}),
        (_("What one hears"), {"fields": [("track", "part", "duration"), "languages", in_three("summary"), "poster"]}),
        (
            _("Who sees it"),
            {
                "fields": ["still_missing", "withdrawn_on", "slug", "permanent_address"],
                "description": _("Everyone who can see its seminar, once it is published with the actions of this page."),
            },
        ),
        (_("Captions"), {"fields": ["caption_files"]}),
        (_("Chapters"), {"fields": ["pasted_chapters", "replace_chapters", "for_youtube"], "classes": ["collapse"]}),
        source(),
    ]

    def get_inlines(self, request, obj):
        """What hangs on the recording's seminar and panel is asked once these are known."""
        return [SourceInline, ClipInline, ChapterInline, CaptionInline, ConsentInline] if obj else [SourceInline]

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | (inline.asks(obj) if isinstance(inline, ClipInline) else {})

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("sources")

    def columns(self):
        return permission_counts()

    def has_delete_permission(self, request, obj=None):
        """What has once been published keeps its address, which goes on saying that it was withdrawn."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    @admin.display(description=_("seminar"), ordering="seminar__starts_on")
    def of_seminar(self, recording):
        return recording.seminar

    @admin.display(description=_("panel"), ordering="panel__position")
    def of_panel(self, recording):
        return recording.panel

    @admin.display(description=_("published"), boolean=True)
    def published(self, recording):
        return recording.is_published

    @admin.display(description=_("link"), boolean=True)
    def has_link(self, recording):
        return bool(recording.sources.all())

    @admin.display(description=pgettext_lazy("recordings", "consents"))
    def permissions(self, recording):
        return f"{recording.people_who_allow}/{recording.people_heard}" if recording.people_heard else "–"

    @admin.display(description=_("consent missing"))
    def still_missing(self, recording):
        if not recording.pk:
            return "–"
        return ", ".join(person.name for person in people_missing(recording)) or gettext("no one’s")

    @admin.display(description=_("permanent address"))
    def permanent_address(self, recording):
        return f"{settings.SITE_URL}{recording.get_permanent_url()}" if recording.pk else "–"

    @admin.display(description=_("for YouTube’s description"))
    def for_youtube(self, recording):
        marks = chapters_of(recording) if recording.pk else []
        asked = format_html_join("", "<p>{}</p>", ((sentence,) for sentence in youtube_asks(marks)))
        return format_html("<pre>{}</pre>{}", as_description(marks), asked) if marks else "–"

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Consent:
            for consent in (
                *formset.new_objects,
                *(each for each, fields in formset.changed_objects if "withdrawn_on" in fields),
            ):
                if consent.withdrawn_on:
                    self._take_back(request, consent)

    def _take_back(self, request, consent):
        names = {"person": consent.person, "recording": consent.recording}
        if publication.take_back(consent, on=consent.withdrawn_on):
            sentence = _(
                "%(person)s withdrew consent, and “%(recording)s” is still shown because its seminar does not "
                "wait for consent. Withdraw it with the action of this page."
            )
            self.message_user(request, sentence % names, messages.WARNING)
        else:
            sentence = _("%(person)s withdrew consent: only the Secretariat can see “%(recording)s” now.")
            self.message_user(request, sentence % names, messages.SUCCESS)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        kept = keep_captions(form.instance, form.cleaned_data.get("caption_files", []))
        for caption, file in zip(kept, form.cleaned_data.get("caption_files", []), strict=True):
            said = {"file": file.name, "captions": caption}
            self.message_user(request, gettext("%(file)s is kept: %(captions)s.") % said, messages.SUCCESS)
            if caption.replaced:
                sentence = gettext("%(file)s took the place of %(other)s: the recording shows its words no longer.")
                self.message_user(request, sentence % {"file": file.name, "other": caption.replaced}, messages.WARNING)
            for note in file.captions.notes:
                self.message_user(request, f"{file.name}: {note}", messages.WARNING)
        if form.cleaned_data.get("pasted_chapters"):
            shown = _chapters_on(formsets) if form.cleaned_data.get("replace_chapters") else ()
            keep_chapters(form.instance, form.cleaned_data["pasted_chapters"], in_place_of=shown)

    @admin.action(description=_("Publish"), permissions=["change"], location=EVERYWHERE)
    def publish(self, request, queryset):
        for recording in act_on_each(self, request, queryset, publication.publish):
            self.message_user(request, gettext("“%s” is published.") % recording, messages.SUCCESS)

    @admin.action(description=_("Withdraw"), permissions=["change"], location=EVERYWHERE)
    def withdraw(self, request, queryset):
        for recording in act_on_each(self, request, queryset, publication.withdraw):
            sentence = gettext("“%s” is withdrawn. It is no longer shown anywhere.")
            self.message_user(request, sentence % recording, messages.SUCCESS)

    @admin.action(description=_("Ask for the missing consents"), permissions=["change"], location=EVERYWHERE)
    def ask_permissions(self, request, queryset):
        asked = sum(len(publication.ask_permissions(recording)) for recording in queryset)
        sentence = ngettext(
            "%(count)d consent is noted as asked for. The portal sends no message: please ask for it yourself.",
            "%(count)d consents are noted as asked for. The portal sends no message: please ask for them yourself.",
            asked,
        )
        self.message_user(request, sentence % {"count": asked}, messages.SUCCESS)


def _chapters_on(formsets):
    """The keys of the chapters that the page had, typed now or there before; not those that a colleague added since."""
    of_chapters = [formset for formset in formsets if formset.model is Chapter]
    return [form.instance.pk for formset in of_chapters for form in formset.forms if form.instance.pk]


class RecordingInline(SecretariatInline):
    """Recordings on their seminar's page. One is deleted on its own page, as long as it was never published."""

    model, form = Recording, RecordingForm
    formfield_overrides = PICTURES_AND_TIMES
    fields = [in_three("title"), ("link", "panel"), ("track", "part", "duration")]
    autocomplete_fields = ["panel"]
    show_change_link = True
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("sources")
