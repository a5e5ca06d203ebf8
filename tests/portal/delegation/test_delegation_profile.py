"""One's own profile: what may be written, and that nobody else's can."""

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import ContactDetails, MembershipCategory, Person, User
from rifess.portal.views.delegation.profile import Profile
from tests.make import make_delegate_user, make_secretary, make_user

pytestmark = pytest.mark.django_db


def profile():
    return reverse("delegation:profile")


def write(client, **given):
    """Send the profile as it is shown, with what is `given` typed over it; an unticked box is not sent."""
    form = client.get(profile()).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return client.post(profile(), {name: value for name, value in (shown | given).items() if value not in (None, False)})


@pytest.fixture
def user(client):
    user = make_delegate_user()
    Person.objects.filter(user=user).update(name="Ana Núñez")
    client.force_login(user)
    return user


def test_a_delegate_writes_the_own_profile(client, user):
    page = write(
        client,
        biography_es="Dirige el fomento.",
        biography_pt_br="Dirige o fomento.",
        website="https://example.org/ana",
        position="Directora",
        phone="+57 1 555 0199",
        shares_email="on",
        language="pt-br",
    )

    assert page.status_code == 302
    person = Person.objects.get(user=user)
    assert (person.biography_es, person.biography_pt_br) == ("Dirige el fomento.", "Dirige o fomento.")
    assert person.website == "https://example.org/ana"
    contact = person.contact
    assert (contact.position, contact.phone) == ("Directora", "+57 1 555 0199")
    assert (contact.is_listed, contact.shares_email, contact.shares_phone) == (True, True, False)
    assert User.objects.get(pk=user.pk).language == "pt-br"


def test_nothing_is_shared_by_itself(client, user):
    write(client, position="Directora", phone="+57 1 555 0199")

    contact = ContactDetails.objects.get(person__user=user)
    assert (contact.shares_email, contact.shares_phone) == (False, False)


def test_a_former_name_stays_known(client, user):
    write(client, name="Ana Núñez Prado")

    person = Person.objects.get(user=user)
    assert person.name == "Ana Núñez Prado"
    assert [variant.name for variant in person.variants.all()] == ["Ana Núñez"]
    assert User.objects.get(pk=user.pk).name == "Ana Núñez Prado"


def test_going_back_to_a_former_name_leaves_no_variant_that_is_the_name(client, user):
    write(client, name="Ana Núñez Prado")
    write(client, name="Ana Núñez")

    assert [variant.name for variant in Person.objects.get(user=user).variants.all()] == ["Ana Núñez Prado"]


def test_a_telephone_to_be_shown_is_asked_for(client, user):
    with translation.override("en"):
        page = write(client, shares_phone="on")

    assert [*page.context["form"].errors] == ["phone"]
    assert "Enter the telephone number for the directory." in page.content.decode()
    assert not ContactDetails.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("website", "javascript:alert(1)"), ("language", "fr"), ("name", "x" * 201), ("phone", "1" * 41)],
)
def test_what_cannot_be_is_refused_whole(client, user, field, value):
    page = write(client, biography_es="No se guarda.", **{field: value})

    assert list(page.context["form"].errors) == [field]
    assert Person.objects.get(user=user).biography_es in ("", None)


def test_what_the_secretariat_wrote_meanwhile_is_not_undone(client, user):
    form = client.get(profile()).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    Person.objects.filter(user=user).update(biography_es="De la Secretaría.")

    page = client.post(profile(), {name: value for name, value in shown.items() if value} | {"biography_es": "Mía."})

    assert list(page.context["form"].errors) == ["biography_es"]
    assert Person.objects.get(user=user).biography_es == "De la Secretaría."


@pytest.mark.parametrize(
    ("written", "status"), [({"slug": "otra-direccion"}, 302), ({"user": None}, 404)], ids=["its address", "whose account it is"]
)
def test_what_is_written_after_the_mandate_was_asked_for_is_not_undone(client, user, written, status, monkeypatch):
    key, post = Person.objects.get(user=user).pk, Profile.post

    def post_after_another_wrote(view, request, *args, **kwargs):
        Person.objects.filter(pk=key).update(**written)
        return post(view, request, *args, **kwargs)

    monkeypatch.setattr(Profile, "post", post_after_another_wrote)
    page = write(client, biography_es="Dirige el fomento.")

    assert page.status_code == status
    assert Person.objects.filter(pk=key, **written).exists()


def test_nothing_but_the_profile_can_be_written(client, user):
    write(client, slug="otra", user="", pk=make_user().pk, is_staff="on", email="otra@example.org", is_superuser="on")

    account, person = User.objects.get(pk=user.pk), Person.objects.get(user=user)
    assert (account.email, account.is_staff, account.is_superuser) == (user.email, False, False)
    assert person.slug == user.person.slug


def test_the_profile_shown_is_ones_own(client, user):
    another = make_delegate_user(MembershipCategory.OBSERVER)
    Person.objects.filter(user=another).update(name="Otra persona", biography_es="De otra.")

    page = client.get(profile(), {"pk": another.person.pk, "person": another.person.pk})

    assert page.context["object"] == user.person
    assert "Otra persona" not in page.content.decode()


@pytest.mark.parametrize("make", [make_user, make_secretary])
def test_without_a_mandate_there_is_no_profile(client, make):
    client.force_login(make())

    assert client.get(profile()).status_code == 404
    assert client.post(profile(), {"name": "X"}).status_code == 404


def test_a_visitor_who_sends_a_profile_is_led_to_sign_in(client):
    page = client.post(profile(), {"name": "X"})

    assert page["Location"] == f"{reverse('account_login')}?next={profile()}"


def test_the_public_page_is_named_only_when_there_is_one(client, user):
    address = user.person.get_absolute_url()
    assert address not in client.get(profile()).content.decode()

    user.person.mandates.update(is_public=True)

    assert address in client.get(profile()).content.decode()
