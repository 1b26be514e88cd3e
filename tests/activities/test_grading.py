"""Grading by the worker: by the attempt's own paper, once, told once; feedback by people is in test_feedback.py."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from activities import events
from activities import jobs as kinds
from activities.models import Attempt, Paper, Progress
from activities.queries.attempts import paper
from activities.questions import BadResponse
from activities.questions import Paper as Parsed
from activities.services import attempts, questions
from activities.services.grading import grade_attempt
from activities.services.progress import note_best, note_started
from blendedu.journal.models import Job, Notice
from blendedu.journal.services import jobs
from tests.activities.quizzes import EVERY_KIND, RIGHT, SHORT, SINGLE, sitting
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_all_right_is_all_points():
    attempt = sitting(*EVERY_KIND).graded(RIGHT)

    assert (attempt.state, attempt.points, attempt.max_points) == (Attempt.State.GRADED, 9, 9)
    assert attempt.released_at == attempt.graded_at == NOW


def test_partly_right_is_some_points_and_each_question_says_so():
    attempt = sitting(*EVERY_KIND).graded({"segments": ["a"], "match": {"p1": "o1", "p2": "o3"}, "frame": True})

    states = {key: (each["state"], each["points"]) for key, each in attempt.result["results"].items()}
    assert states == {
        "who": ("unanswered", "0.00"),
        "segments": ("partly", "1.00"),
        "frame": ("wrong", "0.00"),
        "capital": ("unanswered", "0.00"),
        "share": ("unanswered", "0.00"),
        "match": ("partly", "1.00"),
    }
    assert attempt.points == 2


# F37, F38: the engine's own tests cover the edges; here is that they reach the mark.
@pytest.mark.parametrize(("typed", "points"), [("46.0", 1), ("46,0", 1), ("45.6 %", 1), ("46.01", 0)])
def test_the_edges_of_a_tolerance_are_inside(typed, points):
    assert sitting(*EVERY_KIND).graded({"share": typed}).points == points


def test_an_attempt_without_answers_is_graded_with_nothing():
    attempt = sitting(*EVERY_KIND).graded()

    assert (attempt.state, attempt.points) == (Attempt.State.GRADED, 0)


def test_grading_twice_changes_nothing_and_tells_once():
    quiz = sitting()
    attempt = quiz.graded({"who": "a"})

    grade_attempt(attempt.pk, at=NOW + MINUTE)

    attempt.refresh_from_db()
    assert attempt.graded_at == NOW
    assert list(Notice.objects.values_list("recipient", "cause")) == [(quiz.student.pk, f"attempt-graded:{attempt.pk}")]


def test_an_open_attempt_is_not_graded():
    quiz = sitting()
    attempt = quiz.begin()

    grade_attempt(attempt.pk, at=NOW)

    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.OPEN


def test_an_attempt_that_is_gone_is_no_error():
    grade_attempt(4711, at=NOW)

    assert not Notice.objects.exists()


def test_a_damaged_answer_is_an_error_and_not_zero_points():
    quiz = sitting()
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a")
    attempt.answers.update(value="no such choice")
    quiz.hand_in(attempt)

    with pytest.raises(BadResponse), transaction.atomic():
        grade_attempt(attempt.pk, at=NOW)

    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.SUBMITTED


def test_the_student_is_told_in_their_own_language():
    quiz = sitting()
    quiz.student.language = "nl"
    quiz.student.save()
    heard: list[str] = []

    def listen(**_kwargs: object) -> None:
        heard.append(translation.get_language())

    events.attempt_graded.connect(listen)
    try:
        with translation.override("fr"):
            quiz.graded()
    finally:
        events.attempt_graded.disconnect(listen)

    assert heard == ["nl"]


# --- The best attempt counts ----------------------------------------------------------------------------------------


def test_the_best_attempt_counts():
    quiz = sitting(SINGLE, SHORT)
    quiz.graded({"who": "a"}, attempts_allowed=2)
    quiz.graded({"who": "b"}, at=NOW + MINUTE, attempts_allowed=2)

    progress = Progress.objects.get(user=quiz.student)
    assert (progress.state, progress.points, progress.max_points) == (Progress.State.DONE, 2, 3)


# F11: an empty second attempt, handed in by the clock, keeps the earlier mark.
def test_an_empty_attempt_that_the_clock_handed_in_keeps_the_earlier_mark():
    quiz = sitting()
    quiz.graded({"who": "a"}, attempts_allowed=2)
    second = quiz.begin(at=NOW + MINUTE, limit_minutes=10, attempts_allowed=2)

    attempts.close_attempt(second.pk, at=NOW + 12 * MINUTE)
    grade_attempt(second.pk, at=NOW + 12 * MINUTE)

    assert Progress.objects.get(user=quiz.student).points == 2


def test_attempts_graded_in_another_order_give_the_same_mark():
    quiz = sitting()
    first = quiz.begin(attempts_allowed=2)
    quiz.hand_in(first, last_answers={"who": "b"}, based_on=0)
    second = quiz.begin(at=NOW + MINUTE, attempts_allowed=2)
    quiz.hand_in(second, at=NOW + MINUTE, last_answers={"who": "a"}, based_on=0)

    grade_attempt(second.pk, at=NOW + 2 * MINUTE)
    grade_attempt(first.pk, at=NOW + 3 * MINUTE)

    assert Progress.objects.get(user=quiz.student).points == 2


def test_a_mark_reaches_a_student_whose_progress_was_never_written():
    quiz = sitting()

    note_best(quiz.offer.pk, quiz.student.pk, points=Decimal(1), max_points=Decimal(2), at=NOW)

    assert Progress.objects.get(user=quiz.student).points == 1


def test_beginning_again_never_takes_progress_back():
    quiz = sitting()
    quiz.graded({"who": "a"})

    note_started(quiz.offer.pk, [quiz.student.pk], at=NOW + MINUTE)

    assert Progress.objects.get(user=quiz.student).is_done


# --- Papers ---------------------------------------------------------------------------------------------------------


def test_students_who_start_on_the_same_questions_share_one_paper():
    quiz = sitting(*EVERY_KIND)

    first = quiz.begin()
    second = quiz.begin(student=MembershipFactory(cohort=quiz.offer.cohort).user)

    assert first.paper_id == second.paper_id
    assert Paper.objects.get().max_points == 9


def test_the_name_of_a_paper_is_the_one_that_the_engine_gives():
    quiz = sitting(*EVERY_KIND)

    paper = questions.paper_for(quiz.activity, at=NOW)

    assert paper.digest == Parsed.from_json(Paper.objects.get().content).digest()


# F36: editing, retyping and deleting questions while students are at work.
def test_changing_a_question_makes_another_paper_and_leaves_the_first():
    quiz = sitting(SINGLE, SHORT)
    early = quiz.begin()
    lecturer = quiz.course.lecturers.get()
    row = quiz.activity.questions.get(key="who")

    questions.change_question(
        quiz.activity,
        "who",
        {**SINGLE, "choices": [{**choice, "share": "100"} for choice in SINGLE["choices"]]},
        seen=questions.fingerprint(row),
        by=lecturer,
        at=NOW,
    )
    questions.remove_question(quiz.activity, "capital", by=lecturer, at=NOW)
    late = quiz.begin(student=MembershipFactory(cohort=quiz.offer.cohort).user)
    for attempt in (early, late):
        quiz.hand_in(attempt, last_answers={"who": "b"}, based_on=0)
        grade_attempt(attempt.pk, at=NOW)
        attempt.refresh_from_db()

    assert [(attempt.points, attempt.max_points) for attempt in (early, late)] == [(0, 3), (2, 2)]


# F35: a mark is a pure function of the answers and the version of the key, so grading again gives the same.
def test_grading_the_same_attempt_again_gives_the_same_marks():
    quiz = sitting(*EVERY_KIND)
    attempt = quiz.graded({**RIGHT, "who": "b"})
    before = (attempt.points, attempt.result)
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.SUBMITTED, points=None, result=None)

    grade_attempt(attempt.pk, at=NOW)

    attempt.refresh_from_db()
    assert (attempt.points, attempt.result) == before


# --- The job --------------------------------------------------------------------------------------------------------


# F25: the task ran before the commit.
def test_a_worker_is_woken_only_after_the_commit(monkeypatch, django_capture_on_commit_callbacks):
    woken: list[int] = []
    monkeypatch.setattr(jobs, "_wake", lambda job_id, kind, ref: woken.append(ref))
    quiz = sitting()
    attempt = quiz.begin()

    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            quiz.hand_in(attempt)
            assert woken == []
        assert woken == []

    assert woken == [attempt.pk]


def test_a_submission_that_is_rolled_back_leaves_no_job():
    quiz = sitting()
    attempt = quiz.begin()

    with transaction.atomic():
        quiz.hand_in(attempt)
        transaction.set_rollback(True)

    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.OPEN
    assert not Job.objects.filter(kind=kinds.GRADE).exists()


def test_the_job_grades_and_is_done():
    quiz = sitting()
    attempt = quiz.begin()
    quiz.hand_in(attempt, last_answers={"who": "a"}, based_on=0)
    job = Job.objects.get(kind=kinds.GRADE)

    done = [jobs.run(job.pk, job.kind, job.ref, at=NOW) for _again in range(2)]

    attempt.refresh_from_db()
    assert (done, attempt.points) == ([True, False], 2)


def test_the_closing_job_hands_in_and_brings_the_grading_job():
    quiz = sitting()
    attempt = quiz.begin(limit_minutes=10)
    job = Job.objects.get(kind=kinds.CLOSE)

    jobs.run(job.pk, job.kind, job.ref, at=NOW + 11 * MINUTE)

    assert list(Job.objects.filter(kind=kinds.GRADE).values_list("ref", flat=True)) == [attempt.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_grading_costs_the_same_whatever_the_attempt_holds(django_assert_num_queries, count):
    quiz = sitting(*EVERY_KIND[:count])
    attempt = quiz.begin()
    quiz.hand_in(attempt, last_answers={key: RIGHT[key] for key in list(RIGHT)[:count]}, based_on=0)
    paper(attempt.paper.pk, attempt.paper.digest)  # read once per process

    # attempt, answers, the mark, progress; where the page is, the notice
    with django_assert_num_queries(6):
        grade_attempt(attempt.pk, at=NOW)
