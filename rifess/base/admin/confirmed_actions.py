"""Acts of consequence at the secretariat's desk: what is asked, then what will happen, and only then the act."""

import logging
from abc import ABC, abstractmethod

from auditlog.registry import auditlog
from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminDateWidget
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from rifess.base.admin.autocomplete import AutocompleteSelect
from rifess.base.admin.plausibility import PlausibilityForm
from rifess.base.admin.reauthentication import confirm_oneself
from rifess.base.admin.refused_saves import CONTRADICTS
from rifess.base.database.conflicts import once_more_after_a_conflict

log = logging.getLogger("rifess.request")
SALT = "rifess.base.guided"


class GuidedForm(PlausibilityForm):
    """What an act asks; of unlikely values, also whether they are meant.

    `about` is the row it is done to; `site` the admin, for fields that look for other rows.
    """

    error_css_class, required_css_class = "errors", "required"

    def __init__(self, *args, about=None, site=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.about, self.site = about, site

    @property
    def answers(self):
        """What was answered, by the name of its field."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PlausibilityForm.base_fields}


class DayField(forms.DateField):
    """A day, with the admin's calendar."""

    widget = AdminDateWidget


def looked_for(column, site):
    """The widget that looks for the rows of a foreign key while one types, as the admin's own forms do."""
    return AutocompleteSelect(column, site)


class GuidedAct(ABC):
    """One act on one row. Subclasses say what is asked, what will happen, and do it.

    The button that does it carries, signed, what was shown and the state of the row: whoever changes an answer, or comes after
    somebody else has changed the row, is shown the consequences again. The row is locked when it is read
    (rifess.base.admin.row_locks): of two who press the button at once, the second comes after the first.
    """

    title, button, form_class = "", "", GuidedForm
    confirms = False  # whether who does it shows again that it is them: what cannot be undone, or reaches far
    needs = ()  # permissions beyond those that `is_open_to` asks for

    def __init__(self, model_admin, request, row):
        self.model_admin, self.request, self.row = model_admin, request, row

    @classmethod
    def at(cls, model_admin, word):
        """The address of the act, `<row>/<word>/`, as `admin:<room>_<model>_<word>`."""

        def view(request, object_id):
            row = model_admin.get_object(request, unquote(object_id))
            if not (cls.is_open_to(model_admin, request, row) and request.user.has_perms(cls.needs)):
                raise PermissionDenied
            if row is None:
                raise Http404
            if cls.confirms:
                confirm_oneself(request)
            return cls(model_admin, request, row).answer()

        meta = model_admin.opts
        name = f"{meta.app_label}_{meta.model_name}_{word}"
        return path(f"<path:object_id>/{word}/", model_admin.admin_site.admin_view(view), name=name)

    @classmethod
    def is_open_to(cls, model_admin, request, row):
        """Whether it may be done to `row` by whoever may change that."""
        return model_admin.has_change_permission(request, row)

    def initial(self):
        """What the form suggests."""
        return {}

    @abstractmethod
    def consequences(self, answers):
        """Sentences: what will be so when it is done."""

    @abstractmethod
    def carry_out(self, answers):
        """Do it. Returns the sentence that says so and the address to go on at; raises ValidationError."""

    def answer(self):
        site = self.model_admin.admin_site
        asks = {*self.form_class.base_fields} - {*PlausibilityForm.base_fields}
        nothing_to_ask = None if asks else {}  # then the consequences are shown at once
        sent = self.request.POST if self.request.method == "POST" else nothing_to_ask
        form = self.form_class(sent, initial=self.initial(), about=self.row, site=site)
        if sent is None or not form.is_valid():
            return self._page(form)
        consequences = [str(sentence) for sentence in self.consequences(form.answers)]
        shown, before = self._seal(form, consequences), sent.get("shown", "")
        if before == shown:
            return self._do(form)
        has_changed = bool(before) and before.partition(".")[2] != shown.partition(".")[2]
        return self._page(form, consequences=consequences, shown=shown, has_changed=has_changed)

    def _do(self, form):
        try:
            sentence, url = once_more_after_a_conflict(self.carry_out)(form.answers)
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages, code="refused"))
            return self._page(form)
        except IntegrityError:
            log.exception("The database refuses a guided act: %s", self.request.path)
            form.add_error(None, ValidationError(CONTRADICTS, code="contradicts"))
            return self._page(form)
        self.model_admin.message_user(self.request, sentence, messages.SUCCESS)
        return redirect(url)

    def _seal(self, form, consequences):
        """Two signatures joined by a dot: of the answers and their consequences, and of the row as it is."""
        answers = {name: str(form.cleaned_data[name]) for name in form.fields}
        whose = (self.request.user.pk, type(self).__name__, self.row.pk)
        signer = signing.Signer(salt=SALT)
        return ".".join(signer.signature(repr((*whose, said))) for said in ((answers, consequences), _state_of(self.row)))

    def _page(self, form, **more):
        adminform = AdminForm(form, [(None, {"fields": [*form.fields]})], {}, model_admin=self.model_admin)
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": self.title,
            "opts": self.model_admin.opts,
            "original": self.row,
            "adminform": adminform,
            "errors": form.errors,
            "button": self.button or _("Do it"),
            "media": self.model_admin.media + form.media,
            **more,
        }
        status = 400 if form.errors else 200
        return render(self.request, "admin/guided.html", context, status=status)


def _state_of(row):
    """The columns of `row`, without those whose history is not kept: an account's last visit changes by itself."""
    model = row._meta.concrete_model
    left_out = auditlog.get_model_fields(model)["exclude_fields"] if auditlog.contains(model) else []
    return [field.value_from_object(row) for field in row._meta.concrete_fields if field.name not in left_out]


class WithActs:
    """A page of the desk with guided acts: `acts` maps the last word of each one's address to the act."""

    acts = {}
    change_form_template = "admin/with_acts.html"

    def get_urls(self):
        return [*(act.at(self, word) for word, act in self.acts.items()), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        meta = self.opts
        acts = [
            {"title": act.title, "route": f"admin:{meta.app_label}_{meta.model_name}_{word}"}
            for word, act in self.acts.items()
            if request.user.has_perms(act.needs)
        ]
        return super().change_view(request, object_id, form_url, {"acts": acts, **(extra_context or {})})
