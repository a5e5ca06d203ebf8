"""Taking a person out of a row that stays."""

from functools import partial

from django.db import transaction

FORGOTTEN = "–"


def forget_contact(application):
    """The contact's data and the letter go; that the institution applied, and what was decided, stay."""
    _delete_letter(application)
    application.letter = ""
    application.contact_name = application.contact_position = FORGOTTEN
    application.contact_email = application.contact_phone = application.letter_name = ""
    application.save()


def forget_application(application):
    """The application goes, and its letter with it."""
    _delete_letter(application)
    application.delete()


def _delete_letter(application):
    """The file goes once it is certain that the row does."""
    if application.letter:
        transaction.on_commit(partial(application.letter.storage.delete, application.letter.name))
