"""Registering for a seminar: the form, and the page of whoever registered, behind a signed address."""

from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, View

from events.calendar import add_links
from events.live import now_playing
from events.models import PrivacyNotice, Registration, RegistrationState, Sector, Seminar
from events.notifications.send import say_when
from events.programme.status import takes_place
from events.programme.times import first_moment_of, say_days_and_hour, times_by_city, zone_of_country, zones_of_members
from events.registration import attempts, workflow
from events.registration.forms import ParticipantForm, RegistrationForm
from events.registration.status import call_of
from events.surveys import responses
from members.models import Audience, MembershipCategory, standing_of
from rifess.base.consent import CHANGED
from rifess.base.limits import client_network, too_many, too_many_for

AN_HOUR, A_DAY = 60 * 60, 24 * 60 * 60
MOST_FROM_ONE_PLACE = 60  # an hour: a whole ministry may have one address


class OfOneSeminar:
    """A page of registering for the seminar in the address. There is none where nobody can register."""

    @cached_property
    def seminar(self):
        seminars = Seminar.objects.visible_to(self.request.user).filter(published_at__isnull=False, terms__isnull=False)
        return get_object_or_404(seminars.select_related("terms").prefetch_related("seats"), slug=self.kwargs["slug"])

    @cached_property
    def call(self):
        return call_of(self.seminar, self.request.user)

    def get_context_data(self, **kwargs):
        first = first_moment_of(self.seminar)
        said = {"when": say_days_and_hour(self.seminar, first), "first_moment": first}
        return super().get_context_data(seminar=self.seminar, call=self.call, **said, **kwargs)


@method_decorator(never_cache, name="dispatch")
class Register(OfOneSeminar, FormView):
    """The form. Whether an address is registered already, its answer does not tell."""

    form_class = RegistrationForm
    template_name = "events/registration_form.html"

    def dispatch(self, request, *args, **kwargs):
        if self.seminar.audience != Audience.EVERYONE:  # invited delegates register with one click, on its page
            messages.info(request, workflow.ONLY_DELEGATES)
            return redirect(self.seminar)
        if self.call is None or not self.call.is_open:
            return render(request, "events/registration_closed.html", {"seminar": self.seminar, "call": self.call})
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"seminar": self.seminar}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"notice": context["form"].notice}

    def get_success_url(self):
        return reverse("events:register-sent", args=[self.seminar.slug])

    def form_valid(self, form):
        refusal = self._too_many(form.cleaned_data["email"])
        if refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        try:
            self._register(form)
        except ValidationError as mistake:
            form.add_error(None, mistake)
            return self.form_invalid(form)
        return super().form_valid(form)

    def _register(self, form):
        workflow.register(
            self.seminar,
            form=form.chosen_form,
            email=form.cleaned_data["email"],
            answers=form.answers(),
            notice=form.notice,
            **form.participant(),
        )

    def _too_many(self, email):
        """Why no more registrations are taken for now, or nothing."""
        if too_many("registration", client_network(self.request), limit=MOST_FROM_ONE_PLACE, seconds=AN_HOUR):
            return _("Many registrations were sent from here in a short time. Please try again in an hour.")
        if too_many_for(email, f"registration-email:{self.seminar.pk}", self.request, limit=5, seconds=A_DAY):
            return _("Several registrations were sent with this address today. Check your email, or try again tomorrow.")
        return ""


class RegisterSent(OfOneSeminar, TemplateView):
    template_name = "events/registration_sent.html"


class RegisterDelegate(OfOneSeminar, View):
    """One click for whoever speaks for an institution: their name, address and institution are known."""

    def post(self, request, slug):
        standing = standing_of(request.user) if request.user.is_authenticated else None
        if standing is None:
            raise Http404
        if self._saw_another_notice():
            messages.error(request, CHANGED)
            return redirect(self.seminar)
        try:
            registration = workflow.register_delegate(
                self.seminar, form=self._form(), user=request.user, **participant_of(standing, request.user)
            )
        except ValidationError as mistake:
            messages.error(request, " ".join(mistake.messages))
            return redirect(self.seminar)
        if is_asked_more(registration):
            messages.success(request, _("You are registered. Please also answer the questions of this seminar."))
            return redirect("events:registration-change", registration.signed)
        return redirect(registration)

    def _saw_another_notice(self):
        """Whether the page with the button showed another than the one in force, or may have, as it does not say which."""
        notices, shown = PrivacyNotice.objects.in_force()[:2], self.request.POST.get("shown_notice")
        if shown is None:
            return len(notices) > 1
        return shown != str(notices[0].version if notices else "")

    def _form(self):
        """As the page said; without a word the only one there is: of several none is guessed."""
        forms = [seats.form for seats in self.seminar.seats.all()]
        return self.request.POST.get("form") or (forms[0] if len(forms) == 1 else "")


def participant_of(standing, user):
    """What is known of a delegate, as a registration keeps it."""
    seat = standing.membership
    return {
        "name": standing.mandate.person.name,
        "country": seat.country or "",
        "institution": seat.institution,
        "institution_name": seat.institution.name if seat.institution else "",
        "sector": Sector.GOVERNMENT if standing.category == MembershipCategory.MEMBER else "",
        "language": user.language or get_language(),
        "notice": PrivacyNotice.objects.in_force().first(),
    }


def is_asked_more(registration):
    """Whether its seminar has questions that it does not answer."""
    return registration.seminar.questions.exists() and not registration.answers.exists()


class OfOneRegistration:
    """A page of one registration, by its signed address."""

    def dispatch(self, request, *args, signed, **kwargs):
        known = Registration.objects.behind(signed).select_related(
            "seminar__terms", "seminar__survey", "institution", "listens_in", "attempt"
        )
        self.registration = known.first()
        if self.registration is None:
            return render(request, "events/registration_unknown.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def words(self):
        registration = self.registration
        seminar = registration.seminar
        prefetch_related_objects([seminar], "panels", "topics")
        return {
            "registration": registration,
            "seminar": seminar,
            "when": say_when(seminar, registration.country.code),
            "zone": zone_of_country(registration.country.code, seminar.zone),
            "calendar_links": add_links.of_seminar(seminar),
            "signed": self.request.resolver_match.kwargs["signed"],
        }

    def do(self, act, sentence=""):
        """Do `act`; say so, or why not."""
        try:
            act(self.registration)
        except ValidationError as mistake:
            messages.error(self.request, " ".join(mistake.messages))
        else:
            if sentence:
                messages.success(self.request, sentence)
        return redirect(self.registration)


class RegistrationPage(OfOneRegistration, View):
    """How it stands, and what may be done."""

    def get(self, request):
        registration = self.registration
        before = registration.people_before()
        more = {"before": before, "is_asked": responses.is_open_for(registration), "is_near": self._is_near()}
        return render(request, "events/registration.html", self.words() | more | self._to_confirm() | self._hours())

    def _to_confirm(self):
        """What is still to be confirmed: as it was typed last, and which one that is."""
        attempt = getattr(self.registration, "attempt", None)
        waits = attempt or self.registration.state == RegistrationState.UNCONFIRMED
        is_held = takes_place(self.registration.seminar)
        typed = attempts.as_typed(self.registration) if waits and is_held else None
        return {"typed": typed, "seen": attempts.version_of(attempt), "is_held": is_held}

    def _is_near(self):
        """Whether whoever has a seat finds what is on, and the way in, on a page of its own."""
        return self.registration.may_attend and now_playing.is_near(self.registration.seminar, timezone.now())

    def _hours(self):
        """When it begins, in the capitals of the members; nothing while that is not known."""
        seminar = self.registration.seminar
        first = first_moment_of(seminar)
        if first is None or seminar.has_ended():
            return {}
        return {"cities": times_by_city(first, zones_of_members(), seminar.zone), "first_moment": first}


class OfAButton(OfOneRegistration, View):
    """What a button of the page does. Whoever comes to its address without pressing it sees the page."""

    def get(self, request):
        return redirect(self.registration)


class RegistrationConfirm(OfAButton):
    def post(self, request):
        return self.do(partial(workflow.confirm, seen=request.POST.get("seen")))


class RegistrationAccept(OfAButton):
    def post(self, request):
        return self.do(workflow.accept)


class RegistrationCancel(OfOneRegistration, View):
    """Asked once more, on a page of its own."""

    def get(self, request):
        if self.registration.is_over:
            return redirect(self.registration)
        return render(request, "events/registration_cancel.html", self.words())

    def post(self, request):
        return self.do(workflow.cancel, _("Your registration is cancelled."))


class RegistrationChange(OfOneRegistration, FormView):
    """All but the address can be corrected; another form of attendance asks for a seat there."""

    form_class = ParticipantForm
    template_name = "events/registration_change.html"

    def get(self, request):
        if self.registration.is_over:
            return redirect(self.registration)
        return super().get(request)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "seminar": self.registration.seminar,
            "instance": attempts.as_typed(self.registration),
        }

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.initial["form"] = self.registration.form
        form.remember_answers()
        return form

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, **self.words())

    def form_valid(self, form):
        try:
            workflow.change(self.registration, form=form.chosen_form, answers=form.answers(), **form.participant())
        except ValidationError as mistake:
            form.add_error(None, mistake)
            return self.form_invalid(form)
        messages.success(self.request, _("Your details have been updated."))
        return redirect(self.registration)
