"""What lists of seminars may be narrowed by. Choices come only from what the visitor may see."""

from functools import reduce
from operator import and_

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import (
    Agreement,
    AgreementState,
    Panel,
    PrintedPosition,
    Seminar,
    SeminarFormat,
    SeminarInstitution,
    SeminarKind,
    Topic,
)
from members.models import Institution, Membership
from rifess.base.models import Language
from rifess.base.text.collation import by_label, names_of_countries
from rifess.base.text.languages import LANGUAGES
from rifess.base.text.translated import text_of
from rifess.search.full_text import TITLE
from rifess.search.narrowing import with_word, with_words, words_of


def about(topics):
    """The condition that a seminar, or one of its panels, is about one of `topics`."""
    own = Seminar.topics.through.objects.filter(seminar=OuterRef("pk"), topic__in=topics)
    of_panels = Panel.topics.through.objects.filter(panel__seminar=OuterRef("pk"), topic__in=topics)
    return Exists(own) | Exists(of_panels)


def with_part_of(country):
    """The condition that an institution of `country` has a role in a seminar, or somebody speaks there for that country."""
    positions = PrintedPosition.objects.filter(intervention__panel__seminar=OuterRef("pk"))
    positions = positions.filter(Q(country=country) | Q(institution__country=country))
    institutions = SeminarInstitution.objects.filter(seminar=OuterRef("pk"), institution__country=country)
    return Exists(positions) | Exists(institutions)


def select(label, method, empty_label=None):
    """A filter whose choices are filled in when it is known who asks."""
    return django_filters.ChoiceFilter(label=label, method=method, empty_label=empty_label or pgettext_lazy("filter", "All"))


class WordsFilter(django_filters.CharFilter):
    """Words that must all be found, in any order, by the search index: `matching(words)` of the filter set says where."""

    def __init__(self, label, **options):
        super().__init__(label=label, max_length=120, widget=forms.SearchInput, **options)

    def filter(self, rows, words):
        words = words_of(words)
        return rows.filter(self.parent.matching(words)) if words else rows


class ListFilter(django_filters.FilterSet):
    """Filters whose choices `offer()` draws from the rows the visitor may see."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in self.offer().items():
            self.filters[name].extra["choices"] = choices

    def offer(self):
        """The choices of each select, by its name; none unless a list has selects."""
        return {}

    def rows(self):
        """The rows the visitor may see, in no order, for questions about them."""
        return self.queryset.order_by()


def labels(choices, present):
    """Those of `choices` that are `present`, in their usual order."""
    return [(value, label) for value, label in choices if value in present]


def years(present):
    return [(str(year), str(year)) for year in sorted(present, reverse=True) if year]


def topics(condition):
    return [(topic.slug, str(topic)) for topic in Topic.objects.filter(condition)]


class SeminarFilter(ListFilter):
    q = WordsFilter(_("Search titles, panels and people"))
    year = select(_("Year"), "in_year")
    kind = select(_("Kind"), "of_kind")
    topic = select(_("Topic"), "about")
    country = select(_("Country"), "with_country")
    format = select(_("Format"), "in_format")
    language = select(_("Language"), "in_language")

    class Meta:
        model = Seminar
        fields = []

    def offer(self):
        seen = self.rows().values("pk")
        facts = set(self.rows().values_list("kind", "format", "starts_on__year").distinct())
        return {
            "year": years({year for _kind, _format, year in facts}),
            "kind": labels(SeminarKind.choices, {kind for kind, _format, _year in facts}),
            "format": labels(SeminarFormat.choices, {format for _kind, format, _year in facts}),
            "topic": topics(Q(pk__in=_topics_of(seen)) | Q(pk__in=_topics_of_panels(seen))),
            "language": labels(LANGUAGES, set(_languages_of(seen))),
            "country": names_of_countries(_countries_of(seen)),
        }

    def matching(self, words):
        """Each word is in the seminar's own texts, among who takes part, or in the title of one of its panels."""
        return reduce(and_, map(self._matching_word, words))

    def _matching_word(self, word):
        panels = Panel.objects.filter(with_word("panel", word, (TITLE,))).order_by()
        return with_word("seminar", word) | Q(pk__in=panels.values("seminar"))

    def in_year(self, seminars, name, year):
        return seminars.filter(starts_on__year=year)

    def of_kind(self, seminars, name, kind):
        return seminars.filter(kind=kind)

    def in_format(self, seminars, name, format):
        return seminars.filter(format=format)

    def about(self, seminars, name, slug):
        return seminars.filter(about(Topic.objects.filter(slug=slug)))

    def in_language(self, seminars, name, code):
        spoken = Seminar.languages.through.objects.filter(seminar=OuterRef("pk"), language=code)
        interpreted = Seminar.interpreted_languages.through.objects.filter(seminar=OuterRef("pk"), language=code)
        return seminars.filter(Exists(spoken) | Exists(interpreted))

    def with_country(self, seminars, name, country):
        return seminars.filter(with_part_of(country))


def topics_to_follow():
    """Topics of which a visitor can read something: by slug, with their names."""
    seen = Seminar.objects.public().order_by().values("pk")
    return topics(Q(pk__in=_topics_of(seen)) | Q(pk__in=_topics_of_panels(seen)))


def countries_to_follow():
    """Member countries, and those with a part in what a visitor can read: by code, with their names."""
    seats = Membership.objects.members().on().order_by().values_list("country", flat=True)
    return names_of_countries({*map(str, seats), *_countries_of(Seminar.objects.public().order_by().values("pk"))})


def _topics_of(seminars):
    return Seminar.topics.through.objects.filter(seminar__in=seminars).values("topic")


def _topics_of_panels(seminars):
    return Panel.topics.through.objects.filter(panel__seminar__in=seminars).values("topic")


def _languages_of(seminars):
    spoken = Seminar.languages.through.objects.filter(seminar__in=seminars).values("language")
    interpreted = Seminar.interpreted_languages.through.objects.filter(seminar__in=seminars).values("language")
    return Language.objects.filter(Q(pk__in=spoken) | Q(pk__in=interpreted)).values_list("code", flat=True)


def _countries_of(seminars):
    positions = PrintedPosition.objects.filter(intervention__panel__seminar__in=seminars).order_by()
    institutions = SeminarInstitution.objects.filter(seminar__in=seminars).order_by()
    found = positions.values_list("country").union(
        positions.values_list("institution__country"), institutions.values_list("institution__country")
    )
    return {str(code) for (code,) in found.order_by() if code}  # Meta.ordering names columns the union lacks


class AgreementFilter(ListFilter):
    q = WordsFilter(_("Words"))
    year = select(_("Year"), "of_year")
    state = select(_("State"), "in_state")
    institution = select(_("Responsible institution"), "of_institution")

    class Meta:
        model = Agreement
        fields = []

    def offer(self):
        institutions = Institution.objects.filter(pk__in=self.rows().values("institution"))
        named = [(each.slug, text_of(each, "name").words) for each in institutions]
        return {
            "year": years(set(self.rows().values_list("dated_on__year", flat=True))),
            "state": [("overdue", pgettext_lazy("agreement", "overdue")), *AgreementState.choices],
            "institution": by_label(named),
        }

    def matching(self, words):
        return with_words("agreement", words)

    def of_year(self, agreements, _name, year):
        return agreements.filter(dated_on__year=year)

    def in_state(self, agreements, _name, state):
        return agreements.overdue() if state == "overdue" else agreements.filter(state=state)

    def of_institution(self, agreements, _name, slug):
        return agreements.filter(institution__slug=slug)
