from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from events.models import Seminar
from members.models import Proposal
from recordings.models.documents import Document
from recordings.models.recordings import Recording
from rifess.base.cleaned import models


class RecordingProposal(Proposal):
    """A recording of a seminar that the portal knows; accepted, it is not published yet.

    With `known` it is only where that recording, which had no source, can be seen.
    """

    seminar = models.ForeignKey(
        Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, editable=False, related_name="recording_proposals"
    )
    known = models.ForeignKey(
        Recording,
        verbose_name=_("recording that is known"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="proposed_addresses",
    )
    recording = models.ForeignKey(
        Recording, verbose_name=_("recording"), on_delete=models.SET_NULL, null=True, editable=False, related_name="proposals"
    )

    became = "recording"

    class Meta:
        verbose_name, verbose_name_plural = _("proposal of a recording"), _("proposals of recordings")

    def row(self, *, for_update=False):
        return Recording(seminar=self.seminar)

    @property
    def what(self):
        return _("address of a recording") if self.known_id else super().what


class DocumentProposal(Proposal):
    """A document with its file or link; accepted, only the secretariat reads it until somebody says otherwise."""

    file = models.FileField(_("file"), upload_to="proposals/%Y/", blank=True, editable=False)
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True, editable=False)
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.SET_NULL, null=True, editable=False, related_name="proposals"
    )

    became = "document"

    class Meta:
        verbose_name, verbose_name_plural = _("proposal of a document"), _("proposals of documents")

    def row(self, *, for_update=False):
        return Document()

    def files(self):
        return {"file": File(self.file.open("rb"), name=self.file_name)} if self.file else {}
