"""Versions of documents, minutes on their way to approval, and who opened what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from members.models import Audience, DelegateRole, Message
from recordings import documents
from recordings.models import Document, DocumentOpening, DocumentVersion, MinutesState
from rifess.base.dates import today_in_the_network
from tests.base.samples import PDF, picture
from tests.desk import address, filled
from tests.make import (
    make_consent,
    make_delegate,
    make_delegate_user,
    make_document,
    make_editor,
    make_membership,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
SECOND = PDF + b"%2\n"


DONE = "done"


def make_minutes(state=MinutesState.DRAFT, audience=Audience.SECRETARIAT, **given):
    """Minutes with a file."""
    document = make_document(kind="minutes", state=state, audience=audience, url="", **given)
    make_version(document)
    return document


def refused(act, *args, **given):
    """The code with which `act` is refused."""
    with pytest.raises(ValidationError) as error:
        act(*args, **given)
    return error.value.error_list[0].code if not hasattr(error.value, "error_dict") else error.value.error_dict["on"][0].code


def shown_to(user):
    return list(Document.objects.visible_to(user))


# Versions


def test_each_file_is_a_version_and_the_last_is_read():
    secretary = make_secretary()
    document = make_version(by=secretary, name="Acta de la reunión.pdf").document

    documents.add_version(document, SimpleUploadedFile("Acta firmada.pdf", SECOND), by=secretary, changes="Con firmas")

    last, first = document.versions.all()
    assert document.current == last
    assert (first.number, first.name, first.media_type, first.size) == (1, "Acta de la reunión.pdf", "application/pdf", len(PDF))
    assert (last.number, last.name, last.changes, last.added_by) == (2, "Acta firmada.pdf", "Con firmas", secretary)
    assert len({first.sha256, last.sha256}) == 2


def test_the_same_file_twice_is_one_version():
    document = make_version().document

    assert refused(make_version, document) == "same_file"
    assert document.versions.count() == 1


def test_a_document_with_a_link_takes_no_file():
    assert refused(make_version, make_document()) == "file_and_link"


def test_versions_are_numbered_once():
    version = make_version()
    version.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.update(number=0)


def test_the_desk_adds_a_version_and_says_what_changed(desk):
    document = make_version().document
    page = desk.get(address(document))

    desk.post(address(document), filled(page, file=SimpleUploadedFile("nueva.pdf", SECOND), changes="Una errata"))

    assert [(each.number, each.name, each.changes) for each in document.versions.all()] == [
        (2, "nueva.pdf", "Una errata"),
        (1, "acta.pdf", ""),
    ]
    assert document.current.added_by.email in desk.get(address(document)).content.decode()


def test_the_desk_refuses_a_wrong_file_beside_its_field(desk, settings, caplog):
    settings.DOCUMENT_MEGABYTES = 1
    document = make_document(url="")
    page = desk.get(address(document))

    for name, content, code in [
        ("acta.pdf", b"<html><script>alert(1)</script>", "page"),
        ("acta.pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "page"),
        ("acta.pdf", PDF + b"<script>alert(1)</script>", "two_kinds"),
        ("acta.html", PDF, "extension"),
        ("acta.pdf", picture(), "extension"),
        ("acta.exe", b"MZ\x90\x00" + b"0" * 100, "unknown_kind"),
        ("acta.pdf", PDF + b"0" * 1024**2, "large_file"),
    ]:
        answer = desk.post(address(document), filled(page, file=SimpleUploadedFile(name, content)))
        assert answer.context["adminform"].form.errors.as_data()["file"][0].code == code, name
        assert f"File refused: {code}; {name}" in caplog.text
    assert DocumentVersion.objects.count() == 0


def test_a_file_and_a_link_are_refused_with_a_sentence(desk):
    document = make_document(url="")

    answer = desk.post(
        address(document),
        filled(desk.get(address(document)), file=SimpleUploadedFile("a.pdf", PDF), url="https://example.org/a.pdf"),
    )

    assert answer.context["adminform"].form.errors.as_data()["url"][0].code == "file_and_link"


def test_a_seminars_page_keeps_the_file_of_a_paper(desk):
    document = make_document(url="", seminar=make_seminar())
    page = desk.get(address(document.seminar))
    field = next(
        form["file"].html_name
        for inline in page.context["inline_admin_formsets"]
        for form in inline.formset.forms
        if "file" in form.fields and form.instance.pk
    )

    desk.post(address(document.seminar), filled(page, **{field: SimpleUploadedFile("ponencia.pdf", PDF)}))

    assert [(each.name, each.added_by.is_staff) for each in document.versions.all()] == [("ponencia.pdf", True)]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\win.pdf", "win.pdf"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("nul\x00o.pdf", "nulo.pdf"),
        ("acta\u202efdp.pdf", "actafdp.pdf"),
        ("línea\r\nSet-Cookie: a=b.pdf", "líneaSet-Cookie a=b.pdf"),
        ("Acta de la reunión.pdf", "Acta de la reunión.pdf"),
        (f"{'a' * 300}.pdf", f"{'a' * 116}.pdf"),
    ],
)
def test_tricks_in_names_are_harmless(name, kept):
    file = SimpleUploadedFile("a.pdf", PDF)
    version = documents.add_version(make_document(url=""), file, by=None, name=name)

    assert version.name == kept
    assert version.file.name.startswith("documents/")
    assert version.file.name.count("/") == 2
    assert version.file.name.endswith(".pdf")


# Audience


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS, Audience.EVERYONE])
def test_more_readers_are_confirmed_and_fewer_are_not(desk, audience):
    document = make_document(audience=Audience.SECRETARIAT)
    page = desk.get(address(document))

    refused_page = desk.post(address(document), filled(page, audience=audience))
    desk.post(address(document), filled(page, audience=audience, wider="on"))
    opened = Document.objects.get().audience
    desk.post(address(document), filled(desk.get(address(document)), audience=Audience.SECRETARIAT))

    assert [each.code for each in refused_page.context["adminform"].form.errors.as_data()["wider"]] == ["confirm"]
    assert (opened, Document.objects.get().audience) == (audience, Audience.SECRETARIAT)


def test_minutes_that_become_something_else_are_opened_only_when_confirmed(desk):
    document = make_minutes(audience=Audience.EVERYONE)
    page = desk.get(address(document))

    refused_page = desk.post(address(document), filled(page, kind="report"))
    desk.post(address(document), filled(page, kind="report", wider="on"))

    assert [each.code for each in refused_page.context["adminform"].form.errors.as_data()["wider"]] == ["confirm"]
    assert (Document.objects.get().state, list(Document.objects.public())) == ("", [document])


# Minutes


def test_only_minutes_have_a_state_and_always_one():
    for given in ({"kind": "minutes"}, {"kind": "report", "state": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_document(**given)


def test_only_what_is_approved_says_when():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_minutes("circulated", approved_on=date(2024, 9, 6))


def test_what_is_entered_as_minutes_begins_as_a_draft():
    document = Document(kind="minutes", title_es="Acta", audience=Audience.EVERYONE)

    document.full_clean()

    assert (document.state, document.readers) == ("draft", "secretariat")


@pytest.mark.parametrize("audience", Audience.values)
def test_drafts_are_the_secretariats_and_circulated_ones_the_members_whatever_their_audience(audience):
    draft, circulated = make_minutes(audience=audience), make_minutes("circulated", audience=audience)
    readers = {category: make_delegate_user(category) for category in ("member", "observer", "partner")}

    assert [shown_to(readers[category]) for category in readers] == [[circulated], [], []]
    assert list(Document.objects.public()) == []
    assert set(shown_to(make_secretary())) == {draft, circulated}
    assert (draft.readers, circulated.readers) == ("secretariat", "members")


def test_approved_minutes_are_read_by_their_audience():
    document = make_minutes("approved", audience=Audience.MEMBERS_AND_OBSERVERS)

    shown = [shown_to(make_delegate_user(category)) for category in ("member", "observer", "partner")]

    assert shown == [[document], [document], []]


def test_minutes_go_from_draft_to_circulated_to_approved_and_back():
    document, meeting = make_minutes(), make_seminar()

    steps = [document.state]
    documents.circulate(document)
    steps.append(document.state)
    documents.approve(document, on=date(2024, 10, 3), meeting=meeting, audience=Audience.MEMBERS_AND_OBSERVERS)
    approved = (document.approved_on, document.approving_meeting, document.audience)
    steps.append(document.state)
    documents.take_back(document)
    steps.append(document.state)
    documents.take_back(document)

    assert [*steps, document.state] == ["draft", "circulated", "approved", "circulated", "draft"]
    assert approved == (date(2024, 10, 3), meeting, "members-and-observers")
    assert (document.approved_on, document.approving_meeting) == (None, None)


def test_steps_out_of_order_are_refused():
    assert refused(documents.approve, make_minutes(), on=date(2024, 10, 3)) == "state"
    assert refused(documents.circulate, make_minutes("approved")) == "state"
    assert refused(documents.take_back, make_minutes()) == "state"
    assert refused(documents.circulate, make_document()) == "state"


def test_what_nobody_could_read_is_not_circulated():
    signed = make_minutes()
    make_consent(make_recording(), document=signed)

    assert refused(documents.circulate, make_document(kind="minutes", state="draft", url="")) == "no_text"
    assert refused(documents.circulate, make_minutes(seminar=make_seminar(published_at=None))) == "closed_seminar"
    assert refused(documents.circulate, signed) == "permission"


def test_nothing_is_approved_in_the_future():
    tomorrow = today_in_the_network() + timedelta(days=2)

    assert refused(documents.approve, make_minutes("circulated"), on=tomorrow) == "future"


def test_circulation_is_told_to_the_delegates_of_members_each_in_their_language():
    seat = make_membership()
    for language, role in [("es", DelegateRole.TITULAR), ("pt-br", DelegateRole.ALTERNATE)]:
        user = make_user(language=language, email=f"{language}@example.org", name="José Peña")
        make_delegate(membership=seat, user=user, role=role)
    make_delegate_user("observer")
    make_delegate_user("partner")
    make_delegate(user=make_user(email="antes@example.org"), membership=seat, role="technical", ended_on=date(2024, 5, 1))
    document = make_minutes(title="Acta de la reunión", title_pt_br="Ata da reunião", slug="acta")

    count = documents.circulate(document)

    messages = {message.to: message for message in Message.objects.filter(kind="minutes_circulated")}
    assert (count, set(messages)) == (2, {"es@example.org", "pt-br@example.org"})
    assert "Acta de la reunión" in messages["es@example.org"].subject
    assert "Ata da reunião" in messages["pt-br@example.org"].subject
    for language, message in [("es", messages["es@example.org"]), ("pt-br", messages["pt-br@example.org"])]:
        with translation.override(language):
            link = f"http://testserver{document.get_absolute_url()}"
        assert link in message.text
        assert link in message.html
        assert "José Peña" in message.text


def test_the_desk_says_what_circulating_will_do_before_it_does(desk):
    document = make_minutes()
    make_delegate_user()
    page = reverse("admin:recordings_document_circulate", args=[document.pk])

    asked = desk.post(page, {"tell": "on"})
    before = Document.objects.get().state
    desk.post(page, {"tell": "on", "shown": asked.context["shown"]})

    assert asked.context["consequences"]
    assert (before, Document.objects.get().state, Message.objects.count()) == ("draft", "circulated", 1)


def test_minutes_of_long_ago_are_put_in_order_without_a_message(desk):
    document, meeting = make_minutes(), make_seminar()
    make_delegate_user()
    circulate, approve = (reverse(f"admin:recordings_document_{act}", args=[document.pk]) for act in ("circulate", "approve"))
    answers = {"on": "2016-05-03", "meeting": meeting.pk, "audience": "members"}

    desk.post(circulate, {"shown": desk.post(circulate, {}).context["shown"]})
    desk.post(approve, answers | {"shown": desk.post(approve, answers).context["shown"]})

    document.refresh_from_db()
    assert (document.state, document.approved_on, document.approving_meeting) == ("approved", date(2016, 5, 3), meeting)
    assert Message.objects.count() == 0


def test_approved_minutes_keep_their_text_until_the_approval_is_taken_back(desk):
    document = make_minutes("approved", audience="members")
    another = SimpleUploadedFile("otra.pdf", PDF + b"% otra")

    def save(**typed):
        another.seek(0)
        return desk.post(address(document), filled(desk.get(address(document)), **typed)).context

    refused = [
        save(file=another, changes="Otra redacción")["adminform"].form.errors.as_data(),
        save(kind="report", wider="on")["adminform"].form.errors.as_data(),
    ]
    documents.take_back(document)
    taken = save(file=another)

    assert [(name, error.code) for errors in refused for name, [error] in errors.items()] == [
        ("file", "approved"),
        ("kind", "approved"),
    ]
    assert (taken, document.versions.count()) == (None, 2)


def test_no_act_adds_a_text_to_approved_minutes():
    document = make_minutes("circulated")
    stale = Document.objects.get()
    documents.approve(document, on=date(2024, 9, 6))

    assert refused(documents.add_version, stale, SimpleUploadedFile("otra.pdf", PDF + b"% otra"), by=None) == "approved"
    assert document.versions.count() == 1


def test_a_version_that_comes_while_the_approval_is_noted_is_shown_first(desk):
    document = make_minutes("circulated")
    page, answers = reverse("admin:recordings_document_approve", args=[document.pk]), {"on": "2024-09-06", "audience": "members"}
    shown = desk.post(page, answers).context

    make_version(document, content=PDF + b"% corregida", name="corregida.pdf")
    again = desk.post(page, answers | {"shown": shown["shown"]}).context

    assert Document.objects.get().state == "circulated"
    assert "versión 1" in " ".join(map(str, shown["consequences"]))
    assert "versión 2, «corregida.pdf»" in " ".join(map(str, again["consequences"]))


def test_older_versions_are_opened_to_more_people_only_when_that_is_confirmed(desk):
    document = make_document(url="", audience="members")
    make_version(document, content=PDF + b"% primera")
    make_version(document, content=PDF + b"% segunda")

    def save(**typed):
        page = desk.post(address(document), filled(desk.get(address(document)), **typed))
        return [each.code for each in page.context["adminform"].form.errors.as_data()["wider"]] if page.context else DONE

    found = {
        "older versions too": save(shows_versions="on"),
        "confirmed": save(shows_versions="on", wider="on"),
        "for everyone": save(audience="everyone"),
        "for everyone, confirmed": save(audience="everyone", wider="on"),
    }

    assert found == {
        "older versions too": ["confirm"],
        "confirmed": DONE,
        "for everyone": ["confirm", "confirm"],
        "for everyone, confirmed": DONE,
    }


def test_only_the_steps_of_their_state_are_offered(desk):
    offered = {
        state: [act["route"].rpartition("_")[2] for act in desk.get(address(make_minutes(state))).context["acts"]]
        for state in MinutesState.values
    }

    assert offered == {
        "draft": ["circulate", "openings"],
        "circulated": ["approve", "take-back", "openings"],
        "approved": ["take-back", "openings"],
    }


def test_the_page_says_where_minutes_were_approved_to_those_who_see_that_meeting(client):
    document = make_minutes("approved", audience=Audience.EVERYONE, approved_on=date(2024, 10, 3))
    document.approving_meeting = make_seminar(title="Encuentroreservado", audience=Audience.MEMBERS)
    document.save()

    for_visitor = client.get(document.get_absolute_url()).content.decode()
    client.force_login(make_delegate_user())
    for_member = client.get(document.get_absolute_url()).content.decode()

    assert "2024-10-03" not in for_visitor
    assert "3 de octubre de 2024" in for_visitor
    assert ("Encuentroreservado" in for_visitor, "Encuentroreservado" in for_member) == (False, True)


def questions(client, pages):
    """How many queries each of `pages` makes."""
    counted = []
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counted.append(len(asked))
    return counted


def test_a_library_asks_as_many_questions_of_many_documents_as_of_one(client):
    client.force_login(make_delegate_user())
    meeting = make_seminar()
    pages = [reverse("recordings:documents"), make_minutes("approved", audience="members", slug="acta").get_absolute_url()]
    Document.objects.update(approving_meeting=meeting, shows_versions=True)
    of_one = questions(client, pages)

    for number in range(3):
        another = make_minutes("circulated", seminar=meeting)
        make_version(another, content=SECOND)
        Document.objects.filter(slug="acta").update(state="circulated", approving_meeting=None)
        make_version(Document.objects.get(slug="acta"), content=PDF + b"%%%d" % number)
        Document.objects.filter(slug="acta").update(state="approved", approving_meeting=meeting)

    assert questions(client, pages) == of_one


# Who opened what


def read(client, document, **headers):
    answer = client.get(reverse("document_file", args=[document.slug]), headers=headers)
    return answer.status_code, b"".join(answer.streaming_content)


def test_a_delegate_who_opens_a_paper_is_noted_once_an_hour_and_told_so(client):
    user = make_user()
    mandate = make_delegate(person=make_person(user=user, name="Ana Peña"))
    document = make_version(make_document(url="", audience=Audience.MEMBERS)).document
    client.force_login(user)

    page = client.get(document.get_absolute_url())
    client.head(reverse("document_file", args=[document.slug]))
    before = DocumentOpening.objects.count()
    for part in ("bytes=0-9", "bytes=10-", "bytes=99999-"):
        client.get(reverse("document_file", args=[document.slug]), headers={"range": part})
    read(client, document)

    opening = DocumentOpening.objects.get()
    assert (before, opening.document, opening.number, opening.user) == (0, document, 1, user)
    assert (opening.name, opening.membership) == ("Ana Peña", mandate.membership)
    assert page.context["is_told"]
    assert 'aria-describedby="told"' in page.content.decode()


def test_after_an_hour_or_of_another_version_it_is_another_opening(client):
    user = make_delegate_user()
    document = make_version(make_document(url="", audience=Audience.MEMBERS)).document
    client.force_login(user)

    read(client, document)
    DocumentOpening.objects.update(opened_at=timezone.now() - timedelta(minutes=61))
    read(client, document)
    make_version(document, content=SECOND)
    read(client, document)

    assert sorted(DocumentOpening.objects.values_list("number", flat=True)) == [1, 1, 2]


def test_nobody_else_is_noted_and_nothing_public(client):
    public, closed = make_version().document, make_version(make_document(url="", audience=Audience.MEMBERS)).document
    read(client, public)
    client.force_login(make_delegate_user())
    page = client.get(public.get_absolute_url())
    read(client, public)
    client.force_login(make_secretary())
    read(client, closed)

    assert DocumentOpening.objects.count() == 0
    assert not page.context["is_told"]


def test_an_account_that_goes_leaves_the_name_as_it_was(client):
    user = make_user()
    mandate = make_delegate(person=make_person(user=user, name="Ana Peña"))
    document = make_version(make_document(url="", audience=Audience.MEMBERS)).document
    documents.note_opening(document.current, by=user)

    mandate.person.user = None
    mandate.person.save()
    user.delete()

    assert DocumentOpening.objects.values_list("name", "user").get() == ("Ana Peña", None)


def test_the_secretariat_reads_who_opened_it_and_editors_do_not(client):
    document = make_version(make_document(url="", audience=Audience.MEMBERS, slug="acta")).document
    user = make_user()
    make_delegate(person=make_person(user=user, name='=HYPERLINK("https://malo.example";"Ana")'))
    documents.note_opening(document.current, by=user)
    doors = [reverse(f"admin:recordings_document_{name}", args=[document.pk]) for name in ("openings", "openings_csv")]

    client.force_login(make_editor())
    refused_doors = [client.get(door).status_code for door in doors]
    offered = [act["route"] for act in client.get(address(document)).context["acts"]]
    client.force_login(make_secretary())
    page, sheet = (client.get(door) for door in doors)

    assert (refused_doors, offered) == ([403, 403], [])
    assert "HYPERLINK" in page.content.decode()
    assert "\"'=HYPERLINK(" in sheet.content.decode()
    assert sheet["Content-Type"] == "text/csv; charset=utf-8"


def test_minutes_approved_between_the_check_of_a_form_and_its_saving_are_said_beside_the_file(desk, monkeypatch):
    document = make_minutes("circulated")
    typed = filled(desk.get(address(document)), file=SimpleUploadedFile("otra.pdf", PDF + b"% otra"), changes="Otra redacción")
    documents.approve(document, on=date(2024, 9, 6))
    check, unseen = Document.refuse_another_text, [1]
    monkeypatch.setattr(Document, "refuse_another_text", lambda self: unseen.pop() if unseen else check(self))

    answer = desk.post(address(document), typed)

    assert [error.code for error in answer.context["adminform"].form.errors.as_data()["file"]] == ["approved"]
    assert ("Otra redacción" in answer.content.decode(), document.versions.count()) == (True, 1)
