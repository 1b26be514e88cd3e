"""Time as a range: sums carry it, nothing is lost, and what has none looks as before."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from blendedu.kit import charts
from courses import balance
from courses.facts import LEARNING_TYPES, TIMINGS, Plan
from tests.courses.pure.plans import plan

ranges = st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(sorted)


def ranged(low: int, high: int) -> dict[str, int | None]:
    if low == high:
        return {"minutes": low}
    return {"minutes": (low + high + 1) // 2, "minutes_low": low, "minutes_high": high}


an_activity = st.builds(
    lambda bounds, rest: rest | ranged(*bounds),
    ranges,
    st.fixed_dictionaries(
        {
            "timing": st.sampled_from(TIMINGS),
            "week": st.none() | st.integers(1, 4),
            "second_type": st.none() | st.sampled_from(LEARNING_TYPES),
            "second_share": st.integers(0, 50),
        }
    ),
)
any_plan = st.lists(an_activity, max_size=20).map(lambda facts: plan(*facts, week_count=4))


@given(any_plan)
def test_the_range_of_the_course_is_the_sum_of_its_weeks_and_of_its_activities(drawn: Plan) -> None:
    weighed = balance.weigh(drawn)

    bounds = [activity.minutes_range for activity in drawn.placed]
    assert weighed.low == sum(week.low for week in weighed.weeks) == sum(low for low, _ in bounds)
    assert weighed.high == sum(week.high for week in weighed.weeks) == sum(high for _, high in bounds)
    assert weighed.low <= weighed.minutes <= weighed.high


@given(any_plan)
def test_an_explained_total_has_the_range_of_the_total(drawn: Plan) -> None:
    weighed, explained = balance.weigh(drawn), balance.explain(drawn, "total", "")

    # What has no minutes is named instead of listed; here everything has some, or an honest 0.
    zero_high = sum(a.minutes_range[1] for a in drawn.placed if not a.counted_minutes)
    assert (explained.low, explained.high + zero_high) == (weighed.low, weighed.high)


@given(any_plan)
def test_any_explained_number_lies_in_its_range(drawn: Plan) -> None:
    for name, dimension in balance.weigh(drawn).dimensions.items():
        for piece in dimension.slices:
            explained = balance.explain(drawn, name, piece.value)
            assert explained.low <= explained.minutes <= explained.high


@given(any_plan)
def test_stored_loads_keep_the_range(drawn: Plan) -> None:
    weighed = balance.weigh(drawn)
    stored = balance.Loads.from_json(json.loads(json.dumps(balance.loads(drawn))))

    assert (stored.low, stored.high) == (weighed.low, weighed.high)
    assert [(week.low, week.high) for week in stored.weeks] == [(week.low, week.high) for week in weighed.weeks]


def test_loads_that_were_stored_before_there_were_ranges_can_still_be_read() -> None:
    stored = balance.loads(plan({"minutes": 60}))
    del stored["minutes_low"], stored["minutes_high"]
    for week in stored["weeks"]:
        del week["minutes_low"], week["minutes_high"]

    read = balance.Loads.from_json(stored)

    assert (read.low, read.minutes, read.high) == (60, 60, 60)
    assert (read.weeks[0].low, read.weeks[0].high) == (60, 60)


def test_a_missing_time_counts_as_nothing_at_either_end_and_is_named() -> None:
    weighed = balance.weigh(plan({"minutes": None}, ranged(60, 90)))

    assert (weighed.low, weighed.minutes, weighed.high) == (60, 75, 90)
    assert weighed.unestimated == (1,)


def test_the_rhythm_draws_a_range_on_its_own_side_of_the_line() -> None:
    week = charts.WeekLoad(
        1, {("physical", "sync"): 120, ("digital", "async"): 75}, ranges={"sync": (120, 120), "async": (60, 90)}
    )

    chart = charts.rhythm([week])

    (column,) = chart.columns
    (whisker,) = column.whiskers
    assert chart.has_ranges
    assert chart.axis < whisker.from_y < whisker.to_y <= chart.height  # own time is below the line
    assert (column.low, column.total, column.high) == (180, 195, 210)


@given(st.lists(st.tuples(ranges, ranges), min_size=1, max_size=8))
def test_no_range_leaves_the_chart(all_bounds: list[tuple[list[int], list[int]]]) -> None:
    weeks = [
        charts.WeekLoad(
            number,
            {("physical", "sync"): sum(above) // 2, ("digital", "async"): sum(below) // 2},
            ranges={"sync": (above[0], above[1]), "async": (below[0], below[1])},
        )
        for number, (above, below) in enumerate(all_bounds, start=1)
    ]

    chart = charts.rhythm(weeks)

    for column in chart.columns:
        for whisker in column.whiskers:
            assert min(whisker.from_y, whisker.to_y) >= 0
            assert max(whisker.from_y, whisker.to_y) <= chart.height


@given(st.integers(0, 20_000), ranges, ranges)
def test_the_spread_of_a_gauge_stays_on_its_track(value: int, spread: list[int], asked: list[int]) -> None:
    drawn = charts.gauge(value, low=asked[0], high=asked[1], spread=(spread[0], spread[1]))

    if spread[0] == spread[1]:
        assert (drawn.least, drawn.most) == (None, None)
    else:
        assert drawn.least is not None
        assert drawn.most is not None
        assert 0 <= drawn.least < drawn.most <= 100
