"""The pages made of several rooms, each door knocked on by a visitor and by the secretariat."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from members.models import Enquiry, Message
from members.outbox.delivery import as_mail
from rifess.base.models import FormerSlug
from tests.make import (
    make_delegate,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_term,
)

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
@pytest.mark.parametrize("name", ["home", "people", "network", "about", "accessibility", "privacy", "contact", "contact-thanks"])
def test_every_page_answers_in_every_language_even_when_nothing_is_known(client, language, name):
    with override(language):
        address = reverse(name)

    assert client.get(address).status_code == 200
    assert address.startswith(f"/{language}/")


@pytest.mark.parametrize(
    ("accepted", "home"),
    [("pt-BR,pt;q=0.9", "/pt-br/"), ("pt", "/pt-br/"), ("en-GB", "/en/"), ("es-CO", "/es/"), ("de", "/es/"), ("", "/es/")],
)
def test_the_door_sends_each_visitor_to_their_language(client, accepted, home):
    response = client.get("/", headers={"accept-language": accepted})

    assert response["Location"] == home
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].replace(",", "").split())


def test_the_door_remembers_the_language_chosen(client):
    client.cookies["django_language"] = "en"

    assert client.get("/", headers={"accept-language": "es"})["Location"] == "/en/"


def test_reading_leaves_no_cookie(client):
    assert not client.get("/es/").cookies


def test_the_network_page_says_who_belongs_and_who_coordinates_with_their_sources(client):
    make_membership(
        country="CO", joined_on_precision="month", source_url="https://example.org/acta", source_note_es="Así consta."
    )
    make_membership(country="CU", left_on=date(2024, 6, 1))
    make_membership(category="partner", institution=make_institution(name="Escuela"), joined_on=None, as_of=date(2024, 9, 5))
    make_term(country="MX", starts_on=None, as_of=date(2024, 9, 5))
    current = make_term(country="CO", starts_on=date(2025, 7, 1), starts_on_precision="by-month")

    page = client.get(reverse_in("es", "network"))

    assert [seat.country.code for seat in page.context["seats"]] == ["CO"]
    assert [seat.country.code for seat in page.context["former"]] == ["CU"]
    assert page.context["current_term"] == current
    for words in ("Así consta.", "example.org", "Escuela", "enero de 2024", "julio de 2025"):
        assert words in text(page)


def reverse_in(language, name, *args):
    with override(language):
        return reverse(name, args=args)


def test_someone_only_in_a_draft_has_no_page(client):
    spoken = make_intervention(person=make_person(name="Ana Visible"))
    hidden = make_intervention(panel=make_panel(seminar=make_seminar(published_at=None)), person=make_person(name="Oculta Lima"))
    addresses = [reverse_in("es", "person", each.person.slug) for each in (spoken, hidden)]

    assert [client.get(address).status_code for address in addresses] == [200, 404]
    page = client.get(reverse_in("es", "people"))
    assert list(page.context["page_obj"]) == [spoken.person]
    assert "Oculta" not in text(client.get("/sitemap.xml"))
    assert client.get(reverse_in("es", "people") + "?q=oculta").context["page_obj"].paginator.count == 0

    client.force_login(make_secretary())
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_an_institution_only_in_a_draft_has_no_page(client):
    shown, hidden = make_institution(), make_institution()
    make_intervention(positions=[("Directora", shown)])
    make_intervention(panel=make_panel(seminar=make_seminar(published_at=None)), positions=[("Directora", hidden)])

    codes = [client.get(reverse_in("es", "institution", each.slug)).status_code for each in (shown, hidden)]

    assert codes == [200, 404]


def test_a_page_of_a_person_keeps_what_belongs_to_drafts_out(client):
    person = make_person()
    make_intervention(person=person, summary_es="Lo dicho en público")
    make_intervention(person=person, summary_es="Lo dicho en borrador", panel=make_panel(seminar=make_seminar(published_at=None)))

    page = text(client.get(reverse_in("es", "person", person.slug)))

    assert "Lo dicho en público" in page
    assert "Lo dicho en borrador" not in page


@pytest.mark.usefixtures("index_follows")
def test_people_are_found_by_any_part_of_the_name_without_accents(client):
    found = make_intervention(person=make_person(name="Héctor Dada Sánchez")).person
    make_intervention()

    for words in ("hector dada", "Dada Héctor", "SANCHEZ", "hecto", "dada, h"):
        page = client.get(reverse_in("es", "people"), {"q": words})

        assert list(page.context["page_obj"]) == ([] if words == "dada, h" else [found]), words


@pytest.mark.usefixtures("index_follows")
def test_people_are_found_by_a_variant_of_the_name(client):
    person = make_intervention(person=make_person(name="Jaime Iglesias Sánchez-Cervera")).person
    person.variants.create(name="Jaime Cervera")

    page = client.get(reverse_in("es", "people"), {"q": "jaime cervera"})

    assert list(page.context["page_obj"]) == [person]


def test_a_former_address_redirects_and_one_to_something_hidden_does_not(client):
    shown = make_intervention(person=make_person(slug="antes")).person
    hidden = make_person(slug="oculta-antes")
    for person, slug in ((shown, "ahora"), (hidden, "oculta-ahora")):
        person.slug = slug
        person.save()
    assert FormerSlug.objects.count() == 2

    moved = client.get(reverse_in("es", "person", "antes"))

    assert (moved.status_code, moved["Location"]) == (301, reverse_in("es", "person", "ahora"))
    assert client.get(reverse_in("es", "person", "oculta-antes")).status_code == 404


def test_a_private_mandate_is_not_shown(client):
    institution = make_institution()
    seat = make_membership(institution=institution)
    make_delegate(membership=seat, person=make_person(name="Delegada Pública"), is_public=True)
    make_delegate(membership=seat, person=make_person(name="Delegado Reservado"), role="alternate")

    page = text(client.get(reverse_in("es", "institution", institution.slug)))

    assert "Delegada Pública" in page
    assert "Delegado Reservado" not in page


def message(**given):
    return {"name": "Ana", "email": "ana@example.org", "text": "¿Cuándo es el próximo seminario?"} | given


def test_a_message_is_kept_and_mailed_to_the_secretariat(client):
    response = client.post(reverse_in("pt-br", "contact"), message())

    enquiry = Enquiry.objects.get()
    assert response["Location"] == reverse_in("pt-br", "contact-thanks")
    assert (enquiry.name, enquiry.language) == ("Ana", "pt-br")
    sent = Message.objects.get()
    assert (sent.to, sent.reply_to, sent.language) == ("secretaria@rifess.example", "ana@example.org", "es")
    assert "¿Cuándo es el próximo seminario?" in sent.text and "¿Cuándo es el próximo seminario?" in sent.html


def test_what_a_visitor_writes_is_shown_as_words_in_the_page_of_the_mail(client):
    client.post(reverse_in("es", "contact"), message(name="<b>Ana</b>", text="<script>1</script> & más"))

    sent = Message.objects.get()
    assert "<b>Ana</b> <ana@example.org>" in sent.text and "<script>1</script> & más" in sent.text
    assert "&lt;b&gt;Ana&lt;/b&gt; &lt;ana@example.org&gt;" in sent.html
    assert "&lt;script&gt;1&lt;/script&gt; &amp; más" in sent.html


def test_a_message_with_something_missing_says_what_and_keeps_the_rest(client):
    page = client.post(reverse_in("en", "contact"), message(email="ana"))

    assert page.status_code == 200
    assert "¿Cuándo es el próximo seminario?" in text(page)
    assert not Enquiry.objects.exists()


def test_a_name_cannot_write_headers_of_the_mail(client):
    client.post(reverse_in("es", "contact"), message(name="Ana\r\nBcc: todos@example.org"))

    sent = as_mail(Message.objects.get())
    assert "\n" not in sent.subject and sent.recipients() == ["secretaria@rifess.example"]


def test_the_sixth_message_in_an_hour_waits(client):
    for _ in range(5):
        assert client.post(reverse_in("es", "contact"), message()).status_code == 302

    assert client.post(reverse_in("es", "contact"), message()).status_code == 200
    assert Enquiry.objects.count() == 5


def test_the_sitemap_names_what_is_public_in_each_language_and_nothing_else(client):
    panel = make_panel(seminar=make_seminar(slug="publico"))
    make_recording(panel=panel, slug="grabacion-publica")
    make_document(slug="documento-publico")
    make_seminar(slug="borrador", published_at=None)
    make_document(slug="acta-secreta", audience="members")
    make_recording(slug="retirado", withdrawn_on=date(2024, 10, 1))

    sitemap = text(client.get("/sitemap.xml"))

    for slug in ("publico", "grabacion-publica", "documento-publico"):
        assert all(f"/{language}/" in sitemap and slug in sitemap for language in ("es", "pt-br", "en"))
    for slug in ("borrador", "acta-secreta", "retirado"):
        assert slug not in sitemap
    assert 'hreflang="pt-br"' in sitemap


def test_robots_may_read_all_but_the_administration(client):
    assert text(client.get("/robots.txt")).splitlines()[:2] == ["User-agent: *", "Disallow: /es/admin/"]


def test_health_asks_the_database(client):
    assert client.get("/health/").json() == {"status": "ok"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(client, rows, django_assert_num_queries):
    for country in ["MX", "CO", "BR"][:rows]:
        seminar = make_seminar()
        make_recording(panel=make_panel(seminar=seminar), url="https://youtu.be/abcdefghijk")
        make_intervention(panel=seminar.panels.get(), positions=[("Directora", make_institution())], summary_es="Dijo algo")
        make_membership(country=country, institution=make_institution())
    with django_assert_num_queries(4):
        client.get(reverse_in("es", "people"))
    with django_assert_num_queries(8):
        client.get(reverse_in("es", "network"))
