"""Study time is estimated by published rates, and says how."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from courses import workload
from courses.words import say
from courses.workload import Difficulty, Drafting, Estimate, Genre, Method, NothingToEstimate, Purpose, Question

# Workload Estimator 2.0: pages per hour for 450, 600 and 750 words per page.
READING_TABLE = {
    (Purpose.SURVEY, Difficulty.NO_NEW): (67, 50, 40),
    (Purpose.SURVEY, Difficulty.SOME_NEW): (47, 35, 28),
    (Purpose.SURVEY, Difficulty.MANY_NEW): (33, 25, 20),
    (Purpose.UNDERSTAND, Difficulty.NO_NEW): (33, 25, 20),
    (Purpose.UNDERSTAND, Difficulty.SOME_NEW): (24, 18, 14),
    (Purpose.UNDERSTAND, Difficulty.MANY_NEW): (17, 13, 10),
    (Purpose.ENGAGE, Difficulty.NO_NEW): (17, 13, 10),
    (Purpose.ENGAGE, Difficulty.SOME_NEW): (12, 9, 7),
    (Purpose.ENGAGE, Difficulty.MANY_NEW): (9, 7, 5),
}
READING_CELLS = [
    (purpose, difficulty, words, pages)
    for (purpose, difficulty), row in READING_TABLE.items()
    for words, pages in zip((450, 600, 750), row, strict=True)
]

# Hours per page of 250 words: no, minimal, extensive drafting.
WRITING_TABLE = {
    Genre.REFLECTION: ("0.75", "1", "1.25"),
    Genre.ARGUMENT: ("1.5", "2", "2.5"),
    Genre.RESEARCH: ("3", "4", "5"),
}
WRITING_CELLS = [
    (genre, drafting, Fraction(hours))
    for genre, row in WRITING_TABLE.items()
    for drafting, hours in zip(Drafting, row, strict=True)
]


def test_the_reading_table_has_27_cells() -> None:
    assert len(READING_CELLS) == 27


@pytest.mark.parametrize(("purpose", "difficulty", "words", "pages"), READING_CELLS)
def test_nine_speeds_give_every_cell_of_the_reading_table(
    purpose: Purpose, difficulty: Difficulty, words: int, pages: int
) -> None:
    assert workload.pages_per_hour(purpose, difficulty, words) == pages


def test_the_table_is_not_transposed() -> None:
    assert workload.pages_per_hour(Purpose.SURVEY, Difficulty.MANY_NEW, 450) == 33


@pytest.mark.parametrize(("genre", "drafting", "hours"), WRITING_CELLS)
def test_the_closed_form_gives_every_cell_of_the_writing_table(
    genre: Genre, drafting: Drafting, hours: Fraction
) -> None:
    assert workload.writing_hours(250, genre, drafting) == hours
    assert workload.writing_hours(500, genre, drafting) == 2 * hours
    assert workload.write(words=250, genre=genre, drafting=drafting).minutes == 60 * hours


def test_a_week_of_the_first_example_takes_316_minutes() -> None:
    week = [
        workload.watch(seconds=4 * 6 * 60),
        workload.read(pages=24),
        workload.answer_quiz({Question.APPLIED: 10}),
        workload.share_examples(2),
        workload.meet(120),
        workload.meet(20),  # uploading the result
        workload.meet(15),  # reading the feedback
    ]

    assert [estimate.minutes for estimate in week] == [36, 80, 15, 30, 120, 20, 15]
    assert sum(estimate.minutes for estimate in week) == 316


def test_the_check_of_the_estimators_authors_gives_ten_and_a_half_hours_a_week() -> None:
    weeks = 15
    independent = (
        Fraction(40, workload.pages_per_hour(Purpose.UNDERSTAND, Difficulty.SOME_NEW, 600))
        + workload.writing_hours(12 * 250, Genre.RESEARCH, Drafting.MINIMAL) / weeks
        + Fraction(workload.post(posts=1).minutes, 60)
        + Fraction(workload.watch(seconds=1800, purpose=Purpose.SURVEY).minutes, 60)
        + 2 * Fraction(workload.prepare_exam().minutes, 60) / weeks
    )
    contact = Fraction(2 * 90, 60)

    assert float(independent) == pytest.approx(7.589, abs=0.0005)
    assert float(independent + contact) == pytest.approx(10.589, abs=0.0005)


@pytest.mark.parametrize(
    ("estimate", "minutes"),
    [
        (workload.read(words=1800), 10),
        (workload.read(words=1800, extra_percent=25), 13),  # 12.5, halves up
        (workload.read_as_open_university(words=2100), 30),
        (workload.read_as_open_university(words=2100, difficulty=Difficulty.MANY_NEW), 60),
        (workload.watch(seconds=480, purpose=Purpose.SURVEY), 8),
        (workload.watch(seconds=480, purpose=Purpose.ENGAGE), 16),
        (workload.answer_quiz({Question.RECALL: 3}), 5),
        (workload.answer_quiz({Question.RECALL: 4, Question.SHORT_ANSWER: 2}), 10),
        (workload.post(posts=2, words=125), 60),
        (workload.record_post(posts=1), 62),  # 3 minutes at 0.3467 h
        (workload.take_part(read_posts=20, words_per_post=90, write_words=125), 40),
        (workload.review_peers(works=2), 60),
        (workload.review_peers(works=2, words=1800, criteria=3), 80),
        (workload.rate_reviews(3), 9),
        (workload.work_in_group(100), 110),
        (workload.from_expert_time(20), 60),
        (workload.prepare_exam(study_hours=4, limit_minutes=90), 330),
    ],
)
def test_each_activity_is_estimated_by_its_formula(estimate: Estimate, minutes: int) -> None:
    assert estimate.minutes == minutes


@pytest.mark.parametrize(
    ("estimate", "sentence"),
    [
        (workload.read(pages=24), "14400 words at 180 words per minute."),
        (workload.watch(seconds=360), "Running time of 6 min, times 1.5 for pausing and rewinding."),
        (workload.write(words=500, drafting=Drafting.NONE), "500 words, 0.75 h for each 250."),
        (workload.from_expert_time(90), "You need 1 h 30; students need about three times as long."),
    ],
)
def test_each_estimate_says_how_it_was_made(estimate: Estimate, sentence: str) -> None:
    assert say(estimate.explanation, estimate.params) == sentence


def test_even_a_short_text_takes_a_minute() -> None:
    assert workload.read(words=3).minutes == 1


def test_what_students_report_counts_from_eight_on() -> None:
    assert workload.from_reports({90: 7}) is None

    measured = workload.from_reports({60: 4, 90: 5})

    assert measured is not None
    assert (measured.minutes, measured.method) == (90, Method.MEASURED)


@pytest.mark.parametrize(
    "estimating",
    [
        workload.read,
        lambda: workload.read(words=0),
        lambda: workload.read(pages=-1),
        lambda: workload.read(pages=3, words_per_page=0),
        lambda: workload.watch(seconds=0),
        lambda: workload.answer_quiz({}),
        lambda: workload.answer_quiz({Question.RECALL: 5, Question.APPLIED: -1}),
        lambda: workload.write(words=-5),
        lambda: workload.take_part(read_posts=0, write_words=0),
        lambda: workload.take_part(read_posts=-1),
        lambda: workload.review_peers(works=1, words=0, criteria=2),
        lambda: workload.prepare_exam(limit_minutes=-1),
        lambda: workload.meet(0),
    ],
)
def test_nothing_cannot_be_estimated(estimating: Callable[[], Estimate]) -> None:
    with pytest.raises(NothingToEstimate):
        estimating()


# --- The ways to estimate, as they are stored ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "inputs", "minutes"),
    [
        ("reading", {"pages": 24, "words_per_page": 600, "purpose": "understand", "difficulty": "some_new"}, 80),
        ("reading", {"words": 1800, "extra_percent": 25}, 13),
        ("reading", {"words": 2100, "speeds": "open_university", "difficulty": "many_new"}, 60),
        ("reading", {"words": 1800, "pages": 900}, 10),  # words, where they are known
        ("writing", {"words": 500, "genre": "research", "drafting": "extensive"}, 600),
        ("video", {"minutes": 6, "seconds": 0}, 9),
        ("video", {"minutes": 7, "seconds": 30, "purpose": "engage"}, 15),
        ("quiz", {"recall": 4, "applied": 0, "short_answer": 2}, 10),
        ("discussion", {"posts": 1, "words": 125, "read_posts": 20, "words_per_post": 90}, 40),
        ("discussion", {"posts": 1, "words": 250}, 60),
        ("discussion", {"form": "spoken", "posts": 1, "minutes": 3}, 62),
        ("review", {"works": 2}, 60),
        ("review", {"works": 2, "words": 1800, "criteria": 3}, 80),
        ("rating", {"received": 3}, 9),
        ("sharing", {"examples": 2}, 30),
        ("group", {"minutes": 100}, 110),
        ("exam", {"study_hours": 5}, 300),
        ("expert", {"minutes": 20}, 60),
    ],
)
def test_a_stored_estimate_can_be_made_again(method: str, inputs: dict[str, int | str], minutes: int) -> None:
    assert workload.reckon(method, inputs).minutes == minutes


def test_every_way_is_tried_above() -> None:
    tried = {mark.args[1][i][0] for mark in test_a_stored_estimate_can_be_made_again.pytestmark for i in range(18)}

    assert tried == set(workload.WAYS)


@pytest.mark.parametrize("method", list(workload.WAYS))
def test_no_way_makes_something_of_nothing(method: str) -> None:
    with pytest.raises(NothingToEstimate):
        workload.reckon(method, {})


@pytest.mark.parametrize(
    "inputs", [{"pages": "many"}, {"pages": 3, "difficulty": "none_at_all"}, {"pages": None}, {"pages": [3]}]
)
def test_inputs_that_are_broken_estimate_nothing(inputs: dict[str, object]) -> None:
    with pytest.raises(NothingToEstimate):
        workload.reckon("reading", inputs)


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(workload.UnknownWay):
        workload.reckon("guessing", {"minutes": 5})


def test_the_median_of_an_even_number_of_reports_is_rounded_half_up() -> None:
    assert workload.median_of({60: 5, 91: 5}) == 76
    assert workload.median_of({60: 4, 90: 8}) == 90
