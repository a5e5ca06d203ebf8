"""Lists of recordings: all of them, and those that have a person, a topic, a country or a seminar in common."""

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django_countries import countries
from django_filters.views import FilterView

from events.models import Seminar, Topic
from events.programme.schema_org import breadcrumbs
from events.views.calendar_feeds import to_follow
from members.models import Person
from recordings.feeds import with_files
from recordings.filters import NEWEST_FIRST, RecordingFilter
from recordings.models import Caption, Chapter, Clip, Recording
from recordings.playback.interventions import Moment
from recordings.playback.sources import first_living, ways_to_each
from recordings.subjects import about, with_voice_from
from rifess.base.text.translated import text_of
from rifess.base.views import current_slug


class RecordingList(FilterView):
    filterset_class = RecordingFilter
    template_name = "recordings/recording_list.html"
    paginate_by = 20

    def get_queryset(self):
        return with_facts(Recording.objects.visible_to(self.request.user).with_card()).order_by(*NEWEST_FIRST)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        say_what_plays(page)
        has_episodes = any(recording.is_episode for recording in page)
        return context | {"has_episodes": has_episodes or (page.has_other_pages() and with_files(self.get_queryset()).exists())}


def with_facts(recordings):
    """Bring along how many chapters each has, and in which languages what was said can be read."""
    captions = Prefetch("captions", Caption.objects.without_text(), to_attr="transcripts")
    ranges = Clip.objects.filter(start__isnull=False)
    return recordings.annotate(marks=Coalesce(_number_of(Chapter.objects), _number_of(ranges))).prefetch_related(captions)


def _number_of(rows):
    """How many of `rows` a recording has; NULL for none."""
    its = rows.filter(recording=OuterRef("pk")).order_by().values("recording")
    return Subquery(its.annotate(number=Count("pk")).values("number"))


def say_what_plays(recordings):
    """Give each of a page's recordings the way that plays it, or the day since which no address of it answers."""
    ways = ways_to_each(recordings)
    for recording in recordings:
        its = ways[recording.pk]
        recording.way = first_living(its)
        recording.is_episode = any(way.is_episode for way in its)
        recording.dead_since = max(way.address.failing_since for way in its) if its and all(way.is_dead for way in its) else None


class RecordingsOf(RecordingList):
    """Recordings with something in common, at an address of their own; there is none where the visitor would see nothing.

    A subclass says how to `find` the subject and its `slug`, its `name`, and which recordings it has; `field` is the filter
    that asks the same.
    """

    field = ""

    def get(self, request, *args, **kwargs):
        self.subject = self.find(kwargs["slug"])
        if self.subject is None or not self.get_queryset().exists():
            raise Http404
        if kwargs["slug"] != self.slug():
            return HttpResponsePermanentRedirect(reverse(request.resolver_match.view_name, args=[self.slug()]))
        return super().get(request, *args, **kwargs)

    def get_filterset(self, filterset_class):
        filterset = super().get_filterset(filterset_class)
        filterset.filters.pop(self.field, None)
        return filterset

    def get_context_data(self, **kwargs):
        steps = [(gettext("Recordings"), reverse("recordings:recordings"))]
        context = super().get_context_data(**kwargs, subject=self.subject, name=self.name(), crumbs=steps)
        return context | {"linked_data": breadcrumbs(*steps, (self.name(), self.request.path))}


class RecordingsOfRow(RecordingsOf):
    """Recordings of something with a slug; a former one leads to the present address."""

    model = None

    def find(self, slug):
        return self.model.objects.filter(slug__in=[slug, current_slug(self.model, slug)]).first()

    def slug(self):
        return self.subject.slug

    def name(self):
        return text_of(self.subject, "title" if self.model is Seminar else "name")


class RecordingsOfSeminar(RecordingsOfRow):
    model, field = Seminar, "seminar"
    template_name = "recordings/of_seminar.html"

    def get_queryset(self):
        return super().get_queryset().filter(seminar=self.subject)


class RecordingsOfTopic(RecordingsOfRow):
    model, field = Topic, "topic"
    template_name = "recordings/of_topic.html"

    def get_queryset(self):
        return super().get_queryset().filter(about([self.subject.pk]))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, followed=to_follow("topic", self.subject.slug))


class RecordingsOfPerson(RecordingsOfRow):
    """With the moments at which the person speaks: one click plays there."""

    model, field = Person, "person"
    template_name = "recordings/of_person.html"

    def name(self):
        return self.subject.name

    def get_queryset(self):
        clips = Clip.objects.filter(intervention__person=self.subject).select_related("intervention__person")
        return super().get_queryset().with_voice_of(self.subject).prefetch_related(Prefetch("clips", clips, to_attr="said"))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for recording in context["page_obj"]:
            for clip in recording.said:
                clip.intervention.moments = [Moment(recording, recording.way, clip.start, clip.end)]
        return context


class RecordingsOfCountry(RecordingsOf):
    """A country's slug is its code (ISO 3166-1 alpha-2) in small letters."""

    field = "country"
    template_name = "recordings/of_country.html"

    def find(self, slug):
        return slug.upper() if slug.upper() in countries else None

    def slug(self):
        return self.subject.lower()

    def name(self):
        return countries.name(self.subject)

    def get_queryset(self):
        return super().get_queryset().filter(with_voice_from(self.subject))
