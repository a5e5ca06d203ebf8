"""Many new rows written in few statements that leave what `save()` leaves: addresses, the history, the search index.

Django's `bulk_create()` sends no signals. `create_all()` and `link_all()` send one for all rows, from which the roof writes
the history and the search index (`rifess.portal.audit_log`, `rifess.portal.search.sync`).
"""

from django.db import transaction
from django.dispatch import Signal

from rifess.base.models import SluggedModel

rows_created = Signal()  # sender: the model; rows: in the order in which they were written
rows_linked = Signal()  # sender: the table between; field: name of the list; links: each row with what was put into its list


@transaction.atomic
def create_all(model, rows):
    """Write the new `rows` of `model`, whose fields were checked before; what they belong to is written already.

    Raises ValidationError (what `clean()` raises) and IntegrityError. Nothing is written then.
    """
    for row in rows:
        _take_keys(row)
        row.clean()
    if issubclass(model, SluggedModel):
        model.give_slugs(rows)
    model._base_manager.bulk_create(rows)
    if rows:
        rows_created.send(model, rows=rows)


def _take_keys(row):
    """Take the keys of what `row` belongs to: when it was made, that may not have had one."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row):
            setattr(row, field.name, getattr(row, field.name))


@transaction.atomic
def link_all(field, links):
    """Put rows into the empty lists of new ones: `link_all(Panel.topics, {panel: [topic, topic]})`."""
    through, name = field.through, field.field.name
    here, there = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    through._base_manager.bulk_create(through(**{here: row, there: each}) for row, others in links.items() for each in others)
    if links:
        rows_linked.send(through, field=name, links=links)
