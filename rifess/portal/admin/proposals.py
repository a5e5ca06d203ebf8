"""The secretariat answers proposals: the queue, and for each what it would change, the conversation and the three answers."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Proposal, ProposalKind, ProposalState
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.admin.pages import SecretariatModelAdmin
from rifess.base.cleaned import forms
from rifess.portal.proposals import workflow
from rifess.portal.proposals.diff import differences, differences_as_proposed, happened_to

ON_ACCEPTING = {
    ProposalKind.INSTITUTION: gettext_lazy(
        "What is marked is written into the institution’s record now, and its page says so at once."
    ),
    ProposalKind.SEMINAR: gettext_lazy(
        "A seminar is made of what is marked, as a draft: no one else sees it until it is published."
    ),
    ProposalKind.PANEL: gettext_lazy("A panel is made of what is marked. It is shown whenever its seminar is."),
    ProposalKind.RECORDING: gettext_lazy("A recording is made of what is marked. It is not published."),
    ProposalKind.DOCUMENT: gettext_lazy("A document is made of what is marked. Only the Secretariat may read it."),
}
PANEL_SHOWN_AT_ONCE = gettext_lazy(
    "A panel is made of what is marked. Its seminar is published: visitors see the panel in the programme at once."
)
ADDRESS_SHOWN = gettext_lazy("The recording gets this address. Nothing else changes: anyone who can see it now can play it.")
DONE = {
    "accept": gettext_lazy("It is done, and the delegation has been told."),
    "return": gettext_lazy("The delegation has it back, with your words."),
    "decline": gettext_lazy("The proposal is declined, and the delegation reads why."),
    "comment": gettext_lazy("The delegation has your message."),
}


class ReviewForm(CarefulForm):
    """The secretariat's answer to what it was shown: a column that changes meanwhile is shown again before anything is done."""

    columns = forms.MultipleChoiceField(required=False, label=gettext_lazy("What is accepted"))
    words = forms.CharField(
        label=gettext_lazy("Words for the delegation"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Needed to return or to decline it. They are sent by email, each in their language around them."),
    )

    class Meta:
        model = Proposal
        fields = []

    def __init__(self, *args, changes, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [change for change in changes if not (change.is_wish or change.is_needed)]
        self.fields["columns"].choices = [(change.name, change.label) for change in offered]
        self.initial["columns"] = [change.name for change in offered if not (change.is_stale or change.is_done)]

    @property
    def ticked(self):
        """The columns whose boxes are ticked on the page."""
        return self.data.getlist("columns") if self.is_bound else self.initial["columns"]

    def has_changed(self):
        return True

    def _values_of(self, row):
        now = workflow.form_of(row).now
        return {"columns": [row.state, str(row.turns.count()), *(f"{name}: {now.get(name, '')}" for name in row.changed)]}

    def _differs(self, name, value):
        return True

    def _difference(self, name, value):
        return ValidationError(_("Meanwhile something changed here. Look at the page once more, then answer."), code="meanwhile")


@admin.register(Proposal)
class ProposalAdmin(SecretariatModelAdmin):
    list_display = ["title", "kind", "holder", "person", "submitted_at", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["membership__institution", "mandate__person"]
    date_hierarchy = "submitted_at"
    search_fields = ["title__resembles", "made_by__email"]
    ordering = ["-submitted_at", "-pk"]

    def get_queryset(self, request):
        return Proposal.objects.visible_to(request.user).exclude(submitted_at=None)

    def get_object(self, request, object_id, from_field=None):
        """Of its kind: that is what is shown, and what the history tells of."""
        found = super().get_object(request, object_id, from_field)
        return workflow.of_its_kind(found) if found else None

    @admin.display(description=gettext_lazy("delegation"))
    def holder(self, proposal):
        return proposal.membership.holder_name

    @admin.display(description=gettext_lazy("proposed by"))
    def person(self, proposal):
        return proposal.mandate.person

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        return Review(self, request, found).answer()

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        if found := self.get_object(request, unquote(object_id)):
            form = workflow.form_of(found)
            response.context_data["happenings"] = [happened_to(form, each) for each in response.context_data["happenings"]]
        return response


class Review:
    """One request for the page of a proposal."""

    def __init__(self, model_admin, request, proposal):
        self.model_admin, self.request, self.proposal = model_admin, request, proposal
        ask = differences if proposal.is_with_the_secretariat else differences_as_proposed
        self.groups = ask(workflow.form_of(proposal))

    def answer(self):
        changes = [change for group in self.groups for change in group.changes]
        sent = self.request.POST if self.request.method == "POST" else None
        form = ReviewForm(sent, instance=self.proposal, changes=changes)
        if sent is None:
            return self.page(form)
        if not self.model_admin.has_change_permission(self.request, self.proposal):
            raise PermissionDenied
        self.proposal.row(for_update=True)  # the desk's requests are one transaction: what is compared now stays so
        return self.do(form) if form.is_valid() else self.page(form)

    def do(self, form):
        act = next((name for name in DONE if name in self.request.POST), "comment")
        try:
            self.acts(form)[act]()
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            return self.page(form)
        messages.success(self.request, DONE[act])
        return redirect("admin:members_proposal_change", self.proposal.pk)

    def acts(self, form):
        by, words, columns = self.request.user, form.cleaned_data["words"], form.cleaned_data["columns"]
        return {
            "accept": lambda: workflow.accept(self.proposal, columns, by=by, comment=words),
            "return": lambda: workflow.return_(self.proposal, by=by, comment=words),
            "decline": lambda: workflow.decline(self.proposal, by=by, reason=words),
            "comment": lambda: workflow.comment(self.proposal, by=by, words=words, of_the_secretariat=True),
        }

    def page(self, form):
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": str(self.proposal),
            "opts": self.model_admin.opts,
            "proposal": self.proposal,
            "groups": self.groups,
            "stale": [change for group in self.groups for change in group.changes if change.is_stale],
            "turns": self.proposal.conversation(),
            "form": form,
            "on_accepting": self.on_accepting(),
            "result_url": self.result_url(),
            "may_answer": self.model_admin.has_change_permission(self.request, self.proposal),
            "is_waiting": self.proposal.state == ProposalState.SUBMITTED,
        }
        return render(self.request, "admin/members/proposal/review.html", context, status=400 if form.errors else 200)

    def on_accepting(self):
        if self.proposal.kind == ProposalKind.PANEL and self.proposal.seminar.is_published:
            return PANEL_SHOWN_AT_ONCE
        if self.proposal.kind == ProposalKind.RECORDING and self.proposal.known_id:
            return ADDRESS_SHOWN
        return ON_ACCEPTING[self.proposal.kind]

    def result_url(self):
        row = getattr(self.proposal, self.proposal.became)
        if row is None or not (self.proposal.accepted or self.proposal.kind == ProposalKind.INSTITUTION):
            return ""
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
