"""Pages of text, one template for each language."""

from django.conf import settings
from django.utils.translation import get_language
from django.views.generic import TemplateView


class TextPage(TemplateView):
    """`templates/pages/<name>/<language>.html`: a text long enough to be written, not translated sentence by sentence."""

    name = None

    def get_template_names(self):
        return [f"pages/{self.name}/{get_language()}.html"]


class Privacy(TextPage):
    """What is kept of people, and how long: the days are those that `apply_retention` keeps to."""

    name = "privacy"

    def get_context_data(self, **kwargs):
        kept = {name: span.days for name, span in settings.RETENTION.items()}
        return super().get_context_data(kept=kept, **kwargs)
