"""Pages of text, one template for each language."""

from django.utils.translation import get_language
from django.views.generic import TemplateView


class TextPage(TemplateView):
    """`templates/pages/<name>/<language>.html`: a text long enough to be written, not translated sentence by sentence."""

    name = None

    def get_template_names(self):
        return [f"pages/{self.name}/{get_language()}.html"]
