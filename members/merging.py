"""Two records of one human being become one. What hangs on either hangs on the one that stays; nothing is lost."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import ContactDetails, NameVariant, Person
from rifess.base.database.locking import lock_and_refresh
from rifess.base.models import FormerSlug

FILLED_FROM_THE_OTHER = ("biography_es", "biography_pt_br", "biography_en", "website")


def what_hangs_on(person):
    """[(model, the column that points to `person`, its rows)], in whatever room they are; variants of the name apart."""
    found = []
    for relation in Person._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: person})
        if relation.related_model is not NameVariant and rows.exists():
            found.append((relation.related_model, relation.field.name, list(rows)))
    return found


@transaction.atomic
def merge(duplicate: Person, *, into: Person):
    """Move all that hangs on `duplicate` to `into`, keep its name as a variant, let its address redirect, and delete it.

    Raises ValidationError: "same" for one and the same record, "gone" when one was deleted meanwhile, "two_accounts" when both
    sign in, "twice" when both have a row of which there may be only one, and what the moved rows refuse (two titulars at a time).
    Then nothing is moved.
    """
    if duplicate.pk == into.pk:
        raise ValidationError(_("This is the same record. Choose the other one."), code="same")
    for person in sorted((duplicate, into), key=lambda person: person.pk):
        lock_and_refresh(person)
    if duplicate.user_id and into.user_id:
        sentence = _("Both have an account. Take one of them from its person first, and say which stays.")
        raise ValidationError(sentence, code="two_accounts")
    _merge_contacts(duplicate, into)
    for _model, column, rows in what_hangs_on(duplicate):
        for row in rows:
            _move(row, column, into)
    _keep_the_name(duplicate, into)
    _keep_what_is_told(duplicate, into)
    _delete(duplicate, leading_to=into)
    return into


def _merge_contacts(duplicate, into):
    """How to reach somebody is said once: by the record that stays and, where that says nothing, by the other.

    A telephone that they do not show is not filled in where one would be shown.
    """
    theirs = ContactDetails.objects.filter(person=duplicate).first()
    if theirs is None or not hasattr(into, "contact"):
        return
    into.contact.position = into.contact.position or theirs.position
    if theirs.shares_phone or not into.contact.shares_phone:
        into.contact.phone = into.contact.phone or theirs.phone
    into.contact.save()
    theirs.delete()


def _move(row, column, into):
    setattr(row, column, into)
    try:
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as refused:
        sentence = _("“%(row)s” (%(kind)s) cannot be moved: %(why)s")
        why = {"row": row, "kind": row._meta.verbose_name, "why": " ".join(refused.messages)}
        raise ValidationError(sentence, code="twice", params=why) from refused
    row.save()


def _keep_the_name(duplicate, into):
    known = {into.name, *into.variants.values_list("name", flat=True)}
    for name in (duplicate.name, *duplicate.variants.values_list("name", flat=True)):
        if name not in known:
            NameVariant.objects.create(person=into, name=name)
            known.add(name)


def _keep_what_is_told(duplicate, into):
    """What the one that stays does not say is taken from the other; what both say is the stayer's."""
    for column in FILLED_FROM_THE_OTHER:
        if not getattr(into, column):
            setattr(into, column, getattr(duplicate, column))
    account = duplicate.user
    if account:
        duplicate.user = None
        duplicate.save()
        into.user = account
    into.save()


def _delete(duplicate, *, leading_to):
    address = {"kind": Person.slug_kind(), "scope": duplicate.slug_scope()}
    former = FormerSlug.objects.filter(**address)
    former.filter(current=duplicate.slug).update(current=leading_to.slug)
    former.update_or_create(**address, slug=duplicate.slug, defaults={"current": leading_to.slug})
    duplicate.delete()
