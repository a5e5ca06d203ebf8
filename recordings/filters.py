"""What lists of recordings and documents may be narrowed by. Choices come only from what the visitor may see."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Topic
from events.programme.filters import ListFilter, WordsFilter, labels, select, topics, years
from members.models import Audience, Person
from recordings import subjects
from recordings.models import READERS, Document, DocumentKind, DocumentVersion, Recording
from rifess.base.text.collation import ShownSortKey, by_label, names_of_countries
from rifess.base.text.languages import LANGUAGES
from rifess.base.text.translated import text_of
from rifess.search.narrowing import with_words

MOST_NAMES = 250  # more in a select are no help: the search finds names too, and each person's recordings have an address
LENGTHS = [
    ("short", _("Up to 15 minutes")),
    ("medium", _("15 minutes to an hour")),
    ("long", _("Over an hour")),
    ("unknown", _("Not known")),
]
LENGTH = Case(
    When(duration__lte=timedelta(minutes=15), then=Value("short")),
    When(duration__lte=timedelta(hours=1), then=Value("medium")),
    When(duration__isnull=False, then=Value("long")),
    default=Value("unknown"),
    output_field=CharField(),
)
PROGRAMME = [F("panel__held_on").asc(nulls_last=True), F("panel__position").asc(nulls_last=True), "part", "track", "pk"]
NEWEST_FIRST = ["-seminar__starts_on", "-seminar", *PROGRAMME]
ORDERS = [("oldest", _("Oldest first")), ("title", _("By title")), ("longest", _("Longest first"))]


class RecordingFilter(ListFilter):
    q = WordsFilter(_("Search titles and people"))
    seminar = select(_("Seminar"), "of_seminar")
    topic = select(_("Topic"), "about")
    person = select(_("Person"), "with_voice_of")
    country = select(_("Country"), "from_country")
    year = select(_("Year"), "in_year")
    language = select(_("Language"), "in_language")
    duration = select(_("Duration"), "of_length")
    sort = select(pgettext_lazy("list", "Order"), "in_order", empty_label=_("Newest first"))
    transcript = django_filters.BooleanFilter(label=_("With transcript"), method="to_read", widget=forms.CheckboxInput)

    class Meta:
        model = Recording
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.filters["person"].extra["choices"] is None:
            del self.filters["person"]

    def offer(self):
        rows = self.rows()
        seminars = list(subjects.seminars_of(rows))
        spoken = Recording.languages.through.objects.filter(recording__in=rows.values("pk")).values_list("language", flat=True)
        return {
            "seminar": [(each.slug, f"{text_of(each, 'title')} ({each.starts_on.year})") for each in seminars],
            "year": years({each.starts_on.year for each in seminars}),
            "topic": topics(Q(pk__in=subjects.topics_of(rows).values("pk"))),
            "person": self.people(subjects.people_heard_in(rows)),
            "country": names_of_countries(subjects.countries_heard_in(rows)),
            "language": labels(LANGUAGES, set(spoken.distinct())),
            "duration": labels(LENGTHS, set(rows.values_list(LENGTH, flat=True).distinct())),
            "sort": ORDERS,
        }

    def people(self, heard):
        """Slugs and names, by name. Where there are too many for a select: only the person whom the address asks for, or None."""
        named = heard.order_by().values_list("slug", "name")
        found = list(named[: MOST_NAMES + 1])
        if len(found) <= MOST_NAMES:
            return by_label(found)
        return list(named.filter(slug=str(self.data.get("person", "")).replace("\0", ""))) or None

    def matching(self, words):
        """Where words are looked for: the recording's texts and topics, who is heard in it, its panel and its seminar."""
        return with_words("recording", words)

    def of_seminar(self, recordings, name, slug):
        return recordings.filter(seminar__slug=slug)

    def about(self, recordings, name, slug):
        return recordings.filter(subjects.about(Topic.objects.filter(slug=slug)))

    def with_voice_of(self, recordings, name, slug):
        return recordings.with_voice_of(Person.objects.get(slug=slug))

    def from_country(self, recordings, name, code):
        return recordings.filter(subjects.with_voice_from(code))

    def in_year(self, recordings, name, year):
        return recordings.filter(seminar__starts_on__year=year)

    def in_language(self, recordings, name, code):
        spoken = Recording.languages.through.objects.filter(language=code)
        return recordings.filter(pk__in=spoken.values("recording"))

    def of_length(self, recordings, name, length):
        return recordings.alias(length=LENGTH).filter(length=length)

    def to_read(self, recordings, name, wanted):
        return recordings.with_transcript() if wanted else recordings

    def in_order(self, recordings, name, order):
        orders = {
            "oldest": ["seminar__starts_on", "seminar", *PROGRAMME],
            "title": [ShownSortKey("title"), "pk"],
            "longest": [F("duration").desc(nulls_last=True), *NEWEST_FIRST],
        }
        return recordings.order_by(*orders[order])


class DocumentFilter(ListFilter):
    q = WordsFilter(_("Search titles and document numbers"))
    kind = select(_("Kind"), "of_kind")
    year = select(_("Year"), "in_year")
    topic = select(_("Topic"), "about")
    language = select(_("Language"), "in_language")
    audience = select(_("Read by"), "read_by")
    file = django_filters.BooleanFilter(label=_("With a file"), method="with_file", widget=forms.CheckboxInput)

    class Meta:
        model = Document
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.filters["audience"].extra["choices"]) < 2:  # visitors are not told of readers they do not belong to
            del self.filters["audience"]

    def offer(self):
        facts = set(self.rows().values_list("kind", "dated_on__year", "language", READERS).distinct())
        kinds, years_of, languages, readers = (set(column) for column in zip(*facts, strict=True)) if facts else [()] * 4
        linked = Document.topics.through.objects.filter(document__in=self.rows().values("pk")).values("topic")
        return {
            "kind": labels(DocumentKind.choices, kinds),
            "year": years(set(years_of) - {None}),
            "topic": topics(Q(pk__in=linked)),
            "language": labels(LANGUAGES, languages),
            "audience": [(value, capfirst(label)) for value, label in labels(Audience.choices, readers)],
        }

    def matching(self, words):
        """Where words are looked for: title, summary, symbol ("77/281"), topics and the institution that issued it."""
        return with_words("document", words)

    def of_kind(self, documents, name, kind):
        return documents.filter(kind=kind)

    def in_year(self, documents, name, year):
        return documents.filter(dated_on__year=year)

    def about(self, documents, name, slug):
        linked = Document.topics.through.objects.filter(topic__slug=slug)
        return documents.filter(pk__in=linked.values("document"))

    def in_language(self, documents, name, code):
        return documents.filter(language=code)

    def read_by(self, documents, name, audience):
        return documents.read_by([audience])

    def with_file(self, documents, name, wanted):
        return documents.filter(pk__in=DocumentVersion.objects.values("document")) if wanted else documents
