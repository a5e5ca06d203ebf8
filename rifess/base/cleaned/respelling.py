"""Addresses of mail that were kept before they had one spelling (`plain_address`), for migrations."""

from django.db import IntegrityError, transaction

from rifess.base.cleaned import PUNYCODE, plain_address


def respell(model, *columns):
    """Give the addresses in `columns` of `model` the spelling in which they are looked for now.

    Return the keys of rows that stay as they are, since another row of the same person has their address already.
    """
    return [pk for column in columns for pk in _respell_column(model, column)]


def _respell_column(model, column):
    rows = model._base_manager.filter(**{f"{column}__icontains": PUNYCODE}).values_list("pk", column)
    for pk, written in list(rows):
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=pk).update(**{column: plain_address(written)})
        except IntegrityError:
            yield pk
