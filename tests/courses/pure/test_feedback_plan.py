"""Weights come to 100, and the longest stretch without any feedback is measured."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.feedback_plan import SOME_MONDAY, Dated, WeightState, days_promised, feedback_plan, weights_of
from tests.courses.pure.plans import EMPTY, QUIZ, UPLOAD, activity, plan

TEST = {"assessment": "summative", "moment": "together", "timing": "sync"}
PEERS = {"assessment": "formative", "feedback_by": "peer", "moment": "after"}


def day(number: int) -> date:
    return SOME_MONDAY + timedelta(days=number)


# --- Weights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "state", "missing", "excess"),
    [
        ([], WeightState.NOTHING, 100, 0),
        ([60, 40], WeightState.FULL, 0, 0),
        ([50, 30], WeightState.SHORT, 20, 0),
        ([70, 60], WeightState.OVER, 0, 30),
        ([0], WeightState.SHORT, 100, 0),
    ],
)
def test_weights_come_to_100_or_say_what_is_missing(
    weights: list[int], state: WeightState, missing: int, excess: int
) -> None:
    found = weights_of(plan(*(TEST | {"weight": weight} for weight in weights)))

    assert (found.state, found.missing, found.excess) == (state, missing, excess)


def test_weights_where_they_do_not_belong_are_named_and_not_counted() -> None:
    found = weights_of(
        plan(
            TEST | {"weight": 100},
            TEST | {"weight": 0},
            QUIZ | {"weight": 10},
            TEST | {"weight": 20, "week": None},
        )
    )

    assert found.total == 100
    assert [each.placement_id for each in found.weightless] == [2]
    assert [each.placement_id for each in found.formative] == [3]
    assert [each.placement_id for each in found.shelved] == [4]


# --- Feedback -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({"feedback_by": "lecturer", "feedback_days": 10}, 10),
        ({"feedback_by": "lecturer"}, None),
        ({"feedback_by": "lecturer", "timing": "sync"}, 0),
        ({"feedback_by": "automatic"}, 0),
        ({"feedback_by": "peer"}, 0),
        ({"feedback_by": "none"}, None),
        ({"feedback_by": "none", "timing": "sync"}, None),
    ],
)
def test_feedback_comes_when_it_is_promised(facts: dict[str, Any], days: int | None) -> None:
    assert days_promised(activity(**facts)) == days


def test_the_meter_counts_days_between_feedback_in_working_days() -> None:
    # Due on the Sunday of week 1; ten working days later is the Friday of week 3.
    found = feedback_plan(plan(UPLOAD | {"week": 1}, week_count=5))

    assert [each.on for each in found.feedback] == [day(18)]
    assert [stretch.days for stretch in found.stretches] == [18, 16]
    assert found.longest is not None
    assert (found.longest.starts_on, found.longest.ends_on) == (day(0), day(18))
    assert float(found.longest.weeks) == pytest.approx(18 / 7)


def test_a_course_without_feedback_is_one_long_stretch() -> None:
    found = feedback_plan(plan(week_count=7))

    assert found.longest is not None
    assert found.longest.days == found.days == 48


def test_a_course_without_weeks_has_no_stretch() -> None:
    assert feedback_plan(EMPTY).longest is None


def test_feedback_without_a_date_is_named_and_closes_nothing() -> None:
    found = feedback_plan(plan({"feedback_by": "lecturer", "week": 3}, week_count=5))

    assert [each.placement_id for each in found.undated] == [1]
    assert [stretch.days for stretch in found.stretches] == [34]


def test_feedback_after_the_course_closes_its_last_stretch() -> None:
    found = feedback_plan(plan(UPLOAD | {"week": 2}, week_count=2))

    assert [stretch.days for stretch in found.stretches] == [13]


def test_an_outcome_that_counts_before_any_feedback_is_late_until_peers_look_at_it() -> None:
    # Acceptance test C9: summative in week 10 on outcome 3; a formative peer activity in week 6 clears it.
    late = feedback_plan(plan(TEST | {"week": 10, "outcome_ids": (3,)}, week_count=10, outcome_count=3))
    mended = feedback_plan(
        plan(
            TEST | {"week": 10, "outcome_ids": (3,)},
            PEERS | {"week": 6, "outcome_ids": (3,)},
            week_count=10,
            outcome_count=3,
        )
    )

    assert [each.outcome.number for each in late.outcomes if each.is_late] == [3]
    assert [each.outcome.number for each in mended.outcomes if each.is_late] == []


def test_feedback_on_the_test_itself_comes_too_late_for_it() -> None:
    [only] = feedback_plan(plan(TEST | {"feedback_by": "automatic", "outcome_ids": (1,)}, outcome_count=1)).outcomes

    assert only.is_late


def test_a_quiz_just_before_the_test_is_in_time() -> None:
    [only] = feedback_plan(plan(QUIZ | {"outcome_ids": (1,)}, TEST | {"outcome_ids": (1,)}, outcome_count=1)).outcomes

    assert only.first is not None
    assert only.first.on == only.counts_on
    assert not only.is_late


def test_feedback_that_comes_back_after_the_test_is_late() -> None:
    [only] = feedback_plan(
        plan(
            UPLOAD | {"week": 1, "outcome_ids": (1,), "feedback_days": 15},
            TEST | {"week": 3, "outcome_ids": (1,)},
            outcome_count=1,
        )
    ).outcomes

    assert only.is_late


def test_a_run_brings_its_own_days() -> None:
    drawn = plan(UPLOAD | {"week": 1, "feedback_days": 5}, week_count=2)
    mondays = {1: date(2026, 12, 14), 2: date(2027, 1, 4)}
    break_ = (date(2026, 12, 21), date(2027, 1, 3))

    found = feedback_plan(drawn, Dated(mondays, {1: date(2026, 12, 18)}, (break_,)))

    assert [(each.due_on, each.on) for each in found.feedback] == [(date(2026, 12, 18), date(2027, 1, 8))]
    assert found.dated.week_of(date(2026, 12, 25)) == 1
    assert found.dated.week_of(date(2026, 12, 13)) is None


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.sampled_from(["before", "together", "after"]), st.integers(0, 30)), max_size=12
    )
)
def test_stretches_follow_one_another_and_add_up_to_the_course(facts: list[tuple[int, str, int]]) -> None:
    drawn = plan(
        *({"week": w, "moment": m, "feedback_by": "lecturer", "feedback_days": d} for w, m, d in facts), week_count=8
    )

    found = feedback_plan(drawn)

    assert sum(stretch.days for stretch in found.stretches) == found.days == 55
