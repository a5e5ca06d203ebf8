"""No word that a stranger typed reaches an address before it is confirmed, whatever the form (docs/adr/0051)."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from events.alerts import subscriptions
from events.models import LetterKind, Registration, RegistrationAttempt, SeminarLetter
from events.registration import workflow
from members import applications, enquiries
from members.accounts import mail
from members.models import Application, Enquiry, Message
from members.outbox.delivery import as_mail
from rifess.portal.personal_data import requests
from tests.make import make_coming_seminar, make_registration, make_topic, make_user

pytestmark = pytest.mark.django_db
EMAIL, SPAM = "ajena@example.org", "Gane-dinero-ya"
TYPED = {"name": f"{SPAM} SL", "institution_name": SPAM, "position": SPAM, "needs": SPAM, "country": "UY", "sector": "other"}


def register(language="es", times=1, before=None, own_words=False):
    """Somebody registers EMAIL, which took part already in the way `before` says."""

    def write():
        seminar = make_coming_seminar()
        if own_words:
            words = {"subject_es": "Confirme, {name}", "text_es": "Hola, {name}:\n\nConfirme su correo, {name}."}
            SeminarLetter.objects.create(seminar=seminar, kind=LetterKind.CONFIRM, **words)
        if before:
            make_registration(seminar, email=EMAIL, name="Ajena de Verdad", **before)
        for _time in range(times):
            workflow.register(seminar, form="virtual", email=EMAIL, language=language, **TYPED)
        assert Registration.objects.filter(name__contains=SPAM).exists() or RegistrationAttempt.objects.exists() or before

    return write


def cancel_unconfirmed():
    register()()
    workflow.cancel(Registration.objects.get())


def apply():
    typed = {name: SPAM for name in ("institution_name", "acronym", "work", "reasons", "contact_name", "contact_position")}
    application = Application(
        **typed, category="partner", kind="academic", contact_email=EMAIL, language="pt-br", legal_basis=SPAM, contact_phone=SPAM
    )
    application.letter.save(f"{SPAM}.pdf", ContentFile(b"%PDF"), save=False)
    applications.apply(application)


def ask_for_alert():
    for _time in range(2):
        subscriptions.ask(EMAIL, language="en", topic=make_topic(name="Compras"))


def add_address_to_account():
    user = make_user(name=SPAM)
    mail.tell("email_confirmation", EMAIL, {"user": user, "code": "ABCD-EFGH"})


def write_to_us():
    enquiries.receive(Enquiry(name=SPAM, email=EMAIL, text=SPAM, language="es"))


OVER = {"ended_at": timezone.now()}
WRITERS = [
    register(),
    register("en", times=3),
    register(own_words=True),
    register(before={"state": "confirmed"}),
    register("pt-br", before={"state": "cancelled", **OVER}),
    register(before={"state": "unconfirmed", "confirmed_at": None}),
    cancel_unconfirmed,
    apply,
    ask_for_alert,
    add_address_to_account,
    write_to_us,
    lambda: requests.ask(EMAIL, "export", language="es"),
    lambda: requests.ask(EMAIL, "erasure", language="es"),
    lambda: mail.tell("unknown_account", EMAIL, {"code": "ABCD-EFGH"}),
]


def test_no_word_of_a_stranger_reaches_an_address_that_is_not_confirmed():
    wrong, kinds = [], set()
    for write in WRITERS:
        for model in (Message, Registration, SeminarLetter):
            model.objects.all().delete()
        write()
        for message in Message.objects.exclude(to=settings.SECRETARIAT_EMAIL):
            kinds.add(message.kind)
            if SPAM in as_mail(message).message().as_string() + message.text + message.html + message.subject + message.to_name:
                wrong.append((write, message.kind))

    assert wrong == []
    assert kinds == {
        "registration-confirm",
        "registration-already",
        "application_confirm",
        "alert_confirm",
        "email_confirmation",
        "data_copy",
        "data_erasure",
    }


def test_the_secretariats_words_greet_by_name_once_the_address_is_confirmed():
    register(own_words=True)()
    before = Message.objects.get()
    registration = Registration.objects.get()
    workflow.confirm(registration)
    after = Message.objects.latest("pk")

    assert (before.subject, before.to_name) == (f"Confirme, {EMAIL}", "")
    assert after.to_name == registration.name
