"""Who takes part in a seminar, and in which form of attendance; how many seats there are, and who waits for one."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models.meetings import INVITED_BY_AUDIENCE, SeminarInvitation
from events.models.seminars import Seminar
from members.models import Audience, Delegate, Institution
from rifess.base.cleaned import models
from rifess.base.codes import new_code
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language
from rifess.base.text.translated import text_of

SIGNER = Signer(salt="events.registrations")
LINKS_LAST = timedelta(days=180)  # so long after the last day a signed link still opens: for certificates, the survey, one's data


class AttendanceForm(models.TextChoices):
    VIRTUAL = "virtual", _("virtual")
    IN_PERSON = "in-person", _("in person")


class PrivacyNoticeQuerySet(models.QuerySet):
    def in_force(self):
        """The notices that hold today, the latest first."""
        return self.filter(in_force_since__lte=today_in_the_network())


class PrivacyNotice(models.Model):
    """What people agree to when they register. Each version stays, since somebody agreed to it; the latest is in force."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"))
    in_force_since = models.DateField(_("in force since"), default=timezone.localdate)

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("privacy notice"), _("privacy notices")
        ordering = ["-version"]

    def __str__(self):
        return str(_("Privacy notice, version %(version)s") % {"version": self.version})


class RegistrationTermsQuerySet(models.QuerySet):
    def open(self, now=None):
        """Terms of seminars for which one may register at the moment `now`."""
        now = now or timezone.now()
        begun = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
        lasting = Q(closes_at__isnull=True) | Q(closes_at__gt=now)
        seminars = Seminar.objects.upcoming(now).filter(published_at__isnull=False, cancelled_on=None).order_by()
        return self.filter(begun & lasting, seminar__in=seminars.values("pk"))


class RegistrationTerms(models.Model):
    """How one registers for a seminar. Without them, and without seats, nobody does."""

    seminar = models.OneToOneField(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="terms")
    opens_at = models.DateTimeField(
        _("opens"), null=True, blank=True, help_text=_("Left empty: as soon as the seminar is published.")
    )
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True, help_text=_("Left empty: when the seminar has ended."))
    needs_approval = models.BooleanField(
        _("each registration is looked at"),
        default=False,
        help_text=_("No one has a place until the Secretariat approves it."),
    )
    hours_to_accept = models.PositiveSmallIntegerField(
        _("hours to accept a place"),
        default=48,
        help_text=_(
            "A person on the waiting list who is offered a place has this long to accept it. Then it goes to the next person."
        ),
    )

    objects = RegistrationTermsQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("terms of registration"), _("terms of registration")
        constraints = [
            models.CheckConstraint(
                name="registration_closes_after_it_opens",
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Registration closes after it opens."),
            ),
            models.CheckConstraint(
                name="registration_gives_time_to_accept",
                condition=Q(hours_to_accept__gte=1),
                violation_error_message=_("Give at least an hour to accept a place."),
            ),
        ]

    def __str__(self):
        return str(self.seminar)

    def is_open(self, now=None):
        """Whether one may register at `now`. The seminar must be published, not cancelled and not over."""
        now = now or timezone.now()
        seminar = self.seminar
        if not seminar.is_published or seminar.is_cancelled or seminar.has_ended(now):
            return False
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)


class TakingPart(Seminar):
    """A seminar as the secretariat keeps who takes part in it: terms, seats, questions, the day, certificates."""

    class Meta:
        proxy = True
        verbose_name, verbose_name_plural = _("taking part in a seminar"), _("taking part in the seminars")


class Seats(models.Model):
    """The seats of a seminar in one form of attendance.

    `taken` and `in_line` are changed by `events.registration.seat_counters` only.
    """

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="seats")
    form = models.CharField(_("form of attendance"), max_length=10, choices=AttendanceForm, default=AttendanceForm.VIRTUAL)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Left empty: as many as come."))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    in_line = models.PositiveIntegerField(_("waiting"), default=0, editable=False)
    last_place = models.PositiveIntegerField(default=0, editable=False, help_text="The last number given in the waiting list.")

    class Meta:
        verbose_name, verbose_name_plural = _("places"), _("places")
        ordering = ["-form"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "form"],
                name="seats_of_each_form_once",
                violation_error_message=_("The places of this form of attendance are there already."),
            ),
            models.CheckConstraint(
                name="no_seat_is_sold_twice",
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")),
                violation_error_message=_("More places than that are taken already."),
            ),
        ]

    def __str__(self):
        return f"{self.seminar} · {self.get_form_display()}"

    @property
    def left(self):
        """How many seats are free for whoever comes now; None when there is no end of them."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


class QuestionKind(models.TextChoices):
    TEXT = "text", _("text")
    CHOICE = "choice", _("one of several answers")
    SEVERAL = "several", _("any of several answers")


class RegistrationQuestion(models.Model):
    """Something the secretariat wants to know of those who register for a seminar."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("question"), max_length=250)
    hint = models.CharField(_("hint"), max_length=250, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind, default=QuestionKind.TEXT)
    is_required = models.BooleanField(_("has to be answered"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("question at registration"), _("questions at registration")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    def offered(self, chosen=()):
        """The options to choose from: those not retired, and the retired ones whose keys are in `chosen`."""
        return [option for option in self.options.all() if not option.is_retired or option.pk in chosen]


class RegistrationOption(models.Model):
    """An answer that can be chosen. It keeps who chose it when it is reworded or moved; retired, it is not offered any more."""

    question = models.ForeignKey(
        RegistrationQuestion, verbose_name=_("question"), on_delete=models.CASCADE, related_name="options"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("answer"), max_length=500)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Not offered any more. Those who chose it keep it.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("answer to choose from"), _("answers to choose from")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class Sector(models.TextChoices):
    GOVERNMENT = "government", _("public institution")
    SOCIAL_ECONOMY = "social-economy", _("cooperative or other organization of the social and solidarity economy")
    ACADEMIA = "academia", _("university or research")
    INTERNATIONAL = "international", _("international organization")
    CIVIL_SOCIETY = "civil-society", _("civil society")
    BUSINESS = "business", _("private company")
    MEDIA = "media", _("media")
    OTHER = "other", _("other")


class RegistrationState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("address not confirmed yet")
    TO_APPROVE = "to-approve", _("to be looked at")
    WAITING = "waiting", _("waiting for a place")
    OFFERED = "offered", _("a place is offered")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")
    LAPSED = "lapsed", _("did not accept the place in time")
    DECLINED = "declined", _("not accepted")


HAS_A_SEAT = [RegistrationState.CONFIRMED, RegistrationState.OFFERED]
IS_OVER = [RegistrationState.CANCELLED, RegistrationState.LAPSED, RegistrationState.DECLINED]


def by_whom(label):
    """The member of the secretariat who did something; empty where people did it themselves."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )


class RegistrationOrigin(models.TextChoices):
    FORM = "form", _("registered at the portal")
    DELEGATE = "delegate", _("registered from their account")
    LIST = "list", _("from a list of the Secretariat")


class RegistrationQuerySet(models.QuerySet):
    def confirmed(self):
        """Those who have a seat and said so."""
        return self.filter(state=RegistrationState.CONFIRMED)

    def waiting(self):
        """The waiting list, in order of arrival."""
        return self.filter(state=RegistrationState.WAITING).order_by("place_in_line", "pk")

    def lapsing(self, now=None):
        """Those who were offered a seat and whose time to accept it is over."""
        return self.filter(state=RegistrationState.OFFERED, offer_expires_at__lte=now or timezone.now())

    def taking_part(self):
        """Those whom a seminar counts on, or has to tell something: registered, waiting or offered a seat."""
        return self.exclude(state__in=[RegistrationState.UNCONFIRMED, *IS_OVER])

    def attended(self):
        """Those of whom it is written that they came."""
        return self.filter(attendances__isnull=False).distinct()

    def reachable(self):
        """Those to whom one can write about their seminar."""
        return self.known().entitled().exclude(email="")

    def open_to_mailings(self):
        """Those whom the secretariat may write to beyond what they need to take part: they did not end it."""
        return self.reachable().filter(mailings_ended_at=None)

    def known(self):
        """Those whose personal data are still kept."""
        return self.filter(anonymized_at=None)

    def entitled(self, day=None):
        """Those who may see their seminar on `day` (today).

        One that is not for everyone is for the delegates who are invited to it, as long as their mandate and their membership
        are in force. The page, the link to join, letters, mailings, check-in and calendar all ask this, each time.
        """
        return self.filter(Q(seminar__in=_for(Audience.EVERYONE)) | _of_invited_delegates(day))

    def with_open_link(self, now=None):
        """Those whose signed link still opens: until `LINKS_LAST` after the seminar, or the last day of its survey."""
        today = today_in_the_network(now)
        recent = Seminar.objects.with_last_day().filter(Q(last_day__gte=today - LINKS_LAST) | Q(survey__closes_on__gte=today))
        return self.filter(seminar__in=recent.order_by().values("pk"))

    def behind(self, signed, now=None):
        """The registration to which the signed part of an address leads: one or none. The right is asked anew each time."""
        try:
            name = SIGNER.unsign(signed)
        except BadSignature:
            return self.none()
        return self.known().entitled().with_open_link(now).named_in_links(name)

    def named_in_links(self, name):
        """The registration that a link names (`link_name`): one or none. Links sent to a former address name none any more."""
        code, _dot, key = name.partition(".")
        return self.filter(code=code, link_key=key)

    def visible_to(self, user):
        """The secretariat sees all; whoever registered has a signed link, and delegates those made from their account."""
        if user.has_perm("events.view_registration"):
            return self
        return self.filter(user=user) if user.is_authenticated else self.none()


def _for(audience):
    return Seminar.objects.filter(audience=audience).order_by().values("pk")


def _of_invited_delegates(day):
    """The condition that a registration is that of a delegate who is invited to its seminar, which is not for everyone."""
    theirs = Q(person__user=OuterRef("user")) | Q(person__user__email__iexact=OuterRef("email"))
    mandates = Delegate.objects.on(day).in_active_memberships(day).filter(theirs, person__user__is_active=True).order_by()
    is_named = Exists(mandates.filter(membership__seminar_invitations__seminar=OuterRef("seminar")))
    are_some_named = Exists(SeminarInvitation.objects.filter(seminar=OuterRef("seminar")).order_by())
    allowed = Q()
    for audience in (Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS):
        belongs = Exists(mandates.filter(membership__category__in=INVITED_BY_AUDIENCE[audience]))
        allowed |= Q(belongs & (Q(is_named) | ~are_some_named), seminar__in=_for(audience))
    return allowed


class Registration(models.Model):
    """Somebody takes part in a seminar, or wants to. One for each address in each seminar, whatever became of it.

    Once `anonymized_at` is set nothing says who it was; what is counted (country, sector, state) stays.
    """

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, related_name="registrations")
    form = models.CharField(_("form of attendance"), max_length=10, choices=AttendanceForm, default=AttendanceForm.VIRTUAL)
    state = models.CharField(
        _("state"), max_length=12, choices=RegistrationState, default=RegistrationState.UNCONFIRMED, editable=False
    )
    code = models.CharField(_("number"), max_length=12, unique=True, default=partial(new_code, 2, 4), editable=False)
    link_key = models.CharField(
        max_length=8, blank=True, default="", db_default="", editable=False, help_text="Anew when the address is corrected."
    )
    name = models.CharField(_("name and surname"), max_length=200, help_text=_("As it should appear on your certificate."))
    email = models.EmailField(_("email address"), blank=True)
    country = CountryField(_("country"), blank=True)
    institution_name = models.CharField(_("institution or organization"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution of the Network"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
    )
    sector = models.CharField(_("sector"), max_length=16, choices=Sector, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    listens_in = models.ForeignKey(
        Language, verbose_name=_("wants to listen in"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    needs = models.TextField(_("support they need"), max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=RegistrationOrigin, default=RegistrationOrigin.FORM, editable=False
    )
    notice = models.ForeignKey(
        PrivacyNotice, verbose_name=_("agreed to"), on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True, editable=False)
    place_in_line = models.PositiveIntegerField(_("place in the waiting list"), null=True, blank=True, editable=False)
    offer_expires_at = models.DateTimeField(_("place offered until"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("cancelled or declined"), null=True, blank=True, editable=False)
    mailings_ended_at = models.DateTimeField(_("wants no emails of the Secretariat since"), null=True, blank=True, editable=False)
    notes = models.TextField(
        _("notes of the Secretariat"),
        blank=True,
        help_text=_("Only the Secretariat reads them, and the person too if they ask for a copy of their data."),
    )
    anonymized_at = models.DateTimeField(_("made anonymous"), null=True, blank=True, editable=False)
    added_by = by_whom(_("added by"))
    decided_by = by_whom(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    ended_by = by_whom(_("cancelled by the Secretariat"))

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("participant"), _("participants")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["seminar", "form", "state", "place_in_line"], name="registrations_in_line")]
        constraints = [
            models.UniqueConstraint(
                "seminar",
                Lower("email"),
                condition=~Q(email=""),
                name="one_registration_for_each_address",
                violation_error_message=_("This address is registered for this seminar already."),
            ),
            models.CheckConstraint(
                name="registration_waiting_has_its_place",
                condition=~Q(state="waiting") | Q(place_in_line__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_offered_has_its_end",
                condition=~Q(state="offered") | Q(offer_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_with_a_seat_was_confirmed",
                condition=~Q(state__in=["confirmed", "offered", "waiting", "to-approve"]) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_has_an_address_or_is_anonymous",
                condition=~Q(email="") | Q(anonymized_at__isnull=False) | Q(origin="list"),
                violation_error_message=_("Enter the email address."),
            ),
        ]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        """The page of whoever registered. Its address is signed, opens nobody else's and tells nothing of them."""
        return reverse("events:registration", args=[self.signed])

    @property
    def link_name(self):
        """How its links name it: by its code and, since its address was corrected, by the key of the links sent to that one."""
        return f"{self.code}.{self.link_key}" if self.link_key else self.code

    @property
    def signed(self):
        """What its addresses carry."""
        return SIGNER.sign(self.link_name)

    @property
    def is_address_known(self):
        """Whether its address was confirmed, or is vouched for: until then no word typed in the form is sent there."""
        return self.confirmed_at is not None or self.origin != RegistrationOrigin.FORM

    def people_before(self):
        """Return how many are before this registration on the waiting list; 0 when it does not wait."""
        if self.state != RegistrationState.WAITING:
            return 0
        same = Registration.objects.filter(seminar=self.seminar_id, form=self.form)
        return same.waiting().filter(place_in_line__lt=self.place_in_line).count()

    @property
    def has_a_seat(self):
        return self.state in HAS_A_SEAT

    @property
    def is_over(self):
        return self.state in IS_OVER

    def may_see_seminar(self):
        """Whether it may still see its seminar: `RegistrationQuerySet.entitled` of one row. No query where it is for everyone."""
        return self.seminar.audience == Audience.EVERYONE or Registration.objects.entitled().filter(pk=self.pk).exists()

    @property
    def may_attend(self):
        """Whether they take part in a seminar that is held, published and theirs to see."""
        is_held = self.seminar.is_published and not self.seminar.is_cancelled
        return self.state == RegistrationState.CONFIRMED and is_held and self.may_see_seminar()

    @property
    def link_ends_on(self):
        """The last day on which its signed link opens."""
        return self.seminar.last_known_day + LINKS_LAST


class RegistrationAttempt(models.Model):
    """What was typed for an address that has a registration already, and that nobody confirmed yet.

    It waits beside the registration, which stays as it is until whoever reads that address has seen this and said yes. The
    last one typed counts.
    """

    registration = models.OneToOneField(
        Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="attempt"
    )
    typed_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    typed = models.JSONField(default=dict, editable=False, help_text="Columns of the registration; rows by their keys.")
    answers = models.JSONField(default=list, editable=False, help_text="Key of the question, words, keys of the options chosen.")

    class Meta:
        verbose_name, verbose_name_plural = _("registration not confirmed yet"), _("registrations not confirmed yet")

    def __str__(self):
        return f"{self.registration_id} · {self.typed_at:%Y-%m-%d %H:%M}"


class RegistrationAnswer(models.Model):
    """What somebody who registered answered to a question: words, or the options chosen."""

    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        RegistrationQuestion, verbose_name=_("question"), on_delete=models.CASCADE, related_name="answers"
    )
    text = models.TextField(_("answer"), max_length=1000, blank=True)
    chosen = models.ManyToManyField(RegistrationOption, verbose_name=_("chosen"), through="ChosenOption", related_name="answers")

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"],
                name="each_question_answered_once",
                violation_error_message=_("This question is answered already."),
            )
        ]

    def __str__(self):
        return self.text or ("; ".join(map(str, self.chosen.all())) if self.pk else "")

    def in_words(self):
        """Return the answer as typed, or the options chosen, in the reader's language where they are written in it."""
        return "; ".join(filter(None, [self.text, *(text_of(option, "text").words for option in self.chosen.all())]))


class ChosenOption(models.Model):
    """That an option was chosen in an answer. An option that somebody chose is not deleted."""

    answer = models.ForeignKey(RegistrationAnswer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="+")
    option = models.ForeignKey(
        RegistrationOption, verbose_name=_("answer to choose from"), on_delete=models.PROTECT, related_name="choices"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("chosen"), _("chosen")
        constraints = [models.UniqueConstraint(fields=["answer", "option"], name="each_option_chosen_once")]

    def __str__(self):
        return f"{self.answer_id} · {self.option_id}"
