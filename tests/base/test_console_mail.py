"""Messages that are printed where no mail server is set."""

import io
from email.message import MIMEPart

from django.core.mail import EmailMultiAlternatives

from rifess.base.console_mail import EmailBackend


def test_printed_message_can_be_read_and_its_link_opened():
    link = "http://localhost:8000/pt-br/inscricao/minha/W9V7-FXNR:" + "yqCb2dTEOZZP7QBB" * 4 + "/"
    message = EmailMultiAlternatives(
        "Inscrição confirmada", f"Olá, Conceição:\n\n{link}\n", "rifess@example.org", ["ana@example.org"]
    )
    message.attach_alternative("<p>Olá</p>", "text/html")
    message.attach("seminário.ics", "BEGIN:VCALENDAR", "text/calendar")
    part = MIMEPart()
    part.set_content(b"PDF", "application", "pdf", filename="certificado.pdf")
    message.attach(part)
    printed = io.StringIO()

    sent = EmailBackend(stream=printed).send_messages([message])

    assert sent == 1
    assert printed.getvalue().splitlines()[:7] == [
        "From: rifess@example.org",
        "To: ana@example.org",
        "Subject: Inscrição confirmada",
        "Attached: seminário.ics, certificado.pdf",
        "",
        "Olá, Conceição:",
        "",
    ]
    assert link in printed.getvalue().splitlines()
