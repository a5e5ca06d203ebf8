"""One search for the whole portal: what there is, the moments in it, and what it could be while somebody types."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, TemplateView

from recordings.feeds import has_file
from recordings.models import Recording
from rifess.base.limits import client_network, too_many
from rifess.base.text.translated import page_language
from rifess.portal.search.forms import FacetForm, SearchForm
from rifess.portal.search.results import KINDS, found, heard, within
from rifess.portal.views.search_feeds import MOST
from rifess.search.ask import ask, complete, moments
from rifess.search.query import parse

PER_PAGE = 20
WHILE_TYPING = [name for name in KINDS if name != "intervention"]  # whoever speaks is there already
SUGGESTED = 8
SHORTEST = 3  # letters after which something is suggested
PER_MINUTE = 120


class Search(TemplateView):
    template_name = "search/search.html"

    def get_context_data(self, **kwargs):
        form, facets = SearchForm(self.request.GET), FacetForm(self.request.GET)
        context = super().get_context_data(form=form, facets=facets, words=form.words, **kwargs)
        return context | (self.answer(form, facets) if form.words else {})

    def answer(self, form, facets):
        visible, asked = within(self.request.user), self.page_asked_for()
        answer = self.ask(form, facets, visible, asked)
        page = Paginator(range(answer.count), PER_PAGE).get_page(asked)
        if page.number != asked:
            answer = self.ask(form, facets, visible, page.number)
        facets.offer(answer.facets, topics=visible["topic"])
        return {
            "answer": answer,
            "found": (rows := found(answer.hits, visible, answer.query)),
            "has_episodes": any(has_file(each.row) for each in rows if each.kind.name == "recording"),
            "most_in_feed": MOST,
            "page_obj": page,
            "without_facets": {name: None for name in (*facets.fields, "page")},
        }

    def page_asked_for(self):
        number = self.request.GET.get("page", "")
        return int(number) if number.isdecimal() and len(number) < 6 else 1

    def ask(self, form, facets, visible, page):
        return ask(form.words, within=visible, filters=facets.chosen, page=page, per_page=PER_PAGE, prefer=page_language())


class Moments(DetailView):
    """All moments of one recording in which something is said."""

    template_name = "search/moments.html"
    context_object_name = "recording"

    def get_queryset(self):
        return Recording.objects.visible_to(self.request.user).with_card()

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        said = moments(form.words, kind="recording", object_id=self.object.pk, prefer=page_language())
        return super().get_context_data(form=form, words=form.words, heard=heard(self.object, said), **kwargs)


@require_safe
def suggestions(request):
    """What somebody may be about to write, as the options of a list."""
    if too_many("suggestions", client_network(request), limit=PER_MINUTE, seconds=60):
        return HttpResponse(status=429)
    words = SearchForm(request.GET).words
    visible = within(request.user, WHILE_TYPING)
    hits = complete(words, within=visible, limit=SUGGESTED) if len(words) >= SHORTEST else []
    response = render(request, "search/_suggestions.html", {"found": found(hits, visible, parse(words, prefix=True))})
    response["Cache-Control"] = "private, max-age=60"
    return response
