"""Outcomes, activities and assessment are matched, and their minutes add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from courses.alignment import Counting, align, minutes_by_outcome
from courses.balance import weigh
from tests.courses.pure.plans import MARKETING, QUIZ, plan


def test_each_outcome_knows_what_practises_and_what_assesses_it() -> None:
    rows = {row.outcome.number: row for row in align(MARKETING).rows}

    assert (rows[1].practised_by, rows[1].assessed_by) == ((1, 2, 4), (4,))
    assert rows[3].weeks == (2, 4)
    assert not rows[4].is_practised
    assert not rows[4].is_assessed


def test_a_marked_test_assesses_but_does_not_practise() -> None:
    [row] = align(plan({"assessment": "summative", "outcome_ids": (1,)}, outcome_count=1)).rows

    assert (row.practised_by, row.assessed_by, row.summative_by) == ((), (1,), (1,))


def test_activities_on_the_shelf_serve_nothing() -> None:
    [row] = align(plan(QUIZ | {"week": None, "outcome_ids": (1,)}, outcome_count=1)).rows

    assert not row.is_practised


def test_an_hour_on_two_outcomes_is_half_an_hour_each_or_an_hour_touched() -> None:
    two = plan({"minutes": 60, "outcome_ids": (1, 2)}, outcome_count=2)

    assert minutes_by_outcome(two) == {1: 30, 2: 30, None: 0}
    assert minutes_by_outcome(two, Counting.TOUCH) == {1: 60, 2: 60, None: 0}


def test_shared_minutes_stay_whole() -> None:
    three = plan({"minutes": 50, "outcome_ids": (3, 1, 2)}, {"minutes": 5}, outcome_count=3)

    assert minutes_by_outcome(three) == {1: 17, 2: 17, 3: 16, None: 5}


@given(st.lists(st.tuples(st.integers(0, 500), st.lists(st.integers(1, 6), max_size=5).map(tuple)), max_size=12))
def test_shared_minutes_add_up_to_the_course(facts: list[tuple[int, tuple[int, ...]]]) -> None:
    drawn = plan(*({"minutes": minutes, "outcome_ids": served} for minutes, served in facts), outcome_count=4)

    assert sum(minutes_by_outcome(drawn).values()) == weigh(drawn).minutes
