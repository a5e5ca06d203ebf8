"""Citations of recordings and of passages of them, to the second, by hand: citeproc's were measured, and wrong in es and pt."""

from recordings.citations.files import as_bibtex, as_csl, as_ris
from recordings.citations.styles import Reference, in_text, references
from recordings.citations.works import Work, work_of

__all__ = ["Reference", "Work", "as_bibtex", "as_csl", "as_ris", "in_text", "references", "work_of"]
