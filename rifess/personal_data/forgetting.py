"""Taking a person out of a row that stays."""

FORGOTTEN = "–"


def forget_contact(application):
    """The contact's data and the letter go; that the institution applied, and what was decided, stay."""
    application.letter.delete(save=False)
    application.contact_name = application.contact_position = FORGOTTEN
    application.contact_email = application.contact_phone = application.letter_name = application.letter_type = ""
    application.save()


def forget_application(application):
    """The application goes, and its letter with it."""
    application.letter.delete(save=False)
    application.delete()
