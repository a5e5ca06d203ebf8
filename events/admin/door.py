"""Receiving those who come in person, on a telephone: found by name or by the code they show, and let in with one tap."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.admin.clocks import on_the_clock_of
from events.attendance import check_in, qr_codes
from events.models import AttendanceForm, Registration, TakingPart
from rifess.base.codes import as_typed
from rifess.base.text.collation import SortKey

MOST_SHOWN = 200
EARLY = timedelta(hours=24)  # so long before the first day a tap is refused; one of long before shows a wrong clock


class TapForm(forms.Form):
    """One tap: whom it lets in, or takes back, and when it was made if there was no connection then."""

    registration = forms.ModelChoiceField(Registration.objects.none())
    act = forms.ChoiceField(choices=[("in", "in"), ("undo", "undo")])
    at = forms.IntegerField(required=False, min_value=0)  # seconds since 1970, on the clock of the telephone
    sent = forms.IntegerField(required=False, min_value=0)  # on the same clock, when it is sent

    def __init__(self, *args, seminar, **kwargs):
        super().__init__(*args, **kwargs)
        self.seminar = seminar
        self.fields["registration"].queryset = Registration.objects.known().filter(seminar=seminar)

    def clean(self):
        """Find out `came_at`, the moment of the tap: a telephone's clock may be wrong, but it knows how long it kept the tap.

        A moment that is still to come, or long before the seminar, is taken for now.
        """
        cleaned, now = super().clean(), timezone.now()
        at, sent = cleaned.get("at"), cleaned.get("sent")
        if at is not None and sent is not None:
            at += round(now.timestamp()) - sent
        begins = datetime.combine(self.seminar.starts_on, time.min, self.seminar.zone)
        is_likely = at is not None and (begins - EARLY).timestamp() <= at <= now.timestamp()
        return cleaned | {"came_at": datetime.fromtimestamp(at, tz=UTC) if is_likely else now}

    def carry_out(self, by):
        """Do it. Returns the sentence that says so; raises ValidationError."""
        registration = self.cleaned_data["registration"]
        if self.cleaned_data["act"] == "undo":
            check_in.undo(registration)
            return _("%(name)s is not in.") % {"name": registration}
        check_in.check_in(registration, by=by, at=self.cleaned_data["came_at"])
        return _("%(name)s is in.") % {"name": registration}


class ReceivesAtTheDoor:
    """Adds the pages to who takes part."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/door/", view(self.door), name="events_takingpart_door"),
            path("<int:pk>/door/<str:code>/", view(self.door_code), name="events_takingpart_door_code"),
            *super().get_urls(),
        ]

    def door(self, request, pk):
        """The list of those expected, and whoever is searched for; a tap lets in."""
        seminar = self._seminar(request, pk)
        if request.method == "POST":
            return self._tap(request, seminar)
        words = request.GET.get("q", "").strip()[:100]
        return self._door_page(request, seminar, "door.html", {"words": words, "people": _expected(seminar, words)[:MOST_SHOWN]})

    def door_code(self, request, pk, code):
        """Whoever showed the `code`, with the button that lets them in."""
        seminar = self._seminar(request, pk)
        person = _with_presence(qr_codes.behind(code)).select_related("seminar").first()
        is_of_another = person is not None and person.seminar_id != seminar.pk
        context = {"person": None if is_of_another else person, "elsewhere": person.seminar if is_of_another else None}
        return self._door_page(request, seminar, "door_code.html", context)

    def _seminar(self, request, pk):
        if not request.user.has_perms(["events.view_registration", "events.add_attendance"]):
            raise PermissionDenied
        seminar = TakingPart.objects.filter(pk=pk).first()
        if seminar is None:
            raise Http404
        return seminar

    def _tap(self, request, seminar):
        form = TapForm(request.POST, seminar=seminar)
        try:
            form.full_clean()
            if not form.is_valid():
                raise ValidationError(_("This person is not registered for this seminar."))
            said, is_done = form.carry_out(request.user), True
        except ValidationError as refused:
            said, is_done = " ".join(refused.messages), False
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"said": said, "done": is_done, **_counts(seminar)}, status=200 if is_done else 409)
        self.message_user(request, said, messages.SUCCESS if is_done else messages.ERROR)
        words = {"q": request.POST["q"]} if request.POST.get("q") else None
        return redirect(reverse("admin:events_takingpart_door", args=[seminar.pk], query=words))

    def _door_page(self, request, seminar, template, context):
        about = {"title": _("At the door"), "opts": self.opts, "original": seminar, "media": self.media, **_counts(seminar)}
        about["is_today"] = seminar.is_under_way()
        context = self.admin_site.each_context(request) | about | context
        response = on_the_clock_of(seminar.zone, render, request, f"admin/events/takingpart/{template}", context)
        response["Permissions-Policy"] = "camera=(self)"
        return response


def _with_presence(registrations):
    inside = check_in.came_in().filter(registration=OuterRef("pk"))
    return registrations.annotate(is_in=Exists(inside), in_since=Subquery(inside.values("came_at")[:1]))


def _expected(seminar, words):
    """Those who are confirmed and come in person, by name; with `words`, whoever registered in any way and is called so."""
    registrations = _with_presence(Registration.objects.known().filter(seminar=seminar)).order_by(SortKey("name"), "pk")
    if not words:
        return registrations.confirmed().filter(form=AttendanceForm.IN_PERSON)
    return registrations.filter(
        Q(name__resembles=words) | Q(email__resembles=words) | Q(institution_name__resembles=words) | Q(code=as_typed(words))
    )


def _counts(seminar):
    """How many are expected at the door, and how many are in."""
    expected = Registration.objects.confirmed().filter(seminar=seminar, form=AttendanceForm.IN_PERSON)
    return {"expected": expected.count(), "inside": check_in.came_in().filter(registration__seminar=seminar).count()}
