"""Random requests to every address as every role, in process. None may end in an error of the portal's own.

Each request is undone, so the next one finds the same rows: a request that failed can be sent again by itself.
"""

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from random import Random
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.models import Message
from tests.fuzz import addresses, values
from tests.fuzz.pages import Page
from tests.fuzz.world import ROLES, SECRETARY

OWN_ERRORS = {500, 502, 503}
READ_OF_EACH = 3  # pages of one address pattern that are read for links and forms; after that, one in twenty


@dataclass(frozen=True)
class Request:
    """One request; `data` are pairs of a POST form, `files` names of `values.FILES` by field."""

    role: str
    path: str
    method: str = "get"
    data: list = field(default_factory=list)
    files: dict = field(default_factory=dict)

    def __str__(self):
        return json.dumps(asdict(self))


class Walk:
    """`sessions` are the session keys of the roles; everything else follows from `seed`."""

    def __init__(self, sessions, seed):
        self.random, self.sessions = Random(seed), sessions
        self.known, self.forms, self.read = addresses.Known(), {}, Counter()
        self.client = Client(raise_request_exception=False)
        self.sent, self.statuses, self.failures = 0, Counter(), {}
        for address in _addresses_of_rows():
            self.known.meet(address)

    def go(self, number):
        """Send `number` requests; return the errors they ended in, each with one request that does."""
        for _number in range(number):
            self.sent += 1
            request = self._next()
            if (error := self.send(request)) and error not in self.failures:
                self.failures[error] = self.smallest(request, error)
        return self.failures

    def smallest(self, request, error):
        """`request` without what it fails without."""
        for pair in list(request.data):
            without = replace(request, data=[each for each in request.data if each is not pair])
            request = without if self.send(without) == error else request
        return request

    def send(self, request):
        """Send `request`, read what its page offers, undo what it did; return the error that it ended in, or ""."""
        cache.clear()
        self.client.cookies.clear()
        if self.sessions[request.role]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[request.role]
        with translation.override(addresses.LANGUAGE), transaction.atomic():
            try:
                response = self._answer(request)
                body = b"".join(response) if response.streaming else response.content
                if request.method == "post" and not connection.needs_rollback:
                    connection.check_constraints()
            except Exception as error:  # whatever it is, that is what is looked for
                return _said(error)
            finally:
                transaction.set_rollback(True)
        self.statuses[response.status_code] += 1
        self._learn(request, response, body)
        if response.status_code in OWN_ERRORS:
            return _said(response.exc_info[1]) if getattr(response, "exc_info", None) else str(response.status_code)
        return ""

    def _answer(self, request):
        if request.method == "get":
            return self.client.get(request.path)
        data = {}
        for name, value in request.data:
            data.setdefault(name, []).append(value)
        data |= {name: SimpleUploadedFile(file, values.FILES[file]) for name, file in request.files.items()}
        return self.client.post(request.path, data)

    def _learn(self, request, response, body):
        if not response.headers.get("Content-Type", "").startswith("text/html") or response.status_code >= 400:
            return
        route = addresses.route_of(request.path.partition("?")[0])
        self.read[route] += 1
        is_known = self.read[route] > READ_OF_EACH and self.random.random() > 0.05
        if is_known:
            return
        page = Page(request.path.partition("?")[0], body.decode(errors="replace"))
        for link in page.links:
            self.known.meet(link)
        for form in page.forms:
            if form.method == "post":
                names = tuple(sorted({control.name for control in form.controls})[:9])
                self.forms[request.role, addresses.route_of(form.action.partition("?")[0]), names] = form
            else:
                names = urlencode([(control.name, "") for control in form.controls])
                self.known.meet(f"{form.action.partition('?')[0]}?{names}")

    def _next(self):
        if self.forms and self.random.random() < 0.35:
            (role, *_rest), form = self.random.choice(list(self.forms.items()))
            return self._post(role, form)
        route = self.random.choice(self.known.routes)
        is_desk = "/admin/" in route and self.random.random() < 0.9  # all others are only led to sign in
        role, path = SECRETARY if is_desk else self.random.choice(ROLES), self._address(route)
        if self.random.random() < 0.03:
            return Request(role, path, "post", [(name, self._hostile()) for name in ("action", "page", "email")])
        return Request(role, path)

    def _address(self, route):
        met = self.known.addresses[route]
        if met and self.random.random() < 0.8:
            path = self.random.choice(met)
        else:
            path = addresses.filled(route, self._value_of)
        return path + self._query(route)

    def _value_of(self, name):
        met = self.known.values[name]
        if met and self.random.random() < 0.7:
            return self.random.choice(met)
        return quote(self._hostile()[:200], safe="") or "0"

    def _query(self, route):
        if self.random.random() < 0.25:
            return ""
        names = [*self.known.queries[route] * 3, *values.PARAMETERS]
        pairs = [(self.random.choice(names), self._hostile()) for _each in range(self.random.choice((1, 1, 1, 2, 4)))]
        return "?" + urlencode(pairs)

    def _hostile(self):
        return self.random.choice(values.HOSTILE)

    def _post(self, role, form):
        """Fill `form` in: as a person would but for one field, or anyhow."""
        wild = self.random.choice((0, 0, 0.05, 0.3, 0.9))
        one = self.random.choice(form.controls).name if form.controls else ""
        return self.filled_in(role, form, wild, one)

    def filled_in(self, role, form, wild=0, one=""):
        """`form` as a person would send it, but for the field `one`, and a share of `wild` of all others."""
        data, files = [], {}
        for control in form.controls:
            if control.kind == "file":
                if self.random.random() < 0.6:
                    files[control.name] = self.random.choice(sorted(values.FILES))
            elif control.name.endswith("_FORMS"):  # two thousand rows to show take long, and say nothing new
                data.append((control.name, control.value if self.random.random() > wild / 4 else self._hostile()[:2]))
            elif control.name == one or self.random.random() < wild:
                times = self.random.choice((0, 1, 1, 1, 1, 2))
                data += [(control.name, self._hostile()) for _time in range(times)]
            elif (value := self._valid(control)) is not None:
                data.append((control.name, value))
        return Request(role, form.action, "post", data, files)

    def _valid(self, control):
        """What a person would leave or write there; None for a box not ticked or a button not pressed."""
        if control.kind in {"button", "submit"}:
            return control.value if self.random.random() < 0.5 else None
        if control.kind in {"checkbox", "radio"}:
            return control.value if control.is_sent or self.random.random() < 0.3 else None
        if control.value or control.kind == "hidden" or self.random.random() < 0.3:
            return control.value
        if control.choices:
            return self.random.choice(control.choices)
        return _written(control)


def _written(control):
    ending = re.sub(r".*_(?=on$|at_\d$)", "", control.name)
    return values.VALID.get(ending) or values.VALID.get(control.kind) or values.VALID["text"]


def _said(error):
    """The error and the line of the portal that it came from."""
    frames, last = [], error.__traceback__
    while last:
        frames.append(f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}")
        last = last.tb_next
    ours = [frame for frame in frames if "site-packages" not in frame and "/tests/" not in frame]
    where = dict.fromkeys([*ours[-1:], *frames[-1:]])
    return f"{type(error).__name__} ({', '.join(where)})"


def _addresses_of_rows():
    """The pages of all rows, for visitors and at the desk, and what letters lead to."""
    with translation.override(addresses.LANGUAGE):
        for model in apps.get_models():
            for row in model._base_manager.all()[:5]:
                if hasattr(model, "get_absolute_url"):
                    yield row.get_absolute_url()
                if model in admin.site._registry:
                    yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        for text in Message.objects.values_list("text", flat=True):
            yield from re.findall(r"http://testserver(/\S+)", text)
