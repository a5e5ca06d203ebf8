"""Texts in three languages and dates of three precisions, in templates."""

import re
from html import unescape
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import capfirst
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from rifess.base.dates import machine_date, say_date, say_days, say_since
from rifess.base.text.translated import page_language, text_of

register = template.Library()

DAY_NUMBER = re.compile(r"\b\d{1,2}\b")

IN_WORDS = {
    "es": lambda: gettext("text in Spanish"),
    "pt-BR": lambda: gettext("text in Portuguese"),
    "en": lambda: gettext("text in English"),
}


@register.simple_tag
def say(row, field="title"):
    """The text of `row.field`; when it is not in the page's language, marked with its own and saying so."""
    text = text_of(row, field)
    if not text.is_fallback:
        return text.words
    return format_html(
        '<span lang="{}">{}</span> <small class="fallback">({})</small>', text.language, text.words, IN_WORDS[text.language]()
    )


@register.simple_tag
def say_name(row, field="name"):
    """A proper name: as it is, marked with its language, without a notice."""
    text = text_of(row, field)
    return format_html('<span lang="{}">{}</span>', text.language, text.words) if text.is_fallback else text.words


@register.simple_tag
def say_paragraphs(row, field="summary"):
    """A longer text in paragraphs, with the notice before it when it is in another language."""
    text = text_of(row, field)
    if not text:
        return ""
    body = mark_safe(linebreaks(text.words, autoescape=True))
    if not text.is_fallback:
        return body
    notice = gettext("This text is only available in another language.")
    return format_html('<p class="fallback">{}</p><div lang="{}">{}</div>', notice, text.language, body)


@register.simple_tag
def say_plain(row, field="title"):
    """Only the words, for titles and attributes."""
    return text_of(row, field).words


@register.simple_tag
def when(row, field, outside=False):
    """A date no more exact than it is known, in `<time>`: `{% when membership "joined_on" %}`."""
    day = getattr(row, field)
    if day is None:
        return ""
    precision = getattr(row, f"{field}_precision", "day")
    return format_html(
        '<time datetime="{}">{}</time>', machine_date(day, precision, outside=outside), say_date(day, precision, outside=outside)
    )


@register.simple_tag
def since(row, field):
    """When a period began, in whole words: `{% since membership "joined_on" %}` gives "Desde enero de 2024"."""
    day, precision = getattr(row, field), getattr(row, f"{field}_precision")
    return format_html('<time datetime="{}">{}</time>', machine_date(day, precision), capfirst(say_since(day, precision)))


register.simple_tag(page_language)


@register.simple_tag
def days(seminar, tile=False):
    """The days of a seminar: "5 y 6 de septiembre de 2024". On a tile, the numbers of days stand out."""
    words = escape(capfirst(say_days(seminar.starts_on, seminar.ends_on)))
    if tile:
        words = DAY_NUMBER.sub(r"<b>\g<0></b>", words)
    return format_html('<time datetime="{}">{}</time>', seminar.starts_on.isoformat(), mark_safe(words))


@register.filter
def site(url):
    """The site an address is on, as people say it: example.org."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.simple_tag(takes_context=True)
def og_texts(context):
    """The words under which a page is shared: of what it shows, or else of the Network."""
    row = context.get("object")
    name = gettext("Ibero-American Network for the Promotion of the Social and Solidarity Economy")
    named = next((text_of(row, field).words for field in ("title", "name") if hasattr(row, f"{field}_es")), None)
    title = named or getattr(row, "name", None) or _title_of_the_page(context) or name
    summary = text_of(row, "summary").words if hasattr(row, "summary_es") else ""
    tags = [("og:title", title), ("og:description", summary or name)]
    return format_html_join("\n", '<meta property="{}" content="{}">', tags)


def _title_of_the_page(context):
    """What the page writes into the block `title`; nothing where it is rendered without one."""
    block = context.render_context.get(BLOCK_CONTEXT_KEY) and context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return unescape(block.nodelist.render(context)).strip() if block else ""
