"""A seminar copied at the secretariat's desk, as the start of the next."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import Seminar
from events.programme.copy_seminar import copy
from rifess.base.admin.confirmed_actions import DayField, GuidedAct, GuidedForm
from rifess.base.dates import say_days


class CopyForm(GuidedForm):
    starts_on = DayField(label=gettext_lazy("First day of the new one"))
    speakers = forms.BooleanField(
        label=gettext_lazy("With the people who speak in its panels"),
        required=False,
        help_text=gettext_lazy("Names, roles and positions; nothing of what they said."),
    )


class CopySeminar(GuidedAct):
    """The next one begins as a copy of this one."""

    title, button, form_class = gettext_lazy("Copy it for the next one"), gettext_lazy("Copy the seminar"), CopyForm
    needs = ["events.add_seminar"]

    def consequences(self, answers):
        panels = self.row.panels.count()
        programme = ngettext(
            "Its %(count)d panel comes along, at the same time of the day.",
            "Its %(count)d panels come along, at the same times of the day.",
            panels,
        )
        return [
            _("There is a new draft with the same texts, %(days)s. Only the Secretariat sees it.")
            % {"days": self._days(answers)},
            *([programme % {"count": panels}] if panels else []),
            _("So are the terms and questions of registration, the places, messages, rules of certificates and survey."),
            self._people(answers),
            *self._invited(),
            _("Neither participants nor links, recordings, documents or conclusions come along."),
            *self._made_before(answers),
        ]

    def _made_before(self, answers):
        """Whoever presses the button a second time is shown first what the first time made."""
        alike = Seminar.objects.drafts().filter(title_es=self.row.title_es, starts_on=answers["starts_on"])
        if count := alike.exclude(pk=self.row.pk).count():
            sentence = ngettext(
                "There is a draft with this title on that day already. This makes another one.",
                "There are %(count)d drafts with this title on that day already. This makes another one.",
                count,
            )
            yield sentence % {"count": count}

    def _days(self, answers):
        first, last = answers["starts_on"], self.row.ends_on
        return say_days(first, last and first + (last - self.row.starts_on))

    def _people(self, answers):
        if answers["speakers"]:
            return _("Those who speak in its panels are in the new programme: no one is told of it.")
        return _("No one speaks in the new programme yet.")

    def _invited(self):
        if not self.row.invitations.exists():
            return []
        return [_("It is for the same members as this one: change those invited on its page.")]

    def carry_out(self, answers):
        new = copy(self.row, **answers)
        said = _("“%(seminar)s” is copied. This is the new draft: change its title first.") % {"seminar": self.row}
        return said, reverse("admin:events_seminar_change", args=[new.pk])
