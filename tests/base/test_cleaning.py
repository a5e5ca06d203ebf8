"""One cleaning of what people type, at one place for all doors."""

import sys
import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.forms import EnquiryForm
from members.models import Person
from rifess.base.admin.plausibility import PlausibilityForm
from rifess.base.cleaned import LATIN, LIGATURES, LINE_ENDS, SPACES, UNSEEN, clean_text, forms, models
from rifess.base.cleaned import models as cleaned
from tests.desk import address, filled
from tests.make import make_coming_seminar, make_person, make_secretary

HIDDEN = "\u202eA\u0301n\u200ba\u00a0\u2066Ñandú\u2069\ufeff\x07"  # direction, decomposed, invisible, a hard space, a control
SEEN = "Ána Ñandú"
ROOMS = {"members", "events", "recordings", "rifess"}
INDEX = ("Entry", "EntryLabel", "Passage", "KnownWord")
COMPOSED = {
    "members.MailHold",
    "members.MailOutage",
    "members.Message",
    "members.MessageAttachment",
    *(f"search.{name}" for name in INDEX),
}
TYPED = {
    "A\u0301": "Á",
    "a\u202eb\u2066c\u200f": "abc",
    "a\u200bb\u2060\ufeff\u00ad": "ab",
    "a\u00a0\u3000\u2009b": "a b",
    "a\x00b\x1b\x85c": "ab c",
    "\ud800a\ufdd0\uffff": "a",
    "\u3164\u2800\u115f\u200d": "",
    "\U000e0041\U000e0001a": "a",
    "نامه\u200cای": "نامه\u200cای",
    "क\u094d\u200dष": "क\u094d\u200dष",
    "x\u200dy\u200cz": "xyz",
    "👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3": "👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
    "葛\U000e0100城": "葛\U000e0100城",
    "  a \t b\r\nc ": "a b c",
    "o\ufb01cina, e\ufb03caz, \ufb02ujo": "oficina, efficaz, flujo",
}


def test_what_cannot_be_seen_goes_and_what_letters_need_stays():
    assert {typed: clean_text(typed) for typed in TYPED} == TYPED


def test_cleaning_twice_changes_nothing_more():
    assert [clean_text(kept) for kept in TYPED.values()] == [*TYPED.values()]


def test_a_text_of_several_lines_keeps_its_lines():
    assert clean_text(" a\u200b\r\n\r\n\tb\u2028c\rd ", lines=True) == "a\n\n\tb\nc\nd"


def test_every_text_field_of_the_portal_is_cleaned():
    """A field of Django's own lets everything in. What the portal itself composes, and a password's hash, need no cleaning."""
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ROOMS and model._meta.label not in COMPOSED
        for field in model._meta.local_concrete_fields
        if field.get_internal_type() in {"CharField", "TextField"} and type(field).__module__.startswith("django.db.models")
    ]

    assert plain == ["members.User.password"]


@pytest.mark.django_db
def test_save_bulk_create_and_update_clean_alike():
    saved = make_person(name=HIDDEN)
    Person.objects.bulk_create([Person(name=HIDDEN, slug="a")])
    Person.objects.filter(pk=make_person().pk).update(name=HIDDEN)

    assert saved.name == SEEN
    assert [*Person.objects.values_list("name", flat=True)] == [SEEN] * 3


@pytest.mark.django_db
def test_a_text_is_checked_as_it_will_be_kept():
    person = Person(name="\u200b\u202e\u3164")

    with pytest.raises(ValidationError) as refused:
        person.full_clean()

    assert refused.value.error_dict["name"][0].code == "blank"


@pytest.mark.django_db
def test_the_contact_form_cleans_and_what_looks_empty_is_empty():
    typed = {"name": HIDDEN, "email": "ana@example.org", "text": f"{HIDDEN}\r\nadiós"}

    form, empty = EnquiryForm(typed), EnquiryForm(typed | {"name": "\u3164\u200b"})

    assert form.is_valid(), form.errors
    assert (form.instance.name, form.instance.text) == (SEEN, f"{SEEN}\nadiós")
    assert [error.code for error in empty.errors.as_data()["name"]] == ["required"]


@pytest.mark.django_db
def test_the_desk_cleans(client):
    client.force_login(make_secretary())
    person = make_person(name="Ana")

    client.post(address(person), filled(client.get(address(person)), name=HIDDEN))

    person.refresh_from_db()
    assert person.name == SEEN


@pytest.mark.django_db
def test_registering_cleans(client):
    seminar = make_coming_seminar()
    typed = {
        "name": HIDDEN,
        "email": "ana@example.org",
        "country": "UY",
        "sector": "government",
        "language": "es",
        "agrees": "on",
    }
    page = client.get(reverse("events:register", args=[seminar.slug]))

    client.post(reverse("events:register", args=[seminar.slug]), page.context["form"].initial | typed)

    assert seminar.registrations.get().name == SEEN


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u00a0", "\u2066", "\x07"])
@pytest.mark.parametrize(
    "field",
    [cleaned.EmailField(), forms.EmailField(), cleaned.URLField(), forms.URLField()],
    ids=["model-mail", "form-mail", "model-web", "form-web"],
)
def test_an_address_in_which_something_hides_is_refused_and_not_repaired(field, hidden):
    written = f"ana@exa{hidden}mple.org" if "Email" in type(field).__name__ else f"https://exa{hidden}mple.org/"

    with pytest.raises(ValidationError):
        field.clean(written, None) if isinstance(field, models.Field) else field.clean(written)


def test_address_that_can_be_taken_for_another_is_refused():
    field = forms.EmailField()
    taken = ["ana@example.org", "Ana@Example.ORG", "ana@ESPAÑA.example", "ana@mu\u0308nchen.example", "ana@xn--kwi-jua.example"]
    refused = ["m\u0131ke@kiwi.example", "mi\u212ae@kiwi.example", "\u017fam@kiwi.example"]
    refused += [f"mike@{domain}.example" for domain in ("k\u0131wi", "k\u0130wi", "\u212aiwi", "straße", "\ufb01sh")]

    kept = [field.clean(typed) for typed in taken]
    codes = []
    for typed in refused:
        with pytest.raises(ValidationError) as wrong:
            field.clean(typed)
        codes.append(wrong.value.error_list[0].code)

    assert kept == [*taken[:2], "ana@españa.example", "ana@münchen.example", taken[-1]]
    assert codes == ["not_plain"] * 8


def test_a_domain_has_one_spelling_and_what_stands_for_no_letters_stays():
    field = forms.EmailField()
    spellings = {
        "españa.example": ["españa.example", "xn--espaa-rta.example", "XN--Espaa-Rta.example", "españa\u3002example"],
        "παράδειγμα.δοκιμή": ["xn--hxajbheg2az3al.xn--jxalpdlp"],
        "example.org": ["\uff45xample.org"],  # a full-width letter, which mail servers are asked for as "e"
        "xn--kwi-jua.example": ["xn--kwi-jua.example"],  # kıwi
        "xn--fa-hia.de": ["xn--fa-hia.de"],  # faß, which IDNA 2003 sends elsewhere
        "xn--5j9ha.example": ["xn--5j9ha.example"],  # two pictures
        "xn--a.example": ["xn--a.example"],  # no letters at all
    }

    kept = {domain: [field.clean(f"ana@{each}") for each in typed] for domain, typed in spellings.items()}

    assert kept == {domain: [f"ana@{domain}"] * len(typed) for domain, typed in spellings.items()}


def test_a_password_stays_as_it_was_typed():
    assert forms.CharField(strip=False).clean(" a\u200bb ") == " a\u200bb "


def test_a_nul_is_refused_in_a_form():
    with pytest.raises(ValidationError) as refused:
        forms.CharField().clean("a\0b")

    assert refused.value.error_list[0].code == "null_characters_not_allowed"


class DayForm(PlausibilityForm):
    day = forms.DateField()
    moment = forms.SplitDateTimeField(required=False)


@pytest.mark.parametrize("year", ["0001", "0999", "3000", "9999"])
def test_a_day_beyond_the_years_that_can_be_meant_is_refused(year):
    """With the first and the last day of the calendar nothing can be counted: they ended in a server error."""
    form = DayForm({"day": f"{year}-12-31", "moment_0": f"{year}-12-31", "moment_1": "10:00"})

    errors = form.errors.as_data()

    assert {name: [error.code for error in errors[name]] for name in errors} == {
        "day": ["beyond_calendar"],
        "moment": ["beyond_calendar"],
    }


@pytest.mark.django_db
def test_a_seminar_is_not_copied_to_the_end_of_the_calendar(client):
    client.force_login(make_secretary())
    seminar = make_coming_seminar(days=3)

    page = client.post(reverse("admin:events_seminar_copy", args=[seminar.pk]), {"starts_on": "9999-12-31"})

    assert page.status_code == 400 and "2999" in page.content.decode()


def test_letters_that_are_cleaned_the_short_way_have_nothing_to_clean():
    short = [sign for sign in map(chr, range(sys.maxunicode + 1)) if LATIN.fullmatch(sign) and sign not in "\t\n"]
    text = "".join(short)
    assert {*"aZ0 áÑçŁž¿"} <= {*short}
    assert not any(pattern.search(text) for pattern in (UNSEEN, LINE_ENDS, SPACES))
    assert unicodedata.normalize("NFC", text).translate(LIGATURES) == text
    assert not any(unicodedata.combining(sign) for sign in short)  # so none changes beside another
