"""Mail by SMTP that says whether a message may have left when the connection breaks."""

import smtplib

from django.core.mail.backends import smtp


class AnswerMissing(OSError):
    """The whole message was handed over, and the server said neither yes nor no: nobody knows whether it took it."""


class _Watched:
    """smtplib's client, which remembers whether the end of a message is on the wire (RFC 5321 §4.1.1.4)."""

    is_handed_over = False

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

    def _send(self, email_message):
        try:
            return super()._send(email_message)
        except smtplib.SMTPDataError as answer:
            if answer.smtp_code == -1:  # an answer without a number
                raise AnswerMissing(str(answer)) from answer
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
