"""The day itself, for everybody: what is on, and what comes next.

Thousands look at once (docs/adr/0022): what is the same for all is made once in a few seconds and shared by every process.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from events.live import now_playing
from events.models import RegistrationState, Seminar
from events.programme.times import ZoneForm, zones_of_members
from events.registration.status import CITIES, call_of, own_registration
from events.views.programme import with_home
from rifess.base.microcache import answer, for_all, for_one, is_of_somebody, mark_of, shared
from rifess.links import hosts
from rifess.links.hosts import Host

EVERY = 40  # seconds after which a page asks again, give or take a quarter
LONGEST_SLUG = 200
PLAYS = {Host.YOUTUBE, Host.VIMEO, Host.PEERTUBE}


@dataclass(frozen=True)
class Page:
    """The page as it is kept for all, and what a browser may load beside our own files."""

    html: str
    csp: dict


def part_of(seminar, zone):
    """The part of the page that changes: what is on and what is next, on the clocks of the seminar and of `zone`."""
    return shared(f"part:{seminar.pk}:{zone.key}", lambda: make_part(seminar, zone, timezone.now()))


def make_part(seminar, zone, moment):
    now = now_playing.at(seminar, moment)
    zones = list(dict.fromkeys([seminar.zone.key, zone.key]))
    today = timezone.localdate(moment, seminar.zone)
    lists = {
        name: [(panel, clocks_of(panel, zones, today)) for panel in getattr(now, name)] for name in ("on", "next", "untimed")
    }
    return render_to_string("events/_now.html", {"seminar": seminar, "now": now, **lists})


@dataclass(frozen=True)
class Clock:
    """When a panel begins and ends in a city; its `day` where that is not today at the seminar."""

    city: str
    zone: ZoneInfo
    day: object
    starts_at: object
    ends_at: object


def clocks_of(panel, zones, today):
    """The Clock of each of `zones`; none while its time is not known."""
    return [_clock(panel, ZoneInfo(zone), today) for zone in zones] if panel.has_time else []


def _clock(panel, zone, today):
    day = timezone.localdate(panel.starts_at, zone)
    return Clock(CITIES.get(zone.key, zone.key), zone, None if day == today else day, panel.starts_at, panel.ends_at)


def zone_asked(request):
    """The zone that the address asks for, or None."""
    return ZoneForm(request.GET).chosen(otherwise=None)


def stream_of(seminar):
    """The public stream, as a Place, with the address that plays it here (empty: it is a link); None without one."""
    stream = getattr(seminar, "stream", None)
    if stream is None:
        return None
    try:
        place = hosts.recognize(stream.url)
    except ValidationError:
        return None
    return {
        "host": place.host,
        "page": place.url,
        "site": urlsplit(place.url).netloc,
        "embed": hosts.embed_at(place) if place.host in PLAYS else "",
        "csp": hosts.origins(place.host, place.url) if place.host in PLAYS else {},
    }


def words_of(seminar, zone, part):
    """What both pages of a seminar say: the `part` that changes, and what stands beside it."""
    return {
        "seminar": seminar,
        "now": now_playing.at(seminar, timezone.now()),
        "part": part,
        "mark": mark_of(part),
        "zone": zone,
        "zone_form": _zone_form(seminar),
        "stream": stream_of(seminar),
        "channels": list(seminar.channels.select_related("language")),
        "every": EVERY,
    }


def _zone_form(seminar):
    form = ZoneForm()
    form.fields["zone"].choices = with_home(zones_of_members(), seminar)
    return form


class Now(View):
    """The public page. Visitors without a session share it; whoever signed in gets one with the way to what they registered."""

    def get(self, request, slug):
        zone = zone_asked(request)
        if is_of_somebody(request):
            return for_one(self._answer(request, self._make(request, Seminar.objects.visible_to(request.user), slug, zone)))
        request.GET = QueryDict(f"zone={zone.key}" if zone else "")  # nothing else that stands in an address is in what all share
        request.user = AnonymousUser()  # no session: nobody need be asked for
        page = shared(f"page:{_key(slug, zone)}", lambda: self._make(request, Seminar.objects.public(), slug, zone))
        return for_all(self._answer(request, page))

    def _answer(self, request, page):
        return answer(request, page.html, page.csp)

    def _make(self, request, seminars, slug, zone):
        seminars = seminars.select_related("stream", "terms").prefetch_related("panels", "seats")
        seminar = get_object_or_404(seminars, slug=slug)
        zone = zone or seminar.zone
        words = words_of(seminar, zone, part_of(seminar, zone))
        words |= {
            "call": call_of(seminar, request.user),
            "own_url": own_url(seminar, request.user),
            "part_url": reverse("events:now-part", args=[slug], query=request.GET or None),
        }
        html = render_to_string("events/now.html", words, request=request)
        return Page(html, words["stream"]["csp"] if words["stream"] else {})


class NowPart(View):
    """The part of the page that changes, which it asks for again and again: of a public seminar the same for everybody."""

    def get(self, request, slug):
        zone = zone_asked(request)
        try:
            part = shared(f"public:{_key(slug, zone)}", lambda: self._make(Seminar.objects.public(), slug, zone))
        except Http404:
            if not is_of_somebody(request):
                raise
            return for_one(answer(request, self._make(Seminar.objects.visible_to(request.user), slug, zone)))
        return for_all(answer(request, part))

    def _make(self, seminars, slug, zone):
        seminar = get_object_or_404(seminars.prefetch_related("panels"), slug=slug)
        return part_of(seminar, zone or seminar.zone)


def own_url(seminar, user):
    """Where `user` joins and asks; nothing for who has no seat."""
    registration = own_registration(seminar, user)
    if registration is None or registration.state != RegistrationState.CONFIRMED:
        return ""
    return reverse("events:registration-now", args=[registration.signed])


def _key(slug, zone):
    if len(slug) > LONGEST_SLUG:
        raise Http404
    return f"{slug}:{zone.key if zone else ''}"
