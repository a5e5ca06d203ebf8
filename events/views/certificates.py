"""Where anybody who has a certificate's code checks it, and machines find the keys that sign.

Whoever has the code has the paper: the page and its files say what is on it, and nothing else.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import FormView, View

from events.certificates import open_badges
from events.certificates import signing_keys as signing
from events.certificates.forms import CodeForm, CredentialForm
from events.certificates.issue import pdf_of
from events.models import Certificate, SigningKey
from rifess.base.codes import as_typed
from rifess.base.limits import client_network, too_many, were_too_many
from rifess.base.text.translated import TAGS

AN_HOUR = 60 * 60
MISSES = "certificate-unknown"
MOST_MISSES = 30  # an hour, of one address: somebody who guesses
FOR_A_DAY, FOR_MINUTES = 24 * AN_HOUR, 300  # seconds for which machines may keep what they were told


@require_safe
def certificate(request, code):
    """The address on the paper, without a language: it leads to the page in the reader's."""
    return redirect("events:certificate", as_typed(code) or "-")


@require_safe
@never_cache
def verify(request):
    """The address as people type it from the paper."""
    return redirect("events:verify")


class OfOneCertificate(View):
    """A page or file of the certificate with the code in the address. Unknown codes are counted: whoever guesses must wait."""

    def dispatch(self, request, *args, code, **kwargs):
        response = self._answer(request, as_typed(code), *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"  # none of these pages has a form that is posted
        return response

    def _answer(self, request, code, *args, **kwargs):
        who = client_network(request)
        if were_too_many(MISSES, who, limit=MOST_MISSES):
            return render(request, "429.html", status=429)
        found = Certificate.objects.filter(code=code).select_related("seminar", "replaced_by")
        self.certificate = found.first()
        if self.certificate is None:
            too_many(MISSES, who, limit=MOST_MISSES, seconds=AN_HOUR)
            return render(request, "events/certificate_unknown.html", {"form": CodeForm(), "code": code}, status=404)
        return super().dispatch(request, *args, **kwargs)


class CertificatePage(OfOneCertificate):
    """Whether it holds, and what it says. Of one that does not hold, only that, and what took its place."""

    def get(self, request):
        said = {"certificate": self.certificate, "language": TAGS[self.certificate.language]}
        if self.certificate.revoked_at:
            return render(request, "events/certificate_revoked.html", said)
        return render(request, "events/certificate.html", said)


class OfOneThatHolds(OfOneCertificate):
    """A file of a certificate. One that holds no more has its page only."""

    def get(self, request):
        if self.certificate.revoked_at:
            return redirect(self.certificate)
        return self.file(self.certificate)

    def named(self, response, ending):
        word = pgettext("name of a file", "certificate")
        name = f"{word}-{self.certificate.code}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class CertificatePaper(OfOneThatHolds):
    def file(self, certificate):
        return self.named(HttpResponse(pdf_of(certificate), content_type="application/pdf"), "pdf")


class CertificateCredential(OfOneThatHolds):
    def file(self, certificate):
        return self.named(HttpResponse(certificate.credential, content_type="application/jwt"), "jwt")


@method_decorator(never_cache, name="dispatch")
class Verify(FormView):
    """Where a code is typed."""

    form_class = CodeForm
    template_name = "events/verify.html"

    def get(self, request):
        form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
        if form.is_bound and form.is_valid():
            return redirect("events:certificate", form.cleaned_data["code"])
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request):
        return redirect("events:verify")


@method_decorator(never_cache, name="dispatch")
class VerifyFile(FormView):
    """Where a signed file is checked: by its signature, and by what became of the certificate since."""

    form_class = CredentialForm
    template_name = "events/verify_file.html"

    def form_valid(self, form):
        return self.render_to_response(self.get_context_data(form=CredentialForm(), **_told_by(form.claims)))


def _told_by(claims):
    """What a token of ours says, and the certificate it is of."""
    code = claims["evidence"][0]["name"]
    return {"claims": claims, "certificate": Certificate.objects.filter(code=code).first()}


@require_safe
def signing_keys(request):
    """The public halves of all keys that sign or have signed (RFC 7517 §5)."""
    return _kept(JsonResponse({"keys": [signing.jwk_of(key) for key in SigningKey.objects.all()]}), FOR_MINUTES)


@require_safe
def signing_key(request, name):
    """One of them, at its address for good: the `kid` of what it signed."""
    return _kept(JsonResponse(signing.jwk_of(get_object_or_404(SigningKey, name=name))), FOR_A_DAY)


@require_safe
def issuer(request):
    """Who issues: a Profile of Open Badges 3.0."""
    profile = {"@context": open_badges.CONTEXT} | open_badges.issuer() | {"email": settings.SECRETARIAT_EMAIL}
    return _kept(JsonResponse(profile), FOR_A_DAY)


@require_safe
def revocations(request):
    """The credentials that hold no more. Their names lead to no certificate."""
    return _kept(JsonResponse(open_badges.revocations(Certificate.objects.exclude(revoked_at=None).only("code"))), FOR_MINUTES)


def _kept(response, seconds):
    """For anybody's program to read, and to keep for a while."""
    patch_cache_control(response, public=True, max_age=seconds)
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response
