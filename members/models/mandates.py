"""Memberships, mandates and the coordination: everything in the Network that holds from one day to another."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from members.models.institutions import Institution
from members.models.people import Person
from members.models.users import User
from rifess.base.cleaned import models
from rifess.base.dates import precision_field, today_in_the_network
from rifess.base.models import SourcedModel, on_the_web
from rifess.base.periods import PeriodQuerySet, check_period, end_after_start, lock, refuse_overlap, start_is_known


class MembershipCategory(models.TextChoices):
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")
    PARTNER = "partner", _("partner")


class MembershipQuerySet(PeriodQuerySet):
    first_day, end = "joined_on", "left_on"

    def members(self):
        """Seats of countries."""
        return self.filter(category=MembershipCategory.MEMBER)

    def observers(self):
        return self.filter(category=MembershipCategory.OBSERVER)

    def partners(self):
        return self.filter(category=MembershipCategory.PARTNER)

    def without_institution(self):
        """Seats whose institution is not known yet."""
        return self.filter(institution=None)


class Membership(SourcedModel):
    """A seat in the Network. Days, not moments: it holds from `joined_on` up to, and not including, `left_on`.

    A member seat is a country's, held by an institution that may still be unknown; an observer or a partner is an
    institution. Whether it is in force is computed from its dates, never typed.
    """

    category = models.CharField(_("category"), max_length=10, choices=MembershipCategory, default=MembershipCategory.MEMBER)
    country = CountryField(_("country"), blank=True, help_text=_("The country whose seat it is. Members only have one each."))
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        help_text=_("Leave it empty while it is not known: the page says so."),
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    joined_on_precision = precision_field()
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text=_("The first day outside the Network."))
    left_on_precision = precision_field()
    end_reason = models.CharField(_("reason for leaving"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        ordering = ["joined_on", "pk"]
        constraints = [
            on_the_web("membership_source_is_on_the_web", "source_url"),
            models.CheckConstraint(
                name="membership_has_its_holder",
                condition=(Q(category="member") & ~Q(country=""))
                | (Q(category__in=["observer", "partner"]) & Q(institution__isnull=False)),
                violation_error_message=_(
                    "A member is a country; an observer or a partner is an institution. Fill in the one it needs."
                ),
            ),
            start_is_known("membership_start_or_as_of", "joined_on"),
            end_after_start("membership_left_after_it_joined", "joined_on", "left_on"),
        ]

    def __str__(self):
        return f"{self.holder_name} · {self.get_category_display()}"

    @property
    def holder_name(self):
        """The country for a member, the institution for others."""
        if self.category == MembershipCategory.MEMBER and self.country:
            return str(self.country.name)
        return str(self.institution or self.country.name)

    def clean(self):
        check_period(self, "joined_on", "left_on")
        if not (self.joined_on or self.as_of):
            return
        lock(self.institution)
        if self.country and self.category == MembershipCategory.MEMBER:
            seats = Membership.objects.members().filter(country=self.country)
            refuse_overlap(
                self,
                seats,
                _("%(country)s already has a seat in these days. End that one first.")
                % {"country": countries.name(self.country)},
                field="country",
            )
        if self.institution_id:
            refuse_overlap(
                self,
                Membership.objects.filter(institution=self.institution_id),
                _("This institution already belongs to the Network in these days. End that membership first."),
                field="institution",
            )

    def is_active(self, day=None):
        """Whether the seat is held on `day` (today in the Network)."""
        day = day or today_in_the_network()
        begins = self.joined_on or self.as_of
        return begins <= day and (self.left_on is None or day < self.left_on)


class DelegateRole(models.TextChoices):
    TITULAR = "titular", _("principal delegate")
    ALTERNATE = "alternate", _("alternate")
    TECHNICAL = "technical", _("technical contact")


ROLES_THAT_ACT = [DelegateRole.TITULAR, DelegateRole.ALTERNATE]  # they propose and vote; technical contacts only read
DUE_SOON = timedelta(days=90)  # before its term is over, one speaks of a mandate


class DelegateQuerySet(PeriodQuerySet):
    def in_active_memberships(self, day=None):
        """Mandates whose membership is in force on `day`."""
        return self.filter(membership__in=Membership.objects.on(day).values("pk"))

    def public(self):
        """Mandates that the Network's pages may show."""
        return self.filter(is_public=True)

    def titulars(self):
        return self.filter(role=DelegateRole.TITULAR)

    def that_act(self):
        """Mandates of those who propose and vote."""
        return self.filter(role__in=ROLES_THAT_ACT)

    def concerned_by(self, mandate, day=None):
        """Mandates whose holders are told that `mandate` is due: of the titular of its membership, and itself."""
        of_the_seat = self.on(day).filter(membership=mandate.membership_id)
        return of_the_seat.titulars() | of_the_seat.filter(pk=mandate.pk)

    def accounts(self):
        """The accounts of those who hold these mandates and may sign in, each once."""
        return User.objects.filter(is_active=True, pk__in=self.order_by().values("person__user")).order_by("pk")

    def overdue(self):
        """Mandates in force whose term is over: they only need a reminder."""
        return self.on().filter(mandate_due_on__lte=today_in_the_network()).order_by("mandate_due_on")

    def due_soon(self):
        """Mandates in force whose term is nearly over."""
        today = today_in_the_network()
        return self.on().filter(mandate_due_on__gt=today, mandate_due_on__lte=today + DUE_SOON).order_by("mandate_due_on")


class Delegate(SourcedModel):
    """A mandate: a person speaks for a membership from `starts_on` up to, and not including, `ended_on`."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="mandates")
    membership = models.ForeignKey(Membership, verbose_name=_("membership"), on_delete=models.PROTECT, related_name="delegates")
    role = models.CharField(_("role"), max_length=10, choices=DelegateRole)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    starts_on_precision = precision_field()
    mandate_due_on = models.DateField(
        _("mandate due on"), null=True, blank=True, help_text=_("It is only a reminder and does not end access.")
    )
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("The first day without the mandate: access ends.")
    )
    ended_on_precision = precision_field()
    accreditation = models.CharField(_("accreditation"), max_length=300, blank=True, help_text=_("Letter or act that appoints."))
    is_public = models.BooleanField(_("shown to visitors"), default=False)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delegate"), _("delegates")
        ordering = ["membership", "role", "starts_on"]
        constraints = [
            on_the_web("delegate_source_is_on_the_web", "source_url"),
            start_is_known("delegate_start_or_as_of", "starts_on"),
            end_after_start("delegate_ended_after_starting", "starts_on", "ended_on"),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_role_display()}"

    def clean(self):
        check_period(self, "starts_on", "ended_on")
        if not (self.membership_id and (self.starts_on or self.as_of)):
            return
        lock(self.membership)
        if self.role == DelegateRole.TITULAR:
            refuse_overlap(
                self,
                Delegate.objects.titulars().filter(membership=self.membership_id),
                _("There is already a principal delegate in these days. End that mandate first."),
                field="role",
            )
        self._stay_within_the_membership()

    def _stay_within_the_membership(self):
        seat = self.membership
        begins, seat_begins = self.starts_on or self.as_of, seat.joined_on or seat.as_of
        if not seat_begins:
            return  # the membership itself is refused
        if begins < seat_begins or (seat.left_on and begins >= seat.left_on):
            raise ValidationError(
                {
                    "starts_on": ValidationError(
                        _("The mandate starts outside the days of the membership."), code="outside_membership"
                    )
                }
            )


class CoordinationTermQuerySet(PeriodQuerySet):
    end, end_is_included = "ends_on", True

    def on(self, day=None):
        """Who coordinates on `day`: the last term begun by then, unless its end has come.

        A term without a known end lasts until the next known start.
        """
        day = day or today_in_the_network()
        begun = self.with_known_from().filter(known_from__lte=day)
        later = CoordinationTerm.objects.with_known_from().filter(known_from__lte=day, known_from__gt=OuterRef("known_from"))
        return begun.filter(~Exists(later)).filter(self._not_ended(day))

    def latest_first(self):
        """All terms, the present one first."""
        return self.with_known_from().order_by("-known_from")


class CoordinationTerm(SourcedModel):
    """A country's turn at the Executive Coordination: from `starts_on` to `ends_on`, both included when known."""

    country = CountryField(_("country"))
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="coordination_terms"
    )
    coordinator = models.ForeignKey(
        Person,
        verbose_name=_("executive coordinator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coordination_terms",
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    starts_on_precision = precision_field()
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("The last day, included. Unknown: until the next one starts.")
    )
    ends_on_precision = precision_field()

    objects = CoordinationTermQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("coordination term"), _("coordination terms")
        ordering = ["starts_on", "as_of"]
        constraints = [
            on_the_web("coordination_source_is_on_the_web", "source_url"),
            start_is_known("coordination_start_or_as_of", "starts_on"),
            end_after_start("coordination_ends_after_starting", "starts_on", "ends_on", included=True),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_open_coordination_from_a_day",
                condition=models.Q(ends_on__isnull=True),
                violation_error_message=_("Another coordination without an end begins on this day. Correct one of the two."),
            ),
        ]

    def __str__(self):
        return f"{self.country.name} · {self.institution.short_name}"

    def clean(self):
        check_period(self, "starts_on", "ends_on", included=True)
        if self.starts_on and self.ends_on:
            dated = CoordinationTerm.objects.filter(starts_on__isnull=False, ends_on__isnull=False)
            refuse_overlap(
                self, dated, _("Another country coordinates in these days. Correct one of the two terms."), field="starts_on"
            )
