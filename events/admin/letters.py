"""The letters to those who take part in a seminar, at the desk: the portal's words, or the secretariat's own for this one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import override
from modeltranslation.utils import build_localized_fieldname

from events.models import LetterKind, MissedReminder, SeminarLetter, TakingPart
from events.notifications import previews
from events.notifications.send import WITH_CALENDAR, facts_of, set_out
from events.notifications.texts import SENT, WITH_FACTS, WORDS, check_placeholders
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.text.translated import text_of

WORDS_OF_A_LETTER = ("subject", "text")
NEEDED = [f"events.{action}_seminarletter" for action in ("add", "change", "delete")]
# A message brings its styles along, in a frame without scripts that takes its rules from the page around it.
SHOWS_MESSAGES = settings.SECURE_CSP | {"style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}


def in_language(language):
    """The columns of subject and text in `language`."""
    return [build_localized_fieldname(field, language) for field in WORDS_OF_A_LETTER]


def words_in_each_language(without=()):
    """Fieldsets: subject and text, a language after the other."""
    return [(name, {"fields": in_language(language)}) for language, name in settings.LANGUAGES if language not in without]


ALL_WORDS = [column for language, _name in settings.LANGUAGES for column in in_language(language)]


class WordsForm(CarefulForm):
    """Subject and text in three languages, whole in each, with placeholders that a letter of this `kind` knows."""

    kind = ""

    def clean(self):
        cleaned = super().clean()
        for column in ALL_WORDS:
            if words := cleaned.get(column):
                cleaned[column] = "\n".join(words.splitlines())
                self._check(column, cleaned[column])
        for language, name in settings.LANGUAGES:
            self._check_that_it_is_whole(cleaned, *in_language(language), name)
        return cleaned

    def _check(self, column, words):
        try:
            check_placeholders(words, self.kind)
        except ValidationError as mistake:
            self.add_error(column, mistake)

    def _check_that_it_is_whole(self, cleaned, subject, text, name):
        given = [bool(cleaned.get(column)) for column in (subject, text)]
        if any(given) and not all(given) and not {subject, text} & set(self.errors):
            sentence = _("Write subject and text in %(language)s, or neither: then those who read it get the Spanish ones.")
            self.add_error(text if given[0] else subject, ValidationError(sentence % {"language": name}, code="half"))


class LetterForm(WordsForm):
    class Meta:
        model = SeminarLetter
        fields = ALL_WORDS
        widgets = {
            **{column: AdminTextInputWidget for column in ALL_WORDS if column.startswith("subject")},
            **{column: AdminTextareaWidget(attrs={"rows": 12}) for column in ALL_WORDS if column.startswith("text")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = self.instance.kind

    def shown(self):
        """The portal's words too, so that own ones written meanwhile are not overwritten."""
        return self._values_of(self.instance)

    def held(self):
        """As it is shown, with the portal's words where it follows them."""
        row = SeminarLetter.objects.filter(pk=self.instance.pk).first()
        return self._values_of(with_the_portals_words(row)) if row else super().held()

    def says_something_new(self):
        """Whether any word was changed: browsers end lines otherwise than we do."""
        return any((self.cleaned_data[column] or "") != (self.initial[column] or "") for column in ALL_WORDS)

    def save(self, commit=True):
        """Keep only the languages that say something else than the portal; the others follow its words, as they change."""
        letter, portals = self.instance, _portals_words(WORDS[self.kind])
        follow = [
            language
            for language, _name in settings.LANGUAGES
            if all(getattr(letter, column) == portals[column] for column in in_language(language))
        ]
        for column in (column for language in follow for column in in_language(language)):
            setattr(letter, column, "")
        letter.follows = ",".join(follow)
        return super().save(commit)

    def says_what_the_portal_says(self):
        """Whether it is in the portal's words in each language."""
        portals = _portals_words(WORDS[self.kind])
        return all((self.cleaned_data[column] or "") == portals[column] for column in ALL_WORDS)

    def letter_of(self, values):
        letter = self.instance
        words, facts = WORDS[self.kind], facts_of(self.kind, values)
        return set_out(text_of(letter, "subject"), text_of(letter, "text"), values, button=words.button, facts=facts)


def letter_to_edit(seminar, kind):
    """The secretariat's letter, or one that is not kept, with the portal's words in each language to begin with."""
    own = SeminarLetter.objects.filter(seminar=seminar.pk, kind=kind).first()
    return with_the_portals_words(own) if own else SeminarLetter(seminar_id=seminar.pk, kind=kind, **_portals_words(WORDS[kind]))


def with_the_portals_words(letter):
    """`letter`, in memory, with the portal's words in the languages that follow them."""
    portals = _portals_words(WORDS[letter.kind])
    for language in letter.languages_in_the_portals_words:
        for column in in_language(language):
            setattr(letter, column, portals[column])
    return letter


def _portals_words(words):
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {build_localized_fieldname(field, language): str(getattr(words, field)) for field in WORDS_OF_A_LETTER}
    return found


class WritesLetters:
    """Adds the pages to who takes part."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/letters/", view(self.letters), name="events_takingpart_letters"),
            path("<int:pk>/letters/<slug:kind>/", view(self.letter), name="events_takingpart_letter"),
            *super().get_urls(),
        ]

    def letters(self, request, pk):
        """Every kind of letter, and whose words it is in."""
        seminar = self._seminar_of_letters(request, pk)
        own = {letter.kind: letter for letter in SeminarLetter.objects.filter(seminar=pk)}
        rows = [
            {
                "kind": kind,
                "sent": SENT.get(kind, ""),
                "own": _languages_of(own[kind]) if kind in own else None,
                "behind": _languages_behind(own[kind]) if kind in own else None,
            }
            for kind in LetterKind
        ]
        missed = MissedReminder.objects.filter(seminar=pk)
        return self._letters_page(request, seminar, "letters.html", {"title": _("Letters"), "rows": rows, "missed": missed})

    def letter(self, request, pk, kind):
        """One kind of letter: its words, what they may say, how they look, and a test to oneself."""
        seminar = self._seminar_of_letters(request, pk)
        if kind not in LetterKind:
            raise Http404
        if "_back" in request.POST:
            return self._go_back(request, seminar, kind)
        if "_save" in request.POST:
            return self._save(request, seminar, kind)
        form = LetterForm(request.POST or None, instance=letter_to_edit(seminar, kind))
        return self._letter_page(request, seminar, form, shows=form.is_valid())

    @transaction.atomic
    def _save(self, request, seminar, kind):
        """Keep the letter. Of two who write it first, the second one is shown what the first one wrote."""
        TakingPart.objects.select_for_update().get(pk=seminar.pk)
        form = LetterForm(request.POST, instance=letter_to_edit(seminar, kind))
        if not form.is_valid():
            return self._letter_page(request, seminar, form)
        if form.says_something_new() and form.says_what_the_portal_says():
            return self._back_to_the_portals(request, seminar, kind)
        if form.says_something_new():
            form.save()
            self.message_user(request, _("The letter is kept: from now on it goes out in these words."), messages.SUCCESS)
        else:
            self.message_user(request, _("Nothing was changed."), messages.INFO)
        return redirect("admin:events_takingpart_letters", seminar.pk)

    @transaction.atomic
    def _go_back(self, request, seminar, kind):
        """Drop the secretariat's words: those that the page showed. Others, written meanwhile, are shown first."""
        TakingPart.objects.select_for_update().get(pk=seminar.pk)
        form = LetterForm(request.POST, instance=letter_to_edit(seminar, kind))
        if any(error.code == "meanwhile" for errors in form.errors.as_data().values() for error in errors):
            return self._letter_page(request, seminar, form)
        return self._back_to_the_portals(request, seminar, kind)

    def _back_to_the_portals(self, request, seminar, kind):
        for letter in SeminarLetter.objects.filter(seminar=seminar.pk, kind=kind):
            letter.delete()
            self.message_user(request, _("The letter goes out in the portal’s words again."), messages.SUCCESS)
        return redirect("admin:events_takingpart_letters", seminar.pk)

    def _letter_page(self, request, seminar, form, shows=False):
        if shows and (language := request.POST.get("_test")) in dict(settings.LANGUAGES):
            send_test(self, request, seminar, form.letter_of, language=language)
        kind = LetterKind(form.kind)
        context = {
            "title": kind.label[:1].upper() + kind.label[1:],
            "kind": kind,
            "sent": SENT.get(kind, ""),
            "follows": _languages_that_follow(letter_to_edit(seminar, kind)),
            "adminform": AdminForm(form, words_in_each_language(), {}, model_admin=self),
            "errors": form.errors,
            "is_own": not form.instance._state.adding,
            "placeholders": previews.placeholders(seminar, form.kind),
            "previews": previews.previews(seminar, form.letter_of) if shows else [],
            "has_facts": kind in WITH_FACTS,
            "has_calendar": kind in WITH_CALENDAR,
        }
        return self._letters_page(request, seminar, "letter.html", context, status=400 if form.errors else 200)

    def _seminar_of_letters(self, request, pk):
        if not request.user.has_perms(NEEDED):
            raise PermissionDenied
        return get_object_or_404(TakingPart, pk=pk)

    def _letters_page(self, request, seminar, template, context, status=200):
        context = {"opts": self.opts, "original": seminar, "media": self.media} | context
        context = self.admin_site.each_context(request) | context
        return showing_messages(render(request, f"admin/events/takingpart/{template}", context, status=status))


def send_test(model_admin, request, seminar, letter_of, **given):
    """Send whoever is at the desk the letter as a test; say so, or why not."""
    try:
        message = previews.send_test(request.user, seminar, letter_of, **given)
    except ValidationError as refused:
        model_admin.message_user(request, " ".join(refused.messages), messages.ERROR)
    else:
        said = _("A test goes to %(address)s: “%(subject)s”.") % {"address": message.to, "subject": message.subject}
        model_admin.message_user(request, said, messages.SUCCESS)


def showing_messages(response):
    response._csp_config = SHOWS_MESSAGES
    return response


def _languages_behind(letter):
    """The languages without own words, while there are some in another."""
    own = _languages_of(letter)
    return [name for _language, name in settings.LANGUAGES if own and name not in own]


def _languages_that_follow(letter):
    """The languages that say what the portal says, while the secretariat reworded another."""
    return [name for language, name in settings.LANGUAGES if language in letter.languages_in_the_portals_words]


def _languages_of(letter):
    """The languages in which there are own words."""
    return [name for language, name in settings.LANGUAGES if getattr(letter, build_localized_fieldname("text", language))]
