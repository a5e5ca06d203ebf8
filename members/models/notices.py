"""Which e-mails a delegate may do without, and who does."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models.users import User
from rifess.base.address_marks import is_mark_of, mark_of
from rifess.base.cleaned import models

SIGNER = Signer(salt="members.notices")


class OptionalNotice(models.TextChoices):
    """Kinds of messages that tell what stands on the desk too. All others always come: they let in, warn, or open a vote."""

    PROPOSAL = "proposal_to_delegate", _("the Secretariat answers a proposal of my institution")
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
    return reverse("members:notice-stop", args=[SIGNER.sign(f"{user.pk}:{kind}:{mark_of(user.email)}")])


def stopped_at(signed):
    """The account and the OptionalNotice behind such an address, or None for an address that nobody signed.

    The account is None where it is gone, or has another e-mail address since: nothing goes to the former one any more.
    """
    try:
        key, kind, *marks = SIGNER.unsign(signed).split(":")  # older links have no mark
        user, kind = User.objects.filter(pk=int(key)).first(), OptionalNotice(kind)
    except (BadSignature, ValueError):
        return None
    is_theirs = user and all(is_mark_of(mark, user.email) for mark in marks)
    return user if is_theirs else None, kind
