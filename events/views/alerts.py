"""Asking to hear of what is new, and the page of whoever asked, behind a signed address."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView, View

from events.alerts import subscriptions
from events.alerts.forms import COUNTRY, TOPIC, AlertChangeForm, AlertForm
from events.models import Alert
from events.models.alerts import read_signed
from rifess.base.limits import client_network, too_many, too_many_for

AN_HOUR, A_DAY = 60 * 60, 24 * 60 * 60
MOST_FROM_ONE_PLACE = 60  # an hour: a whole ministry may have one address


@method_decorator(never_cache, name="dispatch")
class AskForAlert(FormView):
    """The form. Whether an address has an alert already, its answer does not tell."""

    form_class = AlertForm
    template_name = "events/alert_form.html"
    success_url = reverse_lazy("events:alerts-sent")

    def get_initial(self):
        """What the page that one comes from is about, and the address of whoever is signed in."""
        asked, user = self.request.GET, self.request.user
        topic, country = asked.get("topic", ""), asked.get("country", "").upper()
        subject = f"{TOPIC}{topic}" if topic else f"{COUNTRY}{country}" if country else ""
        return {"subject": subject, "email": user.email if user.is_authenticated else ""}

    def form_valid(self, form):
        email, user = form.cleaned_data["email"], self.request.user
        if user.is_authenticated and email.lower() == user.email.lower():
            messages.success(self.request, _("You are subscribed. We will email you when there is something new."))
            return redirect(subscriptions.ask(user.email, user=user, **form.asked()))
        refusal = self._too_many(email)
        if refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        subscriptions.ask(email, **form.asked())
        return super().form_valid(form)

    def _too_many(self, email):
        """Why no more are taken for now, or nothing."""
        if too_many("alert", client_network(self.request), limit=MOST_FROM_ONE_PLACE, seconds=AN_HOUR):
            return _("Many subscriptions were requested from here in a short time. Please try again in an hour.")
        if too_many_for(email, "alert-email", self.request, limit=5, seconds=A_DAY):
            return _("Several subscriptions were requested with this address today. Check your email, or try again tomorrow.")
        return ""


class AlertSent(TemplateView):
    template_name = "events/alert_sent.html"


class OfOneAlert:
    """A page of one subscription, by its signed address."""

    def dispatch(self, request, *args, signed, **kwargs):
        self.alert = Alert.objects.behind(signed).select_related("topic").first()
        if self.alert is None:
            return self.after_its_end(signed)
        return super().dispatch(request, *args, **kwargs)

    def after_its_end(self, signed):
        """It has ended, or its topic is gone: there is the page of what still goes to that address, if anything does."""
        other = Alert.objects.of_the_reader_of(signed).confirmed().first()
        return redirect(other) if other else self.without_alert()

    def without_alert(self):
        return render(self.request, "events/alert_unknown.html", status=404)

    def all_of_them(self):
        """All that goes to this address: whoever reads its mail may know."""
        return Alert.objects.confirmed().at(self.alert.email).select_related("topic")


class AlertPage(OfOneAlert, FormView):
    """What one is told; what may be changed, and how it ends."""

    form_class = AlertChangeForm
    template_name = "events/alert.html"

    def get_initial(self):
        return AlertChangeForm.shown(self.alert)

    def get_context_data(self, **kwargs):
        others = self.all_of_them().exclude(pk=self.alert.pk) if self.alert.is_confirmed else []
        return super().get_context_data(alert=self.alert, others=others, **kwargs)

    def form_valid(self, form):
        try:
            subscriptions.change(self.alert, **form.changes())
        except ValidationError:  # not confirmed yet, or ended meanwhile
            return self.without_alert()
        messages.success(self.request, _("Your preferences are saved."))
        return redirect(self.alert)


class AlertConfirm(OfOneAlert, View):
    """The button of the page to which the message leads. Whoever comes without pressing it sees the page."""

    def get(self, request):
        return redirect(self.alert)

    def post(self, request):
        try:
            return redirect(subscriptions.confirm(self.alert))
        except ValidationError:  # ended meanwhile, from another letter
            return self.without_alert()


@method_decorator(csrf_exempt, name="dispatch")  # programs of mail press it, without our cookies (RFC 8058 §3.2)
class AlertStop(OfOneAlert, View):
    """Ends all that goes to an address, or one alert only. Pressed again, it says the same."""

    def get(self, request):
        return render(request, "events/alert_stop.html", {"alert": self.alert, "all_of_them": self.all_of_them()})

    def post(self, request):
        if "only" not in request.POST:
            subscriptions.stop_all(self.alert)
            return self.stopped()
        subscriptions.stop(self.alert)
        left = self.all_of_them().first()
        if left is None:
            return self.stopped()
        messages.success(request, _("Unsubscribed: %(subject)s") % {"subject": self.alert.subject})
        return redirect(left)

    def after_its_end(self, signed):
        """The link of an old letter ends what still goes to its address, whichever alert that is; an address that nobody signed
        leads nowhere."""
        if read_signed(signed)[0] is None:
            return self.without_alert()
        left = Alert.objects.of_the_reader_of(signed).select_related("topic")
        self.alert = left.first()
        if self.alert is None:
            return self.stopped()
        if "only" in self.request.POST:  # of what has ended already
            return redirect(self.alert)
        return View.dispatch(self, self.request)

    def stopped(self):
        return render(self.request, "events/alert_stopped.html", {"again": reverse("events:alerts")})
