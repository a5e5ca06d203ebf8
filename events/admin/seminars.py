"""Seminars at the secretariat's desk: a seminar is typed on its own page and on those of its panels, a click from each other."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import publication
from events.admin.attendance import RecordsAttendance
from events.admin.copies import CopySeminar
from events.admin.telling import offer_to_tell
from events.models import (
    Intervention,
    JoinLink,
    Panel,
    PanelInstitution,
    PrintedPosition,
    Seminar,
    SeminarInstitution,
    SeminarInvitation,
    Topic,
)
from events.programme.forms import PanelForm, PanelFormSet, PositionsForm, SeminarForm
from events.programme.time_zone_change import move_zone, to_clock
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.pages import (
    EVERYWHERE,
    ChoiceFilter,
    LatestRelated,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    act_on_each,
    how_many,
    in_three,
    resembles,
    source,
)


@admin.register(Topic)
class TopicAdmin(SecretariatModelAdmin):
    list_display = ["name", "slug"]
    list_filter = [MissingTranslation]
    translated_name = "name"
    search_fields = resembles("name")
    fields = [in_three("name"), "slug"]


class SeminarState(ChoiceFilter):
    title, parameter_name = _("state"), "state"
    questions = {
        "draft": (_("draft"), lambda seminars: seminars.drafts()),
        "public": (_("public"), lambda seminars: seminars.public()),
        "upcoming": (_("upcoming"), lambda seminars: seminars.upcoming()),
        "cancelled": (_("cancelled"), lambda seminars: seminars.filter(cancelled_on__isnull=False)),
    }


class SeminarInstitutionInline(SecretariatInline):
    model = SeminarInstitution
    fields = [("position", "institution", "role")]
    autocomplete_fields = ["institution"]


class PanelInline(SecretariatInline):
    """The programme at a glance. Who speaks is written on each panel's page."""

    model, form, formset = Panel, PanelForm, PanelFormSet
    fields = [("held_on", "starts", "ends", "repeated", "position", "kind"), in_three("title"), "title_is_ours"]
    show_change_link = True
    verbose_name_plural = _("programme: panels")


class JoinLinkInline(SecretariatInline):
    model = JoinLink
    verbose_name_plural = _("network meetings: link to join")


class SeminarInvitationInline(SecretariatInline):
    model = SeminarInvitation
    autocomplete_fields = ["membership"]
    verbose_name_plural = _("network meetings: who is invited (no one named: all who may see it)")


@admin.register(Seminar)
class SeminarAdmin(RecordsAttendance, WithActs, SecretariatModelAdmin):
    form = SeminarForm
    list_display = ["title", "starts_on", "ends_on", "kind", "format", "panel_count", "published", "audience"]
    list_filter = [SeminarState, "kind", "format", "audience", "topics", MissingTranslation]
    translated_name = "title"
    date_hierarchy = "starts_on"
    search_fields = [*resembles("title", "subtitle", "place"), "slug"]
    autocomplete_fields = ["topics"]
    ticked = ["languages", "interpreted_languages"]
    inlines = [SeminarInstitutionInline, PanelInline, JoinLinkInline, SeminarInvitationInline]
    actions = ["publish", "unpublish"]
    acts = {"copy": CopySeminar}
    fieldsets = [
        (None, {"fields": [in_three("title"), in_three("subtitle"), ("kind", "format")]}),
        (_("When and where"), {"fields": [("starts_on", "ends_on"), ("time_zone", "keep"), in_three("place")]}),
        (_("What it is about"), {"fields": [in_three("summary"), "topics"]}),
        (_("Longer texts"), {"fields": [in_three("description"), in_three("conclusions")], "classes": ["collapse"]}),
        (_("Languages"), {"fields": ["languages", "interpreted_languages"], "classes": ["collapse"]}),
        (
            _("Who sees it"),
            {
                "fields": ["audience", "waits_for_consent", ("is_milestone", "cancelled_on"), "slug"],
                "description": _("Only the Secretariat sees a draft. The actions of this page publish it and withdraw it."),
            },
        ),
        source(),
    ]

    def columns(self):
        return {"panel_count": how_many(Panel.objects, of="seminar")}

    @admin.display(description=_("panels"), ordering="panel_count")
    def panel_count(self, seminar):
        return seminar.panel_count

    @admin.display(description=_("published"), boolean=True, ordering="published_at")
    def published(self, seminar):
        return seminar.is_published

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if getattr(form, "new_zone", None) is not None:
            self._move_zone(request, form)
        if change:
            offer_to_tell(request, Seminar.objects.get(pk=form.instance.pk))

    def _move_zone(self, request, form):
        try:
            move_zone(form.instance, form.new_zone, keep=form.cleaned_data["keep"] or "clock")
        except ValidationError as error:
            form.instance.refresh_from_db()
            self.message_user(request, " ".join([gettext("The time zone stays as it was."), *error.messages]), messages.WARNING)

    @admin.action(description=_("Publish"), permissions=["change"], location=EVERYWHERE)
    def publish(self, request, queryset):
        done = len(act_on_each(self, request, queryset, partial(publication.publish, by=request.user)))
        if done:
            sentence = ngettext("%(count)d seminar is published.", "%(count)d seminars are published.", done)
            self.message_user(request, sentence % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Withdraw: make it a draft"), permissions=["change"], location=EVERYWHERE)
    def unpublish(self, request, queryset):
        for seminar in act_on_each(self, request, queryset, publication.unpublish):
            sentence = gettext("“%s” is a draft: only the Secretariat sees it.")
            self.message_user(request, sentence % seminar, messages.SUCCESS)


class PanelInstitutionInline(SecretariatInline):
    model = PanelInstitution
    fields = [("institution", "role")]
    autocomplete_fields = ["institution"]


class InterventionInline(SecretariatInline):
    """Who speaks and under which positions: everything a programme prints, on the panel's page."""

    model, form = Intervention, PositionsForm
    autocomplete_fields = ["person"]
    show_change_link = True
    fieldsets = [
        (None, {"fields": [("position", "person", "role", "name_as_printed"), *PositionsForm.position_lines()]}),
        (
            _("Title, summary, collective"),
            {
                "fields": [
                    in_three("title"),
                    in_three("collective"),
                    in_three("summary"),
                    in_three("quote"),
                    ("certainty", "source_url", "as_of"),
                    in_three("source_note"),
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person").prefetch_related("positions__institution")


@admin.register(Panel)
class PanelAdmin(SecretariatModelAdmin):
    form = PanelForm
    list_display = ["title", "seminar", "kind", "held_on", "clock"]
    list_filter = [("held_on", admin.EmptyFieldListFilter), "kind", "topics", MissingTranslation, ("seminar", LatestRelated)]
    translated_name = "title"
    date_hierarchy = "held_on"
    list_select_related = ["seminar"]
    search_fields = [*resembles("title", "seminar__title")]
    autocomplete_fields = ["seminar", "topics"]
    inlines = [InterventionInline, PanelInstitutionInline]
    fieldsets = [
        (None, {"fields": ["seminar", ("kind", "position"), in_three("title"), "title_is_ours"]}),
        (_("When"), {"fields": [("held_on", "starts", "ends", "repeated")]}),
        (_("What it is about"), {"fields": [in_three("summary"), "topics"]}),
        (_("Afterwards"), {"fields": [in_three("conclusions"), "slug"], "classes": ["collapse"]}),
        source(),
    ]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        offer_to_tell(request, form.instance.seminar)

    @admin.display(description=_("starts at"), ordering="starts_at")
    def clock(self, panel):
        return to_clock(panel.starts_at, panel.seminar.zone)

    def render_change_form(self, request, context, *args, **kwargs):
        panel = kwargs.get("obj")
        if panel:
            context |= {"seminar": panel.seminar, **_neighbours(panel)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        return self._to_the_next(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._to_the_next(request, obj) or super().response_change(request, obj)

    def _to_the_next(self, request, panel):
        if "_nextpanel" not in request.POST:
            return None
        self.message_user(request, gettext("“%s” is saved.") % panel, messages.SUCCESS)
        following = _neighbours(panel)["next_panel"]
        if following:
            return HttpResponseRedirect(reverse("admin:events_panel_change", args=[following.pk]))
        return HttpResponseRedirect(
            f"{reverse('admin:events_panel_add')}?seminar={panel.seminar_id}&position={panel.position + 1}"
        )


def _neighbours(panel):
    """The panels before and after in the programme's order; None at its ends."""
    programme = [None, *panel.seminar.panels.all(), None]
    place = programme.index(panel)
    return {"previous_panel": programme[place - 1], "next_panel": programme[place + 1]}


class PrintedPositionInline(SecretariatInline):
    model = PrintedPosition
    fields = [("position", "institution", "country"), in_three("text")]
    autocomplete_fields = ["institution"]


@admin.register(Intervention)
class InterventionAdmin(SecretariatModelAdmin):
    list_display = ["printed_name", "role", "panel", "seminar"]
    list_filter = ["role", "certainty"]
    list_select_related = ["person", "panel__seminar"]
    search_fields = ["person__name__resembles", "name_as_printed__resembles", *resembles("collective", "title", "panel__title")]
    autocomplete_fields = ["panel", "person"]
    inlines = [PrintedPositionInline]
    fieldsets = [
        (None, {"fields": ["panel", ("position", "role"), "person", in_three("collective"), "name_as_printed"]}),
        (_("What was said"), {"fields": [in_three("title"), in_three("summary"), in_three("quote")]}),
        (_("How sure it is"), {"fields": ["certainty"]}),
        source(),
    ]

    @admin.display(description=_("name"), ordering="person__name")
    def printed_name(self, intervention):
        return intervention.printed_name

    @admin.display(description=_("seminar"), ordering="panel__seminar__starts_on")
    def seminar(self, intervention):
        return intervention.panel.seminar
