"""What is typed into the search and by what its answer can be narrowed down. Offers come with the answer, so nothing leaks."""

from django.utils.translation import gettext_lazy as _
from django_countries import countries

from rifess.base.cleaned import forms
from rifess.base.text.collation import sort_key
from rifess.base.text.languages import LANGUAGES
from rifess.base.text.translated import text_of
from rifess.portal.search.results import KINDS
from rifess.search.query import MOST_CHARACTERS

LONGEST_VALUE = 130  # of a facet, as the index keeps them


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Write at most %(limit_value)d characters: this is %(show_value)d.")},
    )

    @property
    def words(self):
        """What is searched; nothing while it cannot be."""
        return self.cleaned_data["q"] if self.is_valid() else ""


class OfferedSelect(forms.Select):
    """Says beside each choice how many there are."""

    counts = {}

    def create_option(self, name, value, label, *args, **kwargs):
        count = self.counts.get(value)
        return super().create_option(name, value, f"{label} ({count})" if count is not None else label, *args, **kwargs)


class FacetField(forms.CharField):
    """A facet: any value may be asked for; what is offered is known with the answer."""

    widget = OfferedSelect

    def __init__(self, label):
        super().__init__(label=label, required=False, max_length=LONGEST_VALUE)
        self.offer([], {})  # until there is an answer

    def widget_attrs(self, widget):
        return {}  # a select has no length

    def offer(self, counts, names):
        self.choices = [("", _("All")), *((value, names.get(value, value)) for value, _count in counts)]
        self.widget.choices, self.widget.counts = self.choices, dict(counts)


class FacetForm(forms.Form):
    kind = FacetField(_("What it is"))
    year = FacetField(_("Year"))
    topic = FacetField(_("Topic"))
    country = FacetField(_("Country"))
    language = FacetField(_("Language"))
    transcript = forms.BooleanField(
        label=_("With transcript"), required=False, widget=forms.CheckboxInput(attrs={"value": "yes"})
    )

    with_transcript = 0  # how many of what was found have one
    SELECTS = ("kind", "year", "topic", "country", "language")

    @property
    def form(self):
        """The parts of pages that show filters look for this."""
        return self

    @property
    def chosen(self):
        """What the answer is narrowed down by, as the index takes it."""
        self.is_valid()
        values = {name: [self.cleaned_data[name]] for name in self.SELECTS if self.cleaned_data.get(name)}
        return values | ({"transcript": ["yes"]} if self.cleaned_data.get("transcript") else {})

    def offer(self, facets, *, topics):
        """Offer what was counted. Of `topics` that somebody may not see, not even the name is known here."""
        names = {
            "kind": {name: kind.plural for name, kind in KINDS.items()},
            "topic": _names_of_topics(facets.get("topic", []), topics),
            "country": {code: countries.name(code) for code, _count in facets.get("country", []) if code in countries.countries},
            "language": {code: str(name) for code, name in LANGUAGES},
        }
        for name in self.SELECTS:
            self.fields[name].offer(_by_name(name, facets.get(name, []), names.get(name, {})), names.get(name, {}))
        self.with_transcript = dict(facets.get("transcript", [])).get("yes", 0)

    def offered(self):
        """The selects among which there is something to choose."""
        return [self[name] for name in self.SELECTS if len(self.fields[name].choices) > 1]


def _names_of_topics(counts, topics):
    chosen = topics.filter(slug__in=[slug for slug, _count in counts])
    return {topic.slug: text_of(topic, "name").words for topic in chosen}


def _by_name(facet, counts, names):
    """Topics and countries by their names; the others in the order in which the index gives them."""
    return sorted(counts, key=lambda pair: sort_key(names.get(pair[0], pair[0]))) if facet in ("topic", "country") else counts
