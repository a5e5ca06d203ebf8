"""What the delegates propose: the list, one proposal with its conversation, and the form."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView

from events.models import Seminar
from members.access import ForDelegates
from members.models import Proposal, ProposalKind, ProposalState, User
from recordings.models import DocumentProposal, Recording
from recordings.proposals import MOST_MEGABYTES, known_without_link
from rifess.base.cleaned import forms
from rifess.base.limits import too_many, were_too_many
from rifess.base.streaming import give_to_save
from rifess.base.text.translated import text_of
from rifess.base.uploads.examination import examining_before_transactions
from rifess.portal.directory import visible_topics
from rifess.portal.proposals import workflow
from rifess.portal.proposals.diff import differences_as_proposed

PER_HOUR = 30  # messages, files, and what is sent in, of one person
SECOND_PRESS = timedelta(minutes=10)  # within which the same proposal, made anew, is the one there is
UNANSWERED = [ProposalState.DRAFT, ProposalState.SUBMITTED]


class WordsForm(forms.Form):
    """What one side writes to the other."""

    words = forms.CharField(
        label=gettext_lazy("Write to the Secretariat"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Enter your message.")},
    )


class SeminarForm(forms.Form):
    """Which seminar a panel or a recording is for."""

    seminar = forms.ModelChoiceField(
        Seminar.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Seminar"),
        error_messages={"required": gettext_lazy("Choose the seminar."), "invalid_choice": gettext_lazy("Choose the seminar.")},
    )

    def __init__(self, *args, seminars, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seminar"].queryset = seminars


class RecordingField(forms.ModelChoiceField):
    """Recordings by their titles, as buttons; none of them is an answer too."""

    widget = forms.RadioSelect

    def validate(self, value):
        pass

    def label_from_instance(self, recording):
        return text_of(recording, "title").words


class KnownRecordingForm(forms.Form):
    """Whether a recording is new, or one that the portal knows without knowing where it can be seen."""

    seminar = forms.CharField(widget=forms.HiddenInput)
    recording = RecordingField(
        Recording.objects.none(),
        to_field_name="slug",
        blank=True,
        empty_label=gettext_lazy("A new recording"),
        label=gettext_lazy("Which recording do you send?"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of these recordings, or a new one.")},
    )

    def __init__(self, *args, recordings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recording"].queryset = recordings


class OwnProposals(ForDelegates):
    """The proposals of the membership one acts for, as far as one may read them."""

    def get_queryset(self):
        return (
            Proposal.objects.visible_to(self.request.user)
            .filter(membership=self.standing.membership)
            .with_card()
            .select_related("recordingproposal")
        )


class ForThoseWhoAct:
    """Technical contacts read; to them there is no such page."""

    def dispatch(self, request, *args, **kwargs):
        if not self.standing.may_act:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def kinds_open_to(standing):
    """The kinds of proposal that whoever acts with `standing` may begin: kind → its words."""
    if not standing.may_act:
        return {}
    known = standing.membership.institution is not None
    return {kind: each.words for kind, each in workflow.KINDS.items() if known or kind != ProposalKind.INSTITUTION}


def refuse_too_many(user, *, counts=True):
    """Raise ValidationError (code "too_many") when `user` has sent the secretariat a great deal within the hour.

    `counts`: this is one more of what is sent; else it is only asked whether one more may come.
    """
    if (
        too_many("proposals", user.pk, limit=PER_HOUR, seconds=3600)
        if counts
        else were_too_many("proposals", user.pk, limit=PER_HOUR - 1)
    ):
        sentence = _("You have sent the Secretariat a lot within an hour. Please wait a little, and send this again.")
        raise ValidationError(sentence, code="too_many")


def seminars_for(kind, user, standing):
    """The seminars for which a proposal of `kind` can be made: those one may see and, for a panel, only what is to come."""
    visible = Seminar.objects.visible_to(user).filter(cancelled_on=None)
    if kind != ProposalKind.PANEL:
        return visible
    coming = Q(pk__in=visible.upcoming().order_by().values("pk"))
    return Seminar.objects.filter(coming | Q(pk__in=own_drafts(user, standing).values("pk")))


def own_drafts(user, standing):
    """Drafts that came of proposals of the membership, as far as `user` may read these."""
    own = Proposal.objects.visible_to(user).filter(membership=standing.membership)
    return Seminar.objects.drafts().filter(proposals__in=own.values("pk"))


class ProposalList(OwnProposals, ListView):
    template_name = "delegation/proposal_list.html"
    paginate_by = 20

    def get_context_data(self, **kwargs):
        return super().get_context_data(ways=kinds_open_to(self.standing), **kwargs)


class ProposalDetail(OwnProposals, DetailView):
    """A proposal with its conversation. What one may do with it is a button each."""

    template_name = "delegation/proposal_detail.html"
    context_object_name = "proposal"

    def get_context_data(self, **kwargs):
        proposal = workflow.of_its_kind(self.object)
        kwargs.setdefault("form", WordsForm())
        return super().get_context_data(
            groups=differences_as_proposed(workflow.form_of(proposal)),
            turns=self.object.conversation(),
            result=workflow.result_for(proposal, self.request.user),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not self.standing.may_act:
            raise Http404
        if "words" in request.POST:
            return self.write()
        return self.withdraw() if "withdraw" in request.POST else self.submit()

    def submit(self):
        try:
            refuse_too_many(self.request.user)
            workflow.submit(self.object, by=self.request.user)
        except ValidationError as refusal:
            return self.explain(refusal, onward="delegation:edit-proposal" if self.object.is_with_the_delegate else None)
        messages.success(self.request, _("Your proposal is with the Secretariat. You will get an email when it answers."))
        return redirect(self.object)

    def withdraw(self):
        try:
            workflow.withdraw(self.object, by=self.request.user)
        except ValidationError as refusal:
            return self.explain(refusal)
        messages.success(self.request, _("You have withdrawn this proposal."))
        return redirect(self.object)

    def write(self):
        form = WordsForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            refuse_too_many(self.request.user)
            workflow.comment(self.object, by=self.request.user, words=form.cleaned_data["words"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, _("The Secretariat has received your message."))
        return redirect(f"{self.object.get_absolute_url()}#conversation")

    def explain(self, refusal, onward=None):
        for sentence in refusal.messages:
            messages.error(self.request, sentence)
        return redirect(onward or "delegation:proposal", self.object.pk)


class ProposalFormView(FormView):
    """Typing a proposal: a button keeps the draft, another sends it. Nothing typed is lost when something is wrong."""

    template_name = "delegation/proposal_form.html"
    body_megabytes_signed_in = MOST_MEGABYTES + 1
    form_classes = [each.form for each in workflow.KINDS.values()]

    def get_form(self, form_class=None):
        form = workflow.form_of(self.proposal, **self.get_form_kwargs(), is_draft="send" not in self.request.POST)
        form.may_send = lambda: refuse_too_many(self.request.user, counts=False)
        if "topics" in form.fields:
            form.fields["topics"].queryset = visible_topics(self.request.user)
        return form

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["initial"]
        return kwargs

    def form_valid(self, form):
        try:
            self.refuse_another_membership()
            if "send" in self.request.POST or self.request.FILES:
                refuse_too_many(self.request.user)
            proposal = self.keep(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if proposal.is_with_the_secretariat:
            messages.success(self.request, _("Your proposal is with the Secretariat. You will get an email when it answers."))
            return redirect(proposal)
        messages.success(self.request, _("The draft is saved. You can close this page and continue later."))
        return redirect("delegation:edit-proposal", proposal.pk)

    @transaction.atomic
    def keep(self, form):
        proposal = workflow.save_draft(form, by=self.request.user)
        return workflow.submit(proposal, by=self.request.user) if "send" in self.request.POST else proposal

    def get_context_data(self, **kwargs):
        turns = self.proposal.conversation() if self.proposal.pk else []
        asked = turns[-1] if turns and self.proposal.state == "returned" else None
        return super().get_context_data(proposal=self.proposal, asked=asked, **kwargs)


class Propose(ForDelegates, ForThoseWhoAct, ProposalFormView):
    """A new proposal. A panel or a recording first asks of which seminar, and then whether the recording is known already."""

    def get(self, request, *args, **kwargs):
        return self.answer(super().get)

    def post(self, request, *args, **kwargs):
        return self.answer(super().post)

    def answer(self, go_on):
        kind = self.kwargs["kind"]
        if kind not in kinds_open_to(self.standing):
            raise Http404
        return self.ask_for_the_seminar(kind, go_on) if workflow.KINDS[kind].of_a_seminar else self.begin(kind, go_on)

    def ask_for_the_seminar(self, kind, go_on):
        seminars = seminars_for(kind, self.request.user, self.standing)
        choice = SeminarForm(self.request.GET if "seminar" in self.request.GET else None, seminars=seminars)
        if choice.is_valid():
            seminar = choice.cleaned_data["seminar"]
            ask = self.ask_for_the_recording if kind == ProposalKind.RECORDING else self.begin
            return ask(kind, go_on, seminar=seminar)
        context = {"form": choice, "standing": self.standing, "words": workflow.KINDS[kind].words}
        return render(self.request, "delegation/proposal_seminar.html", context | {"there_are": seminars.exists()})

    def ask_for_the_recording(self, kind, go_on, seminar):
        """Not asked where there is nothing to choose from."""
        known, is_chosen = known_without_link(seminar, self.request.user), "recording" in self.request.GET
        if not (is_chosen or known.exists()):
            return self.begin(kind, go_on, seminar=seminar)
        choice = KnownRecordingForm(self.request.GET if is_chosen else None, recordings=known, initial={"seminar": seminar.slug})
        if choice.is_valid():
            return self.begin(kind, go_on, seminar=seminar, known=choice.cleaned_data["recording"])
        context = {"form": choice, "standing": self.standing, "words": workflow.KINDS[kind].words, "seminar": seminar}
        return render(self.request, "delegation/proposal_recording.html", context)

    @transaction.atomic
    def keep(self, form):
        """What is sent a second time (two presses, or a page gone back to) is the proposal that the first time made."""
        form.keep()
        User.objects.select_for_update(no_key=True).get(pk=self.request.user.pk)  # the second press waits for the first
        twin = next((each for each in self.made_lately() if _is_same(each, form.proposal)), None)
        if twin is None:
            return super().keep(form)
        is_to_send = "send" in self.request.POST and twin.is_with_the_delegate
        return workflow.submit(twin, by=self.request.user) if is_to_send else twin

    def made_lately(self):
        """What the user has begun of this kind within the last minutes, and nobody has answered."""
        made = type(self.proposal).objects.filter(kind=self.proposal.kind, membership=self.standing.membership)
        since = timezone.now() - SECOND_PRESS
        return made.filter(made_by=self.request.user, made_at__gt=since, state__in=UNANSWERED).order_by("pk")

    def begin(self, kind, go_on, **about):
        self.proposal = workflow.begin(kind, self.standing, by=self.request.user, **about)
        return go_on(self.request)


class EditProposal(OwnProposals, ForThoseWhoAct, ProposalFormView):
    """Going on with a draft, or with what the secretariat has returned."""

    def get(self, request, *args, **kwargs):
        return self.answer(super().get)

    def post(self, request, *args, **kwargs):
        """Whoever else sends the same draft waits, and is then shown the difference."""
        go_on = super().post
        return examining_before_transactions(lambda: self.answer_locked(go_on), request)

    @transaction.atomic
    def answer_locked(self, go_on):
        return self.answer(go_on)

    def answer(self, go_on):
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        if not found.is_with_the_delegate:
            messages.error(self.request, _("This proposal cannot be changed now. Check its status."))
            return redirect(found)
        self.proposal = workflow.of_its_kind(found, for_update=self.request.method == "POST")
        if workflow.KINDS[found.kind].of_a_seminar and not self.sees_the_seminar():
            messages.error(
                self.request, _("You do not have access to its seminar now. Write to the Secretariat, or withdraw the proposal.")
            )
            return redirect(found)
        if found.kind == ProposalKind.RECORDING and not self.sees_the_recording():
            messages.error(
                self.request,
                _("You do not have access to its recording now. Write to the Secretariat, or withdraw the proposal."),
            )
            return redirect(found)
        return go_on(self.request)

    def sees_the_recording(self):
        """One that is known may have been taken away since."""
        known = self.proposal.known_id
        return known is None or Recording.objects.visible_to(self.request.user).filter(pk=known).exists()

    def sees_the_seminar(self):
        """Its form names panels of the seminar, which may have been taken back or narrowed since."""
        seminars = Seminar.objects.visible_to(self.request.user) | own_drafts(self.request.user, self.standing)
        return seminars.filter(pk=self.proposal.seminar_id).exists()


def _is_same(proposal, other):
    """Whether two proposals of one kind say the same of the same, with the same file as far as name and size tell."""
    columns = ("contents", "seminar_id", "known_id")
    if any(getattr(proposal, name, None) != getattr(other, name, None) for name in columns):
        return False
    return not proposal.contents.get("file") or proposal.file.size == other.file.size


def proposal_file(request, pk):
    """The file of a proposed document, for both sides: always saved, never opened inside our pages."""
    visible = Proposal.objects.visible_to(request.user).values("pk") if request.user.is_authenticated else []
    proposal = get_object_or_404(DocumentProposal.objects.filter(pk__in=visible), pk=pk)
    if not proposal.file:
        raise Http404
    try:
        return give_to_save(request, proposal.file, name=proposal.file_name)
    except FileNotFoundError:
        raise Http404 from None
