"""Calendars: files of what somebody may see, and public ones to follow."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import View

from events import calendars
from events.filters import about, countries_to_follow, topics_to_follow, with_part_of
from events.models import Panel, Seminar, Topic
from events.views.programme import PanelDetail
from events.views.registration import OfOneRegistration
from rifess.base.dates import today_in_the_network
from rifess.base.views import SluggedDetail, current_slug

KEPT = timedelta(days=366)  # how long what is over stays in a calendar that is followed


class SeminarCalendar(SluggedDetail):
    """The days of a seminar, for whoever may see it. A former address still answers: programs follow it."""

    model = Seminar

    def get_queryset(self):
        return super().get_queryset().with_calendar()

    def address_of(self, row):
        return reverse("events:seminar-calendar", args=[row.slug])

    def render_to_response(self, context, **response_kwargs):
        return as_calendar(self.request, self.object.slug, calendars.of_seminar(self.object))


class PanelCalendar(PanelDetail):
    """One panel, for whoever may see its seminar."""

    def get_queryset(self):
        return Panel.objects.visible_to(self.request.user).filter(seminar__slug=self.kwargs["seminar"]).with_calendar()

    def get_context_data(self, **kwargs):
        return {}

    def address_of(self, row):
        return reverse("events:panel-calendar", args=[row.seminar.slug, row.slug])

    def render_to_response(self, context, **response_kwargs):
        return as_calendar(self.request, self.object.slug, calendars.of_panel(self.object))


class RegistrationCalendar(OfOneRegistration, View):
    """The days of a seminar for whoever registered, by their signed address: it holds nothing of them but whether they come."""

    def get(self, request):
        return as_calendar(request, self.registration.seminar.slug, calendars.of_registration(self.registration))


@require_safe
def calendar(request, subject="", slug=""):
    """A calendar to follow: of the whole portal, of a topic, or of a country. Always what visitors may see, whoever asks."""
    seminars, name = Seminar.objects.public(), _("Seminars")
    if subject:
        now, of, condition = _subject(subject, slug)
        if now != slug:
            return HttpResponsePermanentRedirect(reverse("events:calendar-of", args=[subject, now]))
        seminars, name = seminars.filter(condition), _("Seminars: %(of)s") % {"of": of}
    recent = seminars.with_last_day().filter(last_day__gte=today_in_the_network() - KEPT).order_by("starts_on", "pk")
    content = calendars.of_many(recent, name=f"{name} · {settings.SITE_NAME}", path=request.path)
    return as_calendar(request, slug or "rifess", content, keep="no-cache")


def _subject(subject, slug):
    """The present slug of a topic or a country, its name, and the condition on seminars. Raises Http404 for what none has."""
    if subject == "topic":
        now, names = current_slug(Topic, slug), dict(topics_to_follow())
        condition = about(Topic.objects.filter(slug=now))
    elif subject == "country":
        now, names = slug.lower(), {code.lower(): name for code, name in countries_to_follow()}
        condition = with_part_of(now.upper())
    else:
        raise Http404
    if now not in names:
        raise Http404
    return now, names[now], condition


def as_calendar(request, name, content, keep="private, no-cache"):
    """A response that calendar programs open, and that is not sent again while nothing has changed."""
    response = HttpResponse(content, content_type=f"{calendars.MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.ics")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = keep
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)
