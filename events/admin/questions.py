"""The questions at registration, at the secretariat's desk: their words, and the options that are chosen from."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import QuestionKind, RegistrationAnswer, RegistrationOption, RegistrationQuestion
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.admin.pages import SecretariatInline, SecretariatModelAdmin, in_three

LONGEST_OPTION = RegistrationOption._meta.get_field("text").max_length


class OptionLines(forms.CharField):
    """Options typed at once: one in each line, its Portuguese and English after a bar. Gives a list of tuples, Spanish first."""

    widget = AdminTextareaWidget(attrs={"rows": 4})

    def clean(self, value):
        return [self._option(line) for line in super().clean(value).splitlines() if line.strip()]

    def _option(self, line):
        texts = [text.strip() for text in line.split("|")]
        if not texts[0] or len(texts) > len(settings.MODELTRANSLATION_LANGUAGES):
            sentence = _("“%(line)s”: write the Spanish words first, then at most two translations, with bars between them.")
            raise ValidationError(sentence, code="line", params={"line": line})
        if len(max(texts, key=len)) > LONGEST_OPTION:
            sentence = _("“%(line)s…” is too long: an answer has at most %(most)d characters.")
            raise ValidationError(sentence, code="long", params={"line": line[:40], "most": LONGEST_OPTION})
        return texts


class QuestionForm(CarefulForm):
    """A question with the options that are added to it. Those there are, are changed on its own page."""

    more_options = OptionLines(
        label=_("answers to add"),
        required=False,
        help_text=_("One in each line; its Portuguese and English after a bar: Sí | Sim | Yes. They come after those there are."),
    )

    class Meta:
        model = RegistrationQuestion
        fields = []

    def clean(self):
        cleaned = super().clean()
        has_options = cleaned.get("more_options") or self.instance.pk and self.instance.options.exists()
        if cleaned.get("kind") not in {None, QuestionKind.TEXT} and not has_options and "more_options" not in self.errors:
            self.add_error("more_options", ValidationError(_("Enter the answers to choose from, one in each line."), code="none"))
        return cleaned

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if self.instance.pk and kind != self.initial.get("kind") and self.instance.answers.exists():
            raise ValidationError(_("Someone has answered this question: its kind stays."), code="answered")
        return kind

    def _save_m2m(self):
        super()._save_m2m()
        last = max((option.position for option in self.instance.options.all()), default=0)
        for position, texts in enumerate(self.cleaned_data.get("more_options") or [], start=last + 1):
            self.instance.options.create(position=position, **dict(zip(in_three("text"), texts, strict=False)))


class QuestionFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        gone = [form.instance.pk for form in self.initial_forms if self._should_delete_form(form)]
        if RegistrationAnswer.objects.filter(question__in=gone).exists():
            raise ValidationError(_("Someone has answered this question: it stays, with its answers."), code="answered")


class QuestionInline(SecretariatInline):
    model, form, formset = RegistrationQuestion, QuestionForm, QuestionFormSet
    fields = [("position", "kind", "is_required"), in_three("text"), in_three("hint"), "its_options", "more_options"]
    readonly_fields = ["its_options"]
    verbose_name_plural = _("questions at registration")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("options")

    @admin.display(description=_("answers to choose from"))
    def its_options(self, question):
        if not question.pk or question.kind == QuestionKind.TEXT:
            return "–"
        words = "; ".join(option.text for option in question.offered()) or gettext("none is offered: no one is asked this")
        url = reverse("admin:events_registrationquestion_change", args=[question.pk])
        return format_html('{} · <a href="{}">{}</a>', words, url, gettext("Translate, reword, reorder or retire them"))


class OptionFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        for form in self.initial_forms:
            is_saved = form.instance.pk is not None  # not when the row's number is none that the question has
            if is_saved and self._should_delete_form(form) and form.instance.choices.exists():
                sentence = _("Someone has chosen “%(option)s”: it stays. Mark it as retired, and it is not offered any more.")
                raise ValidationError(sentence, code="chosen", params={"option": form.instance})


class OptionInline(SecretariatInline):
    """The options of a question: a row each, with its words in the three languages and how many chose it."""

    model, formset = RegistrationOption, OptionFormSet
    fields = [in_three("text"), ("position", "is_retired", "chosen_by")]
    readonly_fields = ["chosen_by"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(chosen_count=Count("choices"))

    def get_formset(self, request, obj=None, **kwargs):
        """Django's own check would name rows that mean nothing to the secretariat: `OptionFormSet` says what to do."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda form: None
        return formset

    @admin.display(description=_("chosen by"))
    def chosen_by(self, option):
        return getattr(option, "chosen_count", "–")


@admin.register(RegistrationQuestion)
class RegistrationQuestionAdmin(SecretariatModelAdmin):
    """The page of one question. It is made, and found, on the page of who takes part in its seminar."""

    inlines = [OptionInline]
    fields = ["of_seminar", in_three("text"), in_three("hint")]
    readonly_fields = ["of_seminar"]

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def response_change(self, request, obj):
        saved = super().response_change(request, obj)
        return redirect("admin:events_takingpart_change", obj.seminar_id) if "_save" in request.POST else saved

    @admin.display(description=_("seminar"))
    def of_seminar(self, question):
        url = reverse("admin:events_takingpart_change", args=[question.seminar_id])
        return format_html('<a href="{}">{}</a>', url, question.seminar)
