"""What a rule demands and what it finds, at the edges; without a database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.balance import Loads, loads_of
from courses.facts import Plan, PlannedActivity, PlannedWeek
from institution.models import ABOUT_SOMETHING, SHARES, PolicyRule
from institution.policy import (
    AT_LEAST,
    AT_MOST,
    METRICS,
    Demand,
    Result,
    Scale,
    could_change,
    in_words,
    judge,
    missing_of,
    shown,
)

FIVE = Decimal(5)


def activity(number: int, minutes: int | None, **changes: object) -> PlannedActivity:
    made = PlannedActivity(
        placement_id=number,
        key=str(number),
        activity_id=number,
        type_key="reading",
        title=f"Activity {number}",
        minutes=minutes,
        learning_type="acquisition",
        second_type=None,
        second_share=0,
        timing="async",
        place="anywhere",
        environment="digital",
        grouping="alone",
        guidance="none",
        assessment="none",
        weight=0,
        feedback_by="none",
        feedback_days=None,
        feedback_elaborated=False,
        required=True,
        week=1,
        moment="before",
        position=number,
        outcome_ids=(),
        has_captions=None,
    )
    return replace(made, **changes)


def plan(*activities: PlannedActivity, weeks: int = 2) -> Plan:
    return Plan(
        design_id=1,
        course_code="c",
        title="C",
        credits=FIVE,
        weeks=tuple(PlannedWeek(number, number, "", True) for number in range(1, weeks + 1)),
        activities=activities,
    )


def loads(*activities: PlannedActivity) -> Loads:
    return loads_of(plan(*activities))


def demand(metric: str, bound: str, limit: str | int, of: str = "") -> Demand:
    return Demand(metric, bound, Decimal(limit), of)


PHYSICAL = {"environment": "physical", "timing": "sync"}


def test_the_sums_know_every_metric_of_the_model_and_no_other() -> None:
    assert set(METRICS) == set(PolicyRule.Metric.values)
    assert {name for name, metric in METRICS.items() if metric.scale is Scale.PERCENT} == set(SHARES)
    assert {name for name, metric in METRICS.items() if metric.of} == set(ABOUT_SOMETHING)


@pytest.mark.parametrize(
    ("minutes", "result"),
    [(19, Result.BROKEN), (20, Result.CLOSE), (24, Result.CLOSE), (25, Result.KEPT), (100, Result.KEPT)],
)
def test_at_least_a_fifth_is_kept_at_the_limit_and_close_within_five_points(minutes: int, result: Result) -> None:
    course = loads(activity(1, minutes, **PHYSICAL), activity(2, 100 - minutes))

    assert judge(demand("environment_share", AT_LEAST, 20, "physical"), course, FIVE).result is result


@pytest.mark.parametrize(
    ("minutes", "result"), [(1201, Result.BROKEN), (1200, Result.CLOSE), (1081, Result.CLOSE), (1080, Result.KEPT)]
)
def test_at_most_20_hours_in_a_week_is_close_within_a_tenth(minutes: int, result: Result) -> None:
    assert judge(demand("week_hours", AT_MOST, 20), loads(activity(1, minutes)), FIVE).result is result


@pytest.mark.parametrize(
    ("used", "result"), [(("acquisition",), Result.BROKEN), (("acquisition", "practice"), Result.KEPT)]
)
def test_counts_are_kept_or_broken_never_close(used: tuple[str, ...], result: Result) -> None:
    course = loads(*(activity(place, 30, learning_type=each) for place, each in enumerate(used)))

    assert judge(demand("learning_types_used", AT_LEAST, 2), course, FIVE).result is result


def test_all_clips_with_captions_keep_the_rule_without_being_close() -> None:
    rule = demand("captioned_clips", AT_LEAST, 100)
    some = loads(activity(1, 5, has_captions=True), activity(2, 5, has_captions=False))

    assert judge(rule, loads(activity(1, 5, has_captions=True)), FIVE).result is Result.KEPT
    assert judge(rule, some, FIVE).result is Result.BROKEN


@pytest.mark.parametrize(
    "rule",
    [
        demand("environment_share", AT_LEAST, 20, "physical"),
        demand("captioned_clips", AT_LEAST, 100),
        demand("feedback_days", AT_MOST, 10),
        demand("week_hours", AT_MOST, 20),
        demand("load_per_credit", AT_LEAST, 25),
        demand("learning_types_used", AT_LEAST, 3),
    ],
)
def test_where_there_is_nothing_to_judge_no_rule_is_broken_or_kept(rule: Demand) -> None:
    assert judge(rule, loads(), FIVE).result is Result.UNJUDGED
    assert judge(rule, None, FIVE).result is Result.UNJUDGED


def test_a_course_without_credits_has_no_hours_per_credit() -> None:
    assert judge(demand("load_per_credit", AT_LEAST, 25), loads(activity(1, 60)), Decimal(0)).result is Result.UNJUDGED


MISSING = [
    (
        demand("environment_share", AT_LEAST, 40, "physical"),
        [activity(1, 15, **PHYSICAL), activity(2, 85)],
        "25 min more in the physical environment",
    ),
    (
        demand("environment_share", AT_MOST, 50, "digital"),
        [activity(1, 15, **PHYSICAL), activity(2, 85)],
        "35 min less in the digital environment",
    ),
    (demand("sync_share", AT_LEAST, 33), [activity(1, 100)], "33 min more together"),
    (demand("learning_type_share", AT_LEAST, 10, "practice"), [activity(1, 95)], "10 min more of practice"),
    (demand("learning_types_used", AT_LEAST, 2), [activity(1, 95)], "one more learning type"),
    (demand("environments_used", AT_LEAST, 3), [activity(1, 95)], "2 more environments"),
    (
        demand("activities_in_environment", AT_LEAST, 1, "workplace"),
        [activity(1, 95)],
        "one more activity in the workplace environment",
    ),
    (demand("week_hours", AT_MOST, 1), [activity(1, 90)], "30 min less in week 1"),
    (
        demand("week_hours", AT_MOST, 1),
        [activity(1, 90), activity(2, 150, week=2)],
        "1 h 30 less in week 2; too full weeks besides: 1",
    ),
    (demand("load_per_credit", AT_LEAST, 25), [activity(1, 6000)], "25 h more in all"),
    (
        demand("feedback_days", AT_MOST, 10),
        [activity(1, 9, assessment="formative", feedback_days=12)],
        "2 working days sooner",
    ),
    (
        demand("captioned_clips", AT_LEAST, 100),
        [activity(1, 9, has_captions=False), activity(2, 9, has_captions=False)],
        "captions for 2 more clips",
    ),
]


@pytest.mark.parametrize(("rule", "activities", "words"), MISSING)
def test_a_broken_rule_says_what_is_missing(rule: Demand, activities: list[PlannedActivity], words: str) -> None:
    verdict = judge(rule, loads(*activities), FIVE)

    assert (verdict.result, str(verdict.missing)) == (Result.BROKEN, words)


def test_every_metric_and_bound_has_words() -> None:
    for name, metric in METRICS.items():
        for bound in metric.bounds:
            rule = demand(name, bound, 3, metric.of[0] if metric.of else "")

            assert str(in_words(rule))
            assert str(missing_of(rule, loads(activity(1, 60)), FIVE, Fraction(1)))


@pytest.mark.parametrize(
    ("value", "limit", "words"),
    [
        ("19.96", "20", "19.96%"),
        ("20", "20", "20%"),
        ("12.5", "12.5", "12.5%"),
        ("12.45", "12.4", "12.5%"),
        ("33.4", "20", "33%"),
    ],
)
def test_a_figure_is_never_rounded_onto_the_limit_that_it_misses(value: str, limit: str, words: str) -> None:
    assert str(shown(demand("sync_share", AT_LEAST, limit), Fraction(value))) == words


def test_hours_are_rounded_away_from_the_limit() -> None:
    assert str(shown(demand("load_per_credit", AT_LEAST, 25), Fraction("1499.9"))) == "24 h 59"
    assert str(shown(demand("load_per_credit", AT_MOST, 30), Fraction("1800.1"))) == "30 h 01"


def test_the_smallest_change_that_would_do_alone_is_named_first() -> None:
    activities = [activity(1, 10, **PHYSICAL), activity(2, 60), activity(3, 20), activity(4, 10)]
    rule = demand("environment_share", AT_LEAST, 25, "physical")

    # 15 minutes are missing: the 20 are enough, the 60 too, the 10 are only a start.
    assert could_change(rule, judge(rule, loads(*activities), FIVE), plan(*activities)) == (3, 2, 4)


def test_in_a_week_that_is_too_full_own_time_could_change() -> None:
    activities = [activity(1, 50, timing="sync"), activity(2, 40), activity(3, 20, week=2)]
    rule = demand("week_hours", AT_MOST, 1)

    assert could_change(rule, judge(rule, loads(*activities), FIVE), plan(*activities)) == (2,)


@pytest.mark.parametrize(
    ("low", "high", "covered"),
    [(None, None, True), ("5", None, True), ("5.5", None, False), (None, "4.5", False), ("5", "5", True)],
)
def test_the_ends_of_a_range_of_credits_belong_to_it(low: str | None, high: str | None, covered: bool) -> None:
    ends = [Decimal(end) if end else None for end in (low, high)]

    assert Demand("sync_share", AT_LEAST, Decimal(1), "", *ends).covers(FIVE) is covered


amounts = st.integers(0, 3000)
limits = st.decimals(0, 100, places=2)


@given(part=amounts, rest=amounts, limit=limits, bound=st.sampled_from([AT_LEAST, AT_MOST]))
def test_what_is_missing_is_exactly_enough(part: int, rest: int, limit: Decimal, bound: str) -> None:
    rule = Demand("environment_share", bound, limit, "physical")
    verdict = judge(rule, loads(activity(1, part, **PHYSICAL), activity(2, rest)), FIVE)
    if not verdict.is_broken:
        assert verdict.missing is None
        return

    assert verdict.missing is not None
    step = verdict.missing.params["minutes"].minutes
    for change, result in ((step, False), (step - 1, True)):
        moved = change if bound == AT_LEAST else -change
        mended = loads(activity(1, part + moved, **PHYSICAL), activity(2, rest - moved))
        assert judge(rule, mended, FIVE).is_broken is result


@given(minutes=st.integers(1, 6000), limit=limits)
def test_at_least_and_at_most_break_on_opposite_sides_and_both_keep_the_limit(minutes: int, limit: Decimal) -> None:
    course = loads(activity(1, minutes))
    least = judge(Demand("load_per_credit", AT_LEAST, limit), course, FIVE)
    most = judge(Demand("load_per_credit", AT_MOST, limit), course, FIVE)

    at_the_limit = Fraction(minutes, 5) == Fraction(limit) * 60
    assert not (least.is_broken and most.is_broken)
    assert (not least.is_broken and not most.is_broken) == at_the_limit


@given(one=amounts, other=amounts, limit=limits)
def test_more_time_together_never_breaks_a_least(one: int, other: int, limit: Decimal) -> None:
    rule = Demand("sync_share", AT_LEAST, limit)
    order = {Result.UNJUDGED: 0, Result.BROKEN: 0, Result.CLOSE: 1, Result.KEPT: 2}
    less, more = (
        judge(rule, loads(activity(1, amount, timing="sync"), activity(2, 3000 - amount)), FIVE)
        for amount in sorted((one, other))
    )

    assert order[less.result] <= order[more.result]
