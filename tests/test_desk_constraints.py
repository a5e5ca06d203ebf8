"""What the database would refuse is refused beside the fields of the desk's forms, also where they hold only a part of it."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.test import RequestFactory
from django.urls import reverse

from events.models import Intervention
from members.models import Delegate
from rifess.base.admin.optimistic_lock import CarefulForm
from tests.desk import address, filled
from tests.make import make_delegate, make_intervention, make_secretary

pytestmark = pytest.mark.django_db


def forms_of_the_desk():
    """The form of every page and of every kind of row below it, with what it is called."""
    request = RequestFactory().get("/")
    request.user = make_secretary()
    for model, page in admin.site._registry.items():
        if not issubclass(page.form, CarefulForm) or not page.has_change_permission(request):
            continue
        yield model.__name__, page.get_form(request, model(), change=True)
        for inline in page.get_inline_instances(request, model()):
            yield f"{inline.model.__name__} of {model.__name__}", inline.get_formset(request, model()).form


def left_to_the_database(form):
    """The constraints that a field of `form` has a part in and that its validation leaves out."""
    asked = []
    form.instance.validate_constraints = lambda exclude: asked.append(exclude)
    form._errors, form.cleaned_data = {}, {}
    form.validate_constraints()
    excluded = {name for name in asked[0] if not form._was_refused(name)}
    for _model, constraints in form.instance.get_constraints():
        for constraint in constraints:
            columns = form._columns_of(constraint)
            if any(map(form._fields_of, columns)) and columns & excluded:
                yield constraint.name


def test_each_constraint_that_a_form_has_a_part_in_is_checked_by_it():
    forms = dict(forms_of_the_desk())

    left = {name: list(left_to_the_database(form(data={}))) for name, form in forms.items() if issubclass(form, CarefulForm)}

    assert {name: constraints for name, constraints in left.items() if constraints} == {}
    assert len(left) > 30


@pytest.mark.parametrize("language", ["es", "pt-br"])
def test_a_person_and_a_collective_at_once_are_refused_beside_what_was_typed(desk, language):
    """The constraint names `collective`; the form has its three languages."""
    intervention = make_intervention()
    page = address(intervention).replace("/es/", f"/{language}/")

    answer = desk.post(page, filled(desk.get(page), **{f"collective_{language.replace('-', '_')}": "Delegaciones"}))

    assert answer.status_code == 200
    assert "one_of_the_two" not in answer.content.decode() and answer.context["adminform"].form.non_field_errors()
    assert Intervention.objects.get().collective in (None, "")


def test_the_mandates_of_a_membership_whose_start_was_emptied_are_looked_at_in_peace(desk):
    mandate = make_delegate()
    page = address(mandate.membership)

    answer = desk.post(page, filled(desk.get(page), joined_on="", as_of="", **{"delegates-0-starts_on": "2026-03-01"}))

    assert answer.status_code == 200 and answer.context["adminform"].form.errors
    assert Delegate.objects.get().starts_on == mandate.starts_on


def test_a_mandate_that_begins_after_its_known_end_is_refused_where_the_end_is_not_shown(desk):
    mandate = make_delegate(ended_on=date(2026, 2, 1))
    page = address(mandate.membership)

    answer = desk.post(page, filled(desk.get(page), **{"delegates-0-starts_on": "2026-03-01"}))

    assert answer.status_code == 200
    assert Delegate.objects.get().starts_on == mandate.starts_on


def test_rows_that_are_not_saved_yet_have_a_name():
    """Django names the row when it refuses to follow a relation of a row without a key."""
    models = [model for model in apps.get_models() if model._meta.app_label in {"events", "members", "recordings"}]

    unnamed = [model.__name__ for model in models if not is_named(model())]

    assert unnamed == []


def is_named(row):
    try:
        return isinstance(str(row), str)
    except ObjectDoesNotExist:  # a row without the one it belongs to is shown nowhere
        return True
    except (RecursionError, ValueError, AttributeError, TypeError):
        return False


def test_a_window_that_belongs_to_no_kind_of_page_is_a_wrong_request(desk):
    answer = desk.post(reverse("admin:events_topic_add"), {"name_es": "Cooperativas", "_popup": "1", "_source_model": "nonsense"})

    assert answer.status_code == 400
