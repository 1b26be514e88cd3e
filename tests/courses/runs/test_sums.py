"""Working days of feedback, draws of groups, and where a run stands: sums without a database."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grouping import deal, groups_for
from courses.queries.runs import Standing, standing_on
from courses.turnaround import turnaround, working_day_after, working_days

FRIDAY = date(2026, 11, 20)
BREAK = (date(2026, 12, 21), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2026, 11, 22), 0),  # the weekend
        (FRIDAY, date(2026, 11, 23), 1),
        (FRIDAY, date(2026, 11, 27), 5),
        (date(2026, 12, 18), date(2027, 1, 4), 1),  # over the break
        (FRIDAY, date(2026, 11, 1), 0),  # not backwards
    ],
)
def test_working_days_leave_out_weekends_and_holidays(after, until, days):
    assert working_days(after, until, [BREAK]) == days


def test_feedback_in_progress_counts_the_days_used():
    spent = turnaround(FRIDAY, today=date(2026, 12, 1), released_on=None, allowed=10, holidays=[BREAK])

    assert (spent.used, spent.allowed, spent.by_on) == (7, 10, date(2026, 12, 4))
    assert spent.open
    assert not spent.is_late


def test_released_feedback_keeps_its_days_whatever_day_it_is():
    spent = turnaround(FRIDAY, today=date(2027, 6, 1), released_on=date(2026, 11, 24), allowed=2, holidays=[])

    assert (spent.used, spent.open, spent.is_late) == (2, False, False)


def test_feedback_that_takes_too_long_says_by_how_much():
    spent = turnaround(FRIDAY, today=date(2026, 12, 1), released_on=None, allowed=5, holidays=[])

    assert (spent.is_late, spent.over) == (True, 2)


def test_work_that_is_not_due_yet_has_used_no_days():
    assert turnaround(FRIDAY, today=date(2026, 11, 17), released_on=None, allowed=5, holidays=[]).used == 0


@given(st.integers(0, 60), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_promised_day_is_that_many_working_days_away(days, start):
    promised = working_day_after(start, days, [BREAK])

    assert working_days(start, promised, [BREAK]) == days


@given(st.integers(1, 200), st.integers(1, 60), st.integers(0, 2**31))
def test_draw_places_everybody_once_in_groups_that_differ_by_one_at_most(people, groups, seed):
    dealt = deal(range(people), groups=groups, seed=seed)

    assert Counter(person for group in dealt for person in group) == Counter(range(people))
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1
    assert len(dealt) == min(groups, people)


def test_draw_is_the_same_for_the_same_seed_whatever_the_order():
    assert deal([3, 1, 2, 5, 4], groups=2, seed=7) == deal([1, 2, 3, 4, 5], groups=2, seed=7)
    assert len({deal(range(20), groups=4, seed=seed) for seed in range(10)}) > 5


@pytest.mark.parametrize(("people", "size", "groups"), [(24, 4, 6), (25, 4, 7), (3, 4, 1), (0, 4, 0)])
def test_groups_of_a_size_hold_no_more_than_that(people, size, groups):
    assert groups_for(people, size=size) == groups


def test_nobody_is_dealt_into_no_groups():
    assert deal([], groups=3, seed=1) == ()


MONDAYS = [date(2026, 12, 7), date(2026, 12, 14), date(2027, 1, 4)]


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (date(2026, 12, 6), Standing("coming", 0, 3)),
        (date(2026, 12, 7), Standing("running", 1, 3)),
        (date(2026, 12, 20), Standing("running", 2, 3)),
        (date(2026, 12, 25), Standing("running", 2, 3, paused=True)),
        (date(2027, 1, 10), Standing("running", 3, 3)),
        (date(2027, 1, 11), Standing("ended", 3, 3)),
    ],
)
def test_run_knows_where_it_stands(today, standing):
    found = standing_on(today, starts_on=date(2026, 12, 9), ends_on=MONDAYS[-1] + timedelta(days=6), mondays=MONDAYS)

    assert found == standing
