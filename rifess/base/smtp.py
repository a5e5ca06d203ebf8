"""Mail by SMTP that says whether a message may have left when the connection breaks."""

import smtplib
from contextlib import suppress
from socket import SHUT_RDWR, gaierror
from threading import Event, Timer

from django.core.mail.backends import smtp


class AnswerMissing(OSError):
    """The whole message was handed over, and the server said neither yes nor no: nobody knows whether it took it."""


class ServerAway(OSError):
    """The mail server cannot be reached, or takes no message at all from us: the next message would fare no better."""


ABOUT_THE_SERVER = (ServerAway, ConnectionRefusedError, TimeoutError, gaierror, smtplib.SMTPConnectError, smtplib.SMTPHeloError)
CLOSING = 421  # “service not available, closing transmission channel” (RFC 5321 §3.8)
LONGEST_REPLY = 30  # seconds for one answer of the server, whole
TOO_LARGE = 552  # at MAIL FROM the only answer about one message: its size (RFC 1870 §6.1)


def is_about_the_server(error):
    """Whether `error` says that no message can leave now, rather than something about one message or one recipient."""
    return isinstance(error, (*ABOUT_THE_SERVER, smtplib.SMTPAuthenticationError)) and not isinstance(error, AnswerMissing)


class _Watched:
    """smtplib's client, which remembers whether the end of a message is on the wire (RFC 5321 §4.1.1.4), and ends a conversation
    in which one answer takes longer than LONGEST_REPLY.

    The time-out of the socket begins anew with each byte: a server that sends one now and then would hold a worker for ever.
    """

    is_handed_over = False

    def getreply(self):
        is_over = Event()

        def hang_up():
            is_over.set()
            with suppress(OSError):  # it was closed in this moment
                self.sock.shutdown(SHUT_RDWR)

        timer = Timer(LONGEST_REPLY, hang_up)
        timer.daemon = True
        timer.start()
        try:
            return super().getreply()
        finally:
            timer.cancel()
            if is_over.is_set():  # also where what had come so far looks like an answer
                raise TimeoutError("The mail server did not come to the end of an answer.")

    def send(self, s):
        super().send(s)
        self.is_handed_over = isinstance(s, bytes) and s.endswith(b"\r\n.\r\n")  # commands are text


class WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, which raises `AnswerMissing` when trying again could deliver a message twice."""

    @property
    def connection_class(self):
        return WatchedSMTPOverTLS if self.use_ssl else WatchedSMTP

    def open(self):
        try:
            return super().open()
        except OSError as error:
            raise ServerAway(str(error) or type(error).__name__) from error

    def _send(self, email_message):
        try:
            return super()._send(email_message)
        except smtplib.SMTPSenderRefused as answer:  # all our messages have the same sender
            if answer.smtp_code != TOO_LARGE:
                raise ServerAway(str(answer)) from answer
            raise
        except smtplib.SMTPRecipientsRefused as answer:
            if any(code == CLOSING for code, _words in answer.recipients.values()):
                raise ServerAway(str(answer)) from answer
            raise
        except smtplib.SMTPDataError as answer:
            if answer.smtp_code == -1:  # an answer without a number
                raise AnswerMissing(str(answer)) from answer
            if answer.smtp_code == CLOSING:
                raise ServerAway(str(answer)) from answer
            raise
        except OSError as error:
            if self.connection.is_handed_over:
                raise AnswerMissing(str(error)) from error
            raise

    def _close_connection(self, connection):
        """Take leave; that a server does not answer it any more says nothing about the messages it took."""
        try:
            super()._close_connection(connection)
        except OSError:
            connection.close()
