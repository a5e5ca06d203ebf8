"""Guided acts on applications: to read, to accept, to decline."""

from django.core.exceptions import ValidationError
from django.db.models import BLANK_CHOICE_DASH
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.applications import accept, decline, seat_for, take_up
from members.models import Delegate, DelegateRole, Institution, Membership, MembershipCategory, Person
from rifess.base.admin.confirmed_actions import DayField, GuidedAct, GuidedForm, looked_for
from rifess.base.cleaned import forms
from rifess.base.dates import say_date, today_in_the_network


class TakeUp(GuidedAct):
    """The secretariat begins to read; the applicant sees it. Nothing is asked, so the consequences come at once."""

    title, button = gettext_lazy("Begin to read"), gettext_lazy("I am reading it")

    def consequences(self, answers):
        return [_("The applicant’s page says that the Secretariat is reading the application. No message is sent.")]

    def carry_out(self, answers):
        take_up(self.row, by=self.request.user)
        return _("The applicant’s page says that you are reading it."), _page_of(self.row)


class AcceptForm(GuidedForm):
    institution = forms.ModelChoiceField(
        Institution.objects.all(),
        label=gettext_lazy("Institution"),
        required=False,
        help_text=gettext_lazy("If the Network knows it already. Left empty, a new one is made as the application names it."),
    )
    joined_on = DayField(
        label=gettext_lazy("Joined on"), help_text=gettext_lazy("Today or before: the invitation is sent at once.")
    )
    person = forms.ModelChoiceField(
        Person.objects.all(),
        label=gettext_lazy("Contact person"),
        required=False,
        help_text=gettext_lazy("If the Network knows them already. Left empty, a new one is made as the application names them."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Invited as"), choices=[*BLANK_CHOICE_DASH, *DelegateRole.choices])
    source_note = forms.CharField(
        label=gettext_lazy("Note on the source"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("In Spanish: by which decision it joined. Visitors read it on the page of the Network."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("institution", Membership), ("person", Delegate)):
            self.fields[name].widget = looked_for(model._meta.get_field(name), self.site)
            self.fields[name].widget.choices = self.fields[name].choices

    def clean_joined_on(self):
        day = self.cleaned_data["joined_on"]
        if day > today_in_the_network():
            raise ValidationError(_("This day has not come yet. Accept the application when it has."), code="future")
        return day

    def clean(self):
        cleaned = super().clean()
        if "joined_on" in cleaned and "institution" in cleaned:
            self._refuse_what_the_network_has(cleaned["institution"], cleaned["joined_on"])
        return cleaned

    def _refuse_what_the_network_has(self, institution, joined_on):
        try:
            seat_for(self.about, institution=institution, joined_on=joined_on).clean()
        except ValidationError as refused:
            raise ValidationError(refused.messages, code="overlap") from None


class Accept(GuidedAct):
    """The institution belongs to the Network, and its contact is invited."""

    title, button, form_class = gettext_lazy("Accept"), gettext_lazy("Accept the application"), AcceptForm

    def initial(self):
        return {
            "institution": Institution.objects.filter(name_es__iexact=self.row.institution_name).first(),
            "person": self._known_person(),
            "joined_on": today_in_the_network(),
        }

    def _known_person(self):
        """By the address, which was confirmed; by a name, which anybody may write, only who speaks for nobody."""
        known = Person.objects.filter(user__email__iexact=self.row.contact_email).first()
        namesakes = Person.objects.filter(name__iexact=self.row.contact_name, mandates=None, user=None)
        return known or namesakes.first()

    def consequences(self, answers):
        said = {
            "institution": answers["institution"] or self.row.institution_name,
            "person": answers["person"] or self.row.contact_name,
            "category": self.row.get_category_display(),
            "country": self.row.country.name,
            "day": say_date(answers["joined_on"]),
            "role": DelegateRole(answers["role"]).label,
            "email": self.row.contact_email,
        }
        mail = _("%(email)s gets the answer, and an invitation to open an account as %(role)s. The mandate begins on acceptance.")
        told = [self._institution(answers), self._person(answers), self._seat(), mail]
        return [sentence % said for sentence in told]

    def _seat(self):
        if self.row.category == MembershipCategory.MEMBER:
            return _("%(country)s has a seat from %(day)s, held by %(institution)s. Visitors see it at once.")
        return _("%(institution)s belongs to the Network as %(category)s from %(day)s. Visitors see it at once.")

    def _institution(self, answers):
        if answers["institution"]:
            return _("The institution is the one the Network knows: %(institution)s.")
        return _("A new institution is made: %(institution)s. Its page shows name, country and website.")

    def _person(self, answers):
        if answers["person"]:
            return _("The contact is the person the Network knows: %(person)s.")
        return _("A new person is made: %(person)s.")

    def carry_out(self, answers):
        application = accept(self.row, by=self.request.user, **answers)
        said = {"institution": application.membership.institution}
        return _("%(institution)s belongs to the Network, and its contact is invited.") % said, _page_of(application)


class DeclineForm(GuidedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=3000,
        help_text=gettext_lazy(
            "The applicant can read it in the message and on the page of the application. Write it in their language."
        ),
        error_messages={"required": gettext_lazy("Give the reason: the applicant will read it.")},
    )


class Decline(GuidedAct):
    """The application is not accepted, and the applicant is told why."""

    title, button, form_class = gettext_lazy("Decline"), gettext_lazy("Decline the application"), DeclineForm

    def consequences(self, answers):
        said = {"email": self.row.contact_email, "language": self.row.get_language_display()}
        return [
            _("%(email)s gets the answer with this reason, in a message in %(language)s.") % said,
            _("The application stays in the list of those that were declined. It cannot be opened again; they may apply anew."),
        ]

    def carry_out(self, answers):
        decline(self.row, by=self.request.user, **answers)
        return _("The application is declined, and the applicant is told why."), _page_of(self.row)


def _page_of(application):
    return reverse("admin:members_application_change", args=[application.pk])
