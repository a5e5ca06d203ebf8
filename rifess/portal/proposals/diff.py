"""How what is proposed differs from what there is: per column, in words, with what goes and what comes marked."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceField
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from members.models import Proposal
from rifess.base.admin import history

WORDS = re.compile(r"\S+\s*|\s+")
MOST_WORDS = 4000  # above this a text is shown whole, before and after


@dataclass(frozen=True)
class Piece:
    """A run of words that stays ("same"), goes ("del") or comes ("ins")."""

    kind: str
    words: str


@dataclass(frozen=True)
class Change:
    """One column: what there was when it was proposed, what there is now, what is proposed; empty where nothing is."""

    name: str
    label: str
    before: str
    now: str
    proposed: str
    is_wish: bool = False
    is_needed: bool = False
    was_accepted: bool = False
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_new(self):
        """Whether there is nothing that it would replace."""
        return not self.now

    @property
    def is_stale(self):
        """Whether somebody changed the column since, to something else than is proposed."""
        return self.now not in (self.before, self.proposed)

    @property
    def is_done(self):
        """Whether it says already what is proposed."""
        return self.now == self.proposed


@dataclass(frozen=True)
class Group:
    """The columns of one field: a translated one has up to three."""

    title: str
    changes: list[Change]


def differences(form):
    """What the proposal of `form` would change in what there is now, in the order of the form."""
    return _in_groups(form, lambda name, now: now)


def differences_as_proposed(form):
    """The same against what there was when it was proposed: how it is told once it is decided."""
    return _in_groups(form, lambda name, now: form.proposal.before.get(name, ""))


def _in_groups(form, compared):
    groups = {}
    for name in form.proposed:
        change = _change(form, name, compared(name, form.now.get(name, "") if form.instance.pk else ""))
        groups.setdefault(_title(form, name), []).append(change)
    return [Group(title, changes) for title, changes in groups.items()]


def _change(form, name, now):
    proposal, box = form.proposal, form.fields[name]
    before, now, proposed = (say(box, text) for text in (proposal.before.get(name, ""), now, proposal.contents[name]))
    return Change(
        name,
        box.label,
        before,
        now,
        proposed,
        is_wish=name in form.wishes,
        is_needed=name in form.needed,
        was_accepted=name in proposal.accepted,
        pieces=pieces(now, proposed),
    )


def _title(form, name):
    column = form.column(name)
    translated = getattr(column, "translated_field", None)
    return capfirst(str(translated.verbose_name if translated else form.fields[name].label))


def say(box, text):
    """What the form field `box` shows for a kept `text`, in words."""
    if text in ("", None, []):
        return ""
    if isinstance(box, ModelChoiceField):
        return _names(box, text if isinstance(text, list) else [text])
    if isinstance(box, forms.ChoiceField):
        return str(dict(box.choices).get(text, text))
    if isinstance(box, forms.DateField):
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    return text


def happened_to(form, happening):
    """`happening` of the history of the proposal of `form`: its columns in words, each by its name."""
    told = happening.entry.changes_dict
    before, after = (_read(text) for text in told.get("contents", ["", ""]))
    differing = [name for name in form.columns if (before.get(name) or "") != (after.get(name) or "")]
    inside = [_told(form.fields[name], before.get(name), after.get(name)) for name in differing]
    inside += (
        [history.Change(gettext("What was accepted"), "", _labels(form, told["accepted"][1]))]
        if told.get("accepted", ["", "[]"])[1] != "[]"
        else []
    )
    kept_as_json = {capfirst(str(Proposal._meta.get_field(name).verbose_name)) for name in ("contents", "before", "accepted")}
    return replace(happening, changes=[each for each in happening.changes if each.name not in kept_as_json] + inside)


def _told(box, before, after):
    return history.Change(box.label, say(box, before), say(box, after))


def _labels(form, text):
    return ", ".join(form.fields[name].label for name in json.loads(text or "[]"))


def _read(text):
    """A JSON column as the history keeps it; nothing when it kept none."""
    return json.loads(text) if text not in ("", None, "None") else {}


def _names(box, keys):
    try:
        return ", ".join(str(row) for row in box.queryset.filter(pk__in=keys))
    except (ValueError, ValidationError):
        return ", ".join(keys)


def pieces(before, after):
    """The runs of words that lead from `before` to `after`."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return [Piece(kind, words) for kind, words in (("del", before), ("ins", after)) if words]
    found = []
    bare_old, bare_new = [word.strip() for word in old], [word.strip() for word in new]
    for kind, i, j, k, m in SequenceMatcher(None, bare_old, bare_new).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        found += [Piece("same", come)] if kind == "equal" else [Piece("del", gone), Piece("ins", come)]
    return [piece for piece in found if piece.words]
