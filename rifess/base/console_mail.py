"""E-mail printed instead of sent, as its reader would read it.

Django's own backend prints the encoded form, in which accents are codes and a long link is cut in two: neither can be read or
opened from a terminal.
"""

from email.message import MIMEPart

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    def write_message(self, message):
        head = {"From": message.from_email, "To": ", ".join(message.recipients()), "Subject": message.subject}
        files = [each.get_filename() if isinstance(each, MIMEPart) else each.filename for each in message.attachments]
        if files:
            head["Attached"] = ", ".join(name or "?" for name in files)
        lines = [f"{name}: {words}" for name, words in head.items()]
        self.stream.write("\n".join([*lines, "", message.body, "-" * 79, ""]))
