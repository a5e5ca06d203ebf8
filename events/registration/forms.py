"""What somebody writes who registers for a seminar, or corrects it later."""

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from events.models import PrivacyNotice, QuestionKind, Registration
from members.forms import only_a_name
from members.models import Institution, Membership
from rifess.base.cleaned import forms
from rifess.base.consent import AgreesToNotice
from rifess.base.honeypot import HasTrap
from rifess.base.models import Language
from rifess.base.text.accent_folding import fold
from rifess.base.text.collation import names_of_countries
from rifess.base.text.translated import text_of, texts_of

LONGEST_ANSWER = 1000


class ParticipantForm(forms.ModelForm):
    """What is kept of a participant, and the answers to the questions of `seminar`."""

    class Meta:
        model = Registration
        fields = ["name", "country", "sector", "institution_name", "position", "language", "listens_in", "needs"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "institution_name": forms.TextInput(attrs={"autocomplete": "organization", "list": "institutions"}),
            "position": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "needs": forms.Textarea(attrs={"rows": 3, "data-count": _("Characters left: ")}),
        }
        labels = {
            "sector": _("Where you work or take part"),
            "language": _("Language in which we write to you"),
            "listens_in": _("In which language do you want to listen?"),
            "needs": _("Support you need"),
        }
        help_texts = {
            "needs": _("Captions, sign language, an audio line, a ramp or anything else. Only the Secretariat reads it.")
        }
        error_messages = {
            "name": {"required": _("Enter your name and surname, as they should appear on your certificate.")},
            "country": {"required": _("Choose your country.")},
            "sector": {"required": _("Choose where you work or take part.")},
        }

    def __init__(self, *args, seminar, **kwargs):
        super().__init__(*args, **kwargs)
        self.seminar = seminar
        self.institutions = list(Institution.objects.all())
        self.fields["country"].required = self.fields["sector"].required = True
        self.fields["country"].choices = _countries()
        self.fields["sector"].choices = [("", _("Choose one")), *Registration._meta.get_field("sector").choices]
        self.fields["language"].required = False
        self.fields["language"].initial = self.instance.language if self.instance.pk else get_language()
        self._offer_languages()
        self._offer_forms()
        answered = list(self.instance.answers.prefetch_related("chosen")) if self.instance.pk else []
        self.chosen = {answer.question_id: [option.pk for option in answer.chosen.all()] for answer in answered}
        self.written = {answer.question_id: answer.text for answer in answered}
        questions = list(seminar.questions.all())
        prefetch_related_objects([each for each in questions if each.kind != QuestionKind.TEXT], "options")
        self.questions = [each for each in questions if self._may_be_answered(each)]
        for question in self.questions:
            self.fields[_name_of(question)] = field_for(question, self.chosen.get(question.pk, ()))

    def _may_be_answered(self, question):
        """A question to choose from without options is not asked."""
        return question.kind == QuestionKind.TEXT or question.offered(self.chosen.get(question.pk, ()))

    def _offer_languages(self):
        spoken = Language.objects.filter(pk__in=self._languages_of_the_seminar())
        if len(spoken) < 2:
            del self.fields["listens_in"]
            return
        field = self.fields["listens_in"]
        field.queryset, field.empty_label, field.widget = spoken, None, forms.RadioSelect()
        field.widget.choices = field.choices

    def _languages_of_the_seminar(self):
        return {each.pk for each in [*self.seminar.languages.all(), *self.seminar.interpreted_languages.all()]}

    def _offer_forms(self):
        seats = list(self.seminar.seats.all())
        if len(seats) > 1:
            attends = forms.ChoiceField(
                label=_("How will you attend?"),
                choices=[(each.form, _said_of(each)) for each in seats],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose how you will attend.")},
            )
            self.fields = {"form": attends} | self.fields
        self.only_seats = seats[0] if len(seats) == 1 else None
        if self.only_seats:
            only = forms.CharField(required=False, initial=self.only_form, widget=forms.HiddenInput)
            self.fields = {"form": only} | self.fields

    @property
    def only_form(self):
        """The form of attendance where there is no choice."""
        return self.only_seats.form if self.only_seats else ""

    def clean(self):
        cleaned = super().clean()
        if self.only_seats and self.cleaned_data.get("form") not in {None, "", self.only_form}:
            self._ask_for_the_only_form()
        return cleaned

    def _ask_for_the_only_form(self):
        """The page was opened when there was another form of attendance: that is not changed for anybody unasked."""
        self.data = self.data.copy()
        self.data[self.add_prefix("form")] = self.only_form
        sentence = _("How you can attend has changed meanwhile: now it is only “%(form)s”. If that suits you, send it again.")
        self.add_error(None, ValidationError(sentence, code="form", params={"form": self.only_seats.get_form_display()}))

    def clean_name(self):
        return only_a_name(self.cleaned_data["name"])

    def clean_institution_name(self):
        return only_a_name(self.cleaned_data["institution_name"])

    def clean_language(self):
        return self.cleaned_data["language"] or get_language()

    @property
    def chosen_form(self):
        """The form of attendance asked for: the only one there is, where there is no choice."""
        return self.cleaned_data.get("form") or self.only_form

    def participant(self):
        """The columns of a registration as they were written."""
        known = {fold(name): row for row in self.institutions for name in texts_of(row, "name", "acronym")}
        written = {name: self.cleaned_data[name] for name in ParticipantForm.Meta.fields if name in self.cleaned_data}
        return written | {"institution": known.get(fold(written["institution_name"]))}

    def answers(self):
        """Question, words and keys of the options chosen, of each question that was answered."""
        found = [(question, self.cleaned_data.get(_name_of(question))) for question in self.questions]
        return [as_answer(question, value) for question, value in found if value]

    def remember_answers(self):
        """Show what was answered before."""
        for question in self.questions:
            chosen = [str(key) for key in self.chosen.get(question.pk, [])]
            several = question.kind == QuestionKind.SEVERAL
            self.initial[_name_of(question)] = self.written.get(question.pk) or (chosen if several else "".join(chosen[:1]))


class RegistrationForm(HasTrap, AgreesToNotice, ParticipantForm):
    """The same for a new registration: with an address, and the notice they agree to."""

    agrees = forms.BooleanField(
        label=_("I have read this notice and agree to it."),
        error_messages={"required": _("Please accept the notice. Without it we may not keep your registration.")},
    )

    class Meta(ParticipantForm.Meta):
        fields = ["name", "email", *ParticipantForm.Meta.fields[1:]]
        widgets = ParticipantForm.Meta.widgets | {
            "email": forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
        }
        help_texts = ParticipantForm.Meta.help_texts | {"email": _("We will send you a link to confirm your registration.")}
        error_messages = ParticipantForm.Meta.error_messages | {
            "email": {
                "required": _("Enter your email address so we can send you the link."),
                "invalid": _("Enter the whole address, for example name@institution.org."),
            }
        }

    def __init__(self, *args, **kwargs):
        self.notices = list(PrivacyNotice.objects.in_force())
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    @property
    def notice(self):
        """The notice in force, which the page shows; None while there is none."""
        return self.notices[0] if self.notices else None

    @property
    def notice_mark(self):
        return str(self.notice.version) if self.notice else ""

    def could_be_another(self):
        return len(self.notices) > 1


def field_for(question, chosen=()):
    """The form's field for a question of the secretariat, with the options whose keys were `chosen` before."""
    given = {
        "label": str(text_of(question, "text")),
        "help_text": str(text_of(question, "hint")),
        "required": question.is_required,
    }
    given["error_messages"] = {"required": _("Answer this question.")}
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_ANSWER, **given)
    choices = [(str(option.pk), str(text_of(option, "text"))) for option in question.offered(chosen)]
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **given)


def as_answer(question, value):
    """An answer as `events.registration.workflow` keeps it."""
    if question.kind == QuestionKind.TEXT:
        return question, value.strip(), []
    return question, "", [int(key) for key in ([value] if isinstance(value, str) else value)]


def _name_of(question):
    return f"question-{question.pk}"


def _countries():
    """Every country there is, the members' first."""
    members = {code for code in Membership.objects.members().on().values_list("country", flat=True) if code}
    named = [("", _("Choose your country")), (_("Members of the Network"), names_of_countries(members))]
    return [*named, (_("All countries"), [*countries])]


def _said_of(seats):
    """A form of attendance, and how many seats are left in it."""
    words = str(seats.get_form_display()).capitalize()
    if seats.capacity is None:
        return words
    if seats.left == 0 or seats.in_line:
        return _("%(form)s: all places are taken; you can join the waiting list") % {"form": words}
    return _("%(form)s: %(left)d of %(capacity)d places left") % {"form": words, "left": seats.left, "capacity": seats.capacity}
