"""What pages of the rooms below show of this one: where somebody is heard."""

from django import template

from recordings.playback.interventions import bring_moments

register = template.Library()


@register.simple_tag(takes_context=True)
def find_moments(context, interventions):
    """Give each of `interventions` the moments at which the visitor may hear it, for recordings/_listen.html."""
    bring_moments(interventions, context["request"].user)
    return ""
