"""Written consultations: who may vote and until when, what is counted, what it decides, and who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from events.consultations import closing, voting
from events.consultations.tally import count, quorum_of, reaches
from events.models import (
    Agreement,
    AgreementState,
    Consultation,
    ConsultationOption,
    OptionMeaning,
    Threshold,
    Vote,
    VoteCast,
)
from members.models import DelegateRole, Membership, Message
from tests.desk import address, filled
from tests.events.consultations.test_meetings import queries
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_editor,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked, and constraints met")]

SEVEN = ["BR", "CL", "CO", "CU", "ES", "GT", "MX"]
OPENS = datetime(2026, 5, 4, 15, tzinfo=UTC)
CLOSES = datetime(2026, 5, 15, 0, 0, 0, tzinfo=UTC)  # still 14 May in Mexico City
DURING = OPENS + timedelta(days=2)
FOR, AGAINST, ABSTAINS = OptionMeaning.PROPOSAL, OptionMeaning.AGAINST, OptionMeaning.ABSTENTION


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_consultation(published=True, **given):
    """A consultation with the three usual answers: in favour, against, abstention."""
    given.setdefault("question_es", "¿Se aprueba el plan de trabajo?")
    defaults = {"opens_at": OPENS, "closes_at": CLOSES, "published_at": OPENS - timedelta(days=1) if published else None}
    consultation = Consultation.objects.create(**defaults | given)
    voting.add_usual_options(consultation)
    return consultation


def make_members(codes=SEVEN):
    return [make_membership(country=code, institution=make_institution()) for code in codes]


def make_voter(membership, role=DelegateRole.TITULAR, **given):
    user = make_user(language=given.pop("language", "es"))
    make_delegate(user=user, membership=membership, role=role, **given)
    return user


def answer(consultation, meaning):
    return consultation.options.filter(meaning=meaning).first()


def vote(consultation, membership, meaning, now=DURING):
    return voting.cast(consultation.pk, answer(consultation, meaning).pk, by=make_voter(membership), now=now)


def vote_all(consultation, members, *meanings):
    """The members vote in their order; those without a meaning do not."""
    for membership, meaning in zip(members, meanings, strict=False):
        vote(consultation, membership, meaning)


def refusal(*args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        voting.cast(*args, **kwargs)
    return refused.value.code


# What is counted


@pytest.mark.parametrize(
    ("percent", "units", "needed"), [(50, 7, 4), (0, 7, 0), (100, 7, 7), (50, 8, 4), (57, 7, 4), (58, 7, 5), (1, 7, 1)]
)
def test_the_quorum_is_never_rounded_down(percent, units, needed):
    assert quorum_of(percent, units) == needed


@pytest.mark.parametrize(
    ("threshold", "base", "enough"),
    [
        (Threshold.MAJORITY, 7, 4),
        (Threshold.MAJORITY, 6, 4),
        (Threshold.MAJORITY_OF_ALL, 7, 4),
        (Threshold.TWO_THIRDS, 7, 5),
        (Threshold.TWO_THIRDS, 6, 4),
        (Threshold.THREE_QUARTERS, 7, 6),
        (Threshold.THREE_QUARTERS, 4, 3),
        (Threshold.UNANIMITY, 7, 7),
        (Threshold.UNANIMITY, 1, 1),
    ],
)
def test_a_threshold_is_reached_with_just_so_many_votes(threshold, base, enough):
    assert not reaches(threshold, enough - 1, base)
    assert reaches(threshold, enough, base)


@pytest.mark.parametrize("threshold", Threshold)
def test_no_votes_reach_nothing(threshold):
    assert not reaches(threshold, 0, 0)


def test_four_of_seven_members_adopt():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR, AGAINST, AGAINST, ABSTAINS)

    result = count(consultation)

    assert (result.voted, len(result.units), result.base) == (7, 7, 6)
    assert [result.votes[str(option.pk)] for option in consultation.options.all()] == [4, 2, 1]
    assert (result.adopted, result.reason) == (answer(consultation, FOR).pk, "")


def test_a_tie_adopts_nothing():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, AGAINST, AGAINST, AGAINST)

    result = count(consultation)

    assert (result.adopted, result.reason, result.threshold_reached) == (None, "tie", False)


def test_too_few_members_for_the_quorum_adopt_nothing_however_they_vote():
    consultation, members = make_consultation(quorum_percent=50), make_members()
    vote_all(consultation, members, FOR, FOR, FOR)

    result = count(consultation)

    assert (result.adopted, result.reason, result.quorum_reached, result.threshold_reached) == (None, "quorum", False, True)


def test_abstentions_make_up_the_quorum():
    consultation, members = make_consultation(quorum_percent=50), make_members()
    vote_all(consultation, members, FOR, ABSTAINS, ABSTAINS, ABSTAINS)

    result = count(consultation)

    assert (result.quorum_reached, result.base, result.adopted) == (True, 1, answer(consultation, FOR).pk)


def test_abstentions_that_are_votes_cast_make_the_threshold_harder():
    consultation, members = make_consultation(counts_abstentions=True), make_members()
    vote_all(consultation, members, FOR, FOR, AGAINST, ABSTAINS, ABSTAINS)

    result = count(consultation)

    assert (result.base, result.adopted, result.reason) == (5, None, "threshold")


def test_more_than_half_of_all_members_is_asked_of_all_of_them():
    consultation, members = make_consultation(threshold=Threshold.MAJORITY_OF_ALL, quorum_percent=0), make_members()
    vote_all(consultation, members, FOR, FOR, FOR)
    before = count(consultation)

    vote(consultation, members[3], FOR)

    assert (before.base, before.adopted, before.reason) == (7, None, "threshold")
    assert count(consultation).adopted == answer(consultation, FOR).pk


def test_two_thirds_of_seven_are_five():
    consultation, members = make_consultation(threshold=Threshold.TWO_THIRDS), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR, AGAINST, AGAINST)
    four_of_six = count(consultation)

    vote(consultation, members[6], AGAINST)

    assert four_of_six.adopted == answer(consultation, FOR).pk
    assert (count(consultation).adopted, count(consultation).reason) == (None, "threshold")


def test_one_vote_against_ends_unanimity():
    consultation, members = make_consultation(threshold=Threshold.UNANIMITY), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR, FOR, ABSTAINS)
    before = count(consultation)

    vote(consultation, members[6], AGAINST)

    assert (before.adopted, count(consultation).adopted) == (answer(consultation, FOR).pk, None)


def test_what_most_are_against_is_not_adopted():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, AGAINST, AGAINST, AGAINST, AGAINST, FOR)

    assert (count(consultation).adopted, count(consultation).reason) == (None, "against")


def test_nobody_voted_and_no_quorum_was_asked():
    consultation, _members = make_consultation(quorum_percent=0), make_members()

    result = count(consultation)

    assert (result.voted, result.adopted, result.reason) == (0, None, "none")


def test_of_several_proposals_the_one_with_most_votes_is_adopted():
    consultation, members = make_consultation(), make_members()
    other = ConsultationOption(consultation=consultation, position=4, text_es="En Bogotá")
    other.save()
    for member in members[:4]:
        voting.cast(consultation.pk, other.pk, by=make_voter(member), now=DURING)
    vote(consultation, members[4], FOR)

    assert count(consultation).adopted == other.pk


def test_a_membership_that_ended_before_the_closing_does_not_count():
    consultation, members = make_consultation(quorum_percent=100), make_members()
    vote_all(consultation, members, *[FOR] * 3, *[AGAINST] * 4)
    Membership.objects.filter(pk=members[6].pk).update(left_on=date(2026, 5, 14))

    result = count(consultation)

    assert (len(result.units), result.voted, result.reason) == (6, 6, "tie")
    assert consultation.log.count() == 7


def test_a_membership_that_ends_the_day_after_the_closing_counts():
    consultation, members = make_consultation(), make_members(["MX"])
    vote(consultation, members[0], FOR)
    Membership.objects.filter(pk=members[0].pk).update(left_on=date(2026, 5, 15))

    assert len(count(consultation).units) == 1


# Who votes, and when


def test_each_vote_leaves_a_line_in_the_log():
    consultation, members = make_consultation(), make_members()
    titular = make_voter(members[0])

    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=titular, now=DURING)
    voting.cast(consultation.pk, answer(consultation, AGAINST).pk, by=titular, now=DURING + timedelta(hours=1))

    assert consultation.votes.get().option == answer(consultation, AGAINST)
    assert [(line.by, line.role, line.option.meaning, line.replaced) for line in consultation.log.all()] == [
        (titular, "titular", FOR, False),
        (titular, "titular", AGAINST, True),
    ]


def test_the_titulars_vote_takes_the_place_of_the_alternates():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    titular, alternate = make_voter(member), make_voter(member, DelegateRole.ALTERNATE)
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=alternate, now=DURING)

    voting.cast(consultation.pk, answer(consultation, AGAINST).pk, by=titular, now=DURING)

    standing = consultation.votes.get()
    assert (standing.option.meaning, standing.role, standing.by) == (AGAINST, "titular", titular)
    assert [line.role for line in consultation.log.all()] == ["alternate", "titular"]


def test_an_alternate_may_not_take_the_place_of_the_titulars_vote():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    titular, alternate = make_voter(member), make_voter(member, DelegateRole.ALTERNATE)
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=titular, now=DURING)

    assert refusal(consultation.pk, answer(consultation, AGAINST).pk, by=alternate, now=DURING) == "titular_voted"
    assert (consultation.votes.get().by, consultation.log.count()) == (titular, 1)


def test_another_alternate_may_take_the_place_of_an_alternates_vote():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    first, second = make_voter(member, DelegateRole.ALTERNATE), make_voter(member, DelegateRole.ALTERNATE)
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=first, now=DURING)

    voting.cast(consultation.pk, answer(consultation, ABSTAINS).pk, by=second, now=DURING)

    assert consultation.votes.get().by == second


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (OPENS - timedelta(seconds=1), "not_begun"),
        (CLOSES, "over"),
        (CLOSES + timedelta(seconds=1), "over"),
    ],
)
def test_no_vote_is_taken_before_the_opening_nor_at_the_closing_second(moment, code):
    consultation, (member,) = make_consultation(), make_members(["MX"])

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member), now=moment) == code
    assert (Vote.objects.count(), VoteCast.objects.count()) == (0, 0)


@pytest.mark.parametrize("moment", [OPENS, CLOSES - timedelta(seconds=1)])
def test_the_first_and_the_last_second_are_in_time(moment):
    consultation, (member,) = make_consultation(), make_members(["MX"])

    assert vote(consultation, member, FOR, now=moment).cast_at == moment


def test_a_draft_takes_no_votes():
    consultation, (member,) = make_consultation(published=False), make_members(["MX"])

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member), now=DURING) == "not_begun"


@pytest.mark.parametrize("category", ["observer", "partner"])
def test_observers_and_partners_have_no_vote(category):
    consultation, seat = make_consultation(), make_membership(category=category)

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_voter(seat), now=DURING) == "no_vote"


def test_a_technical_contact_only_reads():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    contact = make_voter(member, DelegateRole.TECHNICAL)

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=contact, now=DURING) == "technical"


def test_the_secretariat_has_no_vote():
    consultation = make_consultation()

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_secretary(), now=DURING) == "no_vote"


def test_a_mandate_that_ended_today_is_out():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    former = make_voter(member, ended_on=date(2026, 5, 6))

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=former, now=DURING) == "no_vote"


def test_a_membership_that_is_known_to_end_before_the_closing_has_no_vote():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    Membership.objects.filter(pk=member.pk).update(left_on=date(2026, 5, 10))

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member), now=DURING) == "no_vote"


def test_whoever_speaks_for_two_members_votes_for_the_one_chosen():
    consultation, (chile, brazil) = make_consultation(), make_members(["CL", "BR"])
    person, user = make_person(), make_user()
    person.user = user
    person.save()
    for member in (chile, brazil):
        make_delegate(person=person, membership=member)
    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=user, now=DURING) == "no_vote"

    user.acts_for = brazil.pk
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=user, now=DURING)

    assert consultation.votes.get().membership == brazil


def test_an_answer_of_another_consultation_is_none():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    other = answer(make_consultation(), FOR)

    assert refusal(consultation.pk, other.pk, by=make_voter(member), now=DURING) == "unknown_option"


# The rules stay


@pytest.mark.parametrize(
    "change",
    [{"question_es": "Otra"}, {"quorum_percent": 10}, {"threshold": Threshold.UNANIMITY}, {"closes_at": CLOSES + timedelta(1)}],
)
def test_the_rules_of_an_open_consultation_stay_as_they_are(change):
    consultation = make_consultation(opens_at=timezone.now() - timedelta(hours=1), closes_at=timezone.now() + timedelta(days=3))
    for name, value in change.items():
        setattr(consultation, name, value)

    with pytest.raises(ValidationError) as refused:
        consultation.full_clean()

    assert refused.value.error_dict["__all__"][0].code == "has_begun"


def test_the_answers_of_an_open_consultation_stay_as_they_are():
    consultation = make_consultation(opens_at=timezone.now() - timedelta(hours=1), closes_at=timezone.now() + timedelta(days=3))
    option = answer(consultation, FOR)
    option.text_es = "Otra cosa"

    with pytest.raises(ValidationError) as refused:
        option.full_clean()

    assert refused.value.error_dict["__all__"][0].code == "has_begun"


def test_a_draft_may_be_changed():
    consultation = make_consultation(published=False)
    consultation.quorum_percent = 80

    consultation.full_clean()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"closes_at": OPENS}, "A consultation closes after it opens."),
        ({"quorum_percent": 101}, "The quorum goes from 0 to 100 per cent."),
        ({"closed_at": CLOSES}, "The result is written when the consultation is over."),
        ({"called_off_at": OPENS}, "Only what is published and has no result yet can be cancelled."),
    ],
)
def test_the_database_keeps_the_rules_of_a_row(given, sentence):
    consultation = make_consultation(published=False)
    for name, value in given.items():
        setattr(consultation, name, value)

    with pytest.raises(ValidationError) as refused:
        consultation.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        consultation.save()

    assert sentence in refused.value.messages


def test_there_is_one_abstention():
    consultation = make_consultation(published=False)
    second = ConsultationOption(consultation=consultation, text_es="Me abstengo", meaning=ABSTAINS)

    with pytest.raises(ValidationError, match="There is already an abstention."):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_a_member_has_one_vote_in_the_database_too():
    consultation, (member,) = make_consultation(), make_members(["MX"])
    standing = vote(consultation, member, FOR)
    second = Vote(
        consultation=consultation,
        membership=member,
        option=standing.option,
        mandate=standing.mandate,
        role="titular",
        cast_at=DURING,
    )

    with pytest.raises(ValidationError, match="This member has voted."):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


# Published, told, closed


def test_publishing_asks_for_answers_of_which_one_can_be_adopted():
    consultation, _members = make_consultation(published=False), make_members()
    consultation.options.filter(meaning=FOR).delete()

    with pytest.raises(ValidationError) as refused:
        voting.publish(consultation, by=make_secretary(), now=OPENS)

    assert refused.value.code == "nothing_to_adopt"


def test_publishing_asks_for_a_closing_to_come():
    consultation, _members = make_consultation(published=False), make_members()

    with pytest.raises(ValidationError) as refused:
        voting.publish(consultation, by=make_secretary(), now=CLOSES)

    assert refused.value.code == "over"


def test_publishing_asks_for_members():
    with pytest.raises(ValidationError) as refused:
        voting.publish(make_consultation(published=False), by=make_secretary(), now=OPENS)

    assert refused.value.code == "no_members"


def test_publishing_what_is_open_at_once_tells_the_members(django_capture_on_commit_callbacks):
    member = make_members(["MX"])[0]
    titular, alternate = make_voter(member), make_voter(member, DelegateRole.ALTERNATE, language="pt-br")
    make_voter(member, DelegateRole.TECHNICAL)
    make_voter(make_membership(category="observer"))
    soon = {"opens_at": timezone.now() - timedelta(minutes=1), "closes_at": timezone.now() + timedelta(days=9)}
    consultation = make_consultation(published=False, **soon)

    with django_capture_on_commit_callbacks(execute=True):
        voting.publish(consultation, by=make_secretary())

    told = Message.objects.filter(kind="consultation_opened").order_by("pk")
    assert [(message.to, message.language) for message in told] == [(titular.email, "es"), (alternate.email, "pt-br")]
    assert "/es/" in told[0].text and "/pt-br/" in told[1].text
    assert "¿Se aprueba el plan de trabajo?" in told[0].text


def test_members_are_told_of_the_opening_once():
    make_voter(make_members(["MX"])[0])
    consultation = make_consultation()

    closing.attend_all(OPENS - timedelta(seconds=1))
    before = Message.objects.count()
    closing.attend(consultation.pk, now=OPENS)
    closing.attend_all(OPENS + timedelta(hours=1))

    assert (before, [message.kind for message in Message.objects.all()]) == (0, ["consultation_opened"])


def test_only_members_that_have_not_voted_are_reminded_the_day_before():
    voted, silent = make_members(["MX", "ES"])
    consultation = make_consultation()
    vote(consultation, voted, FOR)
    reminded = make_voter(silent)
    closing.attend_all(OPENS)

    closing.attend_all(CLOSES - timedelta(days=1, seconds=1))
    before = Message.objects.filter(kind="consultation_reminder").count()
    closing.attend_all(CLOSES - timedelta(hours=23))
    closing.attend_all(CLOSES - timedelta(hours=1))

    assert before == 0
    assert [message.to for message in Message.objects.filter(kind="consultation_reminder")] == [reminded.email]


def test_the_result_is_written_into_the_register_in_three_languages():
    consultation, members = make_consultation(question_pt_br="Aprova-se o plano?"), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR, AGAINST)

    written = closing.attend_all(CLOSES)

    agreement = Agreement.objects.get()
    consultation.refresh_from_db()
    assert (written, consultation.agreement, consultation.closed_at) == (1, agreement, CLOSES)
    assert (agreement.number, agreement.dated_on, agreement.state) == ("2026/1", date(2026, 5, 14), AgreementState.OPEN)
    titles = (agreement.title_es, agreement.title_pt_br, agreement.title_en)
    assert titles == ("¿Se aprueba el plan de trabajo?", "Aprova-se o plano?", None)
    assert "5 of 7 members voted. The quorum was 50 per cent: 4 members." in agreement.text_en
    assert "In favour: 4\nAgainst: 1\nAbstention: 0" in agreement.text_en
    assert all([agreement.text_es, agreement.text_pt_br])


def test_closing_twice_writes_once():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR)

    written = [
        closing.attend(consultation.pk, now=CLOSES),
        closing.attend(consultation.pk, now=CLOSES),
        closing.attend_all(CLOSES),
    ]

    assert (written, Agreement.objects.count()) == ([True, False, 0], 1)
    assert Message.objects.filter(kind="consultation_result").count() == 4


def test_what_is_not_adopted_is_in_the_register_too():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, FOR, FOR, AGAINST, AGAINST)

    closing.attend(consultation.pk, now=CLOSES)

    agreement = Agreement.objects.get()
    assert agreement.state == AgreementState.NOT_ADOPTED
    assert "Not adopted: the vote is a tie." in agreement.text_en


def test_the_number_follows_the_last_one_of_the_year():
    Agreement.objects.create(number="2026/7", dated_on=date(2026, 1, 1), title_es="Anterior")
    Agreement.objects.create(number="2026/extra", dated_on=date(2026, 1, 1), title_es="Otro")
    make_members(["MX"])
    consultation = make_consultation()

    closing.attend(consultation.pk, now=CLOSES)

    assert Agreement.objects.latest("pk").number == "2026/8"


def test_the_command_closes_what_is_due(capsys):
    make_members(["MX"])
    make_consultation()
    make_consultation(closes_at=timezone.now() + timedelta(days=3650))

    call_command("close_consultations")

    assert Consultation.objects.exclude(closed_at=None).count() == Agreement.objects.count() == 1
    assert "1" in capsys.readouterr().out


# Called off


def call_off(consultation, now=DURING, **reason):
    reason = reason or {"es": "Se publicó por error."}
    voting.call_off(consultation.pk, by=make_secretary(), reason=reason, now=now)
    consultation.refresh_from_db()
    return consultation


@pytest.mark.parametrize("moment", [OPENS - timedelta(hours=1), OPENS, CLOSES - timedelta(seconds=1)])
def test_what_was_published_by_mistake_is_called_off_until_it_closes(moment):
    titular, alternate = (make_voter(*given) for given in zip(make_members(["MX", "ES"]), DelegateRole.values, strict=False))
    consultation = make_consultation()

    call_off(consultation, now=moment, es="Se publicó por error.", **{"pt-br": "Foi um erro."})

    told = Message.objects.filter(kind="consultation_called_off").order_by("pk")
    assert (consultation.called_off_at, consultation.is_open(DURING)) == (moment, False)
    assert [message.to for message in told] == [titular.email, alternate.email]
    assert all("Se publicó por error." in message.text and "Se publicó por error." in message.html for message in told)


def test_each_reads_the_reason_in_their_language():
    make_voter(make_members(["BR"])[0], language="pt-br")

    call_off(make_consultation(), es="Se publicó por error.", **{"pt-br": "Foi um erro."})

    assert "Foi um erro." in Message.objects.get(kind="consultation_called_off").text


@pytest.mark.parametrize(
    ("given", "moment", "code"),
    [
        ({"published": False}, DURING, "not_published"),
        ({}, CLOSES, "over"),
        ({"called_off_at": OPENS}, DURING, "called_off"),
    ],
)
def test_there_is_a_time_for_calling_off(given, moment, code):
    consultation = make_consultation(**given)

    with pytest.raises(ValidationError) as refused:
        call_off(consultation, now=moment)

    assert refused.value.code == code
    assert not Message.objects.exists()


def test_calling_off_says_why():
    consultation = make_consultation()

    with pytest.raises(ValidationError) as refused:
        call_off(consultation, es="", en="")

    assert refused.value.code == "no_reason"


def test_what_was_called_off_is_not_published_again():
    with pytest.raises(ValidationError) as refused:
        voting.publish(call_off(make_consultation()), by=make_secretary(), now=DURING)

    assert refused.value.code == "called_off"


def test_no_vote_is_taken_once_it_is_called_off():
    (member,) = make_members(["MX"])
    consultation = call_off(make_consultation())

    assert refusal(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member), now=DURING) == "called_off"
    assert not VoteCast.objects.exists()


def test_what_was_called_off_is_neither_told_nor_counted():
    consultation, members = make_consultation(), make_members()
    vote_all(consultation, members, FOR, FOR, FOR, FOR)
    call_off(consultation)
    before = Message.objects.count()

    written = [closing.attend_all(DURING), closing.attend_all(CLOSES), closing.attend(consultation.pk, now=CLOSES)]

    consultation.refresh_from_db()
    assert (written, consultation.result, Agreement.objects.count()) == ([0, 0, False], None, 0)
    assert Message.objects.count() == before
    assert not Consultation.objects.to_be_closed(CLOSES).exists()
    assert not Consultation.objects.open(DURING).exists()


def test_what_was_called_off_before_it_opened_stays_as_it_is():
    soon = {"opens_at": timezone.now() + timedelta(days=1), "closes_at": timezone.now() + timedelta(days=3)}
    consultation = call_off(make_consultation(**soon), now=timezone.now())
    consultation.quorum_percent = 10
    option = answer(consultation, FOR)

    for row in (consultation, option):
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert refused.value.error_dict["__all__"][0].code == "called_off"


# Its pages


def make_open(**given):
    now = timezone.now()
    return make_consultation(
        **{"opens_at": now - timedelta(hours=2), "closes_at": now + timedelta(days=3), "published_at": now} | given
    )


def make_over(*meanings, **given):
    """A consultation that seven members voted in, whose result is written."""
    now = timezone.now()
    consultation, members = make_open(closes_at=now + timedelta(hours=1), **given), make_members()
    for membership, meaning in zip(members, meanings, strict=False):
        vote(consultation, membership, meaning, now=now)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=now - timedelta(minutes=1))
    closing.attend(consultation.pk)
    return Consultation.objects.get(pk=consultation.pk), members


def page_of(client, consultation, name="consultation", **asked):
    return client.get(reverse(f"delegation:{name}", args=[consultation.pk]), asked)


def words(response):
    return response.content.decode()


READERS = {
    "visitor": (lambda: None, 302),
    "without mandate": (make_user, 404),
    "editor": (make_editor, 404),
    "partner": (lambda: make_delegate_user(category="partner"), 404),
    "observer": (lambda: make_delegate_user(category="observer"), 404),
    "alternate": (lambda: make_delegate_user(role=DelegateRole.ALTERNATE), 200),
    "technical contact": (lambda: make_delegate_user(role=DelegateRole.TECHNICAL), 200),
    "titular": (make_delegate_user, 200),
    "secretary": (make_secretary, 200),
}


@pytest.mark.parametrize("who", READERS)
def test_who_reads_a_consultation(client, who):
    consultation, (make, status) = make_open(), READERS[who]
    user = make()
    if user:
        client.force_login(user)

    assert page_of(client, consultation).status_code == status
    assert page_of(client, consultation, "vote").status_code in {status, 302}


def test_members_see_no_draft(client):
    draft = make_consultation(published=False)
    client.force_login(make_delegate_user())

    assert page_of(client, draft).status_code == 404
    assert list(client.get(reverse("delegation:consultations")).context["rows"]) == []


def test_voting_takes_a_choice_and_its_confirmation(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    client.force_login(make_voter(member))
    option = answer(consultation, FOR)

    first = words(page_of(client, consultation))
    second = words(page_of(client, consultation, "vote", option=option.pk))
    before = Vote.objects.count()
    third = client.post(reverse("delegation:vote", args=[consultation.pk]), {"option": option.pk}, follow=True)

    assert "There are no secret ballots" in first and "In favour" in first
    assert "Confirm your vote" in second and "Guatemala" in second and "In favour" in second
    assert (before, Vote.objects.get().option) == (0, option)
    assert "The vote of Guatemala is submitted." in words(third)


def test_an_answer_must_be_chosen(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    client.force_login(make_voter(member))

    asked = page_of(client, consultation, "vote")
    posted = client.post(reverse("delegation:vote", args=[consultation.pk]), {"option": "abc"}, follow=True)

    assert "Choose one of the answers." in words(asked)
    assert "Your vote was not submitted." in words(posted)
    assert not Vote.objects.exists()


def test_a_vote_sent_too_late_is_answered_with_a_sentence(client):
    consultation, (member,) = make_open(opens_at=OPENS, closes_at=timezone.now()), make_members(["GT"])
    client.force_login(make_voter(member))
    sent = {"option": answer(consultation, FOR).pk}

    page = client.post(reverse("delegation:vote", args=[consultation.pk]), sent, follow=True)

    assert "Your vote was not submitted. Voting is over. No more votes are accepted." in words(page)
    assert not Vote.objects.exists()


def test_an_alternate_reads_why_the_titulars_vote_stays(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    vote(consultation, member, FOR, now=timezone.now())
    client.force_login(make_voter(member, DelegateRole.ALTERNATE))

    page = words(page_of(client, consultation))

    assert "Only the principal delegate may change that vote" in page
    assert page_of(client, consultation, "vote", option=answer(consultation, FOR).pk).status_code == 302


def test_until_it_is_over_each_delegation_sees_its_own_vote_only(client):
    consultation, (chile, brazil) = make_open(), make_members(["CL", "BR"])
    make_delegate(membership=chile, person=make_person(name="Berta Cáceres"), role=DelegateRole.ALTERNATE)
    voter = make_voter(chile)
    voting.cast(consultation.pk, answer(consultation, AGAINST).pk, by=voter)
    name = voter.person.name

    client.force_login(voter)
    own = words(page_of(client, consultation))
    client.force_login(make_voter(brazil))
    others = words(page_of(client, consultation)) + words(client.get(reverse("delegation:consultations")))

    assert name in own
    assert name not in others and "Chile" not in others


def test_once_over_all_members_read_who_voted_what(client):
    consultation, members = make_over(FOR, FOR, FOR, FOR, AGAINST)
    client.force_login(make_voter(members[6], DelegateRole.TECHNICAL))

    page = page_of(client, consultation)

    answers = [ballot["vote"] and ballot["vote"].option.meaning for ballot in page.context["ballots"]]
    assert answers == [FOR, FOR, FOR, FOR, None, None, AGAINST]  # Brazil, Chile, Colombia, Cuba, Guatemala, Mexico, Spain
    assert "Adopted: “In favour”." in words(page)
    assert consultation.agreement.get_absolute_url() in words(page)


def test_its_times_are_on_the_clock_of_ones_own_country(client):
    consultation, (spain,) = make_open(closes_at=datetime(2040, 1, 15, 12, tzinfo=UTC)), make_members(["ES"])
    client.force_login(make_voter(spain))

    assert "15 January 2040, 13:00 Madrid time" in words(page_of(client, consultation))


def test_pages_ask_as_much_for_one_vote_as_for_three(client):
    consultation, members = make_open(), make_members(SEVEN[:3])
    voters = [make_voter(member) for member in members]
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=voters[0])
    client.force_login(voters[0])
    pages = [reverse("delegation:consultations"), consultation.get_absolute_url()]
    for_one = queries(client, *pages)

    for voter in voters:
        voting.cast(consultation.pk, answer(consultation, FOR).pk, by=voter)
        make_open()

    assert queries(client, *pages) == for_one


def test_a_result_asks_as_much_for_one_vote_as_for_four(client):
    (one, members), four = make_over(FOR, quorum_percent=0), make_open(quorum_percent=0)
    for member in members[1:5]:
        vote(four, member, FOR, now=timezone.now())
    Consultation.objects.filter(pk=four.pk).update(closes_at=timezone.now())
    closing.attend(four.pk)
    client.force_login(make_voter(members[6]))

    assert queries(client, one.get_absolute_url()) == queries(client, four.get_absolute_url())


# At the desk


def test_the_secretariat_prepares_a_consultation_on_the_networks_clock(client):
    client.force_login(make_secretary())
    page = client.get(address(Consultation, "add"))
    when = {"opens_at_0": "2040-05-04", "opens_at_1": "09:00", "closes_at_0": "2040-05-14", "closes_at_1": "18:00"}

    client.post(address(Consultation, "add"), filled(page, question_es="¿Se aprueba?", **when))

    consultation = Consultation.objects.get()
    assert (consultation.opens_at, consultation.closes_at) == (
        datetime(2040, 5, 4, 15, tzinfo=UTC),
        datetime(2040, 5, 15, 0, tzinfo=UTC),
    )
    assert [option.meaning for option in consultation.options.all()] == [FOR, AGAINST, ABSTAINS]
    assert 'value="18:00' in words(client.get(address(consultation)))


def test_the_secretariat_publishes_at_the_desk(client):
    consultation, _members = make_consultation(published=False, closes_at=timezone.now() + timedelta(days=9)), make_members()
    client.force_login(make_secretary())

    client.post(address(Consultation, "changelist"), {"action": "publish", "_selected_action": consultation.pk})

    consultation.refresh_from_db()
    assert consultation.is_published


def test_the_desk_says_who_voted_and_what_only_when_it_is_over(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    option = ConsultationOption.objects.create(consultation=consultation, position=4, text_es="Respuesta zafiro")
    voting.cast(consultation.pk, option.pk, by=make_voter(member))
    client.force_login(make_secretary())

    during = words(client.get(address(consultation)))
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now())
    after = words(client.get(address(consultation)))

    assert "Guatemala" in during
    assert (during.count("Respuesta zafiro"), after.count("Respuesta zafiro")) == (2, 3)  # as an answer; then as a vote too


def test_an_open_consultation_is_only_read_at_the_desk(client):
    consultation = make_open()
    client.force_login(make_secretary())

    page = client.get(address(consultation))
    posted = client.post(address(consultation), {"question_es": "Otra"})

    assert 'name="question_es"' not in words(page)
    assert posted.status_code == 403


def test_editors_have_no_consultations(client):
    client.force_login(make_editor())

    assert client.get(address(Consultation, "changelist")).status_code == 403
    assert client.get(address(make_open())).status_code == 403


# The page of one that was called off, and the act


def call_off_page(consultation):
    return reverse("admin:events_consultation_call-off", args=[consultation.pk])


@pytest.mark.parametrize("closes_at", [timezone.now() + timedelta(days=3), timezone.now() - timedelta(minutes=1)])
def test_its_page_stays_and_shows_why_and_no_votes(client, closes_at):
    consultation, (chile, brazil) = make_open(), make_members(["CL", "BR"])
    voting.cast(consultation.pk, answer(consultation, AGAINST).pk, by=make_voter(chile))
    call_off(consultation, now=timezone.now())
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closes_at)
    client.force_login(make_voter(brazil))

    page = page_of(client, consultation)
    listed = words(client.get(reverse("delegation:consultations")))

    assert "The Secretariat cancelled this consultation" in words(page) and "Se publicó por error." in words(page)
    assert (page.context["ballots"], page.context["form"]) == ([], None)
    assert "Chile" not in words(page) and "How each member voted" not in words(page) and "Result" not in words(page)
    assert "Cancelled: there is no result" in listed and "has not voted" not in listed
    assert page_of(client, consultation, "vote", option=answer(consultation, FOR).pk).status_code == 302


def test_a_vote_sent_after_it_was_called_off_is_answered_with_a_sentence(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    call_off(consultation, now=timezone.now())
    client.force_login(make_voter(member))

    page = client.post(reverse("delegation:vote", args=[consultation.pk]), {"option": answer(consultation, FOR).pk}, follow=True)

    assert "Your vote was not submitted. This consultation was cancelled. No votes are accepted." in words(page)


def test_the_secretariat_sees_what_will_happen_and_calls_it_off(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member))
    client.force_login(make_secretary())
    reason = {"es": "Se publicó por error.", "pt_br": "", "en": "Published by mistake."}

    shown = client.post(call_off_page(consultation), reason)
    before = Consultation.objects.get().is_called_off
    done = client.post(call_off_page(consultation), reason | {"shown": shown.context["shown"]}, follow=True)

    called_off = Consultation.objects.get()
    assert "1 vote was submitted. It is shown to no one." in words(shown)
    assert (before, called_off.is_called_off, called_off.called_off_reason_en) == (False, True, "Published by mistake.")
    assert "Se publicó por error." in words(done) and "is cancelled, and its members are notified" in words(done)


def test_the_desk_offers_to_call_off_an_open_one(client):
    consultation = make_open()
    client.force_login(make_secretary())
    page = client.get(address(consultation))

    action = page.context["action_form"]["action"].html_name

    led = client.post(address(consultation), {action: "call_off", "_selected_action": consultation.pk})

    assert 'value="call_off"' in words(page)
    assert led.url == call_off_page(consultation)


def test_the_desk_shows_no_answers_of_one_that_was_called_off_even_later(client):
    consultation, (member,) = make_open(), make_members(["GT"])
    voting.cast(consultation.pk, answer(consultation, FOR).pk, by=make_voter(member))
    call_off(consultation, now=timezone.now())
    Consultation.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    client.force_login(make_secretary())

    page = client.get(address(consultation))

    log = page.context["inline_admin_formsets"][1]
    assert [field["name"] for field in log.fields()] == ["membership", "mandate", "role", "cast_at", "replaced"]


def test_the_desk_says_why_a_result_is_not_called_off(client):
    consultation, _members = make_over(FOR)
    client.force_login(make_secretary())

    client.post(call_off_page(consultation), {"es": "Error"})
    shown = client.post(call_off_page(consultation), {"es": "Error"})
    done = client.post(call_off_page(consultation), {"es": "Error", "shown": shown.context["shown"]})

    assert (done.status_code, Consultation.objects.get().is_called_off) == (400, False)
    assert "the result stands" in words(done)


@pytest.mark.parametrize("who", ["editor", "alternate", "titular"])
def test_nobody_else_calls_it_off(client, who):
    consultation, (make, _status) = make_open(), READERS[who]
    client.force_login(make())

    answered = client.post(call_off_page(consultation), {"es": "Error"})

    assert answered.status_code in {302, 403, 404}
    assert not Consultation.objects.get().is_called_off


def test_only_a_draft_is_simply_deleted(client):
    soon = {"opens_at": timezone.now() + timedelta(days=1), "closes_at": timezone.now() + timedelta(days=3)}
    draft, published = make_consultation(published=False, **soon), make_consultation(**soon)
    client.force_login(make_secretary())

    answered = [client.get(reverse("admin:events_consultation_delete", args=[each.pk])) for each in (draft, published)]

    assert [each.status_code for each in answered] == [200, 403]
