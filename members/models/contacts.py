from django.utils.translation import gettext_lazy as _

from members.models.people import Person
from rifess.base.cleaned import models


class ContactDetails(models.Model):
    """How the other delegates may reach a person: apart from `Person`, whose page is public. Each shares what they wish."""

    person = models.OneToOneField(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="contact")
    position = models.CharField(_("position"), max_length=200, blank=True, help_text=_("Your work in your institution."))
    phone = models.CharField(_("telephone"), max_length=40, blank=True, help_text=_("With the code of the country: +52 …"))
    is_listed = models.BooleanField(
        _("appear in the directory"), default=True, help_text=_("With your name, your institution and your role.")
    )
    shares_email = models.BooleanField(_("show my email address in the directory"), default=False)
    shares_phone = models.BooleanField(_("show my telephone in the directory"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("contact details"), _("contact details")

    def __str__(self):
        return str(self.person)
