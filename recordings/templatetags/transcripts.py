"""Transcripts in templates."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def spans(lines):
    """Each of `lines` in a `<span>` that its second leads to. Written here because hours of speech are thousands of them."""
    return mark_safe(" ".join(_span(line) for line in lines))  # noqa: S308 (the words are escaped, the rest is numbers)


def _span(line):
    where = f' id="t{line.second}"' if line.is_first else ""
    how = ' class="cited"' if line.is_cited else ""
    return f"<span{where}{how}>{escape(line.words)}</span>"
