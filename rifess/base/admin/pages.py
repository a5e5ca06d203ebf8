"""What every page of the secretariat's desk has in common."""

import re
from copy import copy

from auditlog.admin import LogEntryAdmin
from auditlog.models import LogEntry
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import flatten_fieldsets
from django.contrib.admin.utils import flatten, get_fields_from_path, unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminFileWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField
from modeltranslation.manager import get_translatable_fields_for_model
from modeltranslation.utils import build_localized_fieldname

from rifess.base.admin.autocomplete import AutocompleteSelect, AutocompleteSelectMultiple, may_be, read_once
from rifess.base.admin.history import entries_of, happenings
from rifess.base.admin.optimistic_lock import CarefulForm, untranslated
from rifess.base.admin.refused_saves import ShowsRefusedSaves
from rifess.base.text.accent_folding import fold
from rifess.base.text.collation import ShownSortKey, SortKey, position_of_country

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]  # where an action is offered
ON_PAGE = ActionLocation.CHANGE_FORM.value  # what the names of the fields that choose one on a record's page begin with
ACT = f"{ON_PAGE}-action"
MOST_OFFERED = 20  # related rows by which a list can be filtered
MOST_ROWS = 200  # of one inline: a programme has 60 panels, a long recording 100 chapters
TOO_MANY_ROWS = _("This page takes at most %(num)d rows of this kind. Nothing was saved.")
DELETED_MEANWHILE = _(
    "Someone deleted some of these rows meanwhile. What you had of them is at the end, as new: remove it or save again."
)
NOT_TYPED = {ACT, f"{ON_PAGE}-select_across", ACTION_CHECKBOX_NAME, "index", "csrfmiddlewaretoken"}


def in_three(field):
    """The columns of a translated field, Spanish first: as a tuple, one line of a fieldset."""
    return tuple(build_localized_fieldname(field, language) for language in settings.MODELTRANSLATION_LANGUAGES)


def resembles(*fields):
    """`search_fields` that look in every language, without regard to accents."""
    return [f"{column}__resembles" for field in fields for column in in_three(field)]


def source():
    """The fieldset of where a fact comes from; closed until it is wanted."""
    lines = [("source_url", "as_of"), in_three("source_note")]
    return (_("Where it comes from"), {"fields": lines, "classes": ["collapse"], "description": _("Visitors see all of it.")})


class FileWidget(AdminFileWidget):
    """Its label is a label: Django writes a legend, which names no field."""

    use_fieldset = False


class Careful:
    """Adds to the last fieldset what the page showed, to the first the box that confirms unlikely values (see `CarefulForm`)."""

    form = CarefulForm

    def get_fieldsets(self, request, obj=None):
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        if not self.has_change_permission(request, obj) or "seen" in flatten_fieldsets(fieldsets):
            return fieldsets
        fieldsets[0][1]["fields"] = [*fieldsets[0][1]["fields"], "confirmed"]
        fieldsets[-1][1]["fields"] = [*fieldsets[-1][1]["fields"], "seen"]
        return fieldsets


class Spoken:
    """What Django's own pages leave without a name, named; short choices of several as boxes to tick (`ticked`)."""

    ticked = []
    formfield_overrides = {models.FileField: {"widget": FileWidget}}

    class Media:
        js = ["rifess/admin-desk.js"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteSelect(db_field, self.admin_site))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field:
            field.iterator = read_once()
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.ticked:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        elif db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class Remembered:
    """Its history page tells what was done at any door, in words: who, when, before, after."""

    object_history_template = "admin/history.html"

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        page = Paginator(entries_of(row) if row else LogEntry.objects.none(), self.list_per_page).get_page(
            request.GET.get("page")
        )
        hidden = () if request.user.has_perm("members.view_user") else (get_user_model(),)
        happened = {"happenings": happenings(page.object_list, hidden=hidden), "happened_page": page}
        return super().history_view(request, object_id, happened | (extra_context or {}))


class FindsCountries:
    """Its search also finds what is of a country, by the country's name in the reader's language: "españa", "Brasil"."""

    country = "country"

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        words = fold(search_term.strip())
        codes = [code for code, name in countries if words and words in fold(str(name))]
        return (found | queryset.filter(**{f"{self.country}__in": codes}) if codes else found), may_repeat


class KeepsRowAsStored:
    """What a page lets somebody do is decided by the row as it is stored, also where the page comes back with a mistake.

    Django writes what was typed into the row before it asks `get_readonly_fields`, `has_change_permission` and the like again.
    """

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (FormWithItsOwnRow, form), {})


class FormWithItsOwnRow:
    """Cleaning this form changes a copy of the row that it was given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance = copy(self.instance)


class SavesBeforeActing:
    """An action of a page is done to what the page says: that is saved first, and where it is refused, nothing is done.

    Django does the action and forgets what was typed. On a page that is only to be read there is nothing to save.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id and _acts_on_what_was_typed(request):
            row = self.get_object(request, unquote(object_id))
            if row and self.has_change_permission(request, row):
                if request.POST.getlist(ACTION_CHECKBOX_NAME) != [str(row.pk)]:
                    raise BadRequest
                request.POST = request.POST.copy()
                request.POST["_continue"], request.acts_next = "1", bool(request.POST[ACT])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def response_change(self, request, obj):
        saved = super().response_change(request, obj)
        if not getattr(request, "acts_next", False):
            return saved
        return self.response_action(request, self.get_queryset(request), action_location=ActionLocation.CHANGE_FORM) or saved

    def render_change_form(self, request, context, *args, **kwargs):
        if context.get("errors") and getattr(request, "acts_next", False):
            sentence = gettext("The action was not carried out, because the page could not be saved. Correct it and try again.")
            self.message_user(request, sentence, messages.ERROR)
        return super().render_change_form(request, context, *args, **kwargs)


def _acts_on_what_was_typed(request):
    saves = {"_save", "_continue", "_addanother", "_saveasnew"} & {*request.POST}
    return request.method == "POST" and ACT in request.POST and not saves and bool({*request.POST} - NOT_TYPED)


def how_many(rows, of):
    """A column of a list: how many of `rows` have the row of the list as their `of`."""
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)


class PageOfAList(ChangeList):
    """A list whose computed columns are asked for the rows of one page: in the query of the list, SQLite computes them for every
    row of the table before it takes the first fifty. A column of words is sorted as names are (rifess.base.text.collation)."""

    def get_ordering_field(self, field_name):
        return in_alphabetical_order(super().get_ordering_field(field_name), self.model)

    def get_results(self, request):
        super().get_results(request)
        self.model_admin.compute_columns(self.result_list)


def in_alphabetical_order(asked, model):
    """`asked`, the name of a column that leads over any relations, as an expression where it holds words that people wrote."""
    try:
        column = get_fields_from_path(model, asked)[-1] if isinstance(asked, str) else None
    except FieldDoesNotExist:
        return asked  # computed: `columns()`
    if isinstance(column, CountryField):
        return position_of_country(asked)
    if not isinstance(column, (models.CharField, models.TextField)) or column.choices:
        return asked
    is_translated = column.name in (get_translatable_fields_for_model(column.model) or ())
    return (ShownSortKey if is_translated else SortKey)(asked)


class SecretariatModelAdmin(
    ShowsRefusedSaves, KeepsRowAsStored, SavesBeforeActing, Careful, Spoken, Remembered, admin.ModelAdmin
):
    """A page of the secretariat's: 50 rows a list, without a second count of all."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False

    def columns(self):
        """Expressions that only columns of the list and read-only fields show, by the attribute that they give to a row."""
        return {}

    def get_queryset(self, request):
        """Aliases: a list can be sorted by a computed column, and is not asked for it otherwise."""
        return super().get_queryset(request).alias(**self.columns())

    def get_changelist(self, request, **kwargs):
        return PageOfAList

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        self.compute_columns([row] if row else [])
        return row

    def compute_columns(self, rows):
        """Give each of `rows` its `columns()`, in one query."""
        columns = self.columns()
        if not columns or not rows:
            return
        computed = self.model._base_manager.filter(pk__in=[row.pk for row in rows]).annotate(**columns)
        values = {each["pk"]: each for each in computed.order_by().values("pk", *columns)}
        deleted_meanwhile = dict.fromkeys(columns)
        for row in rows:
            for name in columns:
                setattr(row, name, values.get(row.pk, deleted_meanwhile)[name])

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What somebody typed about a record that was deleted meanwhile stays in the page that says so (404.html)."""
        if request.method == "POST":
            raise Http404
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def lookup_allowed(self, lookup, value, request):
        """A list is filtered by what its pages show: asked letter by letter, a filter tells a column that is shown nowhere."""
        column = lookup.partition(LOOKUP_SEP)[0]
        is_told = column in self._shown(request) or column not in {field.name for field in self.opts.get_fields()}
        return is_told and super().lookup_allowed(lookup, value, request)

    def _shown(self, request):
        filters = (each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request))
        columns = (each.partition(LOOKUP_SEP)[0] for each in filters if isinstance(each, str))
        listed = [*self.get_list_display(request), self.date_hierarchy, self.opts.pk.name, "pk"]
        return {*flatten_fieldsets(self.get_fieldsets(request)), *listed, *columns}


def act_on_each(page, request, rows, act):
    """Do `act` to each of `rows`, at the desk's `page`, and return those it was done to; of the others it is said why not."""
    done = []
    for row in rows:
        try:
            act(row)
        except ValidationError as error:
            page.message_user(request, f"{row}: {' '.join(error.messages)}", messages.ERROR)
        else:
            done.append(row)
    return done


class RowsKnowTheirParent:
    """The rows of a formset have the record on whose page they are: Django's ask for it again, each on its own.

    Rows that somebody deleted since the page was opened come back as new ones, with a sentence: Django would show neither them
    nor a mistake, and take the page never more.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.were_deleted = self.is_bound and self.management_form.is_valid() and self._renew_deleted_rows()

    def _renew_deleted_rows(self):
        """Move what was typed in rows that are gone to the end, without their keys; whether there were such."""
        initial, total = self.initial_form_count(), self.total_form_count()
        there, key = {str(row.pk) for row in self.get_queryset()}, self.model._meta.pk.name
        keys = {number: self.data.get(f"{self.add_prefix(number)}-{key}") for number in range(initial)}
        gone = [number for number, value in keys.items() if value and value not in there]
        if not gone:
            return False
        new = [number for number in gone if not self.data.get(f"{self.add_prefix(number)}-{DELETION_FIELD_NAME}")]
        order = [*(number for number in range(total) if number not in gone), *new]
        places = {str(number): str(place) for place, number in enumerate(order)}
        without = {f"{self.add_prefix(number)}-{name}" for number in gone for name in (key, "seen")}
        self.data, self.files = (self._renumbered(sent, places, without) for sent in (self.data, self.files))
        self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(initial - len(gone))
        self.data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(order))
        del self.management_form
        return bool(new)

    def _renumbered(self, sent, places, without):
        """What was `sent`, with each row at its new place; rows that have none are left out."""
        found = MultiValueDict()
        for name in sent:
            row = re.fullmatch(rf"{re.escape(self.prefix)}-(\d+)(-.+)", name)
            if row is None:
                found.setlist(name, sent.getlist(name))
            elif row[1] in places and name not in without:
                found.setlist(f"{self.prefix}-{places[row[1]]}{row[2]}", sent.getlist(name))
        return found

    def full_clean(self):
        super().full_clean()
        if self.were_deleted:
            self._non_form_errors.append(ValidationError(DELETED_MEANWHILE, code="meanwhile"))

    def get_queryset(self):
        is_new = not hasattr(self, "_queryset")
        rows = super().get_queryset()
        if is_new:
            for row in rows:
                setattr(row, self.fk.name, self.instance)
        return rows


class SecretariatInline(Careful, Spoken, admin.StackedInline):
    """Rows on their parent's page. Stacked, not tabular: in Django's table, fields have no labels of their own."""

    extra = 0
    max_num = MOST_ROWS
    delete_confirmation_max_display = MOST_OFFERED
    view_on_site = False

    def get_queryset(self, request):
        """With the rows that its boxes show: on its own, each form asks for them once more."""
        relations = [path for column in self._relations_shown() for path in self._with_what_labels_need(column)]
        rows = super().get_queryset(request)
        return rows.select_related(*relations) if relations else rows

    def _relations_shown(self):
        """The foreign keys among its fields; not the one to the record on whose page it is."""
        named = {*flatten(self.fields or ()), *flatten_fieldsets(self.fieldsets or ())}
        relations = [column for column in self.opts.concrete_fields if column.is_relation]
        shown = [column for column in relations if not named or column.name in named]
        return [column for column in shown if not issubclass(self.parent_model, column.related_model)]

    def _with_what_labels_need(self, column):
        """The path to its row, and to what the list of such rows brings along for their names."""
        related = column.related_model
        page = self.admin_site.get_model_admin(related) if self.admin_site.is_registered(related) else None
        return [column.name, *(f"{column.name}{LOOKUP_SEP}{path}" for path in (page and page.list_select_related) or ())]

    def get_formset(self, request, obj=None, **kwargs):
        """As Django's, which makes up to a thousand forms more than `max_num` when a request says that it has as many."""
        known = type("RowsKnowTheirParent", (RowsKnowTheirParent, kwargs.pop("formset", self.formset)), {})
        formset = super().get_formset(request, obj, formset=known, **{"absolute_max": MOST_ROWS} | kwargs)
        formset.default_error_messages = formset.default_error_messages | {"too_many_forms": TOO_MANY_ROWS}
        return formset


class ChoiceFilter(admin.SimpleListFilter):
    """A filter of questions: `questions` maps each value to its words and to a function from queryset to queryset."""

    questions = {}

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _ask) in self.questions.items()]

    def queryset(self, request, queryset):
        if self.value() in self.questions:
            return self.questions[self.value()][1](queryset)
        return queryset


class LatestRelated(admin.RelatedFieldListFilter):
    """A filter by the related rows that begin the list of their kind, and the one asked for. The others are reached from their
    own pages: Django's filter offers every row there is."""

    def field_choices(self, field, request, model_admin):
        rows = field.related_model._default_manager
        used = model_admin.get_queryset(request).order_by().values(field.attname)
        asked = [value for value in self.lookup_val or [] if may_be(value, field.target_field)]
        offered = [*rows.filter(pk__in=used).values_list("pk", flat=True)[:MOST_OFFERED], *asked]
        return [(row.pk, str(row)) for row in rows.filter(pk__in=offered)]


class MissingTranslation(admin.SimpleListFilter):
    """Rows whose name is not written in a language yet. The page's `translated_name` says which field that is."""

    title = _("missing translation")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("any", _("any language")), *[code for code in settings.LANGUAGES if code[0] != settings.LANGUAGE_CODE]]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        languages = [code for code, _name in settings.LANGUAGES if self.value() in {"any", code}]
        return queryset.filter(untranslated(self.field, languages))

    def __init__(self, request, params, model, model_admin):
        self.field = model_admin.translated_name
        super().__init__(request, params, model, model_admin)


admin.site.unregister(LogEntry)


@admin.register(LogEntry)
class HistoryAdmin(LogEntryAdmin):
    """Every change, by anyone, at any door. To be read only."""

    search_fields = ["object_repr__resembles", "actor__email"]
    list_display = ["created", "resource_url", "action", "msg_short", "user_url"]
    list_per_page = 50
    show_full_result_count = False
