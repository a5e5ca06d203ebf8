"""What is done once stays done once when two do it in the same moment."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from events.models import Survey, SurveyResponse, SurveyTaken
from events.surveys.responses import answer, ask_due
from members.models import Message
from rifess.base.dates import today_in_the_network
from rifess.portal import news_digest
from tests.at_once import several
from tests.make import make_alert, make_coming_seminar, make_registration, make_seminar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def nobody_works_yet(settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def test_news_questions_and_answers_come_once(tmp_path):
    make_alert(told_until=timezone.now() - timedelta(days=2))
    make_coming_seminar()
    last_week = today_in_the_network() - timedelta(days=7)
    seminar = make_seminar(starts_on=last_week, ends_on=last_week)
    Survey.objects.create(seminar=seminar)
    registration, start = make_registration(seminar), Barrier(3)

    def all_of_it(_each):
        start.wait()
        told, asked = news_digest.tell(), ask_due()
        try:
            answer(registration, contents=5)
        except ValidationError as refused:
            return told, asked, refused.code
        return told, asked, "kept"

    with several(3, tmp_path / "copy.sqlite3") as workers:
        done = list(workers.map(all_of_it, range(3)))
        found = workers.submit(lambda: (*map(count_of, (Message, SurveyTaken, SurveyResponse)),)).result()
        list(workers.map(lambda _each: (start.wait(), connection.close()), range(3)))

    told, asked, answers = zip(*done, strict=True)
    assert (sum(told), sum(asked), sorted(answers)) == (1, 1, ["answered", "answered", "kept"])
    assert found == (2, 1, 1)


def count_of(model):
    return model.objects.count()
