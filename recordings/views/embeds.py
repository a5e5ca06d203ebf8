"""Recordings inside other sites: the page that they frame, and oEmbed (https://oembed.com), which tells them how."""

from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_from_path, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.programme.schema_org import address
from recordings.models import Recording
from recordings.playback import moments
from recordings.playback.sources import first_living, ways_to
from recordings.playback.transcripts import Transcript, choices_of, choose
from rifess.base.text.translated import text_of
from rifess.base.views import current_slug
from rifess.links import hosts

WIDTH, LEAST_WIDTH, BELOW = 640, 240, 112  # pixels; `BELOW` is what the title and the site's name need under the picture
CACHE_AGE = 3600  # seconds: what is withdrawn is soon forgotten elsewhere too


@require_safe
@xframe_options_exempt
def embed(request, key):
    """The player alone, for other sites to frame: public recordings only, no cookies, whoever asks. `?lang=` and `?t=`."""
    recording = get_object_or_404(Recording.objects.public().with_card(), key=key)
    span = moments.read(request.GET.get("t"))
    playing = first_living(ways_to(recording, span))
    with override(_language(request.GET.get("lang"))):
        choices = choices_of(recording)
        transcript = Transcript(choose(choices, ""), [], choices) if choices else None
        shown = {"recording": recording, "playing": playing, "span": span, "transcript": transcript}
        canonical = address(recording.get_absolute_url())
        response = render(request, "recordings/embed.html", shown | {"canonical": canonical})
        response["Content-Language"] = get_language()
    response["X-Robots-Tag"] = "noindex"
    origins = hosts.origins(playing.source.host, playing.source.url) if playing else {}
    response._csp_config = settings.SECURE_CSP | origins | {"frame-ancestors": ["*"]}
    return response


def _language(asked):
    return asked if asked in dict(settings.LANGUAGES) else get_language()


def can_be_parted(address):
    """Refuse (code "address") what not even looks like an address."""
    try:
        urlsplit(address)
    except ValueError:
        raise ValidationError(_("This is not a web address: it starts with https://."), code="address") from None


class OEmbedForm(forms.Form):
    """What a consumer asks: the address of a page of ours, and how much room there is."""

    url = forms.CharField(max_length=2000, validators=[can_be_parted])
    format = forms.CharField(required=False)
    maxwidth = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    maxheight = forms.IntegerField(required=False, min_value=1, max_value=100_000)


@require_safe
def oembed(request):
    """How to show the recording at `url`: 400 when nothing is asked, 404 for what is not a public recording's page of ours."""
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    asked = form.cleaned_data
    if asked["format"] not in {"", "json"}:
        return HttpResponse(status=501)  # §2.2.3: a format that we do not speak
    page = urlsplit(asked["url"])
    with override(_language(get_language_from_path(page.path))):
        recording = _recording_at(page)
        answer = _described(recording, moments.read(_query(page).get("t")), asked["maxwidth"], asked["maxheight"])
    response = JsonResponse(answer)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _query(page):
    return QueryDict(page.query)


def _recording_at(page):
    """The public recording whose page, short address or embeddable page this is, under its present or a former address."""
    if page.netloc != urlsplit(settings.SITE_URL).netloc:
        raise Http404
    try:
        match = resolve(page.path)
    except Resolver404:
        raise Http404 from None
    if match.view_name in {"recording_by_key", "embed"}:
        asked = {"key": match.kwargs["key"]}
    elif match.view_name == "recordings:recording":
        asked = {"slug": current_slug(Recording, match.kwargs["slug"])}
    else:
        raise Http404
    return get_object_or_404(Recording.objects.public().with_card(), **asked)


def _described(recording, span, maxwidth, maxheight):
    """§2.3.4: a video in a frame of ours or, while nothing can be played, a link."""
    said = {
        "version": "1.0",
        "title": text_of(recording, "title").words,
        "author_name": text_of(recording.seminar, "title").words,
        "author_url": address(recording.seminar.get_absolute_url()),
        "provider_name": settings.SITE_NAME,
        "provider_url": settings.SITE_URL,
        "cache_age": CACHE_AGE,
    }
    if first_living(ways_to(recording)) is None:
        return said | {"type": "link"}
    width, height = _size(maxwidth or WIDTH, maxheight)
    return said | {"type": "video", "width": width, "height": height, "html": frame(recording, span, width, height)}


def _size(maxwidth, maxheight):
    """The largest frame within both that keeps the picture at 16:9, with room below it."""
    width = min(WIDTH, maxwidth)
    height = width * 9 // 16 + BELOW
    if maxheight and height > maxheight:
        height = maxheight
        width = min(width, max(LEAST_WIDTH, (maxheight - BELOW) * 16 // 9))
    return width, height


def frame(recording, span, width=WIDTH, height=WIDTH * 9 // 16 + BELOW):
    """The HTML that shows `recording` on another site, at the moment asked for and in the language of this page."""
    asked = {"lang": get_language()} | ({"t": str(span)} if span else {})
    return format_html(
        '<iframe src="{}?{}" width="{}" height="{}" title="{}" frameborder="0" '
        'allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen loading="lazy" '
        'referrerpolicy="strict-origin-when-cross-origin"></iframe>',
        address(reverse("embed", args=[recording.key])),
        urlencode(asked, safe=","),
        width,
        height,
        text_of(recording, "title").words,
    )
