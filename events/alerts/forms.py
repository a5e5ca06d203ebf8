"""What somebody writes who wants to hear of what is new."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Topic
from events.programme.filters import countries_to_follow, topics_to_follow
from rifess.base.cleaned import forms
from rifess.base.honeypot import HasTrap

SEMINARS, RECORDINGS = "seminars", "recordings"
NEWS = [(SEMINARS, _("a seminar is announced")), (RECORDINGS, _("recordings are published"))]
TOPIC, COUNTRY = "topic:", "country:"


class WishesForm(forms.Form):
    """Of which kinds of news to tell."""

    news = forms.MultipleChoiceField(
        label=_("Email me when…"),
        choices=NEWS,
        initial=[SEMINARS, RECORDINGS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def wishes(self):
        news = self.cleaned_data["news"]
        return {"of_seminars": SEMINARS in news, "of_recordings": RECORDINGS in news}


class AlertForm(HasTrap, WishesForm):
    """The same for a new subscription: at which address, and about what."""

    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Enter your email address so we can write to you."),
            "invalid": _("Enter the whole address, for example name@institution.org."),
        },
    )
    subject = forms.ChoiceField(label=_("About"), required=False)
    field_order = ["email", "subject", "news"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [
            ("", _("All topics and countries")),
            (_("One topic"), [(f"{TOPIC}{slug}", name) for slug, name in topics_to_follow()]),
            (_("One country"), [(f"{COUNTRY}{code}", name) for code, name in countries_to_follow()]),
        ]

    def asked(self):
        """Of what they asked, as `events.alerts.subscriptions.ask` takes it."""
        subject = self.cleaned_data["subject"]
        topic = Topic.objects.get(slug=subject.removeprefix(TOPIC)) if subject.startswith(TOPIC) else None
        country = subject.removeprefix(COUNTRY) if subject.startswith(COUNTRY) else ""
        return {"topic": topic, "country": country, "language": get_language(), **self.wishes()}


class AlertChangeForm(WishesForm):
    """What somebody changes later: of which news they are told, and in which language."""

    language = forms.ChoiceField(label=_("Language in which we write to you"), choices=settings.LANGUAGES)

    @staticmethod
    def shown(alert):
        """`alert` as the form shows it."""
        kinds = {SEMINARS: alert.of_seminars, RECORDINGS: alert.of_recordings}
        return {"news": [kind for kind, wanted in kinds.items() if wanted], "language": alert.language}

    def changes(self):
        return {"language": self.cleaned_data["language"], **self.wishes()}
