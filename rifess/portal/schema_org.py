"""What the pages of several rooms say to machines, in schema.org's words."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from rifess.base.text.translated import text_of


def network():
    """The Network itself."""
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": gettext("Ibero-American Network for the Promotion of the Social and Solidarity Economy"),
        "alternateName": "RIFESS",
        "url": settings.SITE_URL + reverse("home"),
    }


def organization(institution):
    """An institution as schema.org Organization."""
    data = {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization" if institution.kind == "government" else "Organization",
        "name": str(text_of(institution, "name")),
        "url": institution.website or settings.SITE_URL + institution.get_absolute_url(),
    }
    if acronym := text_of(institution, "acronym"):
        data["alternateName"] = str(acronym)
    return data


def country(name, address):
    """A country as schema.org Country: its page here, at `address`."""
    return {"@context": "https://schema.org", "@type": "Country", "name": name, "url": settings.SITE_URL + address}


def person(row):
    """A person as schema.org Person."""
    data = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": row.name,
        "url": settings.SITE_URL + row.get_absolute_url(),
    }
    if variants := [variant.name for variant in row.variants.all()]:
        data["alternateName"] = variants
    return data
