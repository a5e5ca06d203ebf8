"""Names of countries that django-countries spells wrongly, or as nobody does any more, in Spanish or Portuguese.

The translations are in our catalogues; all other names are django-countries' own.
"""

from django.utils.translation import gettext_lazy as _

BETTER_NAMES = {
    "AD": _("Andorra"),
    "CF": _("Central African Republic"),
    "CG": _("Congo"),
    "CW": _("Curaçao"),
    "CY": _("Cyprus"),
    "DM": _("Dominica"),
    "GU": _("Guam"),
    "KP": _("North Korea"),
    "KR": _("South Korea"),
    "LI": _("Liechtenstein"),
    "LV": _("Latvia"),
    "MC": _("Monaco"),
    "MM": _("Myanmar"),
    "NG": _("Nigeria"),
    "NL": _("Netherlands"),
    "OM": _("Oman"),
    "RO": _("Romania"),
    "SI": _("Slovenia"),
    "SZ": _("Eswatini"),
    "TD": _("Chad"),
    "TL": _("Timor-Leste"),
    "TT": _("Trinidad and Tobago"),
    "YE": _("Yemen"),
}
