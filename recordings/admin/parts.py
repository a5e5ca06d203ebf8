"""What belongs to a recording, on its page at the secretariat's desk."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Intervention
from recordings.forms import ClipForm, ClipFormSet, ConsentFormSet, TimecodeField
from recordings.models import Caption, Chapter, Clip, Consent, Source
from recordings.playback.sources import ways_to
from rifess.base.admin.pages import SecretariatInline, in_three
from rifess.links.hosts import Host


class RecordingPart(SecretariatInline):
    formfield_overrides = SecretariatInline.formfield_overrides | {models.DurationField: {"form_class": TimecodeField}}


class SourceInline(RecordingPart):
    """Where it can be seen; once it is saved, how our page plays it and whether its address still answers."""

    model = Source
    verbose_name, verbose_name_plural = _("address"), _("Addresses at which it can be seen")
    fields = ["url", ("position", "offset"), ("player", "answer")]
    readonly_fields = ["player", "answer"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def _way(self, source):
        """As a visitor meets it. Asked once for all sources of the page: an inline lives as long as its page."""
        if not hasattr(self, "ways"):
            self.ways = {way.source.pk: way for way in ways_to(source.recording)}
        return self.ways[source.pk]

    @admin.display(description=_("what visitors meet"))
    def player(self, source):
        if not source.pk:
            return gettext("It is recognized when the page is saved.")
        way, site = self._way(source), {"site": source.get_host_display(), "name": self._way(source).site}
        if way.plays:
            return gettext("It plays on our page (%(site)s).") % site
        if source.host == Host.LINK:
            return gettext("A link that opens on %(name)s.") % site
        return gettext("A link that opens on %(name)s: this site (%(site)s) is not among the trusted ones.") % site

    @admin.display(description=_("the address"))
    def answer(self, source):
        address = self._way(source).address if source.pk else None
        if address is None:
            return gettext("not checked")
        words = address.get_state_display()
        if address.failing_since:
            sentence = gettext("does not answer since %(day)s") if address.is_dead else gettext("no answer lately: since %(day)s")
            words = sentence % {"day": date_format(address.failing_since)}
        return format_html('<a href="{}">{}</a>', reverse("admin:links_address_change", args=[address.pk]), words)


class ClipInline(RecordingPart):
    """Who is heard when. For each speaker of the panel there is a row; those left without times are not kept."""

    model, form, formset = Clip, ClipForm, ClipFormSet
    fields = ["intervention", ("start", "end")]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("recording", "intervention__panel", "intervention__person")

    def get_extra(self, request, obj=None, **kwargs):
        return len(self._not_noted(obj))

    def asks(self, recording):
        """What the formset needs of `recording`: all interventions to choose from, and those that have no row yet."""
        return {
            "interventions": _interventions(recording),
            "initial": [{"intervention": each.pk} for each in self._not_noted(recording)],
        }

    def _not_noted(self, recording):
        if recording is None or not recording.panel_id:
            return []
        if not hasattr(self, "not_noted"):
            of_it = {"pk": recording.intervention_id} if recording.intervention_id else {"panel": recording.panel_id}
            self.not_noted = list(Intervention.objects.spoken().filter(**of_it).exclude(clips__recording=recording))
        return self.not_noted


def _interventions(recording):
    of_it = {"panel": recording.panel_id} if recording.panel_id else {"panel__seminar": recording.seminar_id}
    noted = Intervention.objects.filter(clips__recording=recording)
    found = (Intervention.objects.filter(**of_it) | Intervention.objects.filter(pk__in=noted.values("pk"))).distinct()
    return found.select_related("person", "panel").order_by("panel__position", "position", "pk")


class ChapterInline(RecordingPart):
    model = Chapter
    fields = ["start", in_three("title")]


class CaptionInline(RecordingPart):
    """Captions come as files, with the field above; here one says what they are."""

    model = Caption
    fields = [("language", "kind", "origin"), ("reviewed_by", "reviewed_on"), ("file_name", "uploaded_at")]
    readonly_fields = ["file_name", "uploaded_at"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).without_text()

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("file"))
    def file_name(self, caption):
        return caption.original_name or caption.original.name


class ConsentInline(RecordingPart):
    model, formset = Consent, ConsentFormSet
    fields = [("person", "scope"), ("given_on", "withdrawn_on"), ("evidence", "document")]
    autocomplete_fields = ["person", "document"]
