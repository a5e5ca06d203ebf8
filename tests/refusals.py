"""What an act answers: the code of its refusal."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

DONE = "done"


def refusal(act, *given, **more):
    """Return the code with which `act` refuses."""
    with pytest.raises(ValidationError) as refused:
        act(*given, **more)
    return refused.value.code


def outcome(act):
    """The codes of the refusal, or DONE. Nothing of it stays."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except ValidationError as refused:
        errors = refused.error_list if not hasattr(refused, "error_dict") else sum(refused.error_dict.values(), [])
        return "/".join(sorted({error.code or "refused" for error in errors}))  # the database's own rules have no code
    return DONE
