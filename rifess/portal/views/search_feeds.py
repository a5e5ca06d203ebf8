"""The recordings that a search finds, to follow."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from recordings.feeds import Channel, of_all
from recordings.views.feeds import FORMATS, as_feed
from rifess.portal.search.forms import FacetForm, SearchForm
from rifess.search.ask import ask

MOST = 100  # recordings that answer best, and as many of the latest: a new one is never missed


@require_safe
def feed(request, format):
    """The recordings that `?q=` finds, narrowed down as on the page of the search; always what a visitor may see."""
    words, chosen = SearchForm(request.GET).words, FacetForm(request.GET).chosen
    if format not in FORMATS or not words:
        raise Http404
    asked = urlencode({"q": words} | {facet: value for facet, (value,) in chosen.items()})
    title = gettext("Recordings: %(of)s") % {"of": words}
    page, path = f"{reverse('search')}?{asked}", f"{request.path}?{asked}"
    return as_feed(request, format, Channel(title, page, path, found(words, chosen)))


def found(words, chosen):
    """The recordings in which `words` are found: those that the page of the search shows first, and the latest."""
    latest = list(of_all().order_by("-published_at", "-pk").values_list("pk", flat=True)[:MOST])
    asked = [of_all(), of_all().filter(pk__in=latest)]
    answers = [ask(words, within={"recording": recordings}, filters=chosen, per_page=MOST) for recordings in asked]
    return of_all().filter(pk__in={hit.object_id for answer in answers for hit in answer.hits})
