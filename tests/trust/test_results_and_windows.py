"""What a result is when there are several, and what ends when a window moves while somebody begins."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from activities import jobs as kinds
from activities.models import Attempt, Offer, Progress
from activities.services import attempts, grading
from blendedu.journal.models import Job
from blendedu.journal.services import jobs
from courses.queries.runs import window_seen
from courses.services import feedback
from courses.services.runs import move_offer
from tests.activities.quizzes import RIGHT, sitting
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    MembershipFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def give(attempt, points, *, release=False):
    attempt.refresh_from_db()
    feedback.give(
        attempt,
        points=Decimal(points),
        feedback="",
        remark="",
        file=None,
        revision=attempt.revision,
        release=release,
        by=UserFactory(),
        at=NOW,
    )


# F35: a corrected mark is a mark of that attempt, and the best attempt goes on counting.
def test_correcting_a_worse_attempt_leaves_the_best_result(client):
    quiz = sitting(attempts_allowed=3)
    worse = quiz.graded({"who": "b"}, attempts_allowed=3)
    quiz.graded({"who": RIGHT["who"]}, attempts_allowed=3)

    give(worse, 1)

    assert Progress.objects.get().points == Decimal(2)


def test_correcting_the_best_attempt_downwards_lowers_the_result():
    quiz = sitting(attempts_allowed=3)
    quiz.graded({"who": "b"}, attempts_allowed=3)
    best = quiz.graded({"who": RIGHT["who"]}, attempts_allowed=3)

    give(best, 1)

    assert Progress.objects.get().points == Decimal(1)


def test_release_of_an_earlier_attempt_leaves_the_better_later_one():
    row = RunOfferFactory(activity=ActivityFactory(type_key="upload", config={"max_points": 10}))
    student = MembershipFactory(cohort=row.run.cohort).user
    first, second = [
        Attempt.objects.create(
            offer=row.offer, user=student, number=number, state="submitted", started_at=NOW, submitted_at=NOW
        )
        for number in (1, 2)
    ]

    give(second, 9, release=True)
    give(first, 4, release=True)

    assert Progress.objects.get().points == Decimal(9)


def test_release_shows_the_points_that_stand_and_not_those_that_were_listed():
    row = RunOfferFactory(activity=ActivityFactory(type_key="upload", config={"max_points": 10}))
    student = MembershipFactory(cohort=row.run.cohort).user
    attempt = Attempt.objects.create(offer=row.offer, user=student, state="submitted", started_at=NOW, submitted_at=NOW)
    give(attempt, 4)
    give(attempt, 9)

    grading.release(row.offer.pk, [attempt.pk], at=NOW)

    assert Progress.objects.get().points == Decimal(9)


# F13: the attempt was begun on a page that had read the window a moment before it moved.
@pytest.mark.parametrize("later", [timedelta(days=-1), timedelta(days=1)])
def test_attempt_begun_on_the_old_window_follows_the_new_one_within_a_minute(later):
    quiz = sitting(closes_after=timedelta(days=2))
    before = Offer.objects.select_related("activity").get(pk=quiz.offer.pk)
    closes_at = before.closes_at + later

    move_offer(
        quiz.run_offer,
        opens_at=before.opens_at,
        due_at=before.due_at,
        closes_at=closes_at,
        room="",
        link="",
        recording="",
        seen=window_seen(before),
        by=UserFactory(),
        at=NOW,
    )
    attempt = attempts.start_attempt(before, user=quiz.student, at=NOW)
    job = Job.objects.get(kind=kinds.FOLLOW)
    jobs.run(job.pk, job.kind, job.ref, at=job.due_at)

    attempt.refresh_from_db()
    assert (attempt.ends_at, job.due_at) == (closes_at, NOW + timedelta(minutes=1))
    assert Job.objects.filter(kind=kinds.CLOSE, ref=attempt.pk, due_at=closes_at + attempts.GRACE).exists()


def test_job_of_a_window_whose_offer_is_gone_does_nothing():
    job = jobs.enqueue(kinds.FOLLOW, 999_999, at=NOW)

    assert jobs.run(job.pk, job.kind, job.ref, at=NOW) is True


# F9: two clicks on "Release" are one release, and no quarrel with oneself.
@pytest.mark.parametrize("then", ["", "next", "release"])
def test_feedback_that_is_sent_twice_is_saved_once_and_is_no_conflict(client, then):
    lecturer = UserFactory()
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer))
    row = RunOfferFactory(run=run, activity=ActivityFactory(type_key="upload", config={"max_points": 10}))
    student = MembershipFactory(cohort=run.cohort).user
    attempt = Attempt.objects.create(
        offer=row.offer, user=student, state="submitted", started_at=NOW, submitted_at=NOW, max_points=10
    )
    client.force_login(lecturer)
    address = reverse("courses:feedback-attempt", args=["mkc", attempt.pk])
    said = {"points": "7.5", "feedback": "Good.", "remark": "See page 2.", "revision": 0, "then": then}

    answers = [client.post(address, said).status_code for _click in range(2)]

    attempt.refresh_from_db()
    assert answers == [303, 303]
    assert (attempt.revision, attempt.remarks.count(), attempt.points) == (1, 1, Decimal("7.5"))
    assert client.post(address, {**said, "points": "3"}).status_code == 409
