"""The time zones of the Ibero-American capitals, and which day it is in each."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ZONES = [
    ("America/Mexico_City", _("Mexico City")),
    ("America/Guatemala", _("Guatemala City")),
    ("America/El_Salvador", _("San Salvador")),
    ("America/Tegucigalpa", _("Tegucigalpa")),
    ("America/Managua", _("Managua")),
    ("America/Costa_Rica", _("San José")),
    ("America/Panama", _("Panama City")),
    ("America/Bogota", _("Bogotá")),
    ("America/Lima", _("Lima")),
    ("America/Guayaquil", _("Quito")),
    ("America/Havana", _("Havana")),
    ("America/Santo_Domingo", _("Santo Domingo")),
    ("America/Caracas", _("Caracas")),
    ("America/La_Paz", _("La Paz")),
    ("America/Santiago", _("Santiago, Chile")),
    ("America/Asuncion", _("Asunción")),
    ("America/Montevideo", _("Montevideo")),
    ("America/Argentina/Buenos_Aires", _("Buenos Aires")),
    ("America/Sao_Paulo", _("Brasília")),
    ("Europe/Lisbon", _("Lisbon")),
    ("Europe/Madrid", _("Madrid")),
    ("Europe/Andorra", _("Andorra la Vella")),
]
ZONE_OF_COUNTRY = {
    "MX": "America/Mexico_City",
    "GT": "America/Guatemala",
    "SV": "America/El_Salvador",
    "HN": "America/Tegucigalpa",
    "NI": "America/Managua",
    "CR": "America/Costa_Rica",
    "PA": "America/Panama",
    "CO": "America/Bogota",
    "PE": "America/Lima",
    "EC": "America/Guayaquil",
    "CU": "America/Havana",
    "DO": "America/Santo_Domingo",
    "VE": "America/Caracas",
    "BO": "America/La_Paz",
    "CL": "America/Santiago",
    "PY": "America/Asuncion",
    "UY": "America/Montevideo",
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "PT": "Europe/Lisbon",
    "ES": "Europe/Madrid",
    "AD": "Europe/Andorra",
}


def in_the_days_of_each_zone(zone_field, condition, now=None):
    """A condition that speaks of today, asked with each row's own today: `condition(day)` gives the Q for one day."""
    now = now or timezone.now()
    zones_by_day = defaultdict(list)
    for zone, _name in ZONES:
        zones_by_day[now.astimezone(ZoneInfo(zone)).date()].append(zone)
    asked = Q(pk__in=[])
    for day, zones in zones_by_day.items():
        asked |= Q(**{f"{zone_field}__in": zones}) & condition(day)
    return asked
