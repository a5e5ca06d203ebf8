"""E-mails to part of those who take part in a seminar, at the desk: written, looked at, tried, sent once, and followed."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.admin.clocks import city_of, on_the_clock_of
from events.admin.letters import ALL_WORDS, WordsForm, send_test, showing_messages, words_in_each_language
from events.admin.registrations import OfSeminar
from events.models import LetterTold, Mailing, Seminar
from events.notifications import mailings, previews
from rifess.base.admin.confirmed_actions import GuidedAct, WithActs
from rifess.base.admin.pages import ChoiceFilter, SecretariatModelAdmin
from rifess.base.integers import whole_number
from rifess.base.text.translated import text_of

A_PAGE = 100


class MailingForm(WordsForm):
    kind = mailings.KIND

    class Meta:
        model = Mailing
        fields = ["seminar", "segment", "country", "form", *ALL_WORDS]


class Sent(ChoiceFilter):
    title, parameter_name = gettext_lazy("sent"), "sent"
    questions = {
        "yes": (gettext_lazy("sent"), lambda found: found.filter(sent_at__isnull=False)),
        "no": (gettext_lazy("drafts"), lambda found: found.filter(sent_at=None)),
    }


class Send(GuidedAct):
    """What it will do is shown at once: there is nothing to ask."""

    title, button = gettext_lazy("Send it"), gettext_lazy("Send it now")

    @classmethod
    def is_open_to(cls, model_admin, request, row):
        return model_admin.has_change_permission(request)

    def answer(self):
        if self.row.sent_at:
            self.model_admin.message_user(self.request, _("It has been sent already."), messages.WARNING)
            return redirect("admin:events_mailing_log", self.row.pk)
        return super().answer()

    def consequences(self, answers):
        reach = mailings.reach_of(self.row)
        if not reach.count:
            return [_("There is no one to send it to.")]
        return [
            about(self.row),
            *said_of(self.row, reach),
            how_long(reach),
            _("It cannot be recalled, or sent a second time."),
        ]

    def carry_out(self, answers):
        count = mailings.send(self.row, by=self.request.user)
        said = ngettext("%(count)d message is in the outbox.", "%(count)d messages are in the outbox.", count)
        return said % {"count": count}, reverse("admin:events_mailing_log", args=[self.row.pk])


def about(mailing):
    """Which one it is, and whom it means."""
    named = [text_of(mailing, "subject"), mailing.seminar, mailing.get_segment_display()]
    narrowed = [mailing.country.name, mailing.get_form_display()]
    return " · ".join(str(each) for each in [*named, *narrowed] if each)


def said_of(mailing, reach):
    """To how many it goes, in which languages, and who is left out, in sentences."""
    count = {"count": reach.count}
    yield ngettext("It goes to %(count)d person.", "It goes to %(count)d people, one message to each.", reach.count) % count
    names = dict(settings.LANGUAGES)
    divided = ", ".join(f"{names[language]}: {number}" for language, number in reach.languages.items())
    if divided:
        yield _("By language: %(divided)s.") % {"divided": divided}
    for language in reach.languages:
        if not has_words(mailing, language):
            yield _("It has no words in %(language)s: those who read it get the Spanish ones, and are told so.") % {
                "language": names[language]
            }
    if reach.ended:
        said = ngettext(
            "%(count)d person wants no such emails and is left out.",
            "%(count)d people want no such emails and are left out.",
            reach.ended,
        )
        yield said % {"count": reach.ended}
    if reach.no_address:
        said = ngettext("%(count)d person has no address.", "%(count)d people have no address.", reach.no_address)
        yield said % {"count": reach.no_address}


def has_words(mailing, language):
    return bool(getattr(mailing, f"text_{language.replace('-', '_')}"))


def how_long(reach):
    minutes = -(-reach.count // settings.BULK_PER_MINUTE)
    said = ngettext(
        "They leave one after the other: the last one in about %(count)d minute.",
        "They leave one after the other: the last one in about %(count)d minutes.",
        minutes,
    )
    return said % {"count": minutes}


@admin.register(Mailing)
class MailingAdmin(WithActs, SecretariatModelAdmin):
    """First a draft, which is looked at and tried. Once sent it is only read, and its messages are followed."""

    form = MailingForm
    list_display = ["subject_shown", "seminar", "segment", "sent_at", "recipients", "sent_by"]
    list_filter = [OfSeminar, Sent, "segment"]
    list_select_related = ["seminar", "sent_by"]
    search_fields = ["subject__resembles", "seminar__title__resembles"]
    autocomplete_fields = ["seminar"]
    acts = {"send": Send}
    change_form_template = "admin/events/mailing/change_form.html"
    readonly_fields = ["written_by", "sent_by", "sent_at", "recipients"]
    fieldsets = [
        (
            None,
            {
                "fields": ["seminar", ("segment", "country", "form")],
                "description": gettext_lazy("It goes only to those who take part in this seminar. Saving sends nothing."),
            },
        ),
        *words_in_each_language(),
        (gettext_lazy("Result of sending"), {"fields": [("written_by", "sent_by"), ("sent_at", "recipients")]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/preview/", view(self.preview), name="events_mailing_preview"),
            path("<path:object_id>/log/", view(self.log), name="events_mailing_log"),
            *super().get_urls(),
        ]

    def lookup_allowed(self, lookup, value, request):
        return lookup == OfSeminar.parameter_name or super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request, obj=None):
        """A draft stays with its seminar."""
        return [*super().get_readonly_fields(request, obj), *(["seminar"] if obj else [])]

    def get_fieldsets(self, request, obj=None):
        """What became of it stands there once it is sent."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj and obj.sent_at else [each for each in fieldsets if "sent_at" not in str(each[1]["fields"])]

    def has_change_permission(self, request, obj=None):
        return (obj is None or obj.sent_at is None) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return (obj is None or obj.sent_at is None) and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.written_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return self._on_to_the_preview(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._on_to_the_preview(request, obj) or super().response_change(request, obj)

    def _on_to_the_preview(self, request, obj):
        return HttpResponseRedirect(address("preview", obj)) if "_save" in request.POST else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        column, key = ("mailings", object_id) if object_id else ("pk", request.GET.get("seminar", ""))
        number = whole_number(str(key))
        seminar = None if number is None else Seminar.objects.filter(**{column: number}).first()
        known = {"placeholders": previews.placeholders(seminar, mailings.KIND)} if seminar else {}
        return super().changeform_view(request, object_id, form_url, known | (extra_context or {}))

    def preview(self, request, object_id):
        """How many it reaches, how it looks in each language, and a test to oneself."""
        mailing = self._found(request, object_id, self.has_change_permission)
        if mailing.sent_at:
            return redirect(address("log", mailing))
        seminar = mailing.seminar
        given = {"template": "mailing", "unsubscribe_url": mailings.address_that_ends(previews.somebody(seminar))}
        if (language := request.POST.get("_test")) in dict(settings.LANGUAGES):
            send_test(self, request, seminar, self._letter_of(mailing), language=language, **given)
            return redirect(address("preview", mailing))
        reach = mailings.reach_of(mailing)
        context = {"title": _("Preview it before sending"), "reach": reach, "sentences": said_of(mailing, reach)}
        context["previews"] = previews.previews(seminar, self._letter_of(mailing), **given)
        return showing_messages(self._page(request, mailing, "preview.html", context))

    def log(self, request, object_id):
        """Who sent it, when and to how many; what became of each message, and those in trouble once more."""
        mailing = self._found(request, object_id, self.has_view_permission)
        if mailing.sent_at is None:
            return redirect(address("preview", mailing))
        if request.method == "POST":
            return self._send_again(request, mailing)
        told = LetterTold.objects.filter(kind=mailings.KIND, about=str(mailing.pk)).select_related("registration", "message")
        page = Paginator(told.order_by("pk"), A_PAGE).get_page(request.GET.get("page"))
        context = {"title": _("Result of sending"), "fates": mailings.fate_of(mailing), "page": page}
        context["trouble"] = mailings.messages_of(mailing).given_up().count()
        return self._page(request, mailing, "log.html", context)

    def _send_again(self, request, mailing):
        if not request.user.has_perm("members.change_message"):
            raise PermissionDenied
        count = mailings.send_again(mailing)
        said = ngettext("%(count)d message goes again.", "%(count)d messages go again.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)
        return redirect(address("log", mailing))

    def _letter_of(self, mailing):
        return lambda values: mailings.letter_of(mailing, values)

    def _found(self, request, object_id, is_open):
        """The mailing, for whoever may open this page of it."""
        if not is_open(request):
            raise PermissionDenied
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        return found

    def _page(self, request, mailing, template, context):
        zone = mailing.seminar.zone
        known = {"opts": self.opts, "original": mailing, "media": self.media, "about": about(mailing), "city": city_of(zone)}
        context = self.admin_site.each_context(request) | known | context
        return on_the_clock_of(zone, render, request, f"admin/events/mailing/{template}", context)

    @admin.display(description=gettext_lazy("subject"), ordering="subject_es")
    def subject_shown(self, mailing):
        return text_of(mailing, "subject")


def address(page, mailing):
    return reverse(f"admin:events_mailing_{page}", args=[mailing.pk])
