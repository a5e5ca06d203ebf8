"""A mail server on this machine that behaves as badly as it is told to."""

import email
import email.policy
import socketserver
from contextlib import contextmanager
from email.utils import parseaddr
from threading import Event, Lock, Thread

ANSWERS = {
    "busy": (b"RCPT", b"451 4.3.2 Please try again later"),
    "unknown": (b"RCPT", b"550 5.1.1 No such mailbox"),
    "full": (b".", b"452 4.2.2 Mailbox full"),
    "spam": (b".", b"554 5.7.1 Refused"),
    "gone before": (b"DATA", None),  # hangs up
    "gone after": (b".", None),
    "silent": (b".", None),  # takes the message, says nothing, and hangs up when it is told to
    "gone with it": (b".", None),  # takes the message, and hangs up without a word
    "rude": (b".", b"thanks"),
    "gone at the end": (b"QUIT", None),
}


class MailServer:
    """An SMTP server on loopback. `mood` is a key of ANSWERS, or empty to take everything; `got` is what it took.

    `moods` has, for an address, those of one try after the other; then it takes what comes. `is_silent` says that it has fallen
    silent in the middle of a message, until `speak` is set.
    """

    def __init__(self):
        self.mood, self.moods, self.got, self.said, self.lock = "", {}, [], [], Lock()
        self.is_silent, self.speak = Event(), Event()
        self.open()

    def open(self, port=0):
        self.tcp = socketserver.ThreadingTCPServer(("127.0.0.1", port), Session, bind_and_activate=False)
        self.tcp.allow_reuse_address = self.tcp.daemon_threads = True
        self.tcp.owner = self
        self.tcp.server_bind()
        self.tcp.server_activate()
        self.port = self.tcp.server_address[1]

    def __enter__(self):
        Thread(target=self.tcp.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.speak.set()
        self.tcp.shutdown()
        self.tcp.server_close()

    @contextmanager
    def down(self):
        """Nobody answers at its port."""
        self.tcp.shutdown()
        self.tcp.server_close()
        yield
        self.open(self.port)
        self.__enter__()

    def mood_for(self, address):
        """Its mood in this try for `address`."""
        with self.lock:
            left = self.moods.get(address)
            return left.pop(0) if left else self.mood

    def mailer(self):
        """Django's settings to send through this server."""
        return {
            "default": {
                "BACKEND": "rifess.base.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": self.port, "timeout": 5},
            }
        }

    def keep(self, raw):
        with self.lock:
            self.said.append(raw)
            self.got.append(email.message_from_bytes(raw, policy=email.policy.default))


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.mood = self.server.owner.mood
        self.answer(b"220 ready")
        for line in self.rfile:
            command = line.strip().upper().partition(b" ")[0]
            if command == b"RCPT":
                self.mood = self.server.owner.mood_for(parseaddr(line.decode().partition(":")[2])[1])
            if not self.obey(command) or command == b"QUIT":
                return

    def obey(self, command):
        """Answer `command`; False to hang up."""
        if not self.in_mood(command):
            return self.moody
        if command == b"DATA":
            self.answer(b"354 go on")
            return self.take()
        return self.answer(b"221 bye" if command == b"QUIT" else b"250 ok")

    def in_mood(self, command):
        """Whether the server does as it should; else it has answered (`moody` True) or will hang up (False)."""
        when, words = ANSWERS.get(self.mood, (None, None))
        if when != command:
            return True
        self.moody = bool(words) and self.answer(words)
        return False

    def take(self):
        raw = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        if self.mood == "silent":
            self.server.owner.is_silent.set()
            self.server.owner.speak.wait(60)
        if self.mood == "gone with it":
            self.server.owner.keep(raw)
        if not self.in_mood(b"."):
            return self.moody
        self.server.owner.keep(raw)
        return self.answer(b"250 taken")

    def answer(self, words):
        self.wfile.write(words + b"\r\n")
        return True
