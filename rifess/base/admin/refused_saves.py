"""What an act or the database refuses when a page of the desk is saved, although the checks of its form had passed."""

import logging

from django.contrib.messages import get_messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from rifess.base.database.conflicts import once_more_after_a_conflict

log = logging.getLogger("rifess.request")
CONTRADICTS = _("This contradicts something that is saved already, perhaps since this page was opened. Nothing was saved.")


class ShowsRefusedSaves:
    """A page whose save is refused after its form was checked is shown again, with the sentence and all that was typed.

    It is tried twice, since another transaction may have been faster: the second time the checks see what that one wrote. What
    is refused even then becomes an error of its form.
    """

    def changeform_view(self, request, *args, **kwargs):
        view = _said_only_when_saved(request, super().changeform_view)
        try:
            return once_more_after_a_conflict(view, also_after=ValidationError)(request, *args, **kwargs)
        except ValidationError as refused:
            request.refused = refused
        except IntegrityError:
            log.exception("The database refuses what a form of the desk had passed: %s", request.path)
            request.refused = ValidationError(CONTRADICTS, code="contradicts")
        return view(request, *args, **kwargs)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        refused = getattr(request, "refused", None)
        return type(form.__name__, (_Refused, form), {"refused": refused}) if refused else form


class _Refused:
    """A form whose values are refused by what `refused`, a ValidationError, says, beside its field or above the form."""

    def _post_clean(self):
        super()._post_clean()
        for name, errors in getattr(self.refused, "error_dict", {NON_FIELD_ERRORS: self.refused}).items():
            self.add_error(name if name in self.fields else None, errors)


def _said_only_when_saved(request, view):
    """`view`, of which nothing is told that it did and that was then undone."""

    def asking(*args, **kwargs):
        waiting = getattr(get_messages(request), "_queued_messages", [])
        before = len(waiting)
        try:
            return view(*args, **kwargs)
        except (ValidationError, IntegrityError):
            del waiting[before:]
            raise

    return asking
