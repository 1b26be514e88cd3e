"""Outcomes, activities and assessment are matched, and their minutes add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.alignment import Counting, Mismatch, OutcomeRow, align, minutes_by_outcome
from courses.balance import weigh
from courses.facts import PlannedOutcome
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


def levelled(level: int, *served: tuple[str, int | None]) -> OutcomeRow:
    """One outcome of a level, served by activities of an assessment and a level each."""
    facts = [{"assessment": assessment, "outcome_ids": (1,), "outcome_levels": (each,)} for assessment, each in served]
    [row] = align(plan(*facts, outcomes=(PlannedOutcome(1, 1, "Judge", level),))).rows
    return row


@pytest.mark.parametrize(
    ("served", "found"),
    [
        ([("summative", 1)], {Mismatch.ASSESSED_BELOW}),
        ([("summative", 1), ("formative", 5)], set()),
        ([("summative", 5)], set()),
        ([("summative", 5), ("none", 3)], {Mismatch.PRACTISED_BELOW}),
        ([("summative", 5), ("none", 4)], set()),
        ([("summative", None)], set()),
        ([("summative", 5), ("none", 1), ("none", None)], set()),
    ],
)
def test_what_serves_an_outcome_reaches_its_level_or_is_named(
    served: list[tuple[str, int | None]], found: set[Mismatch]
) -> None:
    assert set(levelled(5, *served).mismatches) == found


def test_the_highest_level_counts() -> None:
    row = levelled(6, ("none", 2), ("none", 4), ("summative", 5), ("summative", None))

    assert (row.practised_level, row.assessed_level) == (4, 5)


def test_an_outcome_without_level_is_not_judged() -> None:
    [row] = align(plan({"assessment": "summative", "outcome_ids": (1,), "outcome_levels": (1,)}, outcome_count=1)).rows

    assert row.mismatches == ()
