"""What the secretariat does to the data of a person: it crosses every room, and stands here."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.models import DataRequest, DataRequestKind
from rifess.base.admin import ChoiceFilter, SecretariatModelAdmin
from rifess.base.cleaned import forms
from rifess.base.guided import GuidedAct, GuidedForm, WithActs
from rifess.personal_data.erasure import erase, foresee


class EraseForm(GuidedForm):
    also_public = forms.BooleanField(
        label=gettext_lazy("Take the name out of published programmes too"),
        required=False,
        help_text=gettext_lazy("Published programmes are the public record. Only if there is a reason to change it."),
    )
    answer = forms.CharField(
        label=gettext_lazy("What was decided, and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("It stays with the request."),
    )


class Erase(GuidedAct):
    """A person's data are erased, as far as they may be."""

    title, button, form_class = gettext_lazy("Erase the personal data"), gettext_lazy("Erase"), EraseForm

    def consequences(self, answers):
        told = foresee(self.row.person, also_public=answers["also_public"]) if self._is_open() else []
        lines = [f"{capfirst(line.fate.label)}: {line.what} ({line.count}). {line.why}" for line in told]
        return lines or [_("There is nothing to erase: the request is answered, or the person is gone.")]

    def carry_out(self, answers):
        if self._is_open():
            erase(self.row.person, also_public=answers["also_public"])
        request = DataRequest.objects.get(pk=self.row.pk)
        request.answered_at, request.answered_by = timezone.now(), self.request.user
        request.answer, request.words = answers["answer"], ""
        request.save()
        return _("The personal data are erased."), reverse("admin:members_datarequest_changelist")

    def _is_open(self):
        return self.row.kind == DataRequestKind.ERASURE and self.row.answered_at is None and self.row.person is not None


class Answered(ChoiceFilter):
    title, parameter_name = gettext_lazy("state"), "state"
    questions = {
        "waiting": (gettext_lazy("to be answered"), lambda requests: requests.waiting()),
        "answered": (pgettext_lazy("request", "answered"), lambda requests: requests.filter(answered_at__isnull=False)),
    }


@admin.register(DataRequest)
class DataRequestAdmin(WithActs, SecretariatModelAdmin):
    """Requests come from people's own pages; one that came by letter is typed here, for its person."""

    acts = {"erase": Erase}
    list_display = ["asked_at", "kind", "person", "user", "answered_at", "answered_by"]
    list_filter = [Answered, "kind"]
    list_select_related = ["person", "user", "answered_by"]
    autocomplete_fields = ["person"]
    readonly_fields = ["user", "asked_at", "answered_at", "answered_by", "answer"]
    fieldsets = [
        (None, {"fields": ["kind", "person", "user", "words", "asked_at"]}),
        (gettext_lazy("Answer"), {"fields": ["answered_at", "answered_by", "answer"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False
