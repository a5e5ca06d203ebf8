"""Documents at the secretariat's desk."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms.models import BaseInlineFormSet
from django.http import Http404
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from recordings.admin.minutes import ACTS_BY_STATE, Approve, Circulate, TakeBack
from recordings.documents import add_version
from recordings.forms import DocumentForm
from recordings.models import Document, DocumentVersion
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.pages import MissingTranslation, SecretariatInline, SecretariatModelAdmin, in_three, resembles, source
from rifess.base.admin.reauthentication import confirm_oneself
from rifess.base.dates import say_date
from rifess.base.spreadsheets.writer import as_csv


class VersionInline(SecretariatInline):
    """The files there are. Another one comes with the field above; none is changed or forgotten."""

    model = DocumentVersion
    verbose_name, verbose_name_plural = _("version"), _("Versions")
    readonly_fields = ["as_link", "facts", "changes", "added_at", "added_by", "sha256"]
    can_delete = False

    def get_fields(self, request, obj=None):
        """Who added it is an account: named to those who may read accounts."""
        when = ("added_at", "added_by") if request.user.has_perm("members.view_user") else "added_at"
        return [("as_link", "facts"), "changes", when, "sha256"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document", "added_by")

    @admin.display(description=_("file"))
    def as_link(self, version):
        if version.pk is None:  # a row that was sent though none can be added
            return ""
        return format_html('<a href="{}?download">{}</a>', version.get_absolute_url(), version.name)

    @admin.display(description=_("kind of file"))
    def facts(self, version):
        return f"{version.extension}, {filesizeformat(version.size)}"


@admin.register(Document)
class DocumentAdmin(WithActs, SecretariatModelAdmin):
    form = DocumentForm
    list_display = ["title", "symbol", "kind", "dated_on", "institution", "read_by"]
    list_filter = ["audience", "kind", "state", "language", MissingTranslation]
    translated_name = "title"
    date_hierarchy = "dated_on"
    list_select_related = ["institution"]
    search_fields = [*resembles("title", "summary"), "symbol__resembles"]
    autocomplete_fields = ["institution", "seminar", "topics"]
    readonly_fields = ["where_they_are", "read_by"]
    inlines = [VersionInline]
    acts = {"circulate": Circulate, "approve": Approve, "take-back": TakeBack}
    fieldsets = [
        (None, {"fields": [in_three("title"), ("kind", "symbol"), ("dated_on", "dated_on_precision"), "institution"]}),
        (_("The text"), {"fields": [("file", "changes"), "url", "language", in_three("summary")]}),
        (_("What it belongs to"), {"fields": ["seminar", "topics", "is_milestone"]}),
        (
            _("Who may read it"),
            {"fields": ["where_they_are", "read_by", ("audience", "wider"), "shows_versions", "slug"]},
        ),
        source(),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/openings/", view(self.openings), name="recordings_document_openings"),
            path("<int:pk>/openings.csv", view(self.openings_as_csv), name="recordings_document_openings_csv"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        words = ACTS_BY_STATE.get(row.state, []) if row else []
        acts = [{"title": self.acts[word].title, "route": f"admin:recordings_document_{word}"} for word in words]
        if request.user.has_perm("recordings.view_documentopening"):
            acts.append({"title": _("Who opened it"), "route": "admin:recordings_document_openings"})
        return super().change_view(request, object_id, form_url, {"acts": acts, **(extra_context or {})})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get("file"):
            add_version(form.instance, form.cleaned_data["file"], by=request.user, changes=form.cleaned_data["changes"])

    @admin.display(description=_("now read by"))
    def read_by(self, document):
        return document.readers.label

    @admin.display(description=_("state of the minutes"))
    def where_they_are(self, document):
        if not document.state:
            return "–"
        words = [document.get_state_display()]
        if document.approved_on:
            words.append(say_date(document.approved_on))
        return ", ".join([*words, *([str(document.approving_meeting)] if document.approving_meeting else [])])

    def openings_of(self, request, pk):
        """The document and who opened it, for whoever may know."""
        if not request.user.has_perm("recordings.view_documentopening"):
            raise PermissionDenied
        document = self.get_queryset(request).filter(pk=pk).first()
        if document is None:
            raise Http404
        return document, document.openings.select_related("membership__institution")

    def openings(self, request, pk):
        document, rows = self.openings_of(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Who opened it"),
            "opts": self.opts,
            "original": document,
            "page_obj": Paginator(rows, self.list_per_page).get_page(request.GET.get("page")),
        }
        return render(request, "admin/recordings/document/openings.html", context)

    def openings_as_csv(self, request, pk):
        document, rows = self.openings_of(request, pk)
        confirm_oneself(request)
        head = [gettext("when"), gettext("who"), gettext("for"), gettext("version")]
        cells = [[date_format(localtime(row.opened_at), "c"), row.name, row.membership or "", row.number] for row in rows]
        word = pgettext("name of a file", "openings")
        return as_csv(f"{document.slug}-{word}.csv", [head, *cells])


class DocumentFormSet(BaseInlineFormSet):
    """Documents of a seminar. `by` is whoever saves them."""

    by = None

    def save_new(self, form, commit=True):
        return self._with_file(form, super().save_new(form, commit), commit)

    def save_existing(self, form, obj, commit=True):
        return self._with_file(form, super().save_existing(form, obj, commit), commit)

    def _with_file(self, form, document, commit):
        if commit and form.cleaned_data.get("file"):
            add_version(document, form.cleaned_data["file"], by=self.by)
        return document


class DocumentInline(SecretariatInline):
    model, form, formset = Document, DocumentForm, DocumentFormSet
    fk_name = "seminar"
    fields = [in_three("title"), ("kind", "symbol", "dated_on", "language"), ("file", "url"), ("audience", "wider")]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset
