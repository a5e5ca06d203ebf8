"""Two transactions at one record of the desk: the second begins with what the first one left."""

from django.core.exceptions import ValidationError
from django.db import connection

from rifess.base.database.locking import lock_and_refresh


class LocksRowOfForm:
    """The row of a form that was sent is locked, as it is by then, before anything is compared or done.

    A form saves all columns: at the moment when another transaction writes one of them, it would undo that. And an act would do
    once more what has just been done. SQLite has one transaction at a time that writes.

    A page has `hold_before(row)` where acts on its rows lock something else first: in another order, two could wait for each
    other.
    """

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        return self._locked(row) if connection.features.has_select_for_update else row

    def _locked(self, row):
        if hasattr(self, "hold_before"):
            self.hold_before(row)
        try:
            return lock_and_refresh(row)
        except ValidationError:  # it was deleted in this moment
            return None
