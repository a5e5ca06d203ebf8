"""Every address of the portal, from its URL configuration; the parts that vary are filled from what pages and letters name."""

from collections import defaultdict
from functools import lru_cache

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern
from django.utils import translation

LANGUAGE = "es"


def templates(patterns=None, before=""):
    """The pattern of each address as a list of its parts: words, and names of what varies in braces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from templates(pattern.url_patterns, route)


def names_in(route):
    """The parts of `route` that vary: `<slug:code>` → code."""
    return [part.partition(">")[0].rpartition(":")[2] for part in route.split("<")[1:]]


def filled(route, value_of):
    """`route` with `value_of(name)` for each part that varies."""
    first, *rest = route.split("<")
    pieces = [first]
    for part in rest:
        head, _, tail = part.partition(">")
        pieces += [value_of(head.rpartition(":")[2]), tail]
    return "/" + "".join(pieces).replace("^", "").replace("$", "").replace("\\Z", "")


@lru_cache(maxsize=20_000)
def match(path):
    """What answers at `path`, or None. Remembered: all pages name the same addresses, and to look one up takes a millisecond."""
    with translation.override(LANGUAGE):
        try:
            return resolve(path)
        except Resolver404:
            return None


def route_of(path):
    found = match(path)
    return found and found.route


class Known:
    """Addresses met so far, by route; and what stood in the parts that vary, by their name."""

    def __init__(self):
        with translation.override(LANGUAGE):
            self.routes = sorted(set(templates()))
        self.addresses = {route: [] if names_in(route) else [filled(route, None)] for route in self.routes}
        self.values = defaultdict(list)
        self.queries = defaultdict(list)

    def meet(self, address):
        """Remember `address`, its query's names under its route, and what varies in it."""
        path, _, query = address.partition("?")
        if (what := match(path)) is None:
            return
        found = self.addresses.setdefault(what.route, [])
        if path not in found and len(found) < 20:
            found.append(path)
        for name, value in what.kwargs.items():
            if str(value) not in self.values[name] and len(self.values[name]) < 40:
                self.values[name].append(str(value))
        for name in filter(None, (pair.partition("=")[0] for pair in query.split("&"))):
            if name not in self.queries[what.route]:
                self.queries[what.route].append(name)
