"""Tags of every page. Built in (settings.TEMPLATES), so templates need no ``{% load %}``."""

import json
from datetime import timedelta
from hashlib import sha256

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .weave import weave_svg

register = template.Library()

# What could close a <script> or open another tag, as in Django's json_script.
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
ORDER = "sort"  # the field of a list that says in which order: nothing is left out by it


@register.simple_tag(takes_context=True)
def weave(context, seed, **options):
    """Show the cloth of `seed` (use the slug); always decoration. Options: see weave_svg."""
    key = unique_key(context, f"{seed}{sorted(options.items())}")
    return mark_safe(weave_svg(key, str(seed), **options))  # noqa: S308 (numbers and colours only)


def unique_key(context, text):
    """An id no other weave on this page has; the request is the page, whatever part we are in."""
    page = context.get("request") or context
    taken = vars(page).setdefault("weave_keys", set())
    key = "w" + sha256(text.encode()).hexdigest()[:6]
    while key in taken:
        key += "x"
    taken.add(key)
    return key


@register.simple_tag
def icon(name):
    """Show a symbol of icons.svg, always beside words that say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("rifess/icons.svg"),
        name,
    )


@register.simple_tag
def json_ld(data):
    """Describe the page for machines (schema.org); a data block, which the CSP lets pass."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag(takes_context=True)
def current(context, page, *section):
    """Mark the link to the page shown, or to the section it belongs to, by route names."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:
        return ""
    if match.view_name == page:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"') if match.view_name in section else ""


@register.filter
def timecode(seconds):
    """3723 → 1:02:03, as players write it; under an hour, 2:03. Also takes a timedelta."""
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    minutes, seconds = divmod(int(seconds or 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def initials(name):
    """First letters of the first and the last word of a name."""
    words = str(name).split()
    return "".join(word[0].upper() for word in (words[0], *words[1:][-1:])) if words else ""


@register.filter
def chips(filterset):
    """What a list is narrowed by: label, value in words, and what the query string loses without it."""
    form = filterset.form
    form.is_valid()
    return [
        {
            "label": form[name].label,
            "value": in_words(form.fields[name], value),
            "without": {name: None, "page": None},
        }
        for name, value in getattr(form, "cleaned_data", {}).items()
        if has_value(value) and name != ORDER
    ]


@register.filter
def narrowed_besides(filterset, words):
    """Whether a list is asked for more than the field `words`: its filters must not be hidden then, nor their errors."""
    form = filterset.form
    asked = {name for name, value in form.cleaned_data.items() if has_value(value)} if form.is_valid() else set()
    return bool((asked | set(form.errors)) - {words})


def has_value(value):
    """Zero is an answer; an unticked box, a blank and an empty queryset are none."""
    return value == 0 and value is not False or bool(value)


def in_words(field, value):
    """The answer as the form shows it; a ticked box says all in its label."""
    if value is True:
        return ""
    if isinstance(value, str | int):
        labels = {str(key): label for key, label in getattr(field, "choices", ())}
        return str(labels.get(str(value), value))
    if hasattr(value, "__iter__"):
        return ", ".join(in_words(field, each) for each in value)
    return str(value)
