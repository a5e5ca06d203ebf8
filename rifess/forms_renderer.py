"""How forms look (FORM_RENDERER): ours, allauth's and filters' alike."""

from django.forms.renderers import TemplatesSetting

CHOICES = "forms/choices.html"


class PortalFormRenderer(TemplatesSetting):
    """Label, hint, error, control, in this order, in ``.field``; needs "django.forms" installed."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    replaced = {
        "django/forms/errors/list/default.html": "forms/errors.html",
        "django/forms/errors/list/ul.html": "forms/errors.html",
        "django/forms/widgets/radio.html": CHOICES,
        "django/forms/widgets/checkbox_select.html": CHOICES,
    }

    def get_template(self, template_name):
        return super().get_template(self.replaced.get(template_name, template_name))
