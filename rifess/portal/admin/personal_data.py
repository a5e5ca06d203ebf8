"""What the secretariat does to the data of a person: it crosses every room, and stands here.

`Erase`, `SendCopy` and `kept` reach far: who acts confirms first that it is them (rifess.base.admin.reauthentication).
"""

from django.contrib import admin
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from members.accounts.reach import refuse_beyond_reach
from members.models import DataRequest, DataRequestKind
from members.models.reminders import LINK_LASTS
from members.outbox import mail
from rifess.base.admin.confirmed_actions import GuidedAct, GuidedForm, WithActs
from rifess.base.admin.pages import CarefulForm, ChoiceFilter, SecretariatModelAdmin
from rifess.base.admin.reauthentication import confirm_oneself
from rifess.base.cleaned import forms
from rifess.portal.personal_data import subjects
from rifess.portal.personal_data.erasure import erase, foresee
from rifess.portal.personal_data.pages import sections_of
from rifess.portal.personal_data.requests import write_link

NOTHING_TO_ERASE = gettext_lazy("There is nothing to erase: the request is answered, or the person is gone.")


class EraseForm(GuidedForm):
    also_public = forms.BooleanField(
        label=gettext_lazy("Take the name out of published programmes too"),
        required=False,
        help_text=gettext_lazy("Published programmes are the public record. Only if there is a reason to change it."),
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Tell the person by email what was done"),
        required=False,
        help_text=gettext_lazy("The message goes to the address of the request, and is deleted within a day after it was sent."),
    )
    answer = forms.CharField(
        label=gettext_lazy("What was decided, and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("It stays with the request, and goes with the message: please name no one."),
    )


class Erase(GuidedAct):
    """A person's data are erased, as far as they may be."""

    confirms = True
    title, button, form_class = gettext_lazy("Erase the personal data"), gettext_lazy("Erase"), EraseForm

    def initial(self):
        return {"tells": True}

    def consequences(self, answers):
        told = foresee(self._subject(answers)) if self._is_open() else []
        lines = [f"{capfirst(line.fate.label)}: {line.what} ({line.count}). {line.why}" for line in told]
        if told and answers["tells"]:
            lines.append(_("A message to %(address)s tells it.") % {"address": _address_of(self.row) or "–"})
        return lines or [NOTHING_TO_ERASE]

    def carry_out(self, answers):
        if not self._waits():
            raise ValidationError(NOTHING_TO_ERASE, code="answered")
        if self._is_open():
            subject = self._subject(answers)
            refuse_beyond_reach(self.request.user, subject.user)
            address, language = _address_of(self.row), _language_of(self.row)
            told = erase(subject)
            if answers["tells"] and address:
                context = {"told": told, "answer": answers["answer"]}
                mail.write("erasure_done", to=address, language=language, context=context, is_secret=True)
        request = DataRequest.objects.get(pk=self.row.pk)
        request.answered_at, request.answered_by = timezone.now(), self.request.user
        request.answer, request.words, request.email = answers["answer"], "", ""
        request.save()
        return _("The personal data are erased."), reverse("admin:members_datarequest_changelist")

    def _subject(self, answers):
        return subjects.of_request(self.row, also_public=answers["also_public"])

    def _waits(self):
        return self.row.kind == DataRequestKind.ERASURE and self.row.answered_at is None and self.row.confirmed_at

    def _is_open(self):
        return self._waits() and _names_somebody(self.row)


class SendCopy(GuidedAct):
    """Send the link to a copy of the data to the address of the request, and to no other."""

    confirms = True
    title, button = gettext_lazy("Send a copy of the personal data"), gettext_lazy("Send the link")

    def consequences(self, answers):
        if not self._is_open():
            return [_("There is no copy to send: the request is answered, or no address is known.")]
        said = {"address": _address_of(self.row), "days": LINK_LASTS.days}
        return [
            _("A message with a link goes to %(address)s. The link is valid for %(days)s days.") % said,
            _("The file is made when it is downloaded, and kept nowhere."),
        ]

    def carry_out(self, answers):
        if not self._is_open():
            raise ValidationError(_("There is no copy to send: the request is answered, or no address is known."))
        request = DataRequest.objects.get(pk=self.row.pk)
        request.email = _address_of(request)
        request.answered_at, request.answered_by = timezone.now(), self.request.user
        request.save()
        write_link(request, to=request.email)
        return _("The link to the copy is sent."), reverse("admin:members_datarequest_changelist")

    def _is_open(self):
        asked = self.row.kind == DataRequestKind.EXPORT and self.row.answered_at is None
        return asked and bool(_address_of(self.row))


def _names_somebody(request):
    return bool(request.email or request.person or request.user)


def _address_of(request):
    """Where the one whose data it is reads their mail: the address of the request, or the account's."""
    user = request.user or (request.person and request.person.user)
    return request.email or (user.email if user else "")


def _language_of(request):
    user = request.user or (request.person and request.person.user)
    return user.language if user and not request.email else request.language


class Answered(ChoiceFilter):
    title, parameter_name = gettext_lazy("state"), "state"
    questions = {
        "waiting": (gettext_lazy("to be answered"), lambda requests: requests.waiting()),
        "answered": (pgettext_lazy("request", "answered"), lambda requests: requests.filter(answered_at__isnull=False)),
    }


class WrittenRequestForm(CarefulForm):
    """A request that came by letter: for an address or for a person."""

    def clean(self):
        super().clean()
        if not (self.cleaned_data.get("email") or self.cleaned_data.get("person") or self.instance.user_id):
            self.add_error("email", ValidationError(_("Enter the email address, or choose the person."), code="nobody"))


class KeptForm(forms.Form):
    """The address of which all that is kept is shown."""

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254, widget=AdminEmailInputWidget)


@admin.register(DataRequest)
class DataRequestAdmin(WithActs, SecretariatModelAdmin):
    """Requests come from people themselves; one that came by letter is typed here, for its address or its person."""

    form = WrittenRequestForm
    acts = {"copy": SendCopy, "erase": Erase}
    change_list_template = "admin/members/datarequest/list.html"
    list_display = ["asked_at", "kind", "email", "person", "user", "confirmed_at", "answered_at", "answered_by"]
    list_filter = [Answered, "kind"]
    list_select_related = ["person", "user", "answered_by"]
    autocomplete_fields = ["person"]
    readonly_fields = ["user", "asked_at", "confirmed_at", "answered_at", "answered_by", "answer"]
    fieldsets = [
        (None, {"fields": ["kind", ("email", "language"), "person", "user", "words", ("asked_at", "confirmed_at")]}),
        (gettext_lazy("Answer"), {"fields": ["answered_at", "answered_by", "answer"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        kept = path("kept/", self.admin_site.admin_view(self.kept), name="members_datarequest_kept")
        return [kept, *super().get_urls()]

    def kept(self, request):
        """All that is kept of an address, on one page, and the way to a copy and to erasure. The address stands in no URL."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            confirm_oneself(request)
        form = KeptForm(request.POST or None, initial={"email": ""})
        subject = subjects.of_address(form.cleaned_data["email"]) if form.is_valid() else None
        kind = request.POST.get("kind", "")
        if subject and kind:
            return self._begin(request, form.cleaned_data["email"], kind)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What is kept about an address"),
            "opts": self.opts,
            "form": form,
            "subject": subject,
            "sections": sections_of(subject, with_links=True) if subject else [],
        }
        return render(request, "admin/members/datarequest/kept.html", context, status=400 if form.errors else 200)

    def _begin(self, request, email, kind):
        """Write down the request, unless it waits already, and go on to its act: nothing has happened yet."""
        word = {DataRequestKind.EXPORT: "copy", DataRequestKind.ERASURE: "erase"}.get(kind)
        if word is None:
            raise Http404
        waiting = DataRequest.objects.waiting().filter(kind=kind, email__iexact=email)
        asked = waiting.first() or DataRequest.objects.create(kind=kind, email=email, language=get_language())
        return redirect(f"admin:members_datarequest_{word}", asked.pk)
