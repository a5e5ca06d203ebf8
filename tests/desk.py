"""The secretariat at its desk: a page of the administration, and what its form sends back."""

from django.db.models.fields.files import FieldFile
from django.urls import reverse


def address(row_or_model, page="change"):
    meta = row_or_model._meta
    args = [row_or_model.pk] if page == "change" else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def filled(page, **typed):
    """All that the page's forms would send, with `typed` instead of what is there."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            sent |= _sends(field)
    return sent | typed


def _sends(field):
    value = field.value()
    if value is None or value is False or value == "" or value == [] or isinstance(value, FieldFile):  # a kept file stays
        return {}
    if isinstance(value, list):
        return {field.html_name: [getattr(each, "pk", each) for each in value]}
    return {field.html_name: "on" if value is True else field.field.widget.format_value(value) or value}


def new_row(prefix, number, **typed):
    """What one more row of an inline sends."""
    return {f"{prefix}-{number}-{name}": value for name, value in typed.items()}
