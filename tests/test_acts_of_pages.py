"""Actions on a record's page at the desk: nothing typed is lost, and nothing is done to a page that was refused."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from events.models import Consultation, Seminar
from members.models import Delegate, User
from recordings.models import Recording
from rifess.base.admin.pages import SavesBeforeActing
from rifess.base.dates import today_in_the_network
from tests import make
from tests.desk import address, filled

pytestmark = pytest.mark.django_db


def make_draft_recording():
    return make.make_recording(panel=make.make_panel(), published_at=None)


def make_consultation(**given):
    now = timezone.now()
    days = {"opens_at": now + timedelta(days=1), "closes_at": now + timedelta(days=8)}
    consultation = Consultation.objects.create(question_es="¿Se aprueba?", **days | given)
    consultation.options.create(position=1, meaning="proposal", text_es="A favor")
    consultation.options.create(position=2, meaning="against", text_es="En contra")
    make.make_membership(country="MX")
    return consultation


MOMENTS = {"opens_at_0": "2040-05-04", "opens_at_1": "09:00", "closes_at_0": "2040-05-14", "closes_at_1": "18:00"}
# how to make the row, action, what is typed, what is refused, whether the action was done
ACTIONS = {
    "publish a seminar": (
        lambda: make.make_panel(seminar=make.make_seminar(published_at=None)).seminar,
        "publish",
        {"title_es": "Un título nuevo"},
        {"starts_on": "ayer"},
        lambda row: row.is_published,
    ),
    "take a seminar back": (
        make.make_seminar,
        "unpublish",
        {"title_es": "Un título nuevo"},
        {"starts_on": "ayer"},
        lambda row: not row.is_published,
    ),
    "publish a recording": (
        make_draft_recording,
        "publish",
        {"title_es": "Un título nuevo"},
        {"duration": "largo"},
        lambda row: row.is_published,
    ),
    "withdraw a recording": (
        lambda: make.make_recording(panel=make.make_panel()),
        "withdraw",
        {"title_es": "Un título nuevo"},
        {"duration": "largo"},
        lambda row: row.withdrawn_on is not None,
    ),
    "publish a consultation": (
        make_consultation,
        "publish",
        {"question_es": "¿Se aprueba el plan?"},
        {"quorum_percent": "101"},
        lambda row: row.is_published,
    ),
    "approve a registration": (
        lambda: make.make_registration(state="to-approve"),
        "approve",
        {"notes": "Llamó por teléfono"},
        {"name": ""},
        lambda row: row.state == "confirmed",
    ),
}


def act(desk, row, action, **typed):
    """Type `typed` on the page of `row`, choose `action` and press its button."""
    page = desk.get(address(row))
    chosen = {"CHANGE_FORM-action": action, "_selected_action": str(row.pk), "index": "0"}
    moments = MOMENTS if isinstance(row, Consultation) else {}
    return desk.post(address(row), filled(page, **moments, **typed, **chosen), follow=True)


def test_an_action_of_a_page_is_done_to_what_was_typed_there(desk):
    found = {}

    for name, (make_row, action, typed, _refused, is_done) in ACTIONS.items():
        row = make_row()
        act(desk, row, action, **typed)
        row = type(row).objects.get(pk=row.pk)
        found[name] = ({field: getattr(row, field) for field in typed} == typed, is_done(row))

    assert found == dict.fromkeys(ACTIONS, (True, True))


def test_an_action_is_not_carried_out_when_the_page_is_refused_and_what_was_typed_is_shown_again(desk):
    found = {}

    for name, (make_row, action, typed, refused, is_done) in ACTIONS.items():
        row = make_row()
        page = act(desk, row, action, **typed | refused)
        shown = page.context["adminform"].form
        kept = {field: shown[field].value() for field in typed | refused} == typed | refused
        said = "La acción no se realizó" in page.content.decode()
        found[name] = (kept, said, is_done(type(row).objects.get(pk=row.pk)))

    assert found == dict.fromkeys(ACTIONS, (True, True, False))


def test_an_action_that_is_itself_refused_keeps_what_was_typed(desk):
    seminar = make.make_seminar(published_at=None)  # without a panel it is not published

    act(desk, seminar, "publish", title_es="Un título nuevo")

    seminar.refresh_from_db()
    assert (seminar.title_es, seminar.is_published) == ("Un título nuevo", False)


def test_the_button_without_an_action_saves_and_so_does_the_enter_key(desk):
    seminar = make.make_seminar()

    page = act(desk, seminar, "", title_es="Un título nuevo")

    form = page.content.decode().partition('id="seminar_form"')[2]
    first = form.index('type="submit"')
    assert 'name="_continue"' in form[first : first + 60]
    assert Seminar.objects.get().title_es == "Un título nuevo"


def test_an_action_is_done_to_no_other_row_than_that_of_the_page(desk):
    row, other = make_draft_recording(), make_draft_recording()
    page = desk.get(address(row))

    sent = filled(page, title_es="Otro", **{"CHANGE_FORM-action": "publish", "_selected_action": str(other.pk)})
    answer = desk.post(address(row), sent)

    assert answer.status_code == 400
    assert not Recording.objects.filter(title_es="Otro").exists() and not Recording.objects.public().exists()


def test_every_page_with_actions_saves_before_it_acts():
    careless = [
        model
        for model, page in admin.site._registry.items()
        if not isinstance(page, SavesBeforeActing)
        and any(ActionLocation.CHANGE_FORM in getattr(getattr(page, str(name), name), "locations", []) for name in page.actions)
    ]

    assert careless == []


def test_who_may_only_look_publishes_and_ends_nothing(client):
    reader = make.make_user(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    rows = [make_consultation(), make_draft_recording(), make.make_registration(state="to-approve"), make.make_seminar()]
    client.force_login(reader)

    pages = {type(row): client.get(address(row)) for row in rows}

    assert {model: page.status_code for model, page in pages.items()} == dict.fromkeys(pages, 200)
    assert {model: page.context.get("action_form") for model, page in pages.items()} == dict.fromkeys(pages)


def test_a_guided_act_shows_its_consequences_again_when_somebody_changed_the_record_meanwhile(desk):
    mandate = make.make_delegate(membership=make.make_membership(country="MX"), user=make.make_user())
    page, today = reverse("admin:members_delegate_end", args=[mandate.pk]), today_in_the_network()
    answers = {"on": (today + timedelta(days=30)).isoformat()}
    shown = desk.post(page, answers).context["shown"]

    Delegate.objects.filter(pk=mandate.pk).update(accreditation="Oficio 12")
    again = desk.post(page, answers | {"shown": shown})
    done = desk.post(page, answers | {"shown": again.context["shown"]})

    assert "Alguien cambió este registro" in again.content.decode() and again.context["consequences"]
    assert done.status_code == 302
    assert Delegate.objects.get().ended_on == today + timedelta(days=30)


def test_a_visit_of_the_account_is_no_change_of_its_record(desk):
    account = make.make_user()
    page = reverse("admin:members_user_second-factor", args=[account.pk])
    shown = desk.get(page).context["shown"]

    User.objects.filter(pk=account.pk).update(desk_seen_at=timezone.now())

    assert desk.post(page, {"shown": shown}).status_code == 302
