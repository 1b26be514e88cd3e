"""A lecturer reads what a student answered, and may put their own judgement in place of the answer key's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from activities.models import Attempt
from activities.questions import from_form
from activities.services import attempts, grading
from activities.services.questions import paper_for
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    MembershipFactory,
    QuestionFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer():
    return UserFactory()


@pytest.fixture
def attempt(lecturer):
    run = RunFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer))
    student = MembershipFactory(cohort=run.cohort).user
    quiz = ActivityFactory(type_key="quiz")
    QuestionFactory(
        activity=quiz,
        key="q1",
        kind="truefalse",
        content=from_form(
            "truefalse", {"key": ["q1"], "text": ["A *persona* is a stereotype."], "points": ["2"], "answer": ["false"]}
        ),
    )
    row = RunOfferFactory(run=run, activity=quiz)
    begun = attempts.start_attempt(row.offer, user=student, at=NOW, paper=paper_for(quiz, at=NOW))
    attempts.save_answers(begun.pk, user=student, offer_id=row.offer.pk, answers={"q1": True}, based_on=0, at=NOW)
    attempts.submit_attempt(begun.pk, user=student, offer=row.offer, at=NOW)
    grading.grade_attempt(begun.pk, at=NOW)
    return Attempt.objects.get()


def test_a_lecturer_reads_each_answer_beside_the_right_one(client, lecturer, attempt):
    client.force_login(lecturer)

    page = client.get(reverse("courses:feedback-attempt", args=["mkc-101", attempt.pk])).content.decode()

    assert "<em>persona</em>" in page
    assert page.index("<dd>True</dd>") < page.index("<dd>False</dd>")
