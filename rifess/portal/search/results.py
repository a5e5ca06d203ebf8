"""What the search finds, as people read it: which rows somebody may find, and each hit with its row, marked words and address."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from events.models import Agreement, Intervention, Panel, Seminar, Topic
from members.models import Institution, Person
from recordings.models import Document, Recording
from rifess.base.text.translated import Text, text_of, texts_in_languages
from rifess.portal.directory import visible_institutions, visible_people, visible_topics
from rifess.search.ask import MomentHit, highlight

SNIPPET = 36  # words
MARK = "<mark>"


@dataclass(frozen=True)
class Kind:
    """One kind of thing: `visible(user)` are the rows somebody may find, `texts` where words are shown from."""

    name: str
    model: type
    visible: Callable
    title: str = "title"
    texts: tuple[str, ...] = ()
    brought: Callable = QuerySet.all

    @property
    def label(self):
        return capfirst(self.model._meta.verbose_name)

    @property
    def plural(self):
        return capfirst(self.model._meta.verbose_name_plural)

    @property
    def facts(self):
        """The part of the page that says what distinguishes one of these from another."""
        return f"search/facts/{self.name}.html"


def _of(model):
    return lambda user: model.objects.visible_to(user)


KINDS = {  # where tier and date are equal, in this order
    kind.name: kind
    for kind in (
        Kind("person", Person, visible_people, "name", ("biography",), lambda rows: rows.prefetch_related("variants")),
        Kind("institution", Institution, visible_institutions, "name", ("description", "part_of")),
        Kind("topic", Topic, visible_topics, "name"),
        Kind("seminar", Seminar, _of(Seminar), texts=("subtitle", "summary", "description", "conclusions")),
        Kind(
            "panel",
            Panel,
            _of(Panel),
            texts=("summary", "conclusions"),
            brought=lambda rows: rows.select_related("seminar").prefetch_related("interventions__person"),
        ),
        Kind("recording", Recording, _of(Recording), texts=("summary",), brought=lambda rows: rows.with_card()),
        Kind("intervention", Intervention, _of(Intervention), texts=("summary", "quote"), brought=lambda rows: rows.with_panel()),
        Kind("document", Document, _of(Document), texts=("summary",), brought=lambda rows: rows.with_card()),
        Kind("agreement", Agreement, _of(Agreement), texts=("text",), brought=lambda rows: rows.with_card()),
    )
}


def within(user, kinds=KINDS):
    """Everything that `user` may find, by kind."""
    return {name: KINDS[name].visible(user) for name in kinds}


@dataclass(frozen=True)
class Heard:
    """A moment of a recording, and the address that plays there."""

    recording: Recording
    moment: MomentHit

    @property
    def second(self):
        return self.moment.start // 1000

    @property
    def url(self):
        return f"{self.recording.get_absolute_url()}?t={self.second}#play"


def heard(recording, moments):
    return [Heard(recording, moment) for moment in moments]


@dataclass(frozen=True)
class Found:
    """A hit with its row. Texts are for a page: escaped, with the words that were searched marked."""

    kind: Kind
    row: object
    url: str
    title: Text
    words: SafeString
    snippet: SafeString = SafeString()
    snippet_language: str = ""
    moments: list = field(default_factory=list)

    @property
    def more_url(self):
        """All moments of a recording; the query is the page's."""
        return reverse("search-moments", args=[self.row.slug])


def found(hits, visible, query):
    """The rows of `hits` among those `visible` (see `within`), in their order: a constant number of queries for each kind.

    What has just gone is left out.
    """
    rows = {}
    for name in {hit.kind for hit in hits}:
        kind = KINDS[name]
        wanted = [hit.object_id for hit in hits if hit.kind == name]
        brought = kind.brought(visible[name].filter(pk__in=wanted))
        rows |= {(name, row.pk): row for row in brought}
    return [_found(hit, rows[key], query) for hit in hits if (key := (hit.kind, hit.object_id)) in rows]


def _found(hit, row, query):
    kind = KINDS[hit.kind]
    title = _title(kind, row)
    words = highlight(title.words, query)
    snippet, language = _snippet(kind, row, query, is_named=MARK in words)
    return Found(kind, row, _url(kind, row), title, words, snippet, language, heard(row, hit.moments))


def _title(kind, row):
    """What it is called: an intervention, by who speaks."""
    if kind.name == "intervention":
        return Text(row.printed_name, "", False)
    return Text(row.name, "", False) if kind.name == "person" else text_of(row, kind.title)


def _url(kind, row):
    """Its page. A topic has none: it leads to everything that has it."""
    if kind.name == "topic":
        words = f'"{text_of(row, "name")}"'
        return f"{reverse('search')}?{urlencode({'q': words, 'topic': row.slug})}"
    return row.get_absolute_url()


def _snippet(kind, row, query, *, is_named):
    """A few words about it, rather those that were searched, in whichever language they stand; and that language."""
    texts = [text for name in kind.texts for text in texts_in_languages(row, name)]
    also = [] if is_named else [*texts_in_languages(row, kind.title), *_other_names(kind, row)]
    for text in [*texts, *also]:
        marked = highlight(text.words, query, around=SNIPPET)
        if MARK in marked:
            return marked, text.language if text.is_fallback else ""
    if not texts:
        return SafeString(), ""
    return highlight(texts[0].words, query, around=SNIPPET), texts[0].language if texts[0].is_fallback else ""


def _other_names(kind, row):
    """Names that its page has too, and by which it may have been found."""
    names = []
    if kind.name == "person":
        names = [variant.name for variant in row.variants.all()]
    elif kind.name == "panel":
        names = [each.printed_name for each in row.interventions.all()]
    elif kind.name == "intervention":
        names = [text.words for each in row.positions.all() for text in texts_in_languages(each, "text")]
    return [Text(name, "", False) for name in names]
