from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read something."""

    EVERYONE = "everyone", _("everyone")
    MEMBERS_AND_OBSERVERS = "members-and-observers", _("members and observers")
    MEMBERS = "members", _("members")
    SECRETARIAT = "secretariat", _("the Secretariat only")


NARROWING = [Audience.EVERYONE, Audience.MEMBERS_AND_OBSERVERS, Audience.MEMBERS, Audience.SECRETARIAT]


def is_wider(audience, *, than):
    """Whether more people belong to `audience` than to the other; neither is wider than an audience that is not known."""
    if audience not in NARROWING or than not in NARROWING:
        return False
    return NARROWING.index(audience) < NARROWING.index(than)


class AudienceByKindField(models.CharField):
    """An audience that, left empty, is written as the row's `default_audience`: what a kind of row is for cannot be forgotten."""

    def pre_save(self, row, add):
        if not getattr(row, self.attname):
            setattr(row, self.attname, row.default_audience)
        return super().pre_save(row, add)
