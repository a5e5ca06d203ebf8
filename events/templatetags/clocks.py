"""Moments as people of two cities read them, for templates: `{% load clocks %}`.

A moment is said in the zone of the seminar and in `zone`, that of the visitor, when the page knows one. While it knows none,
the element says so (`data-here`), and site.js adds the hour of the browser's own zone.
"""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from events.programme import times

register = template.Library()


@register.simple_tag(takes_context=True)
def say_moment(context, at, home=None):
    """A day and an hour. `home` is the zone of the seminar, or else the one that `at` is in."""
    home = home or at.tzinfo
    words = times.say_moment(at, home, context.get("zone") or home)
    return format_html("<time {}>{}</time>", said_here(context, at, home), words)


@register.simple_tag(takes_context=True)
def said_here(context, at, home):
    """The attributes of a `time` whose words say the moment `at` as it is in `home`."""
    is_known = (context.get("zone") or home).key != home.key
    return format_html('datetime="{}"{}', at.astimezone(home).isoformat(), "" if is_known else _for_the_browser())


@register.simple_tag(takes_context=True)
def say_hours(context, panel, home):
    """When a panel with an hour begins and ends: at the seminar and, on a line of its own, where the visitor is."""
    moments = [at for at in (panel.starts_at, panel.ends_at) if at]
    clocks = [(at.astimezone(home).isoformat(), times.say_clock(at, home)) for at in moments]
    begins, ends = clocks[:1], clocks[1:]
    hours = format_html_join("", '<b><time datetime="{}">{}</time></b>', begins)
    hours += format_html_join("", ' – <time datetime="{}">{}</time>', ends)
    here = times.say_hour(hours, conditional_escape(times.city_of(home)))
    there = _there(moments, context.get("zone") or home, home)
    return format_html("<span{}>{}{}</span>", _for_the_browser(), mark_safe(here), there)  # noqa: S308 (escaped)


@register.simple_tag
def hour_in_a_city():
    """How site.js says {hour} in a {city} that is chosen in the page."""
    return times.say_hour("{hour}", "{city}")


def _there(moments, zone, home):
    if zone.key == home.key:
        return ""
    clocks = " – ".join(times.say_clock(at, zone) for at in moments)
    later = times.days_later(moments[0], zone, home)
    return format_html("<span data-there><br>{}</span>", times.say_hour(clocks, times.city_of(zone), later))


def _for_the_browser():
    """What site.js calls another day, where it says an hour in one more zone."""
    return format_html(' data-here="{}|{}"', gettext("next day"), gettext("day before"))
