"""Which participant somebody in a platform's list is: surely, perhaps, or nobody we know."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import RegistrationState, Sureness
from rifess.base.text.accent_folding import fold

ALIKE = 0.84  # from here on two names are worth a look: letters in common, of all (difflib)
MOST_SUGGESTIONS = 5
NO_NAMES = {"de", "da", "do", "dos", "das", "del", "la", "las", "los", "e", "y", "van", "von", "di"}
GUEST = re.compile(r"\((guest|invitad[oa]|convidad[oa]|extern[oa]?l?|unverified|no verificad[oa]|nao verificad[oa])\)")


class Reason(models.TextChoices):
    """Why somebody in a list is taken for a participant."""

    ADDRESS = "address", _("the same email address")
    NAME = "name", _("the same name")
    NOT_CONFIRMED = "not-confirmed", _("the same address, but this registration is not confirmed")
    SEVERAL = "several", _("several participants have this name")
    OTHER_ADDRESS = "other-address", _("the same name, but another address has been found already")
    ORDER = "order", _("the same names in another order")
    PART = "part", _("some of the names")
    ALIKE = "alike", _("nearly the same letters")


@dataclass(frozen=True)
class Match:
    """What was found: how sure it is, and the registrations, best first, each with its Reason."""

    sureness: str
    found: tuple = ()

    @property
    def registration(self):
        return self.found[0][0] if self.sureness == Sureness.SURE else None


class Participants:
    """The registrations of a seminar, to be asked who somebody is. Only those who are confirmed are found by their name."""

    def __init__(self, registrations):
        registrations = list(registrations)
        confirmed = [each for each in registrations if each.state == RegistrationState.CONFIRMED]
        self.by_address = {each.email.lower(): each for each in registrations if each.email}
        self.by_name, self.by_word = defaultdict(list), defaultdict(list)
        self.names = {each.pk: _words(each.name) for each in confirmed}
        for each in confirmed:
            self.by_name[" ".join(self.names[each.pk])].append(each)
            for word in {*self.names[each.pk]} - NO_NAMES:
                self.by_word[word].append(each)

    def match(self, name, email):
        """The Match of somebody who is called `name` in the list, and has the address `email` there, or none."""
        known = self.by_address.get(email.lower()) if email else None
        if known:
            return _of_address(known)
        same = next((found for words in variants(name) if (found := self.by_name.get(" ".join(words)))), [])
        if len(same) == 1:
            return Match(Sureness.SURE, ((same[0], Reason.NAME),))
        if same:
            return Match(Sureness.UNSURE, tuple((each, Reason.SEVERAL) for each in same[:MOST_SUGGESTIONS]))
        found = self._resembling(name)
        return Match(Sureness.UNSURE, found) if found else Match(Sureness.NOBODY)

    def _resembling(self, name):
        """Those of a name like this: the same words in another order, some of them, or nearly the same letters."""
        found = {}
        for words in variants(name):
            for each in self._with_a_word_of(words):
                reason, worth = _alike(words, self.names[each.pk])
                if reason and worth > found.get(each.pk, (0,))[0]:
                    found[each.pk] = (worth, each, reason)
        best = sorted(found.values(), key=lambda entry: (-entry[0], entry[1].pk))[:MOST_SUGGESTIONS]
        return tuple((each, reason) for _worth, each, reason in best)

    def _with_a_word_of(self, words):
        """Those who share a name with `words`, and those one of whose names begins alike."""
        found = {}
        for word in {*words} - NO_NAMES:
            near = [word] if word in self.by_word else [other for other in self.by_word if other[:3] == word[:3]]
            for each in [each for other in near for each in self.by_word[other]][:200]:
                found[each.pk] = each
        return found.values()


def _of_address(known):
    if known.state == RegistrationState.CONFIRMED:
        return Match(Sureness.SURE, ((known, Reason.ADDRESS),))
    return Match(Sureness.UNSURE, ((known, Reason.NOT_CONFIRMED),))


def variants(name):
    """The names that `name` may stand for, as folded words: whole, without what is in brackets, and that alone."""
    plain = GUEST.sub(" ", fold(name))
    written = [re.sub(r"\([^)]*\)", " ", plain), *re.findall(r"\(([^)]*)\)", plain)]
    split = [_words(text) for text in written]
    return [words for index, words in enumerate(split) if words and (index == 0 or len(words) > 1)]


def _words(name):
    return re.findall(r"[^\W\d_]+", fold(name))


def _alike(words, others):
    """The reason why the names `words` and `others` may be the same, and how much it is worth (0 to 1); or None and 0."""
    one, other = ([word for word in each if word not in NO_NAMES] for each in (words, others))
    if Counter(one) == Counter(other):
        return Reason.ORDER, 1
    shared = sum((Counter(one) & Counter(other)).values())
    if shared >= 2 and shared == min(len(one), len(other)):
        return Reason.PART, 0.9 * shared / max(len(one), len(other))
    letters = SequenceMatcher(None, " ".join(sorted(one)), " ".join(sorted(other)), autojunk=False)
    if letters.real_quick_ratio() < ALIKE or letters.quick_ratio() < ALIKE or (ratio := letters.ratio()) < ALIKE:
        return None, 0
    return Reason.ALIKE, ratio * 0.9


def settle(matches):
    """The `matches` of a whole list. Whom another row was found for by their address is not found by their name alone."""
    by_address = {match.registration.pk for match in matches if match.registration and match.found[0][1] == Reason.ADDRESS}
    settled = []
    for match in matches:
        if match.registration and match.found[0][1] == Reason.NAME and match.registration.pk in by_address:
            match = Match(Sureness.UNSURE, ((match.registration, Reason.OTHER_ADDRESS),))
        settled.append(match)
    return settled
