"""A quiz as a student meets it: its page, every answer saved as it is given, the receipt and the result."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import registry
from activities.contract import BrokenConfig
from activities.models import Answer, Attempt, Progress
from activities.queries.attempts import answers_of
from activities.services import attempts
from activities.services.grading import grade_attempt
from tests.activities.quizzes import CANARY, EVERY_KIND, RIGHT, SHORT, SINGLE, Sitting, quiz_activity, sitting
from tests.factories import NOW, MembershipFactory, OfferFactory, UserFactory

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
PIECE = {"HX-Request": "true"}
TRANSACTION = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE SAVEPOINT)")


@pytest.fixture(autouse=True)
def _wednesday(monkeypatch):
    """The quizzes of these tests are open: it is Wednesday 18 November 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def quiz() -> Sitting:
    return sitting(*EVERY_KIND)


def queries_of(act) -> list[str]:
    """The statements that an act costs, without the brackets of its transactions."""
    with CaptureQueriesContext(connection) as captured:
        act()
    # A prepared query of PostgreSQL does not tell its text.
    said = [query["sql"] or "SELECT (prepared)" for query in captured]
    return [sql for sql in said if not TRANSACTION.match(sql)]


def open_attempt(client, quiz: Sitting) -> Attempt:
    client.force_login(quiz.student)
    client.post(quiz.url("start"))
    return Attempt.objects.get(user=quiz.student, state=Attempt.State.OPEN)


def give(client, quiz: Sitting, attempt: Attempt, question: str, *values: str, based_on: int = 0):
    return client.post(
        quiz.url("answer"),
        {"attempt": attempt.pk, "question": question, "based_on": based_on, f"q-{question}": list(values)},
        headers=PIECE,
    )


def fields(**answers: str) -> dict[str, object]:
    return {"asked": list(answers), **{f"q-{key}": value for key, value in answers.items()}}


# --- Configuration --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({"attempts_allowed": 0}, "attempts_allowed"),
        ({"attempts_allowed": 21}, "attempts_allowed"),
        ({"limit_minutes": 601}, "limit_minutes"),
        ({"limit_minutes": -5}, "limit_minutes"),
        ({"limit_minutes": "ten"}, "limit_minutes"),
        ({"show_right_answers": "always"}, "show_right_answers"),
        ({"feedback": "never"}, "feedback"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_broken_configuration_is_refused_by_name(config, wrong):
    with pytest.raises(BrokenConfig) as broken:
        registry.get("quiz").parse(config)

    assert list(broken.value.problems) == [wrong]


def test_the_form_and_the_configuration_agree():
    quiz = registry.get("quiz")
    form = quiz.form_class(
        {"attempts_allowed": "", "limit_minutes": "20", "show_right_answers": "after", "feedback": "after"}
    )

    assert form.is_valid()
    assert quiz.parse(form.cleaned_data).limit_minutes == 20


def test_a_quiz_without_questions_says_what_is_missing():
    activity = quiz_activity()
    activity.questions.all().delete()

    assert registry.get("quiz").missing(activity) == ("no questions yet",)


def test_the_week_says_where_a_student_is_with_a_quiz():
    quiz = registry.get("quiz")
    offer = OfferFactory(activity=quiz_activity(limit_minutes=20))

    def line(**fields):
        progress = Progress(offer=offer, updated_at=NOW, **fields) if fields else None
        return quiz.todo(offer, progress, NOW).line

    assert line() == "Quiz, auto-graded, limit 20 min"
    assert line(state="started") == "Quiz, begun: your answers are saved"
    assert line(state="submitted") == "Quiz, being graded"
    assert line(state="done", points=Decimal("8.00"), max_points=Decimal(10)) == "Quiz, 8 of 10 points"


# --- Before ---------------------------------------------------------------------------------------------------------


def test_the_front_page_says_what_the_quiz_asks(client):
    quiz = sitting(SINGLE, SHORT, limit_minutes=20, attempts_allowed=2)
    quiz.activity.points = 3
    quiz.activity.save()
    client.force_login(quiz.student)

    page = client.get(quiz.page).content.decode()

    assert "2 questions, 3 points" in page
    assert "20 min. The clock starts with the quiz" in page
    assert "2; the best one counts" in page


def test_a_quiz_without_questions_says_so_and_cannot_be_started(client):
    quiz = sitting()
    quiz.activity.questions.all().delete()
    client.force_login(quiz.student)

    page, started = client.get(quiz.page), client.post(quiz.url("start"))

    assert "No questions yet" in page.content.decode()
    assert (started.status_code, Attempt.objects.count()) == (409, 0)


def test_a_quiz_with_a_broken_question_is_not_begun(client):
    quiz = sitting()
    quiz.activity.questions.update(content={**SINGLE, "choices": []})
    client.force_login(quiz.student)

    started = client.post(quiz.url("start"))

    assert started.status_code == 409
    assert "A question of this is broken" in started.content.decode()


def test_a_quiz_that_closed_cannot_be_started(client, monkeypatch):
    quiz = sitting(closes_after=timedelta(0))
    client.force_login(quiz.student)
    monkeypatch.setattr(timezone, "now", lambda: quiz.offer.closes_at + MINUTE)

    started = client.post(quiz.url("start"))

    assert (started.status_code, Attempt.objects.count()) == (409, 0)
    assert "This is not open now." in started.content.decode()


@pytest.mark.parametrize("is_done", [True, False])
def test_what_is_handed_in_is_not_called_late_when_its_time_has_passed(client, monkeypatch, quiz, is_done):
    if is_done:
        quiz.graded({"who": "a"})
    client.force_login(quiz.student)
    monkeypatch.setattr(timezone, "now", lambda: quiz.offer.due_at + MINUTE)

    page = client.get(quiz.page).content.decode()

    assert bool(re.search(r'<li class="warn">\s*due ', page)) is not is_done


def test_starting_leads_to_the_questions(client, quiz):
    client.force_login(quiz.student)

    started = client.post(quiz.url("start"))
    page = client.get(started["Location"]).content.decode()

    assert started.status_code == 303
    assert re.findall(r"Question (\d) of 6", page) == ["1", "2", "3", "4", "5", "6"]
    assert page.count("<h1") == 1


def test_reloading_begins_no_second_attempt(client, quiz):
    open_attempt(client, quiz)

    for _again in range(3):
        client.get(quiz.page)
        client.post(quiz.url("start"))

    assert Attempt.objects.count() == 1


def test_each_student_gets_an_order_that_stays_the_same(client):
    quiz = sitting(*EVERY_KIND, shuffle=True)
    other = MembershipFactory(cohort=quiz.offer.cohort).user

    def order(person):
        client.force_login(person)
        client.post(quiz.url("start"))
        return re.findall(r'data-question="(\w+)" data-kind', client.get(quiz.page).content.decode())

    first, again, second = order(quiz.student), order(quiz.student), order(other)

    assert first == again
    assert sorted(first) == sorted(second) == sorted(RIGHT)


# F36: editing a used question rewrote history.
def test_who_began_keeps_the_questions_as_they_were(client, quiz):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "who", "a")
    question = quiz.activity.questions.get(key="who")
    question.content = {**SINGLE, "text": "Something else?", "choices": SINGLE["choices"][::-1]}
    question.save()
    quiz.activity.questions.filter(key="capital").delete()

    page = client.get(quiz.page).content.decode()
    quiz.hand_in(attempt)
    grade_attempt(attempt.pk, at=NOW)

    attempt.refresh_from_db()
    assert "What decides a campaign first?" in page
    assert "Something else?" not in page
    assert attempt.result["results"]["who"]["points"] == "2.00"
    assert "capital" in attempt.result["results"]


# --- Rights ---------------------------------------------------------------------------------------------------------

ACTS = ["start", "answer", "save", "submit"]


@pytest.mark.parametrize("action", ACTS)
def test_a_stranger_finds_no_quiz(client, quiz, action):
    client.force_login(UserFactory())

    assert client.post(quiz.url(action)).status_code == 404


@pytest.mark.parametrize("action", ACTS)
def test_a_lecturer_cannot_act_as_a_student(client, quiz, action):
    client.force_login(quiz.course.lecturers.get())

    assert client.post(quiz.url(action)).status_code == 403


@pytest.mark.parametrize("look", ["state", "result"])
def test_nobody_sees_how_somebody_else_stands(client, quiz, look):
    attempt = quiz.graded(RIGHT)
    client.force_login(MembershipFactory(cohort=quiz.offer.cohort).user)

    assert client.get(quiz.url(look), {"attempt": attempt.pk}).status_code == 404


@pytest.mark.parametrize("action", ["answer", "save", "submit"])
def test_nobody_answers_in_the_attempt_of_somebody_else(client, quiz, action):
    theirs = quiz.begin()
    client.force_login(MembershipFactory(cohort=quiz.offer.cohort).user)

    response = client.post(
        quiz.url(action), {"attempt": theirs.pk, "question": "who", "based_on": 0, **fields(who="a")}
    )

    theirs.refresh_from_db()
    assert (response.status_code, theirs.state, Answer.objects.count()) == (404, Attempt.State.OPEN, 0)


def test_a_lecturer_sees_the_questions_without_the_answers(client, quiz):
    client.force_login(quiz.course.lecturers.get())

    page = client.get(quiz.page).content.decode()

    assert "What decides a campaign first?" in page
    assert CANARY not in page
    assert quiz.url("start") not in page


# --- Every answer is saved as it is given ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "values", "kept"),
    [
        ("who", ["b"], "b"),
        ("segments", ["c", "a"], ["a", "c"]),
        ("frame", ["false"], False),
        ("capital", ["Ghent "], "Ghent "),
        ("share", ["45,9"], "45,9"),
    ],
)
def test_an_answer_of_every_kind_is_kept_and_shown_after_a_reload(client, quiz, question, values, kept):
    attempt = open_attempt(client, quiz)

    receipt = give(client, quiz, attempt, question, *values)

    assert (receipt.status_code, receipt.json()["revision"]) == (200, 1)
    assert answers_of(attempt) == {question: kept}
    page = client.get(quiz.page).content.decode()
    assert "Every answer is saved, last at 10:00:00" in page
    chosen = re.findall(r'<input type="\w+" name="q-\w+" value="(\w+)" checked', page)
    typed = re.findall(r'<input id="i-\w+" name="q-\w+" value="([^"]+)"', page)
    assert chosen + typed == sorted(values)


def test_matches_are_kept_and_shown_after_a_reload(client, quiz):
    attempt = open_attempt(client, quiz)

    client.post(
        quiz.url("answer"),
        {"attempt": attempt.pk, "question": "match", "based_on": 0, "q-match-p1": "o3"},
        headers=PIECE,
    )

    assert answers_of(attempt) == {"match": {"p1": "o3"}}
    assert client.get(quiz.page).content.decode().count(" selected") == 1


def test_the_receipt_says_how_a_number_was_understood(client, quiz):
    attempt = open_attempt(client, quiz)

    receipt = give(client, quiz, attempt, "share", "45,9").json()

    assert receipt == {
        "revision": 1,
        "at": round(NOW.timestamp() * 1000),
        "clock": "10:00:00",
        "echo": "Understood as 45.9.",
    }


def test_what_cannot_be_read_is_refused_with_the_reason(client, quiz):
    attempt = open_attempt(client, quiz)

    refused = give(client, quiz, attempt, "share", "about half")

    assert (refused.status_code, refused.json()) == (422, {"message": "Write a number, such as 12.5."})


@pytest.mark.parametrize("based_on", ["", "-1", "1e3", "9" * 30, "٣"])
def test_nonsense_numbers_do_no_harm(client, quiz, based_on):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "who", "a")

    assert give(client, quiz, attempt, "who", "b", based_on=based_on).status_code == 409
    assert give(client, quiz, Attempt(pk=int("9" * 30)), "who", "b").status_code == 404


# F1: two tabs.
def test_a_stale_tab_gets_what_the_other_tab_saved(client, quiz):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "capital", "Ghent")

    refused = give(client, quiz, attempt, "capital", "")

    assert refused.status_code == 409
    assert refused.json() == {"reason": "stale", "revision": 1, "answers": {"capital": "Ghent"}}


# F12: by raw HTTP, after the deadline and its grace.
def test_after_the_time_an_answer_is_refused_and_the_page_says_so(client, monkeypatch):
    quiz = sitting(limit_minutes=10)
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "who", "b")
    monkeypatch.setattr(timezone, "now", lambda: NOW + 10 * MINUTE + attempts.GRACE + timedelta(seconds=1))

    refused = give(client, quiz, attempt, "who", "a", based_on=1)

    assert (refused.status_code, refused.json()["reason"]) == (409, "closed")
    assert answers_of(attempt) == {"who": "b"}
    assert "The time is up" in client.get(quiz.page).content.decode()


def test_the_page_counts_down_by_the_clock_of_the_server(client):
    quiz = sitting(limit_minutes=10, closes_after=timedelta(0))
    open_attempt(client, quiz)

    page = client.get(quiz.page).content.decode()

    now, ends = (int(re.search(rf'data-{name}="(\d+)"', page)[1]) for name in ("now", "ends"))
    assert (now, ends - now) == (round(NOW.timestamp() * 1000), 10 * 60 * 1000)


# F17: the device's clock says anything; the server tells its own.
def test_a_page_that_slept_asks_where_the_attempt_stands(client, quiz):
    attempt = open_attempt(client, quiz)

    assert client.get(quiz.url("state"), {"attempt": attempt.pk}).json() == {
        "state": "open",
        "ends_at": None,
        "at": round(NOW.timestamp() * 1000),
        "clock": "10:00:00",
    }


# F45: the session is gone in the middle.
def test_a_signed_out_student_gets_a_sign_and_the_same_save_succeeds_afterwards(client, quiz):
    attempt = open_attempt(client, quiz)
    client.logout()

    refused = give(client, quiz, attempt, "who", "a")
    client.force_login(quiz.student)
    saved = give(client, quiz, attempt, "who", "a")

    assert (refused.status_code, saved.status_code) == (401, 200)
    assert answers_of(attempt) == {"who": "a"}


# --- Without scripts --------------------------------------------------------------------------------------------------


def test_the_whole_form_saves_every_answer(client, quiz):
    attempt = open_attempt(client, quiz)

    saved = client.post(
        quiz.url("save"),
        {
            "attempt": attempt.pk,
            "based_on": 0,
            "asked": list(RIGHT),
            "q-who": "a",
            "q-segments": ["a", "c"],
            "q-match-p2": "o2",
        },
    )

    assert saved.status_code == 303
    assert answers_of(attempt) == {"who": "a", "segments": ["a", "c"], "match": {"p2": "o2"}}


def test_a_box_that_is_no_longer_ticked_is_taken_back(client, quiz):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "segments", "a")

    client.post(quiz.url("save"), {"attempt": attempt.pk, "based_on": 1, "asked": ["segments"]})

    assert answers_of(attempt) == {}


def test_of_a_whole_form_what_can_be_read_is_saved_and_the_rest_is_shown_again(client, quiz):
    attempt = open_attempt(client, quiz)

    response = client.post(
        quiz.url("save"), {"attempt": attempt.pk, "based_on": 0, **fields(who="a", share="about <b>half</b>")}
    )

    page = response.content.decode()
    assert (response.status_code, answers_of(attempt)) == (422, {"who": "a"})
    assert "One answer could not be read" in page
    assert 'value="about &lt;b&gt;half&lt;/b&gt;"' in page


def test_an_unreadable_answer_does_not_hand_in(client, quiz):
    attempt = open_attempt(client, quiz)

    response = client.post(
        quiz.url("submit"), {"attempt": attempt.pk, "based_on": 0, **fields(who="a", share="about half")}
    )

    attempt.refresh_from_db()
    assert (response.status_code, attempt.state) == (422, Attempt.State.OPEN)
    assert answers_of(attempt) == {"who": "a"}


def test_at_the_end_of_the_time_an_unreadable_answer_stops_nothing(client, quiz):
    attempt = open_attempt(client, quiz)

    response = client.post(
        quiz.url("submit"),
        {"attempt": attempt.pk, "based_on": 0, "time_up": 1, **fields(who="a", share="about half")},
        headers=PIECE,
    )

    attempt.refresh_from_db()
    assert (response.status_code, attempt.state) == (200, Attempt.State.SUBMITTED)
    assert answers_of(attempt) == {"who": "a"}


# F1, without scripts: both answers are shown.
def test_a_stale_page_shows_both_answers(client, quiz):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "who", "a")
    give(client, quiz, attempt, "capital", "Ghent", based_on=1)

    response = client.post(
        quiz.url("save"), {"attempt": attempt.pk, "based_on": 1, **fields(who="a", capital="Bruges")}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Saved there:") == 1
    assert "Saved there: Ghent." in page
    assert 'value="Bruges"' in page
    assert 'name="based_on" value="2"' in page
    assert answers_of(attempt) == {"who": "a", "capital": "Ghent"}


# --- Handing in and the result ----------------------------------------------------------------------------------------


def test_handing_in_answers_with_a_receipt_and_again_with_the_same(client, quiz):
    attempt = open_attempt(client, quiz)

    receipts = [client.post(quiz.url("submit"), {"attempt": attempt.pk}, headers=PIECE) for _again in range(3)]

    assert [receipt.status_code for receipt in receipts] == [200, 200, 200]
    assert len({receipt.content for receipt in receipts}) == 1
    assert "Submitted, being graded" in receipts[0].content.decode()
    assert "handed in on Wed 18 Nov at 10:00:00" in receipts[0].content.decode()


def test_a_plain_form_hands_in_and_leads_back_to_the_page(client, quiz):
    attempt = open_attempt(client, quiz)

    response = client.post(quiz.url("submit"), {"attempt": attempt.pk, "based_on": 0, **fields(who="a")}, follow=True)

    assert response.redirect_chain == [(quiz.page, 303)]
    assert "Submitted, being graded" in response.content.decode()


def test_while_it_is_graded_asking_costs_an_empty_answer(client, quiz):
    attempt = open_attempt(client, quiz)
    client.post(quiz.url("submit"), {"attempt": attempt.pk}, headers=PIECE)

    waiting = client.get(quiz.url("result"), {"attempt": attempt.pk}, headers=PIECE)

    assert (waiting.status_code, waiting.content) == (204, b"")


def test_the_result_comes_with_points_feedback_and_the_bell(client, quiz):
    attempt = open_attempt(client, quiz)
    quiz.hand_in(attempt, last_answers={**RIGHT, "who": "b"}, based_on=0)
    grade_attempt(attempt.pk, at=NOW)

    piece = client.get(quiz.url("result"), {"attempt": attempt.pk, "number": 1}, headers=PIECE).content.decode()

    assert 'Your result: <b class="num">7</b> of 9 points' in piece
    assert "5 of 6 questions right" in piece
    assert f"{CANARY} that comes later" in piece
    assert "Who it is for" in piece
    assert 'id="unread" hx-swap-oob="true"' in piece


def test_who_has_attempts_left_may_try_again(client):
    quiz = sitting(attempts_allowed=3)
    quiz.graded({"who": "b"}, attempts_allowed=3)
    client.force_login(quiz.student)

    page = client.get(quiz.page).content.decode()
    client.post(quiz.url("start"))

    assert "2 attempts left; the best one counts." in page
    assert Attempt.objects.filter(state=Attempt.State.OPEN).get().number == 2


def test_earlier_attempts_can_be_looked_at(client):
    quiz = sitting(attempts_allowed=2)
    quiz.graded({"who": "b"}, attempts_allowed=2)
    quiz.graded({"who": "a"}, at=NOW + MINUTE, attempts_allowed=2)
    client.force_login(quiz.student)

    latest, first = client.get(quiz.page).content.decode(), client.get(quiz.page, {"number": 1}).content.decode()

    assert 'Your result: <b class="num">2</b>' in latest
    assert 'Your result: <b class="num">0</b>' in first
    assert "You have used all attempts" in first


@pytest.mark.parametrize(
    ("show", "open_now", "after_closing"), [("at_once", True, True), ("after", False, True), ("never", False, False)]
)
def test_right_answers_are_shown_when_the_lecturer_wants(client, monkeypatch, show, open_now, after_closing):
    quiz = sitting(closes_after=timedelta(0), show_right_answers=show)
    quiz.graded({"who": "b"})
    client.force_login(quiz.student)

    def shows() -> bool:
        return "Right answer" in client.get(quiz.page).content.decode().replace("Right answers", "")

    assert shows() is open_now
    monkeypatch.setattr(timezone, "now", lambda: quiz.offer.closes_at + MINUTE)
    assert shows() is after_closing


def test_feedback_waits_for_the_closing_when_the_lecturer_wants(client, monkeypatch):
    quiz = sitting(closes_after=timedelta(0), feedback="after", show_right_answers="never")
    quiz.graded({"who": "b"})
    client.force_login(quiz.student)

    before = client.get(quiz.page).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: quiz.offer.closes_at + MINUTE)
    after = client.get(quiz.page).content.decode()

    assert CANARY not in before
    assert "The feedback on each question is shown when the quiz has closed" in before
    assert f"{CANARY} that comes later" in after


# F40: right answers or feedback before they may be seen.
def test_no_page_and_no_piece_tells_the_answers_before_the_marks(client, quiz):
    client.force_login(quiz.student)
    said = [client.get(quiz.page)]
    attempt = open_attempt(client, quiz)
    said += [
        client.get(quiz.page),
        give(client, quiz, attempt, "who", "b"),
        give(client, quiz, attempt, "who", "a"),
        give(client, quiz, attempt, "share", "about half", based_on=1),
        give(client, quiz, attempt, "capital", "Ghent", based_on=1),
        client.get(quiz.url("state"), {"attempt": attempt.pk}),
        client.get(quiz.url("result"), {"attempt": attempt.pk}),
        client.post(quiz.url("save"), {"attempt": attempt.pk, "based_on": 0, **fields(who="a", share="x")}),
        client.post(quiz.url("save"), {"attempt": attempt.pk, "based_on": 2, **fields(share="x")}),
        client.get(quiz.page),
        client.post(quiz.url("submit"), {"attempt": attempt.pk, "based_on": 2}, headers=PIECE),
        client.get(quiz.url("result"), {"attempt": attempt.pk}, headers=PIECE),
        client.get(quiz.page),
    ]

    assert [response.status_code for response in said] == [
        200, 200, 200, 409, 422, 200, 200, 204, 409, 422, 200, 200, 204, 200,
    ]  # fmt: skip
    assert [CANARY in response.content.decode() for response in said] == [False] * len(said)


def test_html_in_questions_and_answers_is_shown_and_never_obeyed(client):
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    quiz = sitting(
        {**SINGLE, "text": script, "choices": [{**SINGLE["choices"][0], "text": script}, SINGLE["choices"][1]]},
        {**SHORT, "text": script},
    )
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "capital", script)

    page = client.get(quiz.page).content.decode()
    quiz.hand_in(attempt)
    grade_attempt(attempt.pk, at=NOW)
    result = client.get(quiz.page).content.decode()

    for html in (page, result):
        assert "<script>alert" not in html
        assert "<img" not in html


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_saving_an_answer_costs_four_queries(client, quiz):
    attempt = open_attempt(client, quiz)
    give(client, quiz, attempt, "who", "b")  # the paper is read once per process

    costs = queries_of(lambda: give(client, quiz, attempt, "who", "a", based_on=1))

    # user, seat, attempt with the last revision, the new line
    assert [sql.split()[0] for sql in costs] == ["SELECT", "SELECT", "SELECT", "INSERT"]


def test_starting_costs_eight_queries(client):
    quiz = sitting(*EVERY_KIND, limit_minutes=10)
    quiz.begin(student=MembershipFactory(cohort=quiz.offer.cohort).user)
    client.force_login(quiz.student)

    costs = queries_of(lambda: client.post(quiz.url("start")))

    # user, seat, questions, paper, own attempts; attempt, the job that closes it, progress
    assert [sql.split()[0] for sql in costs] == ["SELECT"] * 5 + ["INSERT"] * 3


def test_handing_in_costs_six_queries_and_nine_with_the_last_answers(client, quiz):
    attempt = open_attempt(client, quiz)
    other = Sitting(MembershipFactory(cohort=quiz.offer.cohort).user, quiz.run_offer)
    theirs = other.begin()
    other.answer(theirs, "who", "b")  # the paper is read once per process

    plain = queries_of(lambda: client.post(quiz.url("submit"), {"attempt": attempt.pk}, headers=PIECE))
    client.force_login(other.student)
    full = queries_of(
        lambda: client.post(quiz.url("submit"), {"attempt": theirs.pk, "based_on": 1, **fields(who="a", capital="x")})
    )

    # user, seat, attempt with lock; attempt, grading job, progress
    assert len(plain) == 6
    # and before it: the attempt for its paper, the log, the last lines
    assert len(full) == 9


def test_asking_for_the_result_costs_three_queries(client, quiz):
    attempt = open_attempt(client, quiz)
    quiz.hand_in(attempt)

    costs = queries_of(lambda: client.get(quiz.url("result"), {"attempt": attempt.pk}, headers=PIECE))

    # user, seat, attempt
    assert len(costs) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, count):
    quiz = sitting(*EVERY_KIND[:count])
    attempt = open_attempt(client, quiz)
    for step, (key, values) in enumerate([("who", ["a"]), ("segments", ["a"]), ("frame", ["true"])][:count]):
        give(client, quiz, attempt, key, *values, based_on=step)
    client.get(quiz.page)

    costs = queries_of(lambda: client.get(quiz.page))

    # user, seat, own attempts, answers, the week around it, what it is for, roles, unread notices
    assert len(costs) == 8
