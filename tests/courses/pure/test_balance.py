"""The balance of a course adds up, explains itself and can be stored."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import balance
from courses.facts import ENVIRONMENTS, GROUPINGS, LEARNING_TYPES, MOMENTS, TIMINGS, Plan
from tests.courses.pure.plans import CLASS, EMPTY, MARKETING, activity, plan, weekly

an_activity = st.fixed_dictionaries(
    {
        "minutes": st.none() | st.integers(0, 6000),
        "learning_type": st.sampled_from(LEARNING_TYPES),
        "second_type": st.none() | st.sampled_from(LEARNING_TYPES),
        "second_share": st.integers(0, 50),
        "environment": st.sampled_from(ENVIRONMENTS),
        "timing": st.sampled_from(TIMINGS),
        "grouping": st.sampled_from(GROUPINGS),
        "moment": st.sampled_from(MOMENTS),
        "week": st.none() | st.integers(1, 4),
        "required": st.booleans(),
    }
)
any_plan = st.lists(an_activity, max_size=25).map(lambda facts: plan(*facts, week_count=4))


@given(any_plan)
def test_every_dimension_adds_up_to_the_whole_and_shows_a_hundred_percent(drawn: Plan) -> None:
    weighed = balance.weigh(drawn)

    for dimension in weighed.dimensions.values():
        assert sum(piece.minutes for piece in dimension.slices) == weighed.minutes
        assert sum(piece.percent for piece in dimension.slices) == (100 if weighed.minutes else 0)
    assert sum(week.minutes for week in weighed.weeks) == weighed.minutes
    for week in weighed.weeks:
        assert sum(cell.minutes for cell in week.cells) == sum(week.moments.values()) == week.minutes
        assert sum(cell.percent for cell in week.cells) == (100 if week.minutes else 0)


@given(any_plan)
def test_every_number_opens_to_rows_that_sum_exactly_to_it(drawn: Plan) -> None:
    weighed = balance.weigh(drawn)

    for name, dimension in weighed.dimensions.items():
        for piece in dimension.slices:
            explanation = balance.explain(drawn, name, piece.value)
            assert sum(row.minutes for row in explanation.rows) == explanation.minutes == piece.minutes
            assert explanation.percent == piece.percent
            assert explanation.of_minutes == weighed.minutes


@given(any_plan)
def test_stored_loads_come_back_as_they_went(drawn: Plan) -> None:
    stored = json.loads(json.dumps(balance.loads(drawn)))

    assert balance.Loads.from_json(stored) == balance.loads_of(drawn)


@given(any_plan)
def test_a_plan_beside_itself_shows_no_difference(drawn: Plan) -> None:
    weighed = balance.weigh(drawn)

    assert {row.difference for row in balance.compare(weighed, weighed)} <= {0}


def test_the_shelf_and_activities_without_minutes_do_not_count() -> None:
    weighed = balance.weigh(MARKETING)

    assert weighed.minutes == 286 + 118
    assert weighed.unestimated == (9,)
    assert weighed.activity_count == 9


def test_hybrid_is_an_environment_of_its_own() -> None:
    weighed = balance.weigh(plan({"environment": "hybrid", "minutes": 40}, {"environment": "physical", "minutes": 60}))

    assert [(p.value, p.minutes, p.percent) for p in weighed["environment"].used] == [
        ("physical", 60, 60),
        ("hybrid", 40, 40),
    ]
    assert "Hybrid is an environment of its own" in balance.explain(MARKETING, "environment", "hybrid").rule


def test_a_second_learning_type_gets_its_share_in_whole_minutes() -> None:
    types = balance.weigh(MARKETING)["learning_type"]

    # 25% of 118 minutes is 29.5: 30 to discussion, 88 stay with inquiry.
    assert (types["inquiry"].minutes, types["discussion"].minutes) == (30 + 88, 40 + 30)


def test_a_second_type_equal_to_the_first_changes_nothing() -> None:
    lone = activity(second_type="acquisition", second_share=50, minutes=61)

    assert lone.minutes_by_type() == (("acquisition", 61),)


def test_a_week_shows_its_blend_and_its_moments() -> None:
    week = balance.weigh(MARKETING).week(2)

    assert week.minutes == 286
    assert [(cell.environment, cell.timing, cell.minutes, cell.percent) for cell in week.cells] == [
        ("physical", "sync", 120, 42),
        ("digital", "async", 166, 58),
    ]
    assert week.moments == {"before": 66, "together": 120, "after": 100}
    assert (week.minutes_at("sync"), week.minutes_of("digital", "async")) == (120, 166)


def test_a_week_without_activities_is_still_there() -> None:
    week = balance.weigh(MARKETING).week(5)

    assert (week.minutes, week.cells, week.moments) == (0, (), {"before": 0, "together": 0, "after": 0})


def test_the_explanation_lists_the_activities_the_rule_and_what_has_no_minutes_yet() -> None:
    explanation = balance.explain(MARKETING, "environment", "physical")

    assert [(row.title, row.week, row.minutes) for row in explanation.rows] == [
        ("Case study: relaunch a local brand", 2, 120)
    ]
    assert (explanation.minutes, explanation.of_minutes, explanation.percent) == (120, 404, 30)
    assert explanation.unestimated == ()
    assert [row.title for row in balance.explain(MARKETING, "environment", "hybrid").unestimated] == [
        "Interview a client"
    ]


def test_a_second_type_is_explained_by_its_part_of_the_activity() -> None:
    rows = balance.explain(MARKETING, "learning_type", "discussion").rows

    assert [(row.title, row.minutes, row.of_minutes) for row in rows] == [
        ("Review another group's case", 40, 40),
        ("Visit to an agency", 30, 118),
    ]


def test_the_total_and_a_week_can_be_explained_too() -> None:
    assert balance.explain(MARKETING, "week", "4").minutes == 118
    assert balance.explain(MARKETING, "total", "").minutes == 404


@pytest.mark.parametrize(("dimension", "value"), [("weather", "wet"), ("environment", "moon"), ("week", "99")])
def test_a_number_that_no_plan_has_cannot_be_explained(dimension: str, value: str) -> None:
    with pytest.raises(balance.UnknownSlice):
        balance.explain(MARKETING, dimension, value)


@pytest.mark.parametrize(
    ("minutes", "verdict", "missing", "excess"),
    [
        (7499, "under", 1, 0),
        (7500, "fits", 0, 0),
        (9000, "fits", 0, 0),
        (9001, "over", 0, 1),
    ],
)
def test_five_credits_stand_for_125_to_150_hours(minutes: int, verdict: str, missing: int, excess: int) -> None:
    load = balance.weigh(weekly(minutes)).load

    assert (load.low, load.high) == (125 * 60, 150 * 60)
    assert (load.verdict, load.missing, load.excess) == (verdict, missing, excess)
    assert 0 <= load.planned_mark <= 95
    assert 0 < load.low_mark < load.high_mark <= 85


def test_a_course_without_credits_has_no_verdict() -> None:
    load = balance.weigh(replace(weekly(60), credits=Decimal(0))).load

    assert (load.verdict, load.planned, load.high) == ("no_credits", 60, 0)


def test_half_credits_are_counted_exactly() -> None:
    load = balance.weigh(replace(weekly(60), credits=Decimal("2.5"), hours_per_credit_high=28)).load

    assert (load.low, load.high) == (3750, 4200)


def test_an_empty_plan_weighs_nothing_and_breaks_nothing() -> None:
    weighed = balance.weigh(EMPTY)

    assert (weighed.minutes, weighed.weeks, weighed.fullest_week) == (0, (), None)
    assert {piece.percent for dimension in weighed.dimensions.values() for piece in dimension.slices} == {0}
    assert balance.compare(weighed, weighed)[0].difference == 0
    assert balance.Loads.from_json(balance.loads(EMPTY)).max_week is None


def test_two_balances_stand_side_by_side() -> None:
    before = balance.weigh(plan({"minutes": 60}, CLASS | {"minutes": 60}, week_count=1))
    after = balance.weigh(plan({"minutes": 60}, CLASS | {"minutes": 180}, week_count=1))

    rows = {(row.dimension, row.value): row for row in balance.compare(before, after)}

    assert rows["total", ""].difference == 120
    assert rows["environment", "digital"] == balance.ComparedRow("environment", "digital", 60, 60, 50, 25)
    assert rows["environment", "physical"] == balance.ComparedRow("environment", "physical", 60, 180, 50, 75)
    assert ("environment", "hybrid") not in rows


def test_a_week_that_only_one_version_has_is_compared_with_nothing() -> None:
    rows = {
        (r.dimension, r.value): r for r in balance.compare(balance.weigh(weekly(60)), balance.weigh(weekly(60, 90)))
    }

    assert rows["week", "2"] == balance.ComparedRow("week", "2", 0, 90, 0, 60)


def test_the_stored_loads_answer_what_policy_asks() -> None:
    loads = balance.Loads.from_json(balance.loads(MARKETING))

    assert loads.environments == {"digital": 166, "physical": 120, "workplace": 118, "hybrid": 0}
    assert loads.environment_counts["hybrid"] == 1
    assert loads.types == {"clip": 2, "reading": 4, "quiz": 1, "session": 1, "upload": 1}
    assert (loads.max_week, loads.max_week_minutes) == (2, 286)
    assert (loads.outcomes, loads.outcomes_practised, loads.outcomes_assessed) == (4, 3, 3)
    assert (loads.clips, loads.clips_captioned) == (2, 2)
    assert (loads.unestimated, loads.shelved) == (1, 1)
    assert loads.weeks[1].titles == ("Quiz: Chapter 2", "Upload the case elaboration")
    assert loads.weeks[1].deadlines == 2
    assert loads.weeks[3].blocks == {"workplace:sync": 118}


@pytest.mark.parametrize("stored", [{}, {"form": 0}, {"form": balance.FORM}, {"form": balance.FORM, "weeks": 3}])
def test_loads_of_another_form_are_refused(stored: dict[str, object]) -> None:
    with pytest.raises(balance.OutdatedLoads):
        balance.Loads.from_json(stored)
