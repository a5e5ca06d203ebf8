"""Written consultations at the secretariat's desk: they are prepared and published here; votes are looked at, never touched."""

from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.consultations import closing, voting
from events.consultations import messages as emails
from events.models import Consultation, ConsultationOption, VoteCast
from rifess.base.admin.confirmed_actions import GuidedAct, GuidedForm
from rifess.base.admin.pages import (
    EVERYWHERE,
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    act_on_each,
    in_three,
    resembles,
)
from rifess.base.cleaned import forms


def on_the_networks_clock(view, *args, **kwargs):
    """The answer of `view` with every moment read and written on the Network's clock."""
    with timezone.override(settings.NETWORK_TIME_ZONE):
        response = view(*args, **kwargs)
        return response.render() if hasattr(response, "render") else response


class ConsultationState(ChoiceFilter):
    title, parameter_name = _("state"), "state"
    questions = {
        "draft": (_("draft"), lambda found: found.filter(published_at=None)),
        "open": (_("open"), lambda found: found.open()),
        "to-close": (_("over, its result not written yet"), lambda found: found.to_be_closed()),
        "called-off": (pgettext_lazy("consultation", "cancelled"), lambda found: found.exclude(called_off_at=None)),
        "closed": (_("closed"), lambda found: found.exclude(closed_at=None)),
    }


class OptionInline(SecretariatInline):
    """The answers, while nobody can vote yet."""

    model = ConsultationOption
    fields = [("position", "meaning"), in_three("text")]
    verbose_name_plural = _("answers (without any: in favour, against, abstention)")

    def _may_touch(self, consultation):
        return consultation is None or not consultation.is_settled()

    def has_add_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_delete_permission(request, obj)


class VoteCastInline(SecretariatInline):
    """The log: who voted and when; what, when it is over. What was voted in one that was called off is not shown."""

    model = VoteCast
    can_delete = False
    verbose_name_plural = _("votes cast, in their order")

    def get_fields(self, request, obj=None):
        answer = ["option"] if obj and obj.is_over() and not obj.is_called_off else []
        return [("membership", "mandate", "role"), ("cast_at", "replaced"), *answer]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("events.view_consultation")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("membership__institution", "mandate__person", "option")


class ReasonField(forms.CharField):
    """Why, in one language."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def __init__(self, **options):
        super().__init__(max_length=3000, **options)


class CallOffForm(GuidedForm):
    es = ReasonField(
        label=_("Reason, in Spanish"),
        help_text=_("The members can read it in the message and on the page of the consultation."),
        error_messages={"required": _("Give the reason: the members will read it.")},
    )
    pt_br = ReasonField(label=_("Reason, in Portuguese"), required=False)
    en = ReasonField(label=_("Reason, in English"), required=False)


class CallOff(GuidedAct):
    """A consultation that was published by mistake ends without a result."""

    title, button, form_class = _("Cancel this consultation"), pgettext_lazy("consultation", "Cancel it"), CallOffForm

    @classmethod
    def is_open_to(cls, model_admin, request, row):
        """The page of an open consultation is only to be read, and this is done to it all the same."""
        return request.user.has_perm("events.change_consultation")

    def consequences(self, answers):
        votes, told = self.row.votes.count(), emails.voters(self.row.units()).count()
        cast = ngettext(
            "%(count)d vote was submitted. It is shown to no one.",
            "%(count)d votes were submitted. They are shown to no one.",
            votes,
        )
        mail = ngettext(
            "%(count)d principal delegate or alternate gets a message with this reason, in their language.",
            "%(count)d principal delegates and alternates get a message with this reason, each in their language.",
            told,
        )
        return [
            gettext(
                "From this moment on no votes are accepted. There is no result, and nothing is entered in the "
                "register of decisions."
            ),
            cast % {"count": votes},
            gettext("Its page stays, and tells the members that it was cancelled, and why."),
            mail % {"count": told},
            gettext("This cannot be undone. To ask again, write a new consultation."),
        ]

    def carry_out(self, answers):
        reason = {name.replace("_", "-"): words for name, words in answers.items()}
        voting.call_off(self.row.pk, by=self.request.user, reason=reason)
        return gettext("The consultation is cancelled, and its members are notified."), _page_of(self.row)


def _page_of(consultation):
    return reverse("admin:events_consultation_change", args=[consultation.pk])


@admin.register(Consultation)
class ConsultationAdmin(SecretariatModelAdmin):
    list_display = ["question", "opens_at", "closes_at", "threshold", "published", "voted", "agreement"]
    list_filter = [ConsultationState, MissingTranslation]
    translated_name = "question"
    date_hierarchy = "closes_at"
    list_select_related = ["agreement"]
    search_fields = resembles("question", "explanation")
    actions = ["publish", "close", "call_off"]
    fieldsets = [
        (None, {"fields": [in_three("question"), in_three("explanation")]}),
        (
            _("When"),
            {
                "fields": [("opens_at", "closes_at")],
                "description": _(
                    "In the Network’s time zone. Members are notified when it opens and reminded the day before it closes."
                ),
            },
        ),
        (
            _("What it needs"),
            {
                "fields": [("quorum_percent", "threshold"), "counts_abstentions"],
                "description": _(
                    "Each member has one vote. When voting is over, all members can see how each member voted. There"
                    " are no secret ballots."
                ),
            },
        ),
    ]

    def get_urls(self):
        return [CallOff.at(self, "call-off"), *super().get_urls()]

    def changelist_view(self, request, *args, **kwargs):
        return on_the_networks_clock(super().changelist_view, request, *args, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        return on_the_networks_clock(super().changeform_view, request, *args, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fields = [("called_off_at", "called_off_by"), in_three("called_off_reason")]
        more = [(pgettext("consultation", "Cancelled"), {"fields": fields})] if obj and obj.is_called_off else []
        return [*super().get_fieldsets(request, obj), *more]

    def get_inlines(self, request, obj):
        return [OptionInline, VoteCastInline] if obj and obj.has_begun() else [OptionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("votes")

    @admin.display(description=_("published"), boolean=True)
    def published(self, consultation):
        return consultation.is_published

    @admin.display(description=_("members that voted"))
    def voted(self, consultation):
        return len(consultation.votes.all())

    def has_change_permission(self, request, obj=None):
        """Once members may vote, or it is called off, its page is to be read."""
        return (obj is None or not obj.is_settled()) and super().has_change_permission(request, obj)

    def has_decide_permission(self, request):
        """Whether the user may publish and end consultations, the pages of which may be read-only by then."""
        return request.user.has_perm("events.change_consultation")

    def has_delete_permission(self, request, obj=None):
        """Once members have seen it, it is called off instead."""
        return (obj is None or not obj.is_published) and super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not form.instance.options.exists():
            voting.add_usual_options(form.instance)

    @admin.action(description=_("Publish: show it to the members"), permissions=["decide"], location=EVERYWHERE)
    def publish(self, request, queryset):
        for consultation in act_on_each(self, request, queryset, partial(voting.publish, by=request.user)):
            sentence = gettext("“%s” is published: members see it, and vote once it opens.")
            self.message_user(request, sentence % consultation, messages.SUCCESS)

    @admin.action(description=_("Write the result now, if it is over"), permissions=["decide"], location=EVERYWHERE)
    def close(self, request, queryset):
        for consultation in queryset:
            if closing.attend(consultation.pk):
                self.message_user(request, gettext("The result of “%s” is written.") % consultation, messages.SUCCESS)
            else:
                self.message_user(request, gettext("“%s” has no result to be written.") % consultation, messages.WARNING)

    @admin.action(
        description=pgettext_lazy("consultation", "Cancel it"), permissions=["decide"], location=[ActionLocation.CHANGE_FORM]
    )
    def call_off(self, request, queryset):
        """Leads to the guided act, where there is something to call off."""
        for consultation in queryset:
            try:
                voting.check_may_be_called_off(consultation)
            except ValidationError as error:
                self.message_user(request, f"{consultation}: {' '.join(error.messages)}", messages.ERROR)
            else:
                return redirect("admin:events_consultation_call-off", consultation.pk)
        return None
