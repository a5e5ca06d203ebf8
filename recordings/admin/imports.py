"""Importing recordings at the desk: bring a file or addresses, look at what would happen, and do exactly that."""

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Intervention, Panel, Seminar
from members.models import Person
from recordings.imports import carry_out, plan_for, read_data
from recordings.imports.files import guarded
from recordings.imports.forms import ImportForm
from recordings.imports.tables import columns

SALT = "recordings.admin.imports"
A_DAY = 24 * 60 * 60
MOST_ROWS = 2_000  # that are read here: planning them takes some seconds
SHOWN_REFUSED = 100
MOST = 500  # at a time: as many as are done before a browser gives up, and as one can look at


class ImportsRecordings:
    """Adds the page to the recordings' desk. What was brought travels between its two steps in the page, signed."""

    def get_urls(self):
        page = path("import/", self.admin_site.admin_view(self.import_recordings), name="recordings_recording_import")
        return [page, *super().get_urls()]

    def import_recordings(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "kept" in request.POST:
            return self._carry_out(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ImportForm(*sent, user=request.user)
        if form.is_valid():
            data, name = form.brought()
            seminar = form.cleaned_data["seminar"]
            return self._preview(request, {"data": data.decode("latin-1"), "name": name, "seminar": seminar and seminar.pk})
        return self._page(request, form=form)

    def _page(self, request, form, status=200, **more):
        adminform = AdminForm(form, [(None, {"fields": [*form.fields]})], {}, model_admin=self)
        context = {"title": _("Import recordings"), "opts": self.opts, "adminform": adminform, "errors": form.errors}
        context |= {"columns": columns(), "media": self.media + form.media}
        context = self.admin_site.each_context(request) | context | more
        return render(request, "admin/recordings/recording/import.html", context, status=status)

    def _preview(self, request, brought, *, lacks_look=False):
        plan = _plan(brought, request.user)
        kept = brought | {"user": request.user.pk, "fingerprint": plan.fingerprint}
        return self._page(
            request,
            form=ImportForm(user=request.user),
            status=400 if lacks_look else 200,
            lacks_look=lacks_look,
            plan=plan,
            name=brought["name"],
            shown=plan.steps[:MOST],
            not_shown=len(plan.steps[MOST:]),
            refused=plan.refused[:SHOWN_REFUSED],
            refused_left=len(plan.refused[SHOWN_REFUSED:]),
            most=MOST,
            too_many=len(plan.to_do) > MOST,
            lacking=_lacking(plan, request.user),
            kept=signing.dumps(kept, salt=SALT, compress=True),
        )

    def _carry_out(self, request):
        try:
            kept = signing.loads(request.POST["kept"], salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            kept = {}
        if kept.get("user") != request.user.pk:
            self.message_user(request, _("This page is too old, or not yours. Upload the file again."), messages.ERROR)
            return redirect("admin:recordings_recording_import")
        plan = _plan(kept, request.user)
        if plan.fingerprint != kept["fingerprint"] or _lacking(plan, request.user) or len(plan.to_do) > MOST:
            self.message_user(request, _("Meanwhile something changed: look again at what would happen."), messages.WARNING)
            return self._preview(request, {name: kept[name] for name in ("data", "name", "seminar")})
        if plan.signs and "looked" not in request.POST:
            return self._preview(request, {name: kept[name] for name in ("data", "name", "seminar")}, lacks_look=True)
        return self._done(request, plan)

    def _done(self, request, plan):
        try:
            carry_out(plan)
        except ValidationError as mistake:
            self.message_user(request, " ".join([*mistake.messages, _("Nothing was written.")]), messages.ERROR)
            return redirect("admin:recordings_recording_import")
        count = len(plan.to_do)
        sentence = ngettext(
            "%(count)d recording is imported. What is new is a draft: publish it when it is as it should be.",
            "%(count)d recordings are imported. What is new is a draft: publish it when it is as it should be.",
            count,
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
        return redirect("admin:recordings_recording_changelist")


def _plan(brought, user):
    seminar = Seminar.objects.visible_to(user).filter(pk=brought["seminar"]).first()
    data, name = brought["data"].encode("latin-1"), brought["name"]
    return plan_for(guarded(name, lambda: read_data(data, name, most=MOST_ROWS)), seminar=seminar)


def _lacking(plan, user):
    """What the import would make and `user` may not add: names of models."""
    made = {
        Seminar: plan.new_seminars,
        Person: plan.new_people,
        Panel: [step for step in plan.steps if step.panel and not step.panel.pk],
        Intervention: [step for step in plan.steps if step.interventions],
    }
    meta = [model._meta for model, rows in made.items() if rows]
    return [str(each.verbose_name_plural) for each in meta if not user.has_perm(f"{each.app_label}.add_{each.model_name}")]
