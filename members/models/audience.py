from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read something."""

    EVERYONE = "everyone", _("everyone")
    MEMBERS_AND_OBSERVERS = "members-and-observers", _("members and observers")
    MEMBERS = "members", _("members")
    SECRETARIAT = "secretariat", _("the secretariat only")
