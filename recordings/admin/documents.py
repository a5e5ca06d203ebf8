"""Documents at the secretariat's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from recordings.forms import DocumentForm
from recordings.models import Document
from rifess.base.admin import MissingTranslation, SecretariatInline, SecretariatModelAdmin, in_three, resembles, source


@admin.register(Document)
class DocumentAdmin(SecretariatModelAdmin):
    form = DocumentForm
    list_display = ["title", "symbol", "kind", "dated_on", "institution", "audience"]
    list_filter = ["audience", "kind", "language", MissingTranslation]
    translated_name = "title"
    date_hierarchy = "dated_on"
    list_select_related = ["institution"]
    search_fields = [*resembles("title", "summary"), "symbol__resembles"]
    autocomplete_fields = ["institution", "seminar", "topics"]
    fieldsets = [
        (None, {"fields": [in_three("title"), ("kind", "symbol"), ("dated_on", "dated_on_precision"), "institution"]}),
        (_("The text"), {"fields": [("file", "url"), "language", in_three("summary")]}),
        (_("What it belongs to"), {"fields": ["seminar", "topics", "is_milestone"]}),
        (_("Who may read it"), {"fields": [("audience", "open_to_everyone"), "slug"]}),
        source(),
    ]


class DocumentInline(SecretariatInline):
    model, form = Document, DocumentForm
    fields = [in_three("title"), ("kind", "symbol", "dated_on", "language"), ("file", "url"), ("audience", "open_to_everyone")]
    show_change_link = True
