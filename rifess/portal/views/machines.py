"""Addresses for machines, and the door that chooses a language."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from rifess.portal.sitemaps import SITEMAPS, PortalSitemap, rows_of_each

HALF_A_YEAR = timedelta(days=183)


@require_safe
def choose_language(request):
    """`/`: to the home page in the visitor's language, by cookie or by what the browser prefers."""
    with override(get_language_from_request(request)):
        response = redirect("home")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def robots(request):
    """What search engines may read: all that visitors may."""
    lines = ["User-agent: *", *(f"Disallow: /{code}/admin/" for code, _ in settings.LANGUAGES)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """To whom a weakness of the portal is told (RFC 9116). What it says counts for half a year from the month it is read."""
    ends = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0) + HALF_A_YEAR
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: es, pt, en",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request):
    """Where password managers lead their users (W3C, A Well-Known URL for Changing Passwords)."""
    with override(get_language_from_request(request)):
        return redirect("account_change_password")


@require_safe
def sitemap(request):
    """Every public page or, when they are too many for one list, where to find the lists of each kind."""
    rows = rows_of_each()
    if sum(rows.values()) <= PortalSitemap.limit:
        return sitemaps.sitemap(request, SITEMAPS)
    filled = {section: SITEMAPS[section] for section, number in rows.items() if number}
    return sitemaps.index(request, filled, sitemap_url_name="sitemap-of")


@require_safe
def sitemap_of(request, section):
    """The public pages of one kind; `?p=` of them."""
    return sitemaps.sitemap(request, SITEMAPS, section)


@require_safe
def open_search(request):
    """How a browser may search the portal from its own address bar (OpenSearch 1.1), in the visitor's language."""
    response = render(
        request,
        "search/opensearch.xml",
        {"site_url": settings.SITE_URL},
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
