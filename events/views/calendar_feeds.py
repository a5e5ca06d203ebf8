"""Calendars to follow: of the whole portal, of a topic or of a country."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.calendar import add_links, ical
from events.models import Seminar, Topic
from events.programme.filters import about, countries_to_follow, topics_to_follow, with_part_of
from rifess.base.dates import today_in_the_network
from rifess.base.views import current_slug

KEPT = timedelta(days=366)  # how long what is over stays in a calendar that is followed


@dataclass(frozen=True)
class Followed:
    """A calendar to follow: what it is called, its own address, and how each program follows it."""

    name: str
    path: str

    @property
    def url(self):
        return settings.SITE_URL + self.path

    @property
    def links(self):
        return add_links.following(self.name, self.path)


def to_follow(subject="", slug=""):
    """The calendar of everything, or of a topic or a country; None where there is none of that."""
    if not subject:
        return Followed(_named(""), reverse("events:calendar"))
    _now, names, _condition = SUBJECTS[subject](slug)
    return Followed(_named(names[slug]), reverse("events:calendar-of", args=[subject, slug])) if slug in names else None


@require_safe
def calendar(request, subject="", slug=""):
    """Always what visitors may see, whoever asks: programs that follow it are nobody we know."""
    seminars, of = Seminar.objects.public(), ""
    if subject:
        now, of, condition = _subject(subject, slug)
        if now != slug:
            return HttpResponsePermanentRedirect(reverse("events:calendar-of", args=[subject, now]))
        seminars = seminars.filter(condition)
    recent = seminars.with_last_day().filter(last_day__gte=today_in_the_network() - KEPT).order_by("starts_on", "pk")
    content = ical.of_many(recent, name=_named(of), path=request.path)
    return as_calendar(request, slug or "rifess", content, keep="no-cache")


def _subject(subject, slug):
    """The present slug of a topic or a country, its name, and the condition on seminars. Raises Http404 where there is none."""
    if subject not in SUBJECTS:
        raise Http404
    now, names, condition = SUBJECTS[subject](slug)
    if now not in names:
        raise Http404
    return now, names[now], condition


def _topic(slug):
    now = current_slug(Topic, slug)
    return now, dict(topics_to_follow()), about(Topic.objects.filter(slug=now))


def _country(slug):
    """The slug of a country is its code (ISO 3166-1 alpha-2) in small letters."""
    now = slug.lower()
    return now, {code.lower(): name for code, name in countries_to_follow()}, with_part_of(now.upper())


SUBJECTS = {"topic": _topic, "country": _country}


def _named(of):
    name = _("Seminars: %(of)s") % {"of": of} if of else _("Seminars")
    return f"{name} · {settings.SITE_NAME}"


def as_calendar(request, name, content, keep="private, no-cache"):
    """A response that calendar programs open, and that is not sent again while nothing has changed."""
    response = HttpResponse(content, content_type=f"{ical.MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.ics")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = keep
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)
