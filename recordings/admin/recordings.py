"""Recordings at the secretariat's desk."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recordings import publication
from recordings.forms import RecordingForm
from recordings.models import Recording, Source
from rifess.base.admin import (
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    in_three,
    resembles,
    source,
)

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class RecordingState(ChoiceFilter):
    title, parameter_name = _("state"), "state"
    questions = {
        "draft": (_("draft"), lambda recordings: recordings.filter(published_at__isnull=True)),
        "public": (_("public"), lambda recordings: recordings.public()),
        "withdrawn": (_("withdrawn"), lambda recordings: recordings.filter(withdrawn_on__isnull=False)),
        "no-source": (_("without a link yet"), lambda recordings: recordings.without_source()),
    }


class SourceInline(SecretariatInline):
    model = Source
    fields = [("position", "url", "offset")]


@admin.register(Recording)
class RecordingAdmin(SecretariatModelAdmin):
    list_display = ["title", "seminar", "panel", "track", "published", "has_link"]
    list_filter = [RecordingState, "track", "languages", MissingTranslation]
    translated_name = "title"
    list_select_related = ["seminar", "panel"]
    search_fields = [*resembles("title", "seminar__title", "panel__title"), "key"]
    autocomplete_fields = ["seminar", "panel", "intervention"]
    ticked = ["languages"]
    inlines = [SourceInline]
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["seminar", "panel", "intervention", in_three("title")]}),
        (_("What one hears"), {"fields": [("track", "part", "duration"), "languages", in_three("summary")]}),
        (
            _("Who sees it"),
            {
                "fields": ["withdrawn_on", "slug"],
                "description": _("Whoever sees its seminar, once it is published with the actions of this page."),
            },
        ),
        source(),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("sources")

    @admin.display(description=_("published"), boolean=True)
    def published(self, recording):
        return recording.is_published

    @admin.display(description=_("link"), boolean=True)
    def has_link(self, recording):
        return bool(recording.sources.all())

    @admin.action(description=_("Publish"), permissions=["change"], location=EVERYWHERE)
    def publish(self, request, queryset):
        for recording in queryset:
            publication.publish(recording)
            self.message_user(request, gettext("“%s” is published.") % recording, messages.SUCCESS)

    @admin.action(description=_("Withdraw"), permissions=["change"], location=EVERYWHERE)
    def withdraw(self, request, queryset):
        for recording in queryset:
            publication.withdraw(recording)
            self.message_user(request, gettext("“%s” is withdrawn: it has disappeared everywhere.") % recording, messages.SUCCESS)


class RecordingInline(SecretariatInline):
    model, form = Recording, RecordingForm
    fields = [in_three("title"), ("link", "panel"), ("track", "part", "duration")]
    autocomplete_fields = ["panel"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("sources")
