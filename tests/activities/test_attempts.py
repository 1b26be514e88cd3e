"""Starting, answering, handing in and closing an attempt; F… are failures that real students met (trust.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities import jobs
from activities.models import Answer, Attempt, Progress
from activities.queries.attempts import answers_of, standing_of
from activities.questions import BadResponse, Entry, fold
from activities.services import attempts
from blendedu.journal.models import Job
from tests.activities.quizzes import EVERY_KIND, NUMERICAL, RIGHT, SHORT, SINGLE, sitting
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def lines(attempt: Attempt) -> list[tuple[int, str, object]]:
    return list(Answer.objects.filter(attempt=attempt).values_list("revision", "question", "value"))


# --- Starting -------------------------------------------------------------------------------------------------------


def test_starting_twice_goes_on_with_the_same_attempt():
    quiz = sitting()

    first = quiz.begin()
    second = quiz.begin(at=NOW + MINUTE)

    assert second.pk == first.pk
    assert Attempt.objects.get().started_at == NOW


def test_starting_shows_in_the_students_progress():
    quiz = sitting()

    quiz.begin()

    assert Progress.objects.get(user=quiz.student).state == Progress.State.STARTED


def test_a_second_attempt_does_not_take_back_that_the_first_is_done():
    quiz = sitting(attempts_allowed=2)
    quiz.graded({"who": "a"}, attempts_allowed=2)

    quiz.begin(at=NOW + MINUTE, attempts_allowed=2)

    progress = Progress.objects.get(user=quiz.student)
    assert (progress.state, progress.points) == (Progress.State.DONE, 2)


def test_attempts_end_when_they_are_used_up():
    quiz = sitting()
    quiz.graded()

    with pytest.raises(attempts.NoAttemptsLeft):
        quiz.begin(at=NOW + MINUTE)


def test_no_limit_on_attempts_means_none():
    quiz = sitting()
    for turn in range(4):
        quiz.graded(at=NOW + turn * MINUTE, attempts_allowed=None)

    assert quiz.begin(at=NOW + 5 * MINUTE, attempts_allowed=None).number == 5


@pytest.mark.parametrize("when", [-timedelta(days=3), timedelta(days=6)], ids=["before it opens", "after it closed"])
def test_nobody_starts_outside_the_window(when):
    quiz = sitting(closes_after=timedelta(days=1))

    with pytest.raises(attempts.NotOpen):
        quiz.begin(at=NOW + when)


# F13: the countdown showed ten minutes though the quiz closed sooner.
def test_an_attempt_ends_with_its_limit_or_with_the_window_whichever_comes_first():
    quiz = sitting(closes_after=timedelta(0))
    closes = quiz.offer.closes_at

    early = quiz.begin(at=NOW, limit_minutes=10)
    late = quiz.begin(student=UserFactory(), at=closes - 3 * MINUTE, limit_minutes=10)

    assert early.ends_at == NOW + 10 * MINUTE
    assert late.ends_at == closes


def test_an_attempt_without_limit_or_closing_has_no_end():
    assert sitting().begin().ends_at is None


# --- Answering ------------------------------------------------------------------------------------------------------


def test_answers_are_added_and_never_changed():
    quiz = sitting(SINGLE, SHORT)
    attempt = quiz.begin()

    quiz.answer(attempt, "who", "b", based_on=0)
    quiz.answer(attempt, "capital", "Ghent", based_on=1)
    quiz.answer(attempt, "who", "a", based_on=2)

    assert lines(attempt) == [(1, "who", "b"), (2, "capital", "Ghent"), (3, "who", "a")]
    assert answers_of(attempt) == {"who": "a", "capital": "Ghent"}


# F10: answers that were "randomly" not recorded. Replaying the log gives the state, at every step.
def test_replaying_the_log_gives_the_answers_that_count():
    quiz = sitting(*EVERY_KIND)
    attempt = quiz.begin()
    model: dict[str, object] = {}

    for step, (key, values) in enumerate(
        [("who", ["b"]), ("segments", ["a", "b"]), ("frame", ["true"]), ("share", ["45"]), ("who", []), ("who", ["a"])]
    ):
        quiz.answer(attempt, key, *values, based_on=step)
        model[key] = {"frame": True, "segments": ["a", "b"]}.get(key, values[0] if values else None)
        replayed = fold(Entry(*line) for line in lines(attempt))
        assert replayed == answers_of(attempt) == {key: value for key, value in model.items() if value is not None}


# F1: a stale tab wrote blanks over saved answers.
def test_a_tab_that_has_not_seen_the_last_answer_cannot_write():
    quiz = sitting(SINGLE, SHORT)
    attempt = quiz.begin()
    quiz.answer(attempt, "capital", "Ghent", based_on=0)
    quiz.answer(attempt, "capital", "Ghent and Bruges", based_on=1)

    with pytest.raises(attempts.StaleAnswers) as stale:
        quiz.answer(attempt, "capital", "", based_on=1)

    assert (stale.value.revision, stale.value.answers) == (2, {"capital": "Ghent and Bruges"})
    assert answers_of(attempt) == {"capital": "Ghent and Bruges"}


def test_a_tab_that_claims_to_have_seen_more_than_there_is_cannot_write():
    quiz = sitting()
    attempt = quiz.begin()

    with pytest.raises(attempts.StaleAnswers):
        quiz.answer(attempt, "who", "a", based_on=7)

    assert lines(attempt) == []


# F7: the response was lost, the browser sends the same again.
def test_the_same_answer_sent_twice_is_one_line_with_one_receipt():
    quiz = sitting()
    attempt = quiz.begin()

    receipts = [quiz.answer(attempt, "who", "a", based_on=0) for _again in range(3)]

    assert receipts == [1, 1, 1]
    assert lines(attempt) == [(1, "who", "a")]


def test_an_answer_that_cannot_be_read_is_not_kept_and_says_why():
    quiz = sitting(NUMERICAL)
    attempt = quiz.begin()

    with pytest.raises(BadResponse, match=r"Write a number, such as 12\.5"):
        quiz.answer(attempt, "share", "about half")

    assert lines(attempt) == []


def test_an_answer_to_a_question_of_another_paper_is_refused():
    quiz = sitting()
    attempt = quiz.begin()

    with pytest.raises(BadResponse):
        quiz.answer(attempt, "segments", "a")

    assert lines(attempt) == []


def test_nobody_answers_for_somebody_else():
    quiz = sitting()
    attempt = quiz.begin()

    with pytest.raises(Attempt.DoesNotExist):
        attempts.save_answer(
            attempt.pk,
            user=UserFactory(),
            offer_id=quiz.offer.pk,
            question="who",
            given={"q-who": ["a"]},
            based_on=0,
            at=NOW,
        )


def test_a_log_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(attempts, "LINES_MAX", 2)
    quiz = sitting()
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a", based_on=0)
    quiz.answer(attempt, "who", "b", based_on=1)

    with pytest.raises(attempts.TooManySaves):
        quiz.answer(attempt, "who", "a", based_on=2)


# F12: answering after the limit by coming back.
def test_after_the_time_and_its_grace_nothing_is_taken():
    quiz = sitting()
    attempt = quiz.begin(limit_minutes=10)
    quiz.answer(attempt, "who", "b", based_on=0, at=NOW + 10 * MINUTE + attempts.GRACE)

    with pytest.raises(attempts.TimeIsUp):
        quiz.answer(attempt, "who", "a", based_on=1, at=NOW + 10 * MINUTE + attempts.GRACE + SECOND)

    assert answers_of(attempt) == {"who": "b"}


def test_after_handing_in_nothing_is_taken():
    quiz = sitting()
    attempt = quiz.begin()
    quiz.hand_in(attempt)

    with pytest.raises(attempts.AlreadySubmitted):
        quiz.answer(attempt, "who", "a")

    assert lines(attempt) == []


# --- Handing in -----------------------------------------------------------------------------------------------------


# F6: the answer given just before handing in was not counted.
def test_an_answer_that_comes_along_with_handing_in_counts():
    quiz = sitting(SINGLE, SHORT)
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "b", based_on=0)

    quiz.hand_in(attempt, last_answers={"who": "b", "capital": "Ghent"}, based_on=1)

    assert answers_of(attempt) == {"who": "b", "capital": "Ghent"}
    assert lines(attempt) == [(1, "who", "b"), (2, "capital", "Ghent")]


# F7, F9: retries and double clicks.
def test_handing_in_ten_times_is_one_submission_with_one_job():
    quiz = sitting()
    attempt = quiz.begin()

    receipts = {quiz.hand_in(attempt, at=NOW + turn * SECOND).submitted_at for turn in range(10)}

    assert receipts == {NOW}
    assert Job.objects.filter(kind=jobs.GRADE).count() == 1


def test_a_stale_tab_cannot_hand_in_old_answers():
    quiz = sitting()
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a", based_on=0)

    with pytest.raises(attempts.StaleAnswers):
        quiz.hand_in(attempt, last_answers={"who": None}, based_on=0)

    attempt.refresh_from_db()
    assert (attempt.state, answers_of(attempt)) == (Attempt.State.OPEN, {"who": "a"})


def test_a_stale_tab_that_says_nothing_new_may_hand_in():
    quiz = sitting()
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a", based_on=0)

    assert quiz.hand_in(attempt, last_answers={"who": "a"}, based_on=0).state == Attempt.State.SUBMITTED


def test_what_comes_along_after_the_time_is_left_out_and_the_rest_handed_in():
    quiz = sitting(SINGLE, SHORT)
    attempt = quiz.begin(limit_minutes=10)
    quiz.answer(attempt, "who", "a", based_on=0)

    done = quiz.hand_in(attempt, at=NOW + 11 * MINUTE, last_answers={"capital": "Ghent"}, based_on=1)

    assert (done.state, done.submitted_at) == (Attempt.State.SUBMITTED, NOW + 10 * MINUTE)
    assert answers_of(attempt) == {"who": "a"}


def test_handing_in_after_the_due_date_is_late():
    quiz = sitting(closes_after=timedelta(days=2))
    attempt = quiz.begin()

    assert quiz.hand_in(attempt, at=quiz.offer.due_at + SECOND).late is True


# --- Closing --------------------------------------------------------------------------------------------------------


def test_an_attempt_with_an_end_brings_the_job_that_closes_it():
    quiz = sitting()

    attempt = quiz.begin(limit_minutes=10)

    job = Job.objects.get(kind=jobs.CLOSE)
    assert (job.ref, job.due_at) == (attempt.pk, NOW + 10 * MINUTE + attempts.GRACE)


# F14: the time-out handed in an empty answer although much was saved.
def test_closing_hands_in_what_was_saved_last():
    quiz = sitting(*EVERY_KIND)
    attempt = quiz.begin(limit_minutes=10)
    quiz.answer(attempt, "capital", "Ghent", based_on=0, at=NOW + 9 * MINUTE)

    closed = attempts.close_attempt(attempt.pk, at=NOW + 10 * MINUTE + attempts.GRACE)

    attempt.refresh_from_db()
    assert (closed, attempt.state, attempt.submitted_at) == (True, Attempt.State.SUBMITTED, NOW + 10 * MINUTE)
    assert attempt.submitted_by is None
    assert answers_of(attempt) == {"capital": "Ghent"}


# F15: work that the server closed was marked late.
def test_what_the_server_closes_after_the_due_date_is_not_late_when_it_was_answered_before():
    quiz = sitting(closes_after=timedelta(days=2))
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a", based_on=0, at=NOW + MINUTE)

    attempts.close_attempt(attempt.pk, at=quiz.offer.closes_at + MINUTE)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.late) == (Attempt.State.SUBMITTED, False)
    assert Job.objects.filter(kind=jobs.GRADE).count() == 1


def test_what_was_still_answered_after_the_due_date_is_late_whoever_closes_it():
    quiz = sitting(closes_after=timedelta(days=2))
    attempt = quiz.begin()
    quiz.answer(attempt, "who", "a", based_on=0, at=quiz.offer.due_at + MINUTE)

    attempts.close_attempt(attempt.pk, at=quiz.offer.closes_at + MINUTE)

    attempt.refresh_from_db()
    assert attempt.late is True


def test_closing_twice_changes_nothing_the_second_time():
    quiz = sitting()
    attempt = quiz.begin(limit_minutes=10)
    end = NOW + 10 * MINUTE + attempts.GRACE

    assert [attempts.close_attempt(attempt.pk, at=end) for _again in range(2)] == [True, False]
    assert Job.objects.filter(kind=jobs.GRADE).count() == 1


def test_closing_too_early_waits_for_the_end():
    quiz = sitting()
    attempt = quiz.begin(limit_minutes=10)

    assert attempts.close_attempt(attempt.pk, at=NOW + MINUTE) is False
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.OPEN


# F11: the closer stumbled over attempts that nobody had answered.
def test_an_attempt_that_nobody_answered_is_closed_like_any_other():
    quiz = sitting()
    attempt = quiz.begin(limit_minutes=10)

    assert attempts.close_attempt(attempt.pk, at=NOW + 11 * MINUTE) is True


def test_closing_an_attempt_that_is_gone_does_nothing():
    assert attempts.close_attempt(4711, at=NOW) is False


def test_coming_back_after_the_end_closes_the_old_attempt_and_begins_the_next():
    quiz = sitting(attempts_allowed=2)
    first = quiz.begin(limit_minutes=10, attempts_allowed=2)

    second = quiz.begin(at=NOW + 20 * MINUTE, limit_minutes=10, attempts_allowed=2)

    first.refresh_from_db()
    assert (first.state, second.number, second.ends_at) == (Attempt.State.SUBMITTED, 2, NOW + 30 * MINUTE)


def test_the_right_answers_are_kept_as_they_were_given():
    quiz = sitting(*EVERY_KIND)
    attempt = quiz.begin()

    quiz.hand_in(attempt, last_answers=RIGHT, based_on=0)

    assert answers_of(attempt) == RIGHT
    assert standing_of(attempt).revision == 6


def test_a_line_is_written_only_while_the_attempt_is_open_and_its_revision_is_free():
    quiz = sitting(SINGLE)
    attempt = quiz.begin()

    written = [attempts._add_line(attempt.pk, 1, "who", value, at=NOW) for value in ("a", "b")]
    quiz.hand_in(attempt)
    written.append(attempts._add_line(attempt.pk, 2, "who", "b", at=NOW))

    assert written == [True, False, False]
    assert list(attempt.answers.values_list("revision", "value", "saved_at")) == [(1, "a", NOW)]


def test_a_line_is_not_written_after_the_time():
    quiz = sitting(SINGLE)
    attempt = quiz.begin(limit_minutes=10)
    last = attempt.ends_at + attempts.GRACE

    late = attempts._add_line(attempt.pk, 1, "who", "a", at=last + timedelta(milliseconds=1))

    assert (late, attempts._add_line(attempt.pk, 1, "who", None, at=last)) == (False, True)
    assert attempt.answers.get().value is None
