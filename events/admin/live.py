"""The day itself at the secretariat's desk: where one joins, watches and listens, and what the public asks the panels."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin.clocks import on_the_clock_of
from events.admin.registrations import OfSeminar
from events.live import questions as asking
from events.models import (
    InterpretationChannel,
    JoinLink,
    PanelQuestion,
    PanelQuestionState,
    Stream,
    TakingPart,
)
from rifess.base.admin.pages import SecretariatInline, SecretariatModelAdmin, act_on_each, in_three
from rifess.base.microcache import answer, mark_of

State = PanelQuestionState
EVERY = 15  # seconds after which the page of whoever moderates asks again


class LinkInline(SecretariatInline):
    model = JoinLink
    fields = ["join_url", "counts_attendance"]
    verbose_name_plural = _("the day: link to join")


class StreamInline(SecretariatInline):
    model = Stream
    verbose_name_plural = _("the day: public stream")


class ChannelInline(SecretariatInline):
    model = InterpretationChannel
    fields = [("language", "url"), in_three("note")]
    verbose_name_plural = _("the day: channels of interpretation")


LIVE_INLINES = [LinkInline, StreamInline, ChannelInline]


class DecisionForm(forms.Form):
    """One tap: which question, and what becomes of it."""

    question = forms.ModelChoiceField(PanelQuestion.objects.none())
    state = forms.ChoiceField(choices=[(state, state.label) for state in asking.DECISIONS])

    def __init__(self, *args, seminar, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = PanelQuestion.objects.filter(seminar=seminar)


class LooksAtQuestions:
    """Adds to who takes part the page on which questions are looked at while the seminar goes on, on a telephone too."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/questions/", view(self.questions), name="events_takingpart_questions"),
            path("<int:pk>/questions/part/", view(self.questions_part), name="events_takingpart_questions_part"),
            *super().get_urls(),
        ]

    def questions(self, request, pk):
        seminar = self._seminar_of_questions(request, pk)
        if request.method == "POST":
            return self._decide_question(request, seminar)
        part = self._questions_part(seminar)
        about = {"title": _("Questions to the panels"), "opts": self.opts, "original": seminar, "media": self.media}
        about |= {"part": part, "mark": mark_of(part), "every": EVERY}
        return render(request, "admin/events/takingpart/questions.html", self.admin_site.each_context(request) | about)

    def questions_part(self, request, pk):
        """What changes on it: the lists, with the buttons."""
        return answer(request, self._questions_part(self._seminar_of_questions(request, pk)))

    def _seminar_of_questions(self, request, pk):
        if not request.user.has_perm("events.change_panelquestion"):
            raise PermissionDenied
        seminar = TakingPart.objects.filter(pk=pk).first()
        if seminar is None:
            raise Http404
        return seminar

    def _questions_part(self, seminar):
        found = seminar.panel_questions.select_related("registration", "panel")
        lists = {
            "waiting": found.filter(state=State.WAITING).order_by("asked_at", "pk"),
            "approved": found.filter(state=State.APPROVED),
            "answered": found.filter(state=State.ANSWERED).order_by("-moderated_at"),
            "declined": found.filter(state=State.DECLINED).order_by("-moderated_at"),
        }
        return on_the_clock_of(seminar.zone, render_to_string, "admin/events/takingpart/_questions.html", lists)

    def _decide_question(self, request, seminar):
        state, _dot, number = request.POST.get("decision", "").partition(" ")
        form = DecisionForm({"state": state, "question": number}, seminar=seminar)
        if form.is_valid():
            act_on_each(
                self, request, [form.cleaned_data["question"]], partial(_decide, form.cleaned_data["state"], request.user)
            )
        else:
            messages.error(request, _("This question is not there any more."))
        return redirect("admin:events_takingpart_questions", seminar.pk)


def _decide(state, user, question):
    asking.decide(question, state, by=user)


def deciding(state, words):
    """An action of the list that gives every chosen question this `state`."""

    @admin.action(description=words, permissions=["decide"])
    def act(self, request, questions):
        done = len(act_on_each(self, request, questions, partial(_decide, state, request.user)))
        said = ngettext("%(count)d question: %(state)s.", "%(count)d questions: %(state)s.", done)
        self.message_user(request, said % {"count": done, "state": state.label})

    act.__name__ = f"make_{state.value}"
    return act


@admin.register(PanelQuestion)
class PanelQuestionAdmin(SecretariatModelAdmin):
    """Every question ever asked, to be read. While a seminar goes on they are looked at on a page of its own."""

    list_display = ["text", "state", "votes", "panel", "who", "asked_at", "seminar_questions"]
    list_filter = ["state", "is_suspected_spam", OfSeminar]
    list_select_related = ["seminar", "panel", "registration"]
    search_fields = ["text__resembles"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at", "-pk"]
    actions = ["make_approved", "make_answered", "make_declined"]
    fields = [
        *("seminar", "panel", "text", "is_suspected_spam", "who", "shows_name"),
        *("state", "votes", "asked_at", ("moderated_by", "moderated_at")),
    ]

    make_approved = deciding(State.APPROVED, _("Show the chosen questions"))
    make_answered = deciding(State.ANSWERED, _("Mark the chosen questions as answered"))
    make_declined = deciding(State.DECLINED, _("Do not show the chosen questions"))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_decide_permission(self, request):
        return request.user.has_perm("events.change_panelquestion")

    @admin.display(description=_("asked by"))
    def who(self, question):
        return question.registration or "–"

    @admin.display(description=_("the seminar’s questions"))
    def seminar_questions(self, question):
        url = reverse("admin:events_takingpart_questions", args=[question.seminar_id])
        return format_html('<a href="{}">{}</a>', url, question.seminar)
