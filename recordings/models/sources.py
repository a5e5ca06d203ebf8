from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models
from rifess.links import hosts


class TrustedHost(models.Model):
    """A site whose player or files our pages may load. Everything of other sites is a plain link."""

    name = models.CharField(
        _("site"),
        max_length=253,
        unique=True,
        help_text=_("For example videos.example.org: a PeerTube site, or a server of media files."),
        error_messages={"unique": _("This site is already trusted.")},
    )
    note = models.CharField(_("note"), max_length=250, blank=True, help_text=_("Whose it is, and why it is trusted."))

    class Meta:
        verbose_name, verbose_name_plural = _("trusted site"), _("trusted sites")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        self.name = self.name.strip().lower().rstrip(".")
        try:
            validate_domain_name(self.name)
        except ValidationError:
            sentence = _("Enter only the site’s name, as in videos.example.org.")
            raise ValidationError({"name": ValidationError(sentence, code="host_name")}) from None


class Source(models.Model):
    """Where a recording can be seen. `offset` is how much later the session starts here than in the recording.

    Sources are tried in their order; one whose address no longer answers gives way to the next.
    """

    recording = models.ForeignKey(
        "recordings.Recording", verbose_name=_("recording"), on_delete=models.CASCADE, related_name="sources"
    )
    url = models.URLField(_("address"), max_length=500, help_text=_("Paste it as the site gives it: the player is recognized."))
    host = models.CharField(_("site"), max_length=10, choices=hosts.Host, editable=False)
    video_id = models.CharField(max_length=200, blank=True, editable=False)
    offset = models.DurationField(
        _("offset"),
        default=timedelta(0),
        help_text=_("What its clock shows when the recording begins: 0:05:00 when five minutes come before."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name, verbose_name_plural = _("source"), _("sources")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "url"],
                name="each_source_of_a_recording_once",
                violation_error_message=_("This address is already written."),
            ),
            models.CheckConstraint(
                name="source_is_on_the_web",
                condition=Q(url__istartswith="https://") | Q(url__istartswith="http://"),
                violation_error_message=_("This is not a web address: it starts with https://."),
            ),
        ]

    def __str__(self):
        return self.url

    def clean(self):
        self.recognize()

    def recognize(self):
        """Fill in which site it is and the video's name there. Raises ValidationError on `url` where nobody may go (`hosts`)."""
        place = hosts.recognize(self.url)
        self.host, self.video_id, self.url = place.host, place.video_id, place.url
