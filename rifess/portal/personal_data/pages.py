"""What is kept, as pages show it: kinds of rows, and of each row its columns by their names for people."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rifess.base.personal_data import Fate
from rifess.portal.personal_data.tables import TABLES, rows_of

MOST = 50  # rows of one kind on a page; a copy has all of them
SHOWN_OTHERWISE = (models.BinaryField, models.JSONField, models.AutoField)


@dataclass(frozen=True)
class Section:
    """One kind of rows. `lasts` says how long they are kept, `fate` and `why` what erasure does."""

    what: str
    fate: Fate
    why: str
    count: int
    rows: list


@dataclass(frozen=True)
class Row:
    name: str
    url: str
    lines: list


def sections_of(subject, *, with_links=False, without=()):
    """All that is kept of `subject` but the kinds `without`; at the desk `with_links` to its pages and the accounts of others."""
    told = (kept for kept in TABLES if kept.key not in without)
    return [section for kept in told if (section := _section(kept, rows_of(kept, subject), subject, with_links)).count]


def section_of_rows(kept, rows, subject, *, hidden=()):
    """The same of rows that the reader may see, without the columns `hidden`; None when there are none."""
    hidden = {*kept.hidden, *hidden}
    found = [Row(str(row), "", lines_of(row, hidden=hidden)) for row in _first(kept, rows, hidden)]
    return Section(kept.what, kept.fate_for(subject), kept.why, len(found), found) if found else None


def _section(kept, rows, subject, with_links):
    found = [_row(kept, row, with_links) for row in _first(kept, rows, kept.hidden, with_links)]
    return Section(kept.what, kept.fate_for(subject), kept.why, rows.count() if len(found) == MOST else len(found), found)


def _first(kept, rows, hidden, names_accounts=False):
    """The first `MOST` of `rows`, with the rows that their lines name: a query for each column, however many they are."""
    found = list(rows[:MOST])
    prefetch_related_objects(found, *(each.name for each in _columns(kept.model, hidden, names_accounts) if each.is_relation))
    return found


def _row(kept, row, with_links):
    return Row(str(row), _desk_page(row) if with_links else "", lines_of(row, hidden=kept.hidden, names_accounts=with_links))


def lines_of(row, *, hidden=(), names_accounts=False):
    """Pairs of a column's name and what it says, without what is empty, made of other columns, or in `hidden`.

    An account is called by its address, and may be that of a member of the Secretariat: only the desk `names_accounts`.
    """
    said = ((column, _said(row, column)) for column in _columns(row, hidden, names_accounts))
    return [(capfirst(str(column.verbose_name)), words) for column, words in said if words]


def _columns(model, hidden, names_accounts):
    columns = (*model._meta.concrete_fields, *model._meta.many_to_many)
    shown = (column for column in columns if column.name not in hidden and not isinstance(column, SHOWN_OTHERWISE))
    return [column for column in shown if names_accounts or not _is_account(column)]


def _is_account(column):
    return column.is_relation and column.related_model._meta.label == settings.AUTH_USER_MODEL


def _said(row, column):
    if column.many_to_many:
        return ", ".join(map(str, getattr(row, column.name).all()))
    value = getattr(row, column.attname)
    if value in (None, "", False):
        return ""
    if column.is_relation:
        return str(getattr(row, column.name))
    if column.flatchoices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(column, models.DateTimeField):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(column, models.DateField):
        return date_format(value, "DATE_FORMAT")
    return _("yes") if value is True else str(getattr(value, "name", "") or value)


def _desk_page(row):
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
