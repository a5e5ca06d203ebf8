from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from members.enquiries import receive
from members.forms import EnquiryForm
from rifess.base.limits import client_network, too_many


class Contact(FormView):
    """A visitor writes to the secretariat."""

    form_class = EnquiryForm
    template_name = "contact/contact.html"
    success_url = reverse_lazy("contact-thanks")

    def form_valid(self, form):
        if too_many("contact", client_network(self.request), limit=5, seconds=3600):
            form.add_error(None, _("You have written several times in a short while. Please try again in an hour."))
            return self.form_invalid(form)
        form.instance.language = get_language()
        receive(form.save(commit=False), is_suspected_spam=form.is_spam)
        return super().form_valid(form)


class ContactThanks(TemplateView):
    template_name = "contact/thanks.html"
