"""A certificate as a credential that machines check: Open Badges 3.0 on the W3C's data model 2.0, as the claims of a VC-JWT.

It says what is on the paper and nothing else: neither an address nor a number that leads to the person.
"""

from datetime import UTC
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events.certificates.text import sentences_of
from events.models import CertificateKind
from rifess.base.text.translated import TAGS

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
NAME = "RIFESS · Red Iberoamericana de Fomento a la Economía Social y Solidaria"


def claims_of(certificate) -> dict:
    """The credential with the claims that repeat it (Open Badges 3.0 §8.2.4.1)."""
    credential = credential_of(certificate)
    return credential | {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": int(certificate.issued_at.timestamp()),
    }


def credential_of(certificate):
    """The OpenBadgeCredential of a certificate."""
    address = settings.SITE_URL + certificate.get_absolute_url()
    return {
        "@context": CONTEXT,
        "id": id_of(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.said["title"],
        "issuer": issuer(),
        "validFrom": certificate.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#person",
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": certificate.name, "identityType": "name"}],
            "achievement": _achievement(certificate),
        },
        "evidence": [{"id": address, "type": ["Evidence"], "name": certificate.code}],
        "credentialStatus": {"id": settings.SITE_URL + reverse("revocations"), "type": "1EdTechRevocationList"},
    }


def id_of(certificate) -> str:
    """A name that anybody who has the code can work out, and that leads nobody else to it."""
    return uuid5(NAMESPACE_URL, settings.SITE_URL + certificate.get_absolute_url()).urn


def issuer():
    """Who issues: the profile that stands at its own address."""
    return {"id": settings.SITE_URL + reverse("issuer"), "type": ["Profile"], "name": NAME, "url": settings.SITE_URL}


def revocations(certificates):
    """The list of the `certificates` that hold no more, by the names of their credentials (1EdTech Revocation List)."""
    return {
        "id": settings.SITE_URL + reverse("revocations"),
        "issuer": issuer()["id"],
        "revokedCredential": [{"id": id_of(each), "revoked": True} for each in certificates],
    }


def _achievement(certificate):
    said = certificate.said
    seminar = settings.SITE_URL + reverse("issuer")
    with override(certificate.language):
        criteria = str(CRITERIA[certificate.kind])
    return {
        "id": f"{seminar}#{certificate.kind}-{certificate.seminar.slug}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": f"{said['title']}: {said['seminar']}",
        "description": "\n".join(sentences_of(said)),
        "criteria": {"narrative": criteria},
        "inLanguage": TAGS[certificate.language],
    }


CRITERIA = {
    CertificateKind.ATTENDANCE: _("Attendance noted by the Secretariat of the Network, as the rules of the seminar ask."),
    CertificateKind.INTERVENTION: _("A talk in the published programme of the seminar."),
    CertificateKind.ORGANIZATION: _("Work for the organization of the seminar, confirmed by the Secretariat of the Network."),
}
