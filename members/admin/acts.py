"""Guided acts on mandates and on the coordination: what is asked, what will happen, and the act."""

from datetime import timedelta

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from members.accounts.dormant import reset_second_factor
from members.accounts.mail import tell_of_person
from members.accounts.reach import refuse_beyond_reach
from members.mandates.appointments import appoint, end_mandate
from members.mandates.coordination import hand_over
from members.merging import merge, what_hangs_on
from members.models import CoordinationTerm, Delegate, DelegateRole, Institution, Person, User
from members.models.proposals import OPEN
from rifess.base.admin.confirmed_actions import DayField, GuidedAct, GuidedForm, looked_for
from rifess.base.cleaned import forms
from rifess.base.dates import say_date, today_in_the_network


class EndMandateForm(GuidedForm):
    on = DayField(
        label=gettext_lazy("First day without the mandate"),
        help_text=gettext_lazy("From this day on the person reads nothing that is for the Network only."),
    )


class EndMandate(GuidedAct):
    """A mandate ends on a day: today, a day to come, or one that has passed."""

    title, button, form_class = gettext_lazy("End this mandate"), gettext_lazy("End the mandate"), EndMandateForm

    def initial(self):
        return {"on": today_in_the_network()}

    def consequences(self, answers):
        mandate, on = self.row, answers["on"]
        return [*what_ends(mandate, on), *what_stays(mandate), *who_speaks_then(mandate, on)]

    def carry_out(self, answers):
        mandate = end_mandate(self.row, on=answers["on"])
        said = {"person": mandate.person, "day": say_date(mandate.ended_on)}
        return _("The mandate of %(person)s ends: %(day)s is the first day without it.") % said, _page_of(mandate)


class AppointForm(GuidedForm):
    person = forms.ModelChoiceField(Person.objects.all(), label=gettext_lazy("Successor"))
    starts_on = DayField(
        label=gettext_lazy("First day of the new mandate"), help_text=gettext_lazy("The present mandate ends on this day.")
    )
    mandate_due_on = DayField(
        label=gettext_lazy("Mandate due on"),
        required=False,
        help_text=gettext_lazy("It is only a reminder and does not end access."),
    )
    accreditation = forms.CharField(
        label=gettext_lazy("Accreditation"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Letter or act that appoints."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].widget = looked_for(Delegate._meta.get_field("person"), self.site)
        self.fields["person"].widget.choices = self.fields["person"].choices


class AppointSuccessor(GuidedAct):
    """Somebody follows in the same role: one mandate ends on the day the other begins."""

    title, button, form_class = gettext_lazy("Appoint a successor"), gettext_lazy("Appoint"), AppointForm

    def initial(self):
        due = self.row.mandate_due_on
        return {"starts_on": today_in_the_network(), "mandate_due_on": due}

    def consequences(self, answers):
        mandate, person, on = self.row, answers["person"], answers["starts_on"]
        said = {"person": person, "role": mandate.get_role_display(), "seat": mandate.membership, "day": say_date(on)}
        told = [*what_ends(mandate, on), _("%(person)s becomes %(role)s of %(seat)s on %(day)s.") % said, *what_stays(mandate)]
        if person.user_id:
            return [*told, _("%(person)s has an account already, and needs no invitation.") % said]
        return [*told, _("%(person)s has no account: the page after this one invites them.") % said]

    def carry_out(self, answers):
        successor = appoint(
            self.row.membership,
            role=DelegateRole(self.row.role),
            after=self.row,
            **{name: answers[name] for name in ("person", "starts_on", "mandate_due_on", "accreditation")},
        )
        said = {"person": successor.person, "day": say_date(successor.starts_on)}
        sentence = _("%(person)s is appointed from %(day)s.") % said
        if successor.person.user_id:
            return sentence, _page_of(successor)
        asked = f"person={successor.person_id}&membership={successor.membership_id}&role={successor.role}"
        return sentence, f"{reverse('admin:members_invitation_add')}?{asked}"


class HandOverForm(GuidedForm):
    country = forms.ChoiceField(label=gettext_lazy("Country that coordinates next"))
    institution = forms.ModelChoiceField(Institution.objects.all(), label=gettext_lazy("Institution that coordinates next"))
    coordinator = forms.ModelChoiceField(
        Person.objects.all(),
        label=gettext_lazy("Executive coordinator"),
        required=False,
        help_text=gettext_lazy("Leave it empty while it is not known."),
    )
    starts_on = DayField(label=gettext_lazy("First day of the new coordination"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "---------"), *countries]
        for name in ("institution", "coordinator"):
            self.fields[name].widget = looked_for(CoordinationTerm._meta.get_field(name), self.site)
            self.fields[name].widget.choices = self.fields[name].choices


class HandOver(GuidedAct):
    """The Executive Coordination passes to another institution from a day on."""

    title = gettext_lazy("Hand over the coordination")
    button, form_class = gettext_lazy("Hand over"), HandOverForm

    def consequences(self, answers):
        said = {
            "before": self.row.country.name,
            "after": countries.name(answers["country"]),
            "institution": answers["institution"],
            "last": say_date(answers["starts_on"] - timedelta(days=1)),
            "first": say_date(answers["starts_on"]),
        }
        return [
            _("Until %(last)s the portal says that %(before)s coordinates, and from %(first)s that %(after)s does.") % said,
            _("%(institution)s is named as the institution, on the home page and on that of the Network, by itself.") % said,
            _("What was published keeps its authors and its dates."),
            *self.accounts(),
        ]

    def accounts(self):
        count = User.objects.filter(is_staff=True, is_active=True).count()
        sentence = ngettext(
            "%(count)d account works in the Secretariat. It stays as it is: invite the new people, then end those who leave.",
            "%(count)d accounts work in the Secretariat. They stay as they are: invite the new people, then end those who leave.",
            count,
        )
        return [sentence % {"count": count}]

    def carry_out(self, answers):
        following = hand_over(self.row, **answers)
        said = {"country": following.country.name, "day": say_date(following.starts_on)}
        return _("%(country)s coordinates from %(day)s.") % said, reverse("admin:members_coordinationterm_changelist")


class MergeForm(GuidedForm):
    duplicate = forms.ModelChoiceField(
        Person.objects.all(),
        label=gettext_lazy("The other record of the same person"),
        help_text=gettext_lazy("It disappears: all that hangs on it moves to the record you came from."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["duplicate"].widget = looked_for(Delegate._meta.get_field("person"), self.site)
        self.fields["duplicate"].widget.choices = self.fields["duplicate"].choices


class MergePeople(GuidedAct):
    """Two records of one human being become one."""

    title, button, form_class = gettext_lazy("Merge with another record"), gettext_lazy("Merge"), MergeForm
    needs = ["members.change_delegate"]  # mandates move too
    confirms = True

    def consequences(self, answers):
        stays, goes = self.row, answers["duplicate"]
        said = {"stays": stays, "goes": goes, "address": goes.get_absolute_url()}
        moved = [
            _("%(kind)s: %(count)d moved.") % {"kind": capfirst(model._meta.verbose_name_plural), "count": len(rows)}
            for model, _column, rows in what_hangs_on(goes)
        ]
        return [
            _("“%(stays)s” stays, and “%(goes)s” becomes a variant of the name.") % said,
            *moved,
            _("The address %(address)s leads to the one that stays.") % said,
            _("This cannot be undone, except by hand with the history of each record."),
        ]

    def carry_out(self, answers):
        moved = answers["duplicate"].user
        refuse_beyond_reach(self.request.user, moved, self.row.user)
        merge(answers["duplicate"], into=self.row)
        tell_of_person(None, moved)
        return _("The two records of %(person)s are one now.") % {"person": self.row}, reverse(
            "admin:members_person_change", args=[self.row.pk]
        )


class ResetSecondFactor(GuidedAct):
    """Somebody lost the telephone and the recovery codes: they sign in without, and set up new ones."""

    confirms = True
    title, button = gettext_lazy("Remove the second factor"), gettext_lazy("Remove the second factor")

    def consequences(self, answers):
        return [
            _("The authenticator app, passkeys and recovery codes of %(account)s no longer work.") % {"account": self.row},
            _("Their sessions end, and they are told by email."),
            _("Make sure that it is they who ask: call them at a number you know."),
        ]

    def carry_out(self, answers):
        reset_second_factor(self.row, by=self.request.user)
        return _("The second factor is removed."), reverse("admin:members_user_change", args=[self.row.pk])


def what_ends(mandate, on):
    """What the person can no longer do from the day `on`."""
    said = {"person": mandate.person, "seat": mandate.membership, "role": mandate.get_role_display(), "day": say_date(on)}
    ended = _("%(person)s is no longer %(role)s of %(seat)s from %(day)s.")
    reading = _("From that day on their account opens no paper, meeting or consultation of the Network under this mandate.")
    return [ended % said, reading]


def what_stays(mandate):
    """What outlives a mandate."""
    told = [_("What they said and published under it stays, with the position they held then.")]
    count = mandate.proposals.filter(state__in=OPEN).count()
    if count:
        sentence = ngettext(
            "%(count)d proposal of theirs is not decided yet: it stays with the institution.",
            "%(count)d proposals of theirs are not decided yet: they stay with the institution.",
            count,
        )
        told.append(sentence % {"count": count})
    return told


def who_speaks_then(mandate, on):
    """Who is left to speak for the membership on the day `on`."""
    others = Delegate.objects.on(on).filter(membership=mandate.membership).exclude(pk=mandate.pk).select_related("person")
    titular = next((other for other in others if other.role == DelegateRole.TITULAR), None)
    if titular:
        return [_("%(person)s is principal delegate on that day.") % {"person": titular.person}]
    alternate = next((other for other in others if other.role == DelegateRole.ALTERNATE), None)
    if alternate:
        return [_("There is no principal delegate on that day; %(person)s acts as alternate.") % {"person": alternate.person}]
    return [_("No one represents %(seat)s on that day. Appoint a successor.") % {"seat": mandate.membership}]


def _page_of(mandate):
    return reverse("admin:members_delegate_change", args=[mandate.pk])
