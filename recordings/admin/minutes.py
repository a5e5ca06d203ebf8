"""Guided acts on minutes: to circulate, to approve, to take back."""

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.models import Audience
from recordings.documents import approve, circulate, readers_by_mail, take_back
from recordings.models import Document, MinutesState
from rifess.base.admin.confirmed_actions import DayField, GuidedAct, GuidedForm, looked_for
from rifess.base.dates import say_date, today_in_the_network

WHO_READS = {
    Audience.SECRETARIAT: gettext_lazy("From then on only the Secretariat reads them."),
    Audience.MEMBERS: gettext_lazy("From then on the delegates of the members read them."),
    Audience.MEMBERS_AND_OBSERVERS: gettext_lazy("From then on the delegates of members and observers read them."),
    Audience.EVERYONE: gettext_lazy("From then on everyone reads them, search engines too."),
}


class CirculateForm(GuidedForm):
    tell = forms.BooleanField(
        label=gettext_lazy("Write to the delegates of the members"),
        required=False,
        help_text=gettext_lazy("Leave it out for minutes of long ago that are only put in order."),
    )


class Circulate(GuidedAct):
    """The members read the draft."""

    title, button, form_class = gettext_lazy("Circulate these minutes"), gettext_lazy("Circulate"), CirculateForm

    def initial(self):
        return {"tell": True}

    def consequences(self, answers):
        return [
            text_of_minutes(self.row),
            _("The delegates of the members can read them from now on; observers and visitors cannot."),
            told(readers_by_mail().count()) if answers["tell"] else _("No email is sent."),
        ]

    def carry_out(self, answers):
        count = circulate(self.row, tell=answers["tell"])
        sentences = [_("The minutes are circulated."), told(count) if count else _("No email is sent.")]
        return " ".join(str(sentence) for sentence in sentences), page_of(self.row)


class ApproveForm(GuidedForm):
    on = DayField(label=gettext_lazy("Approved on"))
    meeting = forms.ModelChoiceField(
        Document._meta.get_field("approving_meeting").related_model.objects.all(),
        label=gettext_lazy("At which meeting"),
        required=False,
        help_text=gettext_lazy("Leave it empty when the portal does not have this meeting."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who reads them from then on"), choices=Audience)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].widget = looked_for(Document._meta.get_field("approving_meeting"), self.site)
        self.fields["meeting"].widget.choices = self.fields["meeting"].choices


class Approve(GuidedAct):
    """A meeting has approved what was circulated."""

    title, button, form_class = gettext_lazy("Note their approval"), gettext_lazy("Note the approval"), ApproveForm

    def initial(self):
        closed = self.row.audience == Audience.SECRETARIAT  # the members read them already
        return {"on": today_in_the_network(), "audience": Audience.MEMBERS if closed else self.row.audience}

    def consequences(self, answers):
        said = {"day": say_date(answers["on"]), "meeting": answers["meeting"]}
        where = _("They are approved on %(day)s, at “%(meeting)s”.") if answers["meeting"] else _("They are approved on %(day)s.")
        return [where % said, text_of_minutes(self.row), WHO_READS[answers["audience"]], _("Their page says so.")]

    def carry_out(self, answers):
        approve(self.row, **answers)
        return _("The minutes are approved."), page_of(self.row)


class TakeBack(GuidedAct):
    """One step back."""

    title, button = gettext_lazy("Withdraw these minutes"), gettext_lazy("Withdraw them")

    def consequences(self, answers):
        if self.row.state == MinutesState.APPROVED:
            return [_("They are circulated again, and not approved."), _("Only the delegates of the members read them.")]
        return [
            _("They are a draft again, and only the Secretariat reads them."),
            _("No one is notified. Anyone who saved the file still has it."),
        ]

    def carry_out(self, answers):
        take_back(self.row)
        return _("The minutes are withdrawn."), page_of(self.row)


ACTS_BY_STATE = {
    MinutesState.DRAFT: ["circulate"],
    MinutesState.CIRCULATED: ["approve", "take-back"],
    MinutesState.APPROVED: ["take-back"],
}


def text_of_minutes(document):
    """Which text it is about: another version that comes meanwhile is shown before anything is done."""
    if version := document.current:
        said = {"number": version.number, "name": version.name, "day": say_date(localdate(version.added_at))}
        return _("Their text is version %(number)d, “%(name)s”, added on %(day)s.") % said
    return _("Their text is at %(address)s.") % {"address": document.url}


def told(count):
    sentence = ngettext("%(count)d delegate gets an email.", "%(count)d delegates get an email.", count)
    return sentence % {"count": count}


def page_of(document):
    return reverse("admin:recordings_document_change", args=[document.pk])
