"""The certificates of a seminar at the desk: who earns one and who has it, how they would look, and having them issued."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.certificates import jobs
from events.certificates.eligibility import as_candidate, earning, rules_of, without
from events.certificates.issue import sample_of, unprintable
from events.models import CertificateKind, CertificateRules, TakingPart
from members.models import Person
from rifess.base.admin.confirmed_actions import GuidedAct, GuidedForm
from rifess.base.admin.pages import SecretariatInline
from rifess.base.cleaned import forms

Kind = CertificateKind
NAMED = 12  # people whose names a sentence says
NEEDED = ["events.add_certificate", "events.add_issuingjob"]


class RulesInline(SecretariatInline):
    model = CertificateRules
    fields = [("measure", "at_least"), "hours", ("signed_by", "signed_as")]
    verbose_name_plural = gettext_lazy("certificates: who earns one, and who signs them")


def page_of(seminar):
    return reverse("admin:events_takingpart_certificates", args=[seminar.pk])


class TellForm(GuidedForm):
    tell = forms.BooleanField(label=gettext_lazy("Tell them by email"), required=False, initial=True)


class IssueCertificates(GuidedAct):
    """A worker issues the certificates of one kind to all who earn one and have none."""

    button, form_class, needs = gettext_lazy("Issue the certificates"), TellForm, NEEDED
    kind = None

    def consequences(self, answers):
        found = earning(self.row, self.kind)
        missing = without(self.row, self.kind, found.candidates)
        said = [_get(len(missing)), *_have(len(found.candidates) - len(missing)), *_too_little(found), *_absent(found)]
        if self.kind == Kind.ATTENDANCE and rules_of(self.row) is None:
            said.append(_("Write first who earns a certificate: the rules are on this seminar’s page."))
        return [*said, *in_boxes(self.row, self.kind, missing), *_tells(answers["tell"], missing), _frozen()]

    def carry_out(self, answers):
        jobs.start(self.row, self.kind, by=self.request.user, tells=answers["tell"])
        return _("The certificates are being issued. This page says how far it is."), page_of(self.row)


class IssueOfAttendance(IssueCertificates):
    title, kind = gettext_lazy("Issue the certificates of attendance"), Kind.ATTENDANCE


class IssueOfIntervention(IssueCertificates):
    title, kind = gettext_lazy("Issue the speaker certificates"), Kind.INTERVENTION


class OrganizersForm(TellForm):
    people = forms.ModelMultipleChoiceField(
        Person.objects.all(),
        label=gettext_lazy("People"),
        widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=gettext_lazy("From the records of the Network. Add people who are not there first."),
    )
    task = forms.CharField(
        label=gettext_lazy("What they did"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Printed as you write it, for example: Interpretation. It may be left empty."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("Of those who have no account; the others get theirs in the language of their account."),
    )
    field_order = ["people", "task", "language", "tell"]


class IssueOfOrganization(GuidedAct):
    """The secretariat chooses who organized it."""

    title = gettext_lazy("Issue certificates of organization")
    button, form_class, needs = gettext_lazy("Issue the certificates"), OrganizersForm, NEEDED

    def consequences(self, answers):
        told = {"language": answers["language"], "task": answers["task"]}
        chosen = [as_candidate(person, **told) for person in answers["people"]]
        missing = without(self.row, Kind.ORGANIZATION, chosen)
        said = [_get(len(missing)), *_have(len(chosen) - len(missing)), *in_boxes(self.row, Kind.ORGANIZATION, missing)]
        return [*said, *_tells(answers["tell"], missing), _frozen()]

    def carry_out(self, answers):
        fields = {"task": answers["task"], "language": answers["language"], "tells": answers["tell"]}
        issued = jobs.issue_of_organization(self.row, answers["people"], by=self.request.user, **fields)
        sentence = ngettext("%(count)d certificate is issued.", "%(count)d certificates are issued.", len(issued))
        return sentence % {"count": len(issued)}, page_of(self.row)


def _get(count):
    return ngettext("%(count)d person gets a certificate.", "%(count)d people get a certificate.", count) % {"count": count}


def _have(count):
    if count:
        sentence = ngettext(
            "%(count)d has one already, or had one that was revoked.",
            "%(count)d have one already, or had one that was revoked.",
            count,
        )
        yield sentence % {"count": count}


def _too_little(found):
    if count := len(found.too_little):
        sentence = ngettext(
            "%(count)d came for less than the rules ask: %(names)s.",
            "%(count)d came for less than the rules ask: %(names)s.",
            count,
        )
        yield sentence % {"count": count, "names": names_of(found.too_little)}


def _absent(found):
    if count := len(found.absent):
        sentence = ngettext("%(count)d had a place and did not come.", "%(count)d had places and did not come.", count)
        yield sentence % {"count": count}


def names_of(rows):
    names = ", ".join(each.name for each in rows[:NAMED])
    return f"{names}…" if len(rows) > NAMED else names


def in_boxes(seminar, kind, candidates):
    """The sentence that says what the papers of `candidates` cannot show: names, titles, who signs; none when they can."""
    if texts := unprintable(seminar, kind, candidates):
        sentence = _(
            "The paper would show empty boxes for letters of these names or texts: %(texts)s. Write them in Latin letters first."
        )
        yield sentence % {"texts": "; ".join(texts[:NAMED])}


def _tells(tell, candidates):
    if not candidates:
        return
    unreachable = sum(not each.email for each in candidates)
    yield _("They are told by email, each in their language.") if tell else _("No email is sent.")
    if tell and unreachable:
        yield ngettext(
            "Of %(count)d no address is known: download their certificate in the list.",
            "Of %(count)d no address is known: download their certificates in the list.",
            unreachable,
        ) % {"count": unreachable}


def _frozen():
    return _("What is printed stays as it is. To correct a mistake, issue the certificate again.")


ACTS = {
    "certificates-attendance": IssueOfAttendance,
    "certificates-intervention": IssueOfIntervention,
    "certificates-organization": IssueOfOrganization,
}
ACT_OF = {
    Kind.ATTENDANCE: "certificates-attendance",
    Kind.INTERVENTION: "certificates-intervention",
    Kind.ORGANIZATION: "certificates-organization",
}


class IssuesCertificates:
    """Adds the page of certificates to who takes part, its samples and its acts."""

    def get_urls(self):
        view, name = self.admin_site.admin_view, "events_takingpart_certificate"
        return [
            path("<int:pk>/certificates/", view(self.certificates), name=f"{name}s"),
            path("<int:pk>/certificates/<slug:kind>.<slug:language>.pdf", view(self.sample), name=f"{name}_sample"),
            path("<int:pk>/certificates/<int:number>/go-on/", view(self.go_on), name=f"{name}s_go_on"),
            *(act.at(self, word) for word, act in ACTS.items()),
            *super().get_urls(),
        ]

    def certificates(self, request, pk):
        """Who earns one and has it, by kind; the jobs that issued them, the newest first."""
        seminar = self._seminar_of_certificates(request, pk, "events.view_certificate")
        context = {
            "title": _("Certificates"),
            "kinds": [_standing_of(seminar, kind) for kind in Kind],
            "rules": rules_of(seminar),
            "jobs": seminar.issuing_jobs.select_related("asked_by")[:20],
            "may_issue": request.user.has_perms(NEEDED),
        }
        about = {"opts": self.opts, "original": seminar, "media": self.media}
        context = self.admin_site.each_context(request) | about | context
        return render(request, "admin/events/takingpart/certificates.html", context)

    def sample(self, request, pk, kind, language):
        """The paper as it would look, with nobody's name."""
        seminar = self._seminar_of_certificates(request, pk, "events.view_certificate")
        if kind not in Kind or language not in dict(settings.LANGUAGES):
            raise Http404
        return HttpResponse(sample_of(seminar, Kind(kind), language), content_type="application/pdf")

    def go_on(self, request, pk, number):
        """Have a job finished that a worker left."""
        seminar = self._seminar_of_certificates(request, pk, *NEEDED)
        job = get_object_or_404(seminar.issuing_jobs, pk=number)
        if request.method != "POST":
            raise Http404
        jobs.go_on(job)
        self.message_user(request, _("What is left is being issued."), messages.SUCCESS)
        return redirect(page_of(seminar))

    def _seminar_of_certificates(self, request, pk, *needed):
        if not request.user.has_perms(needed):
            raise PermissionDenied
        return get_object_or_404(TakingPart, pk=pk)


def _standing_of(seminar, kind):
    """How many earn one of `kind`, have it and do not; and how to go on."""
    found = earning(seminar, kind)
    valid = seminar.certificates.filter(kind=kind, revoked_at=None).count()
    missing = len(without(seminar, kind, found.candidates))
    act = f"admin:events_takingpart_{ACT_OF[kind]}"
    return {"kind": kind, "found": found, "valid": valid, "missing": missing, "act": act, "act_title": ACTS[ACT_OF[kind]].title}
