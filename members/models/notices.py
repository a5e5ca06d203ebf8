"""Which e-mails a delegate may do without, and who does."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models

SIGNER = Signer(salt="members.notices")


class OptionalNotice(models.TextChoices):
    """Kinds of messages that tell what stands on the desk too. All others always come: they let in, warn, or open a vote."""

    PROPOSAL = "proposal_to_delegate", _("the secretariat answers a proposal of my institution")
    REMINDER = "consultation_reminder", _("a consultation closes soon, and my institution has not voted")
    RESULT = "consultation_result", _("a consultation has its result")
    MINUTES = "minutes_circulated", _("minutes are circulated before they are approved")


TO_ALL_DELEGATES = {OptionalNotice.RESULT, OptionalNotice.MINUTES}  # news: their mail program ends them with one click


class DeclinedNoticeQuerySet(models.QuerySet):
    def of(self, user, kind):
        """That `user` does without messages of `kind`: one row or none."""
        return self.filter(user=user, kind=kind)


class DeclinedNotice(models.Model):
    """A kind of notice that somebody with an account does not want to get by e-mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="declined_notices"
    )
    kind = models.CharField(_("kind"), max_length=40)

    objects = DeclinedNoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice not wanted"), _("notices not wanted")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="each_notice_declined_once")]

    def __str__(self):
        return self.kind


def address_that_stops(user, kind):
    """Where messages of `kind` to `user` are ended without signing in; its signed part names nobody."""
    return reverse("members:notice-stop", args=[SIGNER.sign(f"{user.pk}:{kind}")])


def stopped_at(signed):
    """The key of an account and the OptionalNotice behind such an address, or None."""
    try:
        key, kind = SIGNER.unsign(signed).split(":")
        return int(key), OptionalNotice(kind)
    except (BadSignature, ValueError):
        return None
