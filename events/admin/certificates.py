"""The certificates at the desk: found, downloaded, revoked, issued again; and the keys that sign them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from events.admin.issuing import in_boxes
from events.certificates import issue
from events.certificates.eligibility import as_known_now
from events.certificates.text import sentences_of
from events.models import Certificate, SigningKey
from rifess.base.admin.confirmed_actions import GuidedAct, GuidedForm, WithActs
from rifess.base.admin.pages import ChoiceFilter, LatestRelated, SecretariatModelAdmin
from rifess.base.cleaned import forms


def page_of(certificate):
    return reverse("admin:events_certificate_change", args=[certificate.pk])


class RevokeForm(GuidedForm):
    because = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Only the Secretariat reads it."),
    )


class Revoke(GuidedAct):
    """The certificate holds no more."""

    confirms = True
    title, button, form_class = gettext_lazy("Revoke"), gettext_lazy("Revoke the certificate"), RevokeForm

    def consequences(self, answers):
        said = _("Anyone who checks the code %(code)s will read that the certificate was revoked today, and nothing else.")
        return [said % {"code": self.row.code}, _("This cannot be undone. A new one can be issued."), _("No email is sent.")]

    def carry_out(self, answers):
        issue.revoke(self.row, because=answers["because"], by=self.request.user)
        return _("The certificate is revoked."), page_of(self.row)


class ReissueForm(GuidedForm):
    tell = forms.BooleanField(label=gettext_lazy("Write to them"), required=False, initial=True)


class Reissue(GuidedAct):
    """The name was corrected: a new certificate takes the place of this one."""

    title, button, form_class = gettext_lazy("Issue it again"), gettext_lazy("Issue it again"), ReissueForm

    def consequences(self, answers):
        now = as_known_now(self.row)
        said = {"name": now.name, "was": self.row.name}
        changed = (
            _("The new one says “%(name)s” instead of “%(was)s”.") if now.name != self.row.name else _("The name is the same.")
        )
        told = _("They are told by email, each in their language.") if answers["tell"] else _("No email is sent.")
        return [
            changed % said,
            *in_boxes(self.row.seminar, self.row.kind, [now]),
            _("This one is no longer valid. Its page leads to the new one."),
            told,
        ]

    def carry_out(self, answers):
        new = issue.reissue(self.row, by=self.request.user, tells=answers["tell"])
        return _("It is issued again: this is the new one."), page_of(new)


class State(ChoiceFilter):
    title, parameter_name = gettext_lazy("state"), "state"
    questions = {
        "valid": (pgettext_lazy("certificates", "valid"), lambda found: found.valid()),
        "revoked": (
            pgettext_lazy("certificates", "revoked"),
            lambda found: found.filter(revoked_at__isnull=False, replaced_by=None),
        ),
        "replaced": (pgettext_lazy("certificates", "replaced"), lambda found: found.filter(replaced_by__isnull=False)),
    }


@admin.register(Certificate)
class CertificateAdmin(WithActs, SecretariatModelAdmin):
    """To be read only: what was printed stays, and acts do the rest."""

    list_display = ["code", "name", "kind", "seminar", "issued_at", "state"]
    list_filter = [("seminar", LatestRelated), "kind", State, "language"]
    list_select_related = ["seminar", "replaced_by"]
    date_hierarchy = "issued_at"
    search_fields = ["code__resembles", "name__resembles", "email__resembles"]
    acts = {"revoke": Revoke, "reissue": Reissue}
    fieldsets = [
        (None, {"fields": [("code", "state"), ("kind", "seminar"), "name", "language", "files"]}),
        (gettext_lazy("What it says"), {"fields": ["words"]}),
        (
            gettext_lazy("Whose it is"),
            {"fields": [("registration", "person"), "email", ("issued_at", "issued_by"), "key"]},
        ),
        (gettext_lazy("If it is no longer valid"), {"fields": [("revoked_at", "revoked_by"), "revoked_because", "replaces"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field for _name, options in self.fieldsets for line in options["fields"] for field in _each(line)]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        hidden = {"show_save": False, "show_save_and_continue": False}
        words = ["reissue"] if row and row.revoked_at else [*self.acts]
        words = [] if hasattr(row, "replaced_by") else words
        hidden["acts"] = [{"title": self.acts[word].title, "route": f"admin:events_certificate_{word}"} for word in words]
        return super().change_view(request, object_id, form_url, hidden | (extra_context or {}))

    @admin.display(description=_("state"))
    def state(self, certificate):
        if certificate.revoked_at is None:
            return pgettext("certificate", "valid")
        return pgettext("certificate", "replaced") if hasattr(certificate, "replaced_by") else pgettext("certificate", "revoked")

    @admin.display(description=gettext_lazy("files"))
    def files(self, certificate):
        if certificate.revoked_at:
            return format_html('<a href="{}">{}</a>', certificate.get_absolute_url(), _("what anyone who checks it reads"))
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("certificate-paper", args=[certificate.code]),
            _("the paper (PDF)"),
            reverse("certificate-credential", args=[certificate.code]),
            _("the signed file"),
            certificate.get_absolute_url(),
            _("its page"),
        )

    @admin.display(description=gettext_lazy("text"))
    def words(self, certificate):
        said = certificate.said
        return " ".join([said["title"], certificate.name, *sentences_of(said), said["issued"]])


def _each(line):
    return line if isinstance(line, tuple) else (line,)


@admin.register(SigningKey)
class SigningKeyAdmin(SecretariatModelAdmin):
    """To be read only. A new one is made by `manage.py rotate_signing_key`."""

    list_display = ["name", "made_at", "signs"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
