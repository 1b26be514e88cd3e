"""Whether a change is small: on both sides of the limit, and what is never small."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from courses.changes import difference
from courses.facts import Plan, PlannedOutcome, PlannedWeek
from courses.smallness import Never, Smallness, smallness
from tests.courses.pure.plans import activity, plan

# Ten hours, of which ten percent is one hour.
APPROVED = plan(*({"week": week, "minutes": 120, "title": f"Work {week}"} for week in range(1, 6)), outcome_count=2)


def weighed(after: Plan, *, allowed: int = 10, before: Plan = APPROVED, flipped: tuple[str, ...] = ()) -> Smallness:
    return smallness(before, after, difference(before, after), allowed_percent=allowed, flipped=flipped)


def edited(number: int, **facts: Any) -> Plan:
    changed = tuple(replace(a, **facts) if a.key == str(number) else a for a in APPROVED.activities)
    return replace(APPROVED, activities=changed)


def with_more(**facts: Any) -> Plan:
    return replace(APPROVED, activities=(*APPROVED.activities, activity(9, **facts)))


def whys(small: Smallness) -> list[Never]:
    return [blocker.why for blocker in small.blockers]


@pytest.mark.parametrize(("minutes", "small"), [(60, True), (61, False)])
def test_an_hour_of_ten_is_small_at_ten_percent_and_a_minute_more_is_not(minutes: int, small: bool) -> None:
    found = weighed(with_more(week=1, minutes=minutes))

    assert (found.is_small, found.minutes, found.approved_minutes) == (small, minutes, 600)


def test_what_is_over_the_limit_never_looks_as_if_it_were_on_it() -> None:
    assert weighed(with_more(week=1, minutes=61)).used_percent == 11


def test_other_minutes_count_their_difference_and_another_kind_the_whole() -> None:
    assert weighed(edited(1, minutes=150)).minutes == 30
    assert weighed(edited(1, minutes_low=90, minutes_high=160)).minutes == 40
    assert weighed(edited(1, environment="hybrid")).minutes == 120


def test_words_count_for_nothing() -> None:
    found = weighed(edited(1, title="Better words", activity_id=77))

    assert (found.minutes, found.is_small) == (0, True)


def test_a_card_in_another_week_counts_and_one_at_another_place_of_the_week_does_not() -> None:
    assert weighed(edited(1, week=2)).minutes == 120
    assert weighed(edited(1, position=50)).minutes == 0


def test_weeks_that_move_up_count_with_all_that_is_in_them() -> None:
    weeks = [PlannedWeek(n, n, "", True, key=str(n)) for n in range(1, 8)]
    before = replace(APPROVED, weeks=tuple(weeks))
    fewer = [replace(week, number=week.number - 1) for week in weeks[1:]]
    moved = tuple(replace(a, week=(a.week or 0) - 1) for a in before.activities if a.week != 1)

    found = weighed(replace(before, weeks=tuple(fewer), activities=moved), before=before)

    assert found.minutes == 600
    # To a reader they have not moved: the week is another number.
    assert difference(before, replace(before, weeks=tuple(fewer), activities=moved)).moved == ()


def test_the_shelf_counts_nowhere() -> None:
    assert weighed(with_more(week=None, minutes=500)).minutes == 0
    assert weighed(edited(1, week=None)).minutes == 120


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (edited(1, weight=10), Never.ASSESSMENT),
        (edited(1, assessment="formative"), Never.ASSESSMENT),
        (with_more(week=1, minutes=5, assessment="summative"), Never.ASSESSMENT),
        (edited(1, outcome_ids=(1,)), Never.OUTCOMES),
        (replace(APPROVED, outcomes=(PlannedOutcome(1, 1, "Do other things", None),)), Never.OUTCOMES),
        (replace(APPROVED, outcomes=tuple(replace(o, level=3) for o in APPROVED.outcomes)), Never.OUTCOMES),
        (replace(APPROVED, credits=Decimal(6)), Never.COURSE),
        (with_more(week=1, minutes=None), Never.UNESTIMATED),
    ],
)
def test_some_things_are_never_small(after: Plan, why: Never) -> None:
    found = weighed(after, allowed=100)

    assert set(whys(found)) == {why}
    assert not found.is_small


def test_a_requirement_that_is_met_or_broken_by_it_is_never_small() -> None:
    found = weighed(APPROVED, flipped=("At least a fifth on campus",))

    assert whys(found) == [Never.REQUIREMENT]


def test_without_a_limit_everything_is_approved() -> None:
    assert whys(weighed(APPROVED, allowed=0)) == [Never.NOTHING_ALLOWED]


def test_nothing_is_small_beside_an_empty_version() -> None:
    empty = replace(APPROVED, activities=())

    assert Never.NOTHING_APPROVED in whys(weighed(APPROVED, before=empty))
