"""The record an act is done to: as the database holds it at that moment, and locked until the act is done."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def lock_and_refresh(row):
    """Lock `row` until the transaction ends, and read it again: it may have changed since it was loaded. Return `row`.

    Other transactions may still insert rows that refer to it. Raises ValidationError (code "gone") when it was deleted.
    """
    try:
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update(no_key=True))
    except type(row).DoesNotExist:
        raise ValidationError(_("This record was deleted in the meantime."), code="gone") from None
    return row
