"""The files of a document, one after the other, and who opened them."""

import hashlib
import logging
import uuid
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from recordings.models.documents import Document
from rifess.base.cleaned import models
from rifess.base.uploads.files import PDF, PICTURES, kind_of, plain_name

log = logging.getLogger("rifess.uploads")
SHOWN = {PDF.type, *(kind.type for kind in PICTURES)}
SAME_READING = timedelta(hours=1)


def read_upload(file, *, name, after=None):
    """What a version says of its `file` (open), which people know by `name` and which may be one that is only ever saved.

    Raises ValidationError: codes "large_file", "same_file" when it is that of the version `after` which it would come, and those
    of `rifess.base.uploads.files.kind_of`.
    """
    try:
        kind = _recognize(file)
    except ValidationError as refused:
        log.warning("File refused: %s; %s, %d bytes", refused.code, plain_name(name), file.size)
        raise
    fingerprint = fingerprint_of(file)
    if after and after.sha256 == fingerprint:
        sentence = _("This is the file that is already there, version %(number)d.")
        raise ValidationError(sentence, code="same_file", params={"number": after.number})
    said = {"name": plain_name(name), "media_type": kind.type, "is_active": kind.is_active}
    return said | {"size": file.size, "sha256": fingerprint}


def _recognize(file):
    most = settings.DOCUMENT_MEGABYTES
    if file.size > most * 1024**2:
        raise ValidationError(_("A file of at most %(most)d MB, please."), code="large_file", params={"most": most})
    return kind_of(file)


def fingerprint_of(file):
    """The SHA-256 of what is in `file`, which is left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(64 * 1024), b""):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def kept_as(version, name):
    """Where a file is kept: under a name of ours, which nobody chose and nobody guesses."""
    return f"documents/{timezone.now():%Y}/{uuid.uuid4().hex}{PurePosixPath(name).suffix[:8].lower()}"


class DocumentVersion(models.Model):
    """A file of a document as it was uploaded. It is never changed; another one comes after it."""

    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=kept_as, max_length=200)
    name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("kind of file"), max_length=100)
    is_active = models.BooleanField(_("does something when it is opened"), default=False)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, blank=True)
    changes = models.CharField(_("what changed"), max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("version of a document"), _("versions of a document")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_per_number"),
            models.CheckConstraint(name="document_versions_count_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.document} · {self.number}"

    def get_absolute_url(self):
        return reverse("document_version", args=[self.document.slug, self.number])

    @property
    def extension(self):
        """As people call its kind: PDF, DOCX."""
        return PurePosixPath(self.name).suffix.removeprefix(".").upper()

    @property
    def is_shown(self):
        """Whether a browser may show it; everything else is only saved."""
        return self.media_type in SHOWN and not self.is_active


class DocumentOpeningQuerySet(models.QuerySet):
    def lately(self, now=None):
        """Openings that one more of the same file belongs to."""
        return self.filter(opened_at__gt=(now or timezone.now()) - SAME_READING)


class DocumentOpening(models.Model):
    """A delegate opened a version of a document that is not public. They are told that this is written down."""

    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="openings")
    number = models.PositiveSmallIntegerField(_("version"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="documents_opened",
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As it was then."))
    membership = models.ForeignKey(
        Membership, verbose_name=_("membership"), on_delete=models.SET_NULL, null=True, related_name="documents_opened"
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    objects = DocumentOpeningQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("opening of a document"), _("openings of documents")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["document", "user", "opened_at"], name="openings_of_a_reader")]

    def __str__(self):
        return f"{self.name} · {self.document}"
