"""What a page offers to press and to fill in: its links and forms, read from the HTML as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Control:
    """A field of a form: what it holds, and what may be chosen where there is a choice."""

    name: str
    kind: str
    value: str = ""
    choices: list = field(default_factory=list)
    is_sent: bool = True


@dataclass
class Form:
    action: str
    method: str
    controls: list = field(default_factory=list)


class Page(HTMLParser):
    """`links` and `forms` of the page at `address`; addresses without a host, of this site only."""

    def __init__(self, address, html):
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self._form = self._open = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link(attrs.get("href", ""))
        elif tag == "form":
            action = self._here(attrs.get("action", "")) or self.address
            self._form = Form(action, attrs.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form and tag in {"input", "button", "select", "textarea"} and attrs.get("name"):
            self._control(tag, attrs)
        elif tag == "option" and self._open:
            self._open.choices.append(attrs.get("value", ""))
            if "selected" in attrs:
                self._open.value = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"}:
            self._open = None

    def handle_data(self, data):
        if self._open and self._open.kind == "textarea":
            self._open.value += data

    def _control(self, tag, attrs):
        kind = attrs.get("type", "text") if tag == "input" else tag
        is_box = kind in {"checkbox", "radio"}
        value = attrs.get("value", "on" if is_box else "")
        control = Control(attrs["name"], kind, value, [value] if is_box else [], not is_box or "checked" in attrs)
        self._form.controls.append(control)
        self._open = control if tag in {"select", "textarea"} else None

    def _link(self, href):
        if here := self._here(href):
            self.links.append(here)

    def _here(self, href):
        try:
            parts = urlsplit(urljoin(f"http://testserver{self.address}", href))
        except ValueError:
            return ""
        is_ours = parts.scheme == "http" and parts.netloc == "testserver"
        return parts._replace(scheme="", netloc="", fragment="").geturl() if is_ours and href else ""
