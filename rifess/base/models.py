"""What two rooms already share: addresses that last, sources of facts, languages."""

from collections import defaultdict
from itertools import chain, count, islice

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models
from rifess.base.text.accent_folding import romanized
from rifess.base.text.languages import LANGUAGES

KEY_LENGTH, KEY_SIGNS = 8, "23456789bcdfghjkmnpqrstvwxyz"  # no vowels: no words by chance
FIRST_CANDIDATES, MOST_CANDIDATES = 8, 500  # slugs that are looked up in one statement


def _candidates(stem):
    """The addresses that may be made of `stem`, in order."""
    return chain([stem], (f"{stem}-{number}" for number in count(2)))


def on_the_web(name, field):
    """An address that visitors may follow is one of the web: never javascript:, never a file."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q((field, ""))
        | models.Q((f"{field}__istartswith", "https://"))
        | models.Q((f"{field}__istartswith", "http://")),
        violation_error_message=_("This is not a web address: it starts with https://."),
    )


class SourcedModel(models.Model):
    """A fact taken from outside says where from, and what is doubtful about it."""

    source_url = models.URLField(
        _("source"), max_length=500, blank=True, help_text=_("Address of the page that says so. Visitors see it.")
    )
    source_note = models.TextField(
        _("note on the source"),
        blank=True,
        help_text=_("What is uncertain, or where sources disagree. Visitors read it."),
    )
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=_("The day on which the source says it was so."))

    class Meta:
        abstract = True


class FormerSlug(models.Model):
    """An address something had once, so that links to it last. `scope` is its parent's id, for what is named within a parent."""

    kind = models.CharField(max_length=50)
    scope = models.CharField(max_length=20, blank=True)
    slug = models.CharField(max_length=200)
    current = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "scope", "slug"], name="one_way_from_each_former_slug")]

    def __str__(self):
        return f"{self.kind} {self.slug} → {self.current}"


class SluggedModel(models.Model):
    """Something with an address of its own. Leaving a redirect when it changes is the one rule kept in `save()`."""

    slug = models.SlugField(
        _("address"),
        max_length=120,
        blank=True,
        help_text=_(
            "The last part of the page’s address. Left empty, it is made from the name. If you change it, the old one redirects."
        ),
    )

    class Meta:
        abstract = True

    @classmethod
    def slug_kind(cls):
        """The name under which former addresses of this kind are kept."""
        return cls._meta.label_lower

    def slug_scope(self):
        """What the slug is unique within: nothing, unless a subclass says its parent."""
        return ""

    def slug_source(self):
        """The words a missing slug is made from."""
        return str(self)

    def slug_siblings(self):
        """All others that the slug must differ from."""
        return type(self)._base_manager.exclude(pk=self.pk)

    def save(self, *args, **kwargs):
        with transaction.atomic():
            before = type(self)._base_manager.filter(pk=self.pk).values_list("slug", flat=True).first() if self.pk else None
            if not self.slug:
                self.slug = before or self._free_slug()
                if kwargs.get("update_fields") is not None:
                    kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
            super().save(*args, **kwargs)
            if before and before != self.slug:
                self._leave_redirect(before)

    @classmethod
    def give_slugs(cls, rows):
        """Give an address to each of the new `rows` that has none: one question for all that have the same parent."""
        by_scope = defaultdict(list)
        for row in rows:
            if not row.slug:
                by_scope[row.slug_scope()].append((row, row._slug_stem()))
        for pairs in by_scope.values():
            first = {stem: list(islice(_candidates(stem), FIRST_CANDIDATES)) for _row, stem in pairs}
            taken = pairs[0][0]._taken_of([slug for slugs in first.values() for slug in slugs])
            for row, stem in pairs:
                row.slug = next((slug for slug in first[stem] if slug not in taken), None) or row._free_slug(stem, beside=taken)
                taken.add(row.slug)

    def _free_slug(self, stem=None, beside=frozenset()):
        """The first address of `stem` that no sibling has, nor any row whose address is known to be `beside` them."""
        candidates, few = _candidates(stem or self._slug_stem()), FIRST_CANDIDATES
        while True:
            slugs = list(islice(candidates, few))
            taken = self._taken_of(slugs) | beside
            if free := next((slug for slug in slugs if slug not in taken), None):
                return free
            few = min(few * 4, MOST_CANDIDATES)

    def _taken_of(self, slugs):
        """Those of `slugs` that siblings have: by equality, which the index answers, never by how they begin."""
        return set(self.slug_siblings().filter(slug__in=slugs).values_list("slug", flat=True))

    def _slug_stem(self):
        """The words of the address in plain letters; a key of its own where most have none, as in Chinese."""
        words = romanized(self.slug_source())
        stem = slugify(words)[:110].strip("-")
        kept, letters = sum(sign.isalpha() for sign in stem), sum(sign.isalpha() for sign in words)
        if stem and (not letters or kept * 2 > letters):
            return stem
        return self.nameless_slug()

    @classmethod
    def nameless_slug(cls):
        """An address that says nothing of the row and is nobody else's."""
        return f"{cls._meta.model_name}-{get_random_string(KEY_LENGTH, KEY_SIGNS)}"

    def _leave_redirect(self, before):
        former = FormerSlug.objects.filter(kind=self.slug_kind(), scope=self.slug_scope())
        former.filter(slug=self.slug).delete()
        former.filter(current=before).update(current=self.slug)
        former.update_or_create(kind=self.slug_kind(), scope=self.slug_scope(), slug=before, defaults={"current": self.slug})


class Language(models.Model):
    """A language, spoken or signed, by its BCP 47 code. The rows are made by a migration; the names are translated."""

    code = models.CharField(_("code"), max_length=12, primary_key=True, choices=LANGUAGES)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("language"), _("languages")
        ordering = ["position"]

    def __str__(self):
        return str(self.get_code_display())


class Heartbeat(models.Model):
    """The last sign of life of what runs beside the server: a worker, a timer."""

    name = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self):
        return self.name


class SeededRow(models.Model):
    """A row that the seed made once. From then on it is the secretariat's: the seed neither changes nor makes it again."""

    key = models.CharField(max_length=300, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=50)
    row = models.CharField(max_length=40)

    def __str__(self):
        return self.key
