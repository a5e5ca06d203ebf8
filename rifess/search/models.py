from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models as cleaned
from rifess.base.text.collation import SortKey
from rifess.search.analyzer import composed, tokens


class Entry(models.Model):
    """Something that can be found. What it is and who may see it, its room knows: here is only `kind` and `object_id`.

    Its words are beside it, where SQLite or PostgreSQL look for them (full_text.py).
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    titles = models.TextField(blank=True)  # a line for each language
    language = models.CharField(max_length=12, blank=True)
    dated_on = models.DateField(null=True)
    year = models.SmallIntegerField(null=True)
    has_transcript = models.BooleanField(default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("search entry"), _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_per_row")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"

    @property
    def title(self):
        """The first title given."""
        return self.titles.partition("\n")[0]


class EntryLabel(models.Model):
    """A value by which an entry can be narrowed down: facet "topic", value "financiamiento"."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="labels", db_index=False)
    facet = models.CharField(max_length=20)
    value = models.CharField(max_length=130)

    class Meta:
        verbose_name, verbose_name_plural = _("label of a search entry"), _("labels of search entries")
        constraints = [models.UniqueConstraint(fields=["entry", "facet", "value"], name="each_label_of_an_entry_once")]
        indexes = [models.Index(fields=["facet", "value", "entry"], name="search_label_of_facet")]

    def __str__(self):
        return f"{self.facet}: {self.value}"


class Passage(models.Model):
    """A stretch of what is said in an entry, `start` to `end` in milliseconds. Passages may overlap.

    `clock`, where it is known, says when its parts begin: pairs of a place in `text` and a moment in milliseconds, in order.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    speaker = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    clock = models.JSONField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("passage of a transcript"), _("passages of transcripts")

    def __str__(self):
        return self.text[:60]

    def moment_of(self, place):
        """The moment, in milliseconds, at which what stands at `place` of the text begins to be said, as far as is known."""
        return max((moment for begins, moment in self.clock or [] if begins <= place), default=self.start)


class KnownWord(models.Model):
    """A word that stands in some entry, folded, and as it was first seen: misspelt questions are compared with these."""

    word = models.CharField(max_length=40, primary_key=True)
    shown = models.CharField(max_length=40)
    initial = models.CharField(max_length=2)
    length = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = _("known word"), _("known words")
        indexes = [models.Index(fields=["initial", "length"], name="search_word_by_its_looks")]

    def __str__(self):
        return self.shown


class Concept(models.Model):
    """One idea as the three languages say it: who searches for one of its words finds the others too."""

    es = cleaned.CharField(
        _("in Spanish"), max_length=300, blank=True, help_text=_("Words or expressions, with commas between them.")
    )
    pt_br = cleaned.CharField(_("in Portuguese"), max_length=300, blank=True)
    en = cleaned.CharField(_("in English"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("concept of the thesaurus"), _("thesaurus of the search")
        ordering = [SortKey("es"), SortKey("pt_br"), SortKey("en"), "pk"]

    def __str__(self):
        return " · ".join(words for words in (self.es, self.pt_br, self.en) if words)

    def clean(self):
        if len(self.expressions()) < 2:
            raise ValidationError(_("Enter at least two words or expressions that mean the same."), code="alone")

    def expressions(self):
        """Each of its words and expressions, as stems in their order: [("desarroll",), ("econom", "social")]."""
        return _expressions(",".join((self.es, self.pt_br, self.en)))


@lru_cache(2_000)
def _expressions(written):
    stems = (tuple(token.stem for token in tokens(composed(expression))) for expression in written.split(","))
    return list(dict.fromkeys(expression for expression in stems if expression))
