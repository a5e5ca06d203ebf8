"""What a list says, row by row: somebody came, left, was there so long. And all the rows of one person as one."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta

from rifess.base.text.accent_folding import fold

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Join:
    """One row of a list. `sums_up`: it tells of all the joins of a person, from the first to the last."""

    line: int
    name: str
    email: str = ""
    came_at: object = None
    left_at: object = None
    duration: object = None
    sums_up: bool = False


@dataclass(frozen=True)
class Window:
    """The time within which presence counts: up to, and not including, `ends_at`."""

    starts_at: object
    ends_at: object

    def cut(self, stretch):
        came, left = max(stretch[0], self.starts_at), min(stretch[1], self.ends_at)
        return (came, left) if came < left else None


@dataclass
class Person:
    """Somebody in a list, with all their joins."""

    name: str
    email: str
    joins: list = field(default_factory=list)

    @property
    def lines(self):
        return [join.line for join in self.joins]

    def within(self, window):
        """The same with what of their joins falls into `window`; without any, None. What has no times is left as it is."""
        timed = [join for join in self.joins if _stretch(join)]
        if not timed:
            return self
        cut = [(join, window.cut(_stretch(join))) for join in timed]
        kept = [replace(join, came_at=part[0], left_at=part[1]) for join, part in cut if part]
        return replace(self, joins=kept) if kept else None

    @property
    def came_at(self):
        return min((join.came_at for join in self.joins if join.came_at), default=None)

    @property
    def left_at(self):
        return max((join.left_at for join in self.joins if join.left_at), default=None)

    @property
    def minutes(self):
        """How long they were there, whole minutes: never longer than between coming and going, nor than the list says in all.

        Two devices at once count once; what lies between two joins does not count. None when nothing tells.
        """
        stretches = [_stretch(join) for join in self.joins]
        told = [join.duration for join in self.joins]
        known = [
            *([sum((left - came for came, left in united(stretches)), NOTHING)] if all(stretches) else []),
            *([sum(told, NOTHING)] if None not in told else []),
        ]
        return round(min(known).total_seconds() / 60) if known else None


def _stretch(join):
    if join.came_at is None or (join.left_at is None and join.duration is None):
        return None
    return join.came_at, join.left_at or join.came_at + join.duration


def united(stretches):
    """The `stretches` of time without overlaps, in order."""
    found = []
    for came, left in sorted(stretches):
        if found and came <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], left))
        else:
            found.append((came, left))
    return found


def people_of(joins):
    """The people of `joins`, in the order of the list: who has the same address or, where none is written, the same name.

    Where a list has both single joins and their sum, a person's single joins count.
    """
    addresses = _address_of_each_name(joins)
    people = {}
    for join in joins:
        name = fold(" ".join(join.name.split()))
        key = join.email.lower() or addresses.get(name) or f"name:{name}"
        person = people.setdefault(key, Person(join.name, join.email))
        person.name, person.email = person.name or join.name, person.email or join.email
        person.joins.append(join)
    for person in people.values():
        single = [join for join in person.joins if not join.sums_up]
        person.joins = single or person.joins
    return list(people.values())


def _address_of_each_name(joins):
    """The address under which a name stands in the list, where that is one only."""
    found = defaultdict(set)
    for join in joins:
        if join.email:
            found[fold(" ".join(join.name.split()))].add(join.email.lower())
    return {name: next(iter(addresses)) for name, addresses in found.items() if len(addresses) == 1}
