"""What was done to a record, in words."""

from datetime import date

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import translation

from members.models import Delegate, DelegateRole
from rifess.base.admin.history import Change, entries_of, happenings
from tests.make import make_delegate, make_institution, make_membership, make_secretary, make_seminar, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def changes_of(row):
    return happenings(entries_of(row))[0].changes


def test_a_change_tells_who_when_before_and_after():
    mandate, secretary = make_delegate(starts_on=date(2024, 1, 1)), make_secretary(name="Ana Núñez")

    with set_actor(secretary):
        mandate.ended_on = date(2026, 5, 3)
        mandate.save()
    latest = happenings(entries_of(mandate))[0]

    assert (latest.who, str(latest.verb)) == ("Ana Núñez", "changed")
    assert latest.changes == [Change("Ended on", "", "3 May 2026")]


def test_choices_and_flags_are_said_in_words():
    mandate = make_delegate(role=DelegateRole.ALTERNATE, is_public=False)

    mandate.role, mandate.is_public = DelegateRole.TITULAR, True
    mandate.save()

    assert changes_of(mandate) == [Change("Role", "alternate", "principal delegate"), Change("Shown to visitors", "no", "yes")]


def test_a_key_is_said_by_the_name_of_what_it_points_to():
    membership = make_membership(institution=make_institution(name="Instituto Uno"))

    membership.institution = make_institution(name="Instituto Dos")
    membership.save()

    assert changes_of(membership) == [Change("Institution", "Instituto Uno", "Instituto Dos")]


def test_a_key_to_what_is_gone_says_so():
    first = make_institution()
    membership = make_membership(institution=first)
    membership.institution = None
    membership.save()

    first.delete()

    assert changes_of(membership) == [Change("Institution", "something that was deleted since", "")]


def test_a_translated_text_is_told_once_for_each_language():
    institution = make_institution(name="Instituto")

    institution.name_pt_br = "Instituto Nacional"
    institution.save()

    assert [change.after for change in changes_of(institution)] == ["Instituto Nacional"]


def test_what_was_put_beside_it_is_told():
    seminar = make_seminar()

    seminar.topics.add(make_topic(name="Finanzas"))

    assert changes_of(seminar) == [Change("Topics", "", "Finanzas")]


def test_many_entries_ask_as_many_questions_as_few(django_assert_num_queries):
    for _number in range(5):
        make_delegate(membership=make_membership(category="observer"))
    entries = list(LogEntry.objects.get_for_model(Delegate).select_related("actor", "content_type"))

    with django_assert_num_queries(2):  # the people, and the memberships with their institutions
        happenings(entries[:1])
    with django_assert_num_queries(2):
        assert len(happenings(entries)) == 5


def test_the_desk_shows_the_history_of_a_record_in_words(client):
    membership, secretary = make_membership(institution=make_institution(name="Instituto Uno")), make_secretary(name="Ana Núñez")
    with set_actor(secretary):
        membership.left_on = date(2026, 5, 1)
        membership.save()
    client.force_login(secretary)

    page = client.get(reverse("admin:members_membership_history", args=[membership.pk])).content.decode()

    assert "Ana Núñez" in page
    assert "1 May 2026" in page
