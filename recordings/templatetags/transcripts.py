"""Transcripts in templates. Written here because hours of speech are thousands of paragraphs, and of lines."""

from functools import cache
from html import escape

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from rifess.templatetags.portal import icon, timecode

register = template.Library()

PARAGRAPH = """\
<li><a class="ts" href="{play}{second}#play" aria-label="{play_from}">{clock}</a>
<p lang="{language}">{speaker}{words}</p>
<a class="cite-it" href="{cite}{span}" aria-label="{link_to}">{icon}</a></li>
"""


@register.simple_tag(takes_context=True)
def paragraphs(context, recording, transcript):
    """Each paragraph of `transcript`: who speaks, what plays it from there, and what cites it."""
    every = {
        "play": escape(address_without_second(context["request"].GET)),
        "cite": escape(f"{recording.get_permanent_url()}?t="),
        "language": escape(transcript.caption.language),
        "icon": icon("link"),
    }
    play_from, link_to = escape(gettext("Play from %(time)s")), escape(gettext("Link to the passage at %(time)s"))
    named, written = cache(_speaker), []
    for part in transcript.paragraphs:
        clock = timecode(part.span.start)
        its = {
            "second": part.span.start,
            "span": part.span,
            "clock": clock,
            "play_from": play_from % {"time": clock},
            "link_to": link_to % {"time": clock},
            "speaker": named(part.speaker, part.person),
            "words": " ".join(map(_line, part.lines)),
        }
        written.append(PARAGRAPH.format(**every, **its))
    return mark_safe("".join(written))  # noqa: S308 (words and names are escaped, the rest is ours)


def address_without_second(asked):
    """This page as it was `asked` for, up to the second to play from."""
    kept = asked.copy()
    kept.pop("t", None)
    return f"?{kept.urlencode()}&t=" if kept else "?t="


def _speaker(name, person):
    if person:
        return f'<b><a href="{escape(person.get_absolute_url())}">{escape(name)}</a></b> '
    return f"<b>{escape(name)}</b> " if name else ""


def _line(line):
    where = f' id="t{line.second}"' if line.is_first else ""
    how = ' class="cited"' if line.is_cited else ""
    return f"<span{where}{how}>{escape(line.words)}</span>"
