"""Written consultations at the secretariat's desk: they are prepared and published here; votes are looked at, never touched."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import closing, consultations
from events.models import Consultation, ConsultationOption, VoteCast
from rifess.base.admin import (
    EVERYWHERE,
    ChoiceFilter,
    MissingTranslation,
    SecretariatInline,
    SecretariatModelAdmin,
    in_three,
    resembles,
)


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
        "closed": (_("closed"), lambda found: found.exclude(closed_at=None)),
    }


class OptionInline(SecretariatInline):
    """The answers, while nobody can vote yet."""

    model = ConsultationOption
    fields = [("position", "meaning"), in_three("text")]
    verbose_name_plural = _("answers (without any: in favour, against, abstention)")

    def _may_touch(self, consultation):
        return consultation is None or not consultation.has_begun()

    def has_add_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_touch(obj) and super().has_delete_permission(request, obj)


class VoteCastInline(SecretariatInline):
    """The log: who voted and when; what, when it is over."""

    model = VoteCast
    can_delete = False
    verbose_name_plural = _("votes cast, in their order")

    def get_fields(self, request, obj=None):
        answer = ["option"] if obj and obj.is_over() else []
        return [("membership", "mandate", "role"), ("cast_at", "replaced"), *answer]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("events.view_consultation")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("membership__institution", "mandate__person", "option")


@admin.register(Consultation)
class ConsultationAdmin(SecretariatModelAdmin):
    list_display = ["question", "opens_at", "closes_at", "threshold", "published", "voted", "agreement"]
    list_filter = [ConsultationState, MissingTranslation]
    translated_name = "question"
    date_hierarchy = "closes_at"
    list_select_related = ["agreement"]
    search_fields = resembles("question", "explanation")
    actions = ["publish", "close"]
    fieldsets = [
        (None, {"fields": [in_three("question"), in_three("explanation")]}),
        (
            _("When"),
            {
                "fields": [("opens_at", "closes_at")],
                "description": _("On the Network’s clock. Members are told when it opens and reminded the day before it closes."),
            },
        ),
        (
            _("What it needs"),
            {
                "fields": [("quorum_percent", "threshold"), "counts_abstentions"],
                "description": _(
                    "Each member has one vote, and all members read who voted what when it is over. There are no secret ballots."
                ),
            },
        ),
    ]

    def changelist_view(self, request, *args, **kwargs):
        return on_the_networks_clock(super().changelist_view, request, *args, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        return on_the_networks_clock(super().changeform_view, request, *args, **kwargs)

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
        """Once members may vote, its page is to be read."""
        return (obj is None or not obj.has_begun()) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return (obj is None or not obj.has_begun()) and super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not form.instance.options.exists():
            consultations.add_usual_options(form.instance)

    @admin.action(description=_("Publish: show it to the members"), permissions=["view"], location=EVERYWHERE)
    def publish(self, request, queryset):
        for consultation in queryset:
            try:
                consultations.publish(consultation, by=request.user)
            except ValidationError as error:
                self.message_user(request, f"{consultation}: {' '.join(error.messages)}", messages.ERROR)
            else:
                sentence = gettext("“%s” is published: members see it, and vote once it opens.")
                self.message_user(request, sentence % consultation, messages.SUCCESS)

    @admin.action(description=_("Write the result now, if it is over"), permissions=["view"], location=EVERYWHERE)
    def close(self, request, queryset):
        for consultation in queryset:
            if closing.attend(consultation.pk):
                self.message_user(request, gettext("The result of “%s” is written.") % consultation, messages.SUCCESS)
            else:
                self.message_user(request, gettext("“%s” has no result to be written.") % consultation, messages.WARNING)
