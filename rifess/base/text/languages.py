"""The languages in which the Network speaks, signs and writes, by BCP 47 code."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = [
    ("es", _("Spanish")),
    ("pt-BR", _("Portuguese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("gn", _("Guarani")),
    ("qu", _("Quechua")),
    ("ay", _("Aymara")),
    ("ca", _("Catalan")),
    ("mfs", _("Mexican Sign Language")),
    ("bzs", _("Brazilian Sign Language (Libras)")),
    ("csn", _("Colombian Sign Language")),
    ("ssp", _("Spanish Sign Language")),
    ("csg", _("Chilean Sign Language")),
    ("ils", _("International Sign")),
]

SIGNED = {"mfs", "bzs", "csn", "ssp", "csg", "ils"}
SPOKEN = [(code, name) for code, name in LANGUAGES if code not in SIGNED]
