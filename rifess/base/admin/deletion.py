"""What goes with a row that is deleted, as the page shows it that asks first: all of it counted, the first rows by name."""

from collections import defaultdict
from itertools import islice

from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import prefetch_related_objects
from django.db.models.constants import LOOKUP_SEP
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

MOST_NAMED = 100


def deleted_objects(rows, request, site):
    """As Django's `get_deleted_objects`, which names every row, and asks the database again for each name."""
    rows = list(rows)
    if not rows:
        return [], {}, set(), []
    found = NestedObjects(using=router.db_for_write(type(rows[0])), origin=rows)
    found.collect(rows)
    tree, protected = found.nested(), list(found.protected)
    _bring_what_names_need([*islice(_flat(tree), MOST_NAMED), *protected[:MOST_NAMED]], site)
    counts = {model._meta.verbose_name_plural: len(each) for model, each in found.model_objs.items()}
    return _named(tree, site), counts, _lacking(found.model_objs, request, site), _named(protected, site)


def _flat(tree):
    """The rows of a nested list, in the order in which they are shown."""
    for each in tree:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each


def _bring_what_names_need(rows, site):
    """The rows that names are made of, in one query for each relation."""
    by_model = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    for model, few in by_model.items():
        prefetch_related_objects(few, *_paths(model, site))


def _paths(model, site):
    for column in model._meta.concrete_fields:
        if column.is_relation:
            yield column.name
            if site.is_registered(column.related_model):
                of_its_list = site.get_model_admin(column.related_model).list_select_related or ()
                yield from (f"{column.name}{LOOKUP_SEP}{path}" for path in of_its_list)


def _named(tree, site, room=None):
    """The same nested list of names; those for which there is no room are empty, and only counted."""
    room = iter(range(MOST_NAMED)) if room is None else room
    return [
        _named(each, site, room) if isinstance(each, list) else _name(each, site) if next(room, None) is not None else ""
        for each in tree
    ]


def _name(row, site):
    """What it is, with a link to its page if it has one."""
    meta = row._meta
    kind = capfirst(meta.verbose_name)
    try:
        url = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return f"{kind}: {row}"
    return format_html('{}: <a href="{}">{}</a>', kind, url, str(row) or "-")


def _lacking(rows_by_model, request, site):
    """The names of the kinds of which the user may not delete one of these rows."""
    return {
        model._meta.verbose_name
        for model, rows in rows_by_model.items()
        if site.is_registered(model) and not all(site.get_model_admin(model).has_delete_permission(request, row) for row in rows)
    }
