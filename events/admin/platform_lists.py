"""The lists of meeting platforms at the desk: a list is brought, looked at row by row, and written as attendance."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.admin.clocks import city_of, on_the_clock_of
from events.attendance.platform_reports import commit
from events.attendance.platform_reports.match import Reason
from events.attendance.platform_reports.reader import LARGEST
from events.models import MeetingPlatform, Panel, PlatformList, Registration, Sureness, TakingPart
from rifess.base.cleaned import forms
from rifess.base.codes import as_typed
from rifess.base.integers import whole_number
from rifess.base.text.accent_folding import fold
from rifess.base.text.collation import SortKey
from rifess.base.uploads.files import plain_name
from rifess.base.zones import ZONES

NOBODY, OTHER = "nobody", "other"
SALT = "events.admin.platform_lists"
A_DAY = 24 * 60 * 60
MOST_KEPT = 2_000_000  # characters: what is sent with a form may not be much larger
MOST_REMARKS = 20  # that are shown
A_PAGE = 50
NEEDED = [f"events.{action}_{model}" for action in ("add", "change") for model in ("platformlist", "attendance")]


class BringForm(forms.Form):
    """The file of a meeting platform, and how it is to be read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("The list of participants as the platform gives it (CSV); at most 5 MB."),
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        choices=[("", gettext_lazy("As the file shows")), *MeetingPlatform.choices],
        required=False,
    )
    panel = forms.ModelChoiceField(
        Panel.objects.none(),
        label=gettext_lazy("Panel"),
        required=False,
        empty_label=gettext_lazy("the whole seminar"),
        help_text=gettext_lazy("When one meeting held several panels, import its list once for each, and count only its time."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of the list"),
        choices=[*ZONES, ("UTC", "UTC")],
        help_text=gettext_lazy("Platforms use the time zone of the person who opened the meeting."),
    )
    only_within = forms.BooleanField(
        label=gettext_lazy("Count only the time of the panel, or of the programme"),
        required=False,
        help_text=gettext_lazy("What lies before its beginning and after its end does not count."),
    )

    remarks, answer, kept = (), "", ""  # what has to be confirmed, by which value, and the file meanwhile

    def __init__(self, *args, seminar, **kwargs):
        super().__init__(*args, initial={"zone": seminar.zone.key}, **kwargs)
        self.seminar = seminar
        self.fields["panel"].queryset = seminar.panels.all()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise ValidationError(_("At most 5 MB."), code="size")
        if not file and "kept" not in self.data:
            raise ValidationError(self.fields["file"].error_messages["required"], code="required")
        return file

    def bring(self, by):
        """Keep the list. Returns what was brought, or None with the reason among the errors."""
        answers = {name: self.cleaned_data[name] for name in ("platform", "panel", "only_within")}
        answers |= {"zone": ZoneInfo(self.cleaned_data["zone"]), "confirmed": self.data.get("confirmed", "")}
        try:
            data, name = self._brought(by)
            return commit.bring(self.seminar, data=data, file_name=name, by=by, **answers)
        except commit.Unlikely as unlikely:
            self._ask(unlikely, data, name, by)
            return None
        except ValidationError as refused:
            self.add_error("file", ValidationError(refused.messages))
            return None

    def _brought(self, by):
        """The bytes and the name of the file, which travels in the page, signed, while its remarks are looked at."""
        if file := self.cleaned_data["file"]:
            return file.read(), plain_name(file.name)
        try:
            kept = signing.loads(self.data["kept"], salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            kept = {}
        if (kept.get("user"), kept.get("seminar")) != (by.pk, self.seminar.pk):
            raise ValidationError(_("This page is too old, or not yours. Upload the file again."), code="kept")
        return kept["data"].encode("latin-1"), kept["name"]

    def _ask(self, unlikely, data, name, by):
        """Show what is remarked upon, and keep the file for the answer where it is not too long for a page."""
        kept = {"user": by.pk, "seminar": self.seminar.pk, "name": name, "data": data.decode("latin-1")}
        self.kept = signing.dumps(kept, salt=SALT, compress=True)
        self.kept = self.kept if len(self.kept) <= MOST_KEPT else ""
        self.remarks, self.answer = unlikely.remarks, unlikely.answer
        self.add_error(
            None, ValidationError(_("Look at the remarks on this list, and confirm that it is right."), code="unlikely")
        )


class DecisionForm(forms.Form):
    """Who somebody in a list is: one of those suggested, somebody else who registered, or nobody."""

    who = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    other = forms.CharField(required=False, max_length=400)

    def __init__(self, *args, row, people, **kwargs):
        super().__init__(*args, prefix=f"row{row.pk}", **kwargs)
        self.row, self.people = row, people
        self.lines = ngettext("line %(lines)s", "lines %(lines)s", row.lines.count(",") + 1) % {"lines": row.lines}
        self.fields["who"].choices = [*self._suggested(), (NOBODY, _("no one who registered")), (OTHER, _("someone else:"))]
        self.fields["other"].widget.attrs = {
            "list": "people",
            "autocomplete": "off",
            "aria-label": _("Someone else who is %(name)s") % {"name": row},
        }
        if not self.is_bound and row.sureness == Sureness.NOBODY:
            self.initial["who"] = NOBODY

    def _suggested(self):
        labels = dict(Reason.choices)
        for pk, reason in self.row.suggestions:
            if pk in self.people:
                yield str(pk), f"{label_of(self.people[pk])} ({labels.get(reason, reason)})"

    def clean(self):
        cleaned = super().clean()
        who = cleaned.get("who")
        self.is_answered = bool(who)
        self.registration = self.people.get(whole_number(who or ""))
        if who == OTHER:
            self.registration = self._found(cleaned.get("other", ""))
        return cleaned

    def _found(self, typed):
        """The person typed: their number, address or whole name. Raises ValidationError (code "unknown")."""
        typed = typed.strip()
        code, address, name = as_typed(typed.rpartition("·")[2]), typed.lower(), fold(typed)
        found = [
            each for each in self.people.values() if code == each.code or address == each.email.lower() or name == fold(each.name)
        ]
        if not typed or len(found) != 1:
            raise ValidationError(_("Choose one of those who registered: type a part of the name."), code="unknown")
        return found[0]


def label_of(registration):
    return f"{registration.name} · {registration.email} · {registration.code}"


class BringsPlatformLists:
    """Adds the pages to who takes part."""

    def get_urls(self):
        view, name = self.admin_site.admin_view, "events_takingpart_platform_list"
        return [
            path("<int:pk>/platform-lists/", view(self.platform_lists), name=f"{name}s"),
            path("<int:pk>/platform-lists/<int:number>/", view(self.platform_list), name=name),
            path("<int:pk>/platform-lists/<int:number>/<str:act>/", view(self.platform_list_act), name=f"{name}_act"),
            *super().get_urls(),
        ]

    def platform_lists(self, request, pk):
        """What was brought, and the form that brings another."""
        seminar = self._seminar_of_lists(request, pk)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = BringForm(*sent, seminar=seminar)
        if form.is_valid() and (brought := form.bring(request.user)):
            said = _("The list is of %(platform)s.") % {"platform": brought.list.get_platform_display()}
            self.message_user(request, said, messages.SUCCESS)
            return redirect("admin:events_takingpart_platform_list", seminar.pk, brought.list.pk)
        adminform = AdminForm(form, [(None, {"fields": [*form.fields]})], {}, model_admin=self)
        context = {"title": _("Lists of meeting platforms"), "adminform": adminform, "errors": form.errors}
        context |= {"asked": form, "remarks": form.remarks[:MOST_REMARKS], "remarks_left": len(form.remarks[MOST_REMARKS:])}
        context["lists"] = seminar.platform_lists.select_related("panel", "brought_by").annotate(people=Count("rows"))
        return self._list_page(request, seminar, "platform_lists.html", context, status=400 if form.errors else 200)

    def platform_list(self, request, pk, number):
        """A list, row by row: those who are sure, those who are not, and those who are nobody known."""
        seminar = self._seminar_of_lists(request, pk)
        listed = get_object_or_404(seminar.platform_lists.select_related("panel"), pk=number)
        page = Paginator(_to_decide(listed), A_PAGE).get_page(request.GET.get("page"))
        people = {each.pk: each for each in Registration.objects.known().filter(seminar=seminar).order_by(SortKey("name"), "pk")}
        sent = request.POST if request.method == "POST" else None
        rows = _sent_rows(listed, sent) if sent else page.object_list
        decisions = [DecisionForm(sent, row=row, people=people) for row in rows]
        if sent and all([form.is_valid() for form in decisions]):
            return self._decide(request, listed, decisions, sent.getlist("doubt"))
        context = {"title": str(listed), "listed": listed, "page": page, "decisions": decisions, "errors": sent is not None}
        context |= {"people": [label_of(each) for each in people.values()], "settled": _settled(listed), **_groups(listed)}
        return self._list_page(request, seminar, "platform_list.html", context, status=400 if sent else 200)

    def _decide(self, request, listed, decisions, doubted):
        try:
            with transaction.atomic():
                for form in decisions:
                    if form.is_answered:
                        commit.decide(form.row, form.registration)
                for row in listed.rows.filter(pk__in=_keys(doubted)).select_related("list"):
                    commit.doubt(row)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
        else:
            self.message_user(request, _("Your decisions are saved."), messages.SUCCESS)
        return redirect("admin:events_takingpart_platform_list", listed.seminar_id, listed.pk)

    def platform_list_act(self, request, pk, number, act):
        """Write the attendance, take it back, or throw the list away."""
        seminar = self._seminar_of_lists(request, pk)
        listed = get_object_or_404(seminar.platform_lists, pk=number)
        if request.method != "POST" or act not in ACTS:
            raise Http404
        try:
            self.message_user(request, ACTS[act](listed, request.user), messages.SUCCESS)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
        if PlatformList.objects.filter(pk=number).exists():
            return redirect("admin:events_takingpart_platform_list", seminar.pk, number)
        return redirect("admin:events_takingpart_platform_lists", seminar.pk)

    def _seminar_of_lists(self, request, pk):
        if not request.user.has_perms(NEEDED):
            raise PermissionDenied
        return get_object_or_404(TakingPart, pk=pk)

    def _list_page(self, request, seminar, template, context, status):
        about = {"opts": self.opts, "original": seminar, "media": self.media, "city": city_of(seminar.zone)}
        context = self.admin_site.each_context(request) | about | context
        return on_the_clock_of(seminar.zone, render, request, f"admin/events/takingpart/{template}", context, status=status)


def _to_decide(listed):
    """The rows without a person: those of whom it is not sure first."""
    return listed.rows.filter(registration=None, is_decided=False).select_related("list").order_by("-sureness", "pk")


def _sent_rows(listed, sent):
    return (
        listed.rows.filter(pk__in=_keys(sent.getlist("row")), registration=None)
        .select_related("list")
        .order_by("-sureness", "pk")
    )


def _keys(sent):
    return [key for each in sent if (key := whole_number(each)) is not None]


def _settled(listed):
    return listed.rows.filter(Q(is_decided=True) | ~Q(registration=None)).select_related("registration")


def _groups(listed):
    """How many rows are in each group."""
    unsure = Q(sureness=Sureness.UNSURE, is_decided=False)
    return listed.rows.aggregate(
        found=Count("pk", filter=~Q(registration=None)),
        unsure=Count("pk", filter=unsure),
        nobody=Count("pk", filter=Q(registration=None) & ~unsure),
    )


def _write(listed, user):
    count = commit.write_attendance(listed, by=user)
    sentence = ngettext(
        "The attendance of %(count)d person is recorded.", "The attendance of %(count)d people is recorded.", count
    )
    return sentence % {"count": count}


def _take_back(listed, user):
    commit.take_back(listed, by=user)
    return _("Attendance recorded from this list no longer counts.")


def _throw_away(listed, user):
    commit.throw_away(listed)
    return _("The list is discarded.")


ACTS = {"write": _write, "take-back": _take_back, "throw-away": _throw_away}
