"""Forms with a file from a visitor: checks that cost nothing come first."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile


class FileComesLast:
    """A form whose file is examined only when nothing else is wrong with what was sent, and its sender has not sent too much.

    `may_send` raises ValidationError (code "too_many") when the sender has to wait; the view gives it. The form that uses it
    gives `examine(file)`, which raises ValidationError when the file is not taken.
    """

    file_field = "file"

    @staticmethod
    def may_send():
        """No limit unless the view gives one."""

    def full_clean(self):
        super().full_clean()
        file = self.cleaned_data.get(self.file_field) if self.is_bound and not self.errors else None
        if not isinstance(file, UploadedFile):
            return
        try:
            self.may_send()
            self.examine(file)
        except ValidationError as refused:
            self.add_error(None if refused.code == "too_many" else self.file_field, refused)
