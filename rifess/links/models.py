"""How the addresses that the portal points to have answered, and since when some do not."""

from datetime import UTC, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models
from rifess.links.policy import refuse_address

DAYS_TO_DIE = 3
ASKED_AGAIN_AFTER = timedelta(hours=20)


class LinkState(models.TextChoices):
    UNKNOWN = "unknown", _("not checked")
    ALIVE = "alive", _("works")
    DEAD = "dead", _("does not answer")


class Outcome(models.TextChoices):
    """What came of asking once. Some are answers, some failures; the others are neither, and change no state."""

    ANSWERED = "answered", _("answered")
    MOVED = "moved", _("moved for good, and answered there")
    EMBEDDING_OFF = "embedding-off", _("answered, but may not be shown on other sites")
    GONE = "gone", _("the site says it does not exist")
    PRIVATE = "private", _("the site says it is private")
    BROKEN = "broken", _("the site reports a fault of its own")
    TIMEOUT = "timeout", _("no answer in time")
    UNREACHABLE = "unreachable", _("the site could not be reached")
    FORBIDDEN = "forbidden-address", _("leads where the portal does not go")
    REFUSED = "refused", _("the site refuses to answer programs: look yourself")
    CERTIFICATE = "certificate", _("the site’s certificate could not be verified: look yourself")
    CIRCLES = "circles", _("sends programs in circles: look yourself")
    LATER = "later", _("the site asks programs to come later")
    OFFLINE = "offline", _("no answer: the portal itself was offline")


ANSWERS = {Outcome.ANSWERED, Outcome.MOVED, Outcome.EMBEDDING_OFF}
FAILURES = {Outcome.GONE, Outcome.PRIVATE, Outcome.BROKEN, Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.FORBIDDEN}
UNDECIDED = {Outcome.REFUSED, Outcome.CERTIFICATE, Outcome.CIRCLES}


class AddressQuerySet(models.QuerySet):
    def dead(self):
        """Addresses that visitors are no longer sent to."""
        return self.filter(state=LinkState.DEAD)

    def failing(self):
        """Addresses that did not answer the last time they said anything, dead or not yet."""
        return self.filter(failing_since__isnull=False)

    def broken_since(self, day):
        """Addresses whose trouble began on `day` or later."""
        return self.filter(failing_since__gte=day)

    def undecided(self):
        """Addresses whose site told us nothing: only a person can see whether they work."""
        return self.filter(last_outcome__in=UNDECIDED)

    def due(self, now):
        """Addresses not asked for nearly a day, those never asked first."""
        waiting = self.filter(Q(checked_at__isnull=True) | Q(checked_at__lte=now - ASKED_AGAIN_AFTER))
        return waiting.order_by(F("checked_at").asc(nulls_first=True), "pk")


class Address(models.Model):
    """An address outside the portal, and how it has answered. Days are UTC's.

    `site` says who judges it: youtube, vimeo or peertube by their oEmbed, any other word by its own answer.
    """

    url = models.URLField(_("web address"), max_length=500, unique=True)
    site = models.CharField(max_length=10, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=LinkState, default=LinkState.UNKNOWN)
    failing_since = models.DateField(_("does not answer since"), null=True, blank=True)
    failed_on = models.DateField(null=True, blank=True, editable=False)
    failed_days = models.PositiveSmallIntegerField(_("days without an answer"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    last_outcome = models.CharField(_("last outcome"), max_length=20, choices=Outcome, blank=True)
    archived_url = models.URLField(
        _("address of a copy"),
        max_length=500,
        blank=True,
        validators=[refuse_address],
        help_text=_("For example at web.archive.org. Pages offer it to visitors while the original does not answer."),
    )

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("web address"), _("web addresses")
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(
                name="an_address_fails_since_a_day",
                condition=Q(failing_since__isnull=True, failed_days=0)
                | Q(failing_since__isnull=False, failed_days__gte=1, failed_on__gte=F("failing_since")),
            ),
            models.CheckConstraint(
                name="an_address_dies_on_its_third_day",
                condition=~Q(state=LinkState.DEAD) | Q(failed_days__gte=DAYS_TO_DIE),
            ),
        ]

    def __str__(self):
        return self.url

    @property
    def is_dead(self):
        return self.state == LinkState.DEAD

    def note(self, outcome, at):
        """Take in the `outcome` of asking at the moment `at`. Not saved."""
        self.checked_at, self.last_outcome = at, outcome
        if outcome in ANSWERS:
            self.state, self.answered_at = LinkState.ALIVE, at
            self.failing_since, self.failed_on, self.failed_days = None, None, 0
        elif outcome in FAILURES:
            self._fail(at.astimezone(UTC).date())

    def _fail(self, day):
        if self.failed_on is None or day > self.failed_on:
            self.failing_since, self.failed_on = self.failing_since or day, day
            self.failed_days += 1
        if self.failed_days >= DAYS_TO_DIE:
            self.state = LinkState.DEAD


class Check(models.Model):
    """One asking of an address. `detail` is what the server or the network said, in its own words."""

    address = models.ForeignKey(Address, verbose_name=_("web address"), on_delete=models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField(_("checked"), db_index=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    final_url = models.TextField(_("led to"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("check"), _("checks")
        ordering = ["-checked_at", "-pk"]

    def __str__(self):
        return self.get_outcome_display()
