"""Many clicks at once, against the database that production uses; each thread has a connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from activities import jobs as kinds
from activities.models import Answer, Attempt, Paper, Progress
from activities.services import attempts, questions
from activities.services.grading import grade_attempt
from blendedu.journal.models import Job, Notice
from blendedu.journal.services import jobs
from tests.activities.quizzes import EVERY_KIND, SINGLE, Sitting, sitting
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

PIECE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _real_database() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("Threads need a database that is not in memory: DATABASE_URL.")


@pytest.fixture
def quiz() -> Sitting:
    return opened(sitting(*EVERY_KIND))


def opened(quiz: Sitting) -> Sitting:
    now = timezone.now()
    quiz.offer.opens_at, quiz.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    quiz.offer.save()
    return quiz


def at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment; answers what each returned or raised."""
    acts = list(acts)
    start = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        start.wait(timeout=20)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 -- what was raised is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def client_of(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


# F8: two attempts with one number left the student stuck.
def test_fifty_starts_of_each_student_begin_one_attempt_each(quiz):
    students = [MembershipFactory(cohort=quiz.offer.cohort).user for _each in range(8)]

    for student in students:
        begun = at_once([lambda student=student: quiz.begin(student=student, at=timezone.now())] * 50)
        assert len({attempt.pk for attempt in begun}) == 1

    assert Counter(Attempt.objects.values_list("user", "number")) == {(student.pk, 1): 1 for student in students}


# F31, F33: everybody arrives at once, and impatiently.
def test_a_class_that_arrives_at_once_gets_its_pages(quiz):
    students = [MembershipFactory(cohort=quiz.offer.cohort).user for _each in range(20)]

    def arrive(student) -> Counter[int]:
        client = client_of(student)
        steps = [client.get(quiz.page), *[client.post(quiz.url("start")) for _click in range(2)], client.get(quiz.page)]
        return Counter(response.status_code for response in steps)

    seen = at_once([lambda student=student: arrive(student) for student in students])

    assert seen == [{200: 2, 303: 2}] * 20
    assert (Attempt.objects.count(), Paper.objects.count()) == (20, 1)


# F9: ten clicks on "hand in".
def test_ten_submits_at_once_are_one_submission_one_mark_and_one_notice(quiz):
    attempt = quiz.begin(at=timezone.now())
    clients = [client_of(quiz.student) for _each in range(10)]

    receipts = at_once(
        [
            lambda client=client: client.post(quiz.url("submit"), {"attempt": attempt.pk}, headers=PIECE)
            for client in clients
        ]
    )
    job = Job.objects.get(kind=kinds.GRADE)
    done = at_once([lambda: jobs.run(job.pk, job.kind, job.ref, at=timezone.now())] * 5)

    assert {receipt.status_code for receipt in receipts} == {200}
    assert Counter(done) == {True: 1, False: 4}
    assert list(Notice.objects.values_list("cause", flat=True)) == [f"attempt-graded:{attempt.pk}"]


# F1: two tabs save at the same moment.
def test_of_two_tabs_that_save_at_once_one_is_told_about_the_other(quiz):
    attempt = quiz.begin(at=timezone.now())

    receipts = at_once(
        [
            lambda: quiz.answer(attempt, "capital", "Ghent", based_on=0, at=timezone.now()),
            lambda: quiz.answer(attempt, "capital", "Bruges", based_on=0, at=timezone.now()),
        ]
    )

    kept = Answer.objects.get().value
    stale = next(receipt for receipt in receipts if receipt != 1)
    assert 1 in receipts
    assert isinstance(stale, attempts.StaleAnswers)
    assert stale.answers == {"capital": kept}


def test_an_answer_and_the_hand_in_at_once_leave_no_answer_behind(quiz):
    for _turn in range(10):
        attempt = quiz.begin(student=MembershipFactory(cohort=quiz.offer.cohort).user, at=timezone.now())
        saved, handed_in = at_once(
            [
                lambda attempt=attempt: quiz.answer(attempt, "who", "a", at=timezone.now()),
                lambda attempt=attempt: quiz.hand_in(attempt, at=timezone.now()),
            ]
        )

        kept = Answer.objects.filter(attempt=attempt).count()
        assert handed_in.state == Attempt.State.SUBMITTED
        assert (saved, kept) == (1, 1) or (isinstance(saved, attempts.AlreadySubmitted) and kept == 0)


def test_the_closing_clock_and_the_student_hand_in_once(quiz):
    attempt = quiz.begin(at=timezone.now(), limit_minutes=1)
    end = attempt.ends_at

    at_once(
        [
            lambda: attempts.close_attempt(attempt.pk, at=end + attempts.GRACE),
            lambda: quiz.hand_in(attempt, at=end + timedelta(seconds=1)),
            lambda: attempts.close_attempt(attempt.pk, at=end + attempts.GRACE),
        ]
    )

    assert Job.objects.filter(kind=kinds.GRADE).count() == 1
    assert Attempt.objects.get().submitted_at == end


# F36: everybody starts while the lecturer changes a question.
def test_starts_while_a_question_is_changed_get_a_whole_paper(quiz):
    lecturer = quiz.course.lecturers.get()
    students = [MembershipFactory(cohort=quiz.offer.cohort).user for _each in range(15)]
    row = quiz.activity.questions.get(key="who")

    def change() -> None:
        questions.change_question(
            quiz.activity,
            "who",
            {**SINGLE, "text": "Who first?"},
            seen=questions.fingerprint(row),
            by=lecturer,
            at=timezone.now(),
        )

    results = at_once(
        [change, *[lambda student=student: quiz.begin(student=student, at=timezone.now()) for student in students]]
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert {len(paper.content["questions"]) for paper in Paper.objects.all()} == {len(EVERY_KIND)}
    assert Paper.objects.count() <= 2


def test_twenty_first_starts_make_one_paper(quiz):
    made = at_once([lambda: questions.paper_for(quiz.activity, at=timezone.now()).pk] * 20)

    assert len(set(made)) == 1


# The best attempt counts, also when both are graded in the same moment.
def test_two_attempts_graded_at_once_leave_the_better_mark():
    quiz = opened(sitting())
    for _turn in range(10):
        student = MembershipFactory(cohort=quiz.offer.cohort).user
        ids = []
        for choice in ("a", "b"):
            attempt = quiz.begin(student=student, at=timezone.now(), attempts_allowed=2)
            quiz.hand_in(attempt, at=timezone.now(), last_answers={"who": choice}, based_on=0)
            ids.append(attempt.pk)

        at_once([lambda pk=pk: grade_attempt(pk, at=timezone.now()) for pk in ids])

        assert Progress.objects.get(user=student).points == 2


def test_two_lecturers_who_change_one_question_at_once_lose_no_change(quiz):
    lecturer = quiz.course.lecturers.get()
    row = quiz.activity.questions.get(key="who")

    def change(text: str) -> object:
        return questions.change_question(
            quiz.activity,
            "who",
            {**SINGLE, "text": text},
            seen=questions.fingerprint(row),
            by=lecturer,
            at=timezone.now(),
        )

    results = at_once([lambda text=text: change(text) for text in ("One?", "Two?")])

    assert sum(isinstance(result, questions.StaleQuestion) for result in results) == 1
