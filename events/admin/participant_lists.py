"""Spreadsheets of participants at the desk: a file is brought, its columns are understood, and what is new takes part."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import TakingPart
from events.registration.spreadsheet_import.columns import Field, divide, guess, remember
from events.registration.spreadsheet_import.commit import bring
from events.registration.spreadsheet_import.corrections import corrected_copy
from events.registration.spreadsheet_import.doubts import doubts, doubts_of_workbook, remark_on_rows_above
from events.registration.spreadsheet_import.forms import FileForm, ListForm, as_sent
from events.registration.spreadsheet_import.plan import plan_for
from events.registration.spreadsheet_import.reader import Table
from events.registration.spreadsheet_import.summary import say

SALT = "events.admin.participant_lists"
A_DAY = 24 * 60 * 60
MOST_KEPT = 2_000_000  # characters: what is sent with a form may not be much larger
SHOWN, SHOWN_REFUSED = 20, 100
NEEDED = ["events.add_registration", "events.view_registration"]


class BringsParticipantLists:
    """Adds the page to who takes part. What was brought travels between its steps in the page, signed, and is kept nowhere."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.participant_list)
        return [path("<int:pk>/participant-list/", view, name="events_takingpart_participant_list"), *super().get_urls()]

    def participant_list(self, request, pk):
        if not request.user.has_perms(NEEDED):
            raise PermissionDenied
        seminar = get_object_or_404(TakingPart, pk=pk)
        if "kept" in request.POST:
            return self._looked_at(request, seminar)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*sent)
        if form.is_valid() and (table := form.table()):
            kept = signing.dumps(_to_keep(request, seminar, table, form.file_name), salt=SALT, compress=True)
            if len(kept) <= MOST_KEPT:
                return _Look(self, request, seminar, table, form.file_name, kept).first()
            form.add_error("file", ValidationError(_("There is too much text in this file: divide it."), code="text"))
        return self._list_form_page(request, seminar, [form], status=400 if form.errors else 200)

    def _looked_at(self, request, seminar):
        try:
            kept = signing.loads(request.POST["kept"], salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            kept = {}
        if (kept.get("user"), kept.get("seminar")) != (request.user.pk, seminar.pk):
            self.message_user(request, _("This page is too old, or not yours. Upload the file again."), messages.ERROR)
            return redirect("admin:events_takingpart_participant_list", seminar.pk)
        look = _Look(self, request, seminar, Table(**kept["table"]), kept["name"], request.POST["kept"])
        return look.again(request.POST.get("act"))

    def _list_form_page(self, request, seminar, forms, status=200, **more):
        about = {"title": _("Import a list of participants"), "opts": self.opts, "original": seminar, "media": self.media}
        context = self.admin_site.each_context(request) | about | more
        context["forms"] = [AdminForm(form, _fieldsets(form), {}, model_admin=self) for form in forms]
        context["errors"] = any(form.errors for form in forms)
        return render(request, "admin/events/takingpart/participant_list.html", context, status=status)


class _Look:
    """A table that was brought, as the secretariat looks at it."""

    def __init__(self, model_admin, request, seminar, table, file_name, kept):
        self.model_admin, self.request, self.seminar = model_admin, request, seminar
        self.table, self.file_name, self.kept = table, file_name, kept
        self.names, self.rows = divide(table)

    def first(self):
        """The page as it is guessed."""
        return self._page(self._form(as_sent(guess(self.names, self.rows, self.table.hidden_columns), self.seminar)), status=200)

    def again(self, act):
        """What was asked: to look again, to bring it in, or the rows that are refused."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self._page(form)
        if self.names is not None:
            remember(self.names, form.columns)
        if act == "refused":
            return corrected_copy(self.table, self.file_name, self.names, self._plan(form).refused)
        return self._bring(form) if act == "bring" else self._page(form)

    def _form(self, sent):
        return ListForm(sent, seminar=self.seminar, names=self.names, rows=self.rows, table=self.table)

    def _plan(self, form):
        return plan_for(self.seminar, form.chosen_rows(self.rows), self.names, form.columns, form.answers)

    def _bring(self, form):
        plan = self._plan(form)
        if "agreed" not in self.request.POST:
            return self._page(form, plan, lacks_agreement=True, status=400)
        if self._doubts(form) and "looked" not in self.request.POST:
            return self._page(form, plan, lacks_look=True, status=400)
        if self.request.POST.get("shown") != self._seal(form, plan):
            self._say(_("Meanwhile something changed: look again at what would happen."), messages.WARNING)
            return self._page(form, plan)
        try:
            count = bring(self.seminar, plan, by=self.request.user, tells="tells" in self.request.POST)
        except ValidationError as refused:
            self._say(" ".join([*refused.messages, _("Nothing was written.")]), messages.ERROR)
            return self._page(form)
        self._say(ngettext("%(count)d person is registered.", "%(count)d people are registered.", count) % {"count": count})
        if plan.refused:
            return self._page(form)
        return redirect(f"{reverse('admin:events_registration_changelist')}?seminar={self.seminar.pk}")

    def _say(self, sentence, level=messages.SUCCESS):
        self.model_admin.message_user(self.request, sentence, level)

    def _seal(self, form, plan):
        """What was shown, signed: whoever changes an answer, or comes when something else is so, is shown it again."""
        people = [(row, each.email, each.name, each.form, each.country.code, each.language) for row, each in plan.new]
        shown = (self.request.user.pk, self.seminar.pk, form.columns, asdict(form.answers), people)
        shown += (self._sentences(plan), self._doubts(form))
        return signing.Signer(salt=SALT).signature(repr(shown))

    def _doubts(self, form):
        """What the secretariat confirms before anybody takes part."""
        first_row = self.rows[0][0] if self.rows else 0
        return [*doubts_of_workbook(self.table, first_row), *doubts(self.names, form.chosen_rows(self.rows), form.columns)]

    def _sentences(self, plan):
        return say(plan, self.seminar.seats.all())

    def _page(self, form, plan=None, status=None, **more):
        more |= {"kept": self.kept, "file_name": self.file_name, "table": self.table, "rows": len(self.rows)}
        more |= {"above": remark_on_rows_above(self.table)}
        more |= {"may_tell": TakingPart.objects.to_come().filter(pk=self.seminar.pk).exists(), "sent": self.request.POST}
        if form.is_valid():
            plan = plan or self._plan(form)
            more |= {"doubts": self._doubts(form)}
            more |= {"plan": plan, "sentences": self._sentences(plan), "shown": self._seal(form, plan)}
            more |= {"people": plan.new[:SHOWN], "refused": plan.refused[:SHOWN_REFUSED]}
            more |= {"people_left": len(plan.new[SHOWN:]), "refused_left": len(plan.refused[SHOWN_REFUSED:])}
        status = status or (400 if form.errors else 200)
        return self.model_admin._list_form_page(self.request, self.seminar, [form], status, **more)


def _to_keep(request, seminar, table, file_name):
    return {"user": request.user.pk, "seminar": seminar.pk, "name": file_name, "table": asdict(table)}


def _fieldsets(form):
    """The fields of `form` in the order of the work: first what the columns say, two beside one another."""
    columns = [f"column_{name}" for name in Field.values if f"column_{name}" in form.fields]
    if not columns:
        return [(None, {"fields": [*form.fields]})]
    others = [name for name in form.fields if name not in columns]
    return [
        (_("What the columns say"), {"fields": columns, "classes": ["list-columns"]}),
        (_("For all of the list"), {"fields": others}),
    ]
