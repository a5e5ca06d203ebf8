"""Guided acts on who takes part: to add somebody, to decline, to cancel, to note that they came."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django_countries import countries

from events.attendance import records
from events.attendance.check_in import REFUSED
from events.models import AttendanceForm, AttendanceSource, Panel, Registration, RegistrationOrigin, RegistrationState, Sector
from events.registration import workflow
from rifess.base.admin.confirmed_actions import GuidedAct, GuidedForm
from rifess.base.cleaned import forms

State = RegistrationState


def page_of(registration):
    return reverse("admin:events_registration_change", args=[registration.pk])


def tells(tell):
    return _("They get a letter that says so, in their language.") if tell else _("No email is sent.")


def text_of(column):
    """The field of a form for a column of a registration that is a line of text."""
    column = Registration._meta.get_field(column)
    return forms.CharField(
        label=column.verbose_name, max_length=column.max_length, required=not column.blank, help_text=column.help_text
    )


class AddForm(GuidedForm):
    name = text_of("name")
    email = forms.EmailField(label=gettext_lazy("email address"), max_length=254)
    country = forms.ChoiceField(label=gettext_lazy("country"), required=False)
    institution_name = text_of("institution_name")
    sector = forms.ChoiceField(label=gettext_lazy("sector"), choices=[("", "---------"), *Sector.choices], required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("language"), choices=Registration._meta.get_field("language").choices, initial="es"
    )
    form = forms.ChoiceField(label=gettext_lazy("form of attendance"))
    tell = forms.BooleanField(label=gettext_lazy("Write to them"), required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "---------"), *countries]
        self.fields["form"].choices = [(seats.form, seats.get_form_display()) for seats in self.about.seats.all()]


class AddParticipant(GuidedAct):
    """Somebody who asked for it otherwise, by letter or by telephone, takes part."""

    title, button, form_class = gettext_lazy("Add someone"), pgettext_lazy("participant", "Add"), AddForm
    needs = ["events.add_registration"]

    def consequences(self, answers):
        seats = self.row.seats.filter(form=answers["form"]).first()
        if seats and (seats.in_line or seats.left == 0):
            place = _("Every place is taken, or others wait: they go to the end of the waiting list.")
        else:
            place = _("They have a place at once. Their address is not asked to be confirmed, nor is anything to be approved.")
        said = _("%(name)s takes part with the address %(email)s. Make sure that they agreed to it.") % answers
        return [said, place, tells(answers["tell"])]

    @transaction.atomic
    def carry_out(self, answers):
        fields = {name: value for name, value in answers.items() if name != "tell"}
        registration = Registration(seminar_id=self.row.pk, origin=RegistrationOrigin.LIST, added_by=self.request.user, **fields)
        registration.full_clean()
        registration.save()
        registration = workflow.enrol(registration, tells=answers["tell"])
        said = {"name": registration.name, "state": registration.get_state_display()}
        return _("%(name)s is added: %(state)s.") % said, page_of(registration)


class DeclineForm(GuidedForm):
    because = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        max_length=500,
        required=False,
        help_text=gettext_lazy("They read it in the letter. Left empty, the letter gives none."),
    )


class Decline(GuidedAct):
    """The secretariat says no to somebody who asked to take part."""

    title, button = gettext_lazy("Decline this registration"), pgettext_lazy("registration", "Decline")
    form_class = DeclineForm

    def consequences(self, answers):
        reason = _("It gives the reason you wrote.") if answers["because"] else _("It gives no reason.")
        return [_("They do not take part, and cannot register again for this seminar."), tells(True), reason]

    def carry_out(self, answers):
        workflow.decline(self.row, because=answers["because"], by=self.request.user)
        return _("The registration is declined, and they are told."), page_of(self.row)


class Cancel(GuidedAct):
    """Somebody takes part no more, because they asked for it."""

    title, button = gettext_lazy("Cancel this registration"), gettext_lazy("Cancel the registration")

    def consequences(self, answers):
        told = self.row.state != State.UNCONFIRMED
        return [_("They do not take part any more. They may register again."), *self._seat(), tells(told)]

    def _seat(self):
        if not self.row.has_a_seat:
            return []
        waiting = Registration.objects.filter(seminar=self.row.seminar_id, form=self.row.form).waiting().count()
        if not waiting:
            return [_("Their place is free. No one waits for one.")]
        sentence = ngettext(
            "Their place is offered to the one person who waits.",
            "Their place is offered to the first of %(count)d people who wait.",
            waiting,
        )
        return [sentence % {"count": waiting}]

    def carry_out(self, answers):
        workflow.cancel(self.row, by=self.request.user)
        return _("The registration is cancelled."), page_of(self.row)


class CameForm(GuidedForm):
    panel = forms.ModelChoiceField(
        Panel.objects.none(), label=gettext_lazy("To which panel"), required=False, empty_label=gettext_lazy("the whole seminar")
    )
    minutes = forms.IntegerField(
        label=pgettext_lazy("length of time", "minutes"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=gettext_lazy("Left empty when it is not known."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].queryset = self.about.seminar.panels.all()


class NoteThatTheyCame(GuidedAct):
    """The secretariat knows that somebody came."""

    title, button, form_class = gettext_lazy("Note that they came"), gettext_lazy("Note it"), CameForm
    needs = ["events.add_attendance"]

    def consequences(self, answers):
        said = {"name": self.row, "panel": answers["panel"]}
        came = _("%(name)s came to “%(panel)s”.") if answers["panel"] else _("%(name)s came to the seminar.")
        return [came % said, _("It counts for their certificate and in the figures.")]

    def carry_out(self, answers):
        if self.row.state in REFUSED:  # the page may have been opened before somebody cancelled it
            raise ValidationError(REFUSED[self.row.state], code=self.row.state)
        records.record(self.row, source=AttendanceSource.SECRETARIAT, by=self.request.user, **answers)
        return _("It is noted that they came."), page_of(self.row)


class OtherForm(GuidedForm):
    form = forms.ChoiceField(label=gettext_lazy("form of attendance"), choices=AttendanceForm)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = self.about.seminar.seats.exclude(form=self.about.form)
        self.fields["form"].choices = [(seats.form, seats.get_form_display()) for seats in offered]


class AttendOtherwise(GuidedAct):
    """Somebody who wanted to come in person attends at a distance, or the other way round."""

    title, button = gettext_lazy("Change the form of attendance"), pgettext_lazy("form of attendance", "Change it")
    form_class = OtherForm

    def consequences(self, answers):
        left = _("They keep the place they have until the other one is certain. Then it goes to the next person waiting.")
        return [_("They attend: %(form)s.") % {"form": AttendanceForm(answers["form"]).label}, left, tells(False)]

    def carry_out(self, answers):
        workflow.change(self.row, form=answers["form"])
        return _("The form of attendance is changed."), page_of(self.row)


ACTS_BY_STATE = {
    State.UNCONFIRMED: ["cancel"],
    State.TO_APPROVE: ["decline", "otherwise", "cancel"],
    State.WAITING: ["otherwise", "cancel"],
    State.OFFERED: ["otherwise", "cancel"],
    State.CONFIRMED: ["came", "otherwise", "cancel"],
}
