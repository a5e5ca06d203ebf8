"""What a delegate may propose to hold: a seminar, or a panel of one that is being prepared."""

from django.utils.translation import gettext_lazy as _

from events.models import Panel, Seminar, SeminarKind
from members.proposals import LONGEST_TEXT, Day, ProposalForm, in_three
from rifess.base.cleaned import forms


class SeminarProposalForm(ProposalForm):
    """Meetings of the Network are convened by the secretariat: they are not among the kinds."""

    class Meta:
        model = Seminar
        fields = [
            *in_three("title"),
            "kind",
            "format",
            "starts_on",
            "ends_on",
            "time_zone",
            *in_three("place", "summary"),
            "topics",
            "languages",
        ]
        widgets = {
            "starts_on": Day,
            "ends_on": Day,
            "topics": forms.CheckboxSelectMultiple,
            "languages": forms.CheckboxSelectMultiple,
        }

    def _prepare(self, name, field):
        super()._prepare(name, field)
        if name == "kind":
            field.choices = [choice for choice in SeminarKind.choices if choice[0] != SeminarKind.MEETING]


class PanelProposalForm(ProposalForm):
    wishes = ("speakers",)

    speakers = forms.CharField(
        label=_("Who would speak"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One person a line: name, position, institution. The Secretariat enters them in the programme."),
    )

    class Meta:
        model = Panel
        fields = [*in_three("title"), "kind", "held_on", *in_three("summary"), "topics"]
        widgets = {"held_on": Day, "topics": forms.CheckboxSelectMultiple}
