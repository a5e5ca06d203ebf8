"""What lists of recordings and documents may be narrowed by. Choices come only from what the visitor may see."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.filters import ListFilter, WordsFilter, labels, resembles, said_by, select, topics, years
from events.models import Panel, Seminar
from recordings.models import Document, DocumentKind, Recording
from rifess.base.languages import LANGUAGES
from rifess.base.texts import text_of


class RecordingFilter(ListFilter):
    q = WordsFilter(_("Search titles and people"))
    seminar = select(_("Seminar"), "of_seminar")
    year = select(_("Year"), "in_year")
    topic = select(_("Topic"), "about")
    language = select(_("Language"), "in_language")

    class Meta:
        model = Recording
        fields = []

    def offer(self):
        seminars = list(Seminar.objects.filter(pk__in=self.rows().values("seminar")))
        spoken = Recording.languages.through.objects.filter(recording__in=self.rows().values("pk"))
        of_seminars = Seminar.topics.through.objects.filter(seminar__in=self.rows().values("seminar")).values("topic")
        of_panels = Panel.topics.through.objects.filter(panel__in=self.rows().exclude(panel=None).values("panel")).values("topic")
        return {
            "seminar": [(each.slug, f"{text_of(each, 'title')} ({each.starts_on.year})") for each in seminars],
            "year": years({each.starts_on.year for each in seminars}),
            "topic": topics(Q(pk__in=of_seminars) | Q(pk__in=of_panels)),
            "language": labels(LANGUAGES, set(spoken.values_list("language", flat=True))),
        }

    def matching(self, word):
        """Where one word is looked for: the titles of the recording, its panel and its seminar, and who speaks in it."""
        in_panel = said_by(word).filter(panel=OuterRef("panel"))
        in_intervention = said_by(word).filter(pk=OuterRef("intervention"))
        people = (Q(intervention=None) & Exists(in_panel)) | Exists(in_intervention)
        return resembles(word, "title", "summary", "panel__title", "seminar__title", "seminar__subtitle") | people

    def of_seminar(self, recordings, name, slug):
        return recordings.filter(seminar__slug=slug)

    def in_year(self, recordings, name, year):
        return recordings.filter(seminar__starts_on__year=year)

    def about(self, recordings, name, slug):
        of_seminar = Seminar.objects.filter(pk=OuterRef("seminar"), topics__slug=slug)
        of_panel = Panel.objects.filter(pk=OuterRef("panel"), topics__slug=slug)
        return recordings.filter(Exists(of_panel) | Exists(of_seminar))

    def in_language(self, recordings, name, code):
        spoken = Recording.languages.through.objects.filter(recording=OuterRef("pk"), language=code)
        return recordings.filter(Exists(spoken))


class DocumentFilter(ListFilter):
    q = WordsFilter(_("Search titles and symbols"))
    kind = select(_("Kind"), "of_kind")
    year = select(_("Year"), "in_year")
    topic = select(_("Topic"), "about")
    language = select(_("Language"), "in_language")

    class Meta:
        model = Document
        fields = []

    def offer(self):
        facts = set(self.rows().values_list("kind", "dated_on__year", "language").distinct())
        linked = Document.topics.through.objects.filter(document__in=self.rows().values("pk")).values("topic")
        return {
            "kind": labels(DocumentKind.choices, {kind for kind, _year, _language in facts}),
            "year": years({year for _kind, year, _language in facts}),
            "topic": topics(Q(pk__in=linked)),
            "language": labels(LANGUAGES, {language for _kind, _year, language in facts}),
        }

    def matching(self, word):
        """Where one word is looked for: title, summary, symbol ("77/281") and the institution that issued it."""
        texts = resembles(word, "title", "summary", "institution__name", "institution__acronym")
        return texts | Q(symbol__resembles=word)

    def of_kind(self, documents, name, kind):
        return documents.filter(kind=kind)

    def in_year(self, documents, name, year):
        return documents.filter(dated_on__year=year)

    def about(self, documents, name, slug):
        linked = Document.topics.through.objects.filter(document=OuterRef("pk"), topic__slug=slug)
        return documents.filter(Exists(linked))

    def in_language(self, documents, name, code):
        return documents.filter(language=code)
