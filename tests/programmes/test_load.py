"""The sums of a programme's study load, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.calendar import Holiday
from programmes.load import Basis, CourseLoad, CourseWeek, Deadline, Item, clusters, could_move, lay_out

MONDAY = date(2026, 11, 16)


def course(
    title: str, minutes: list[int], *, begins: date = MONDAY, deadlines: tuple[Deadline, ...] = ()
) -> CourseLoad:
    weeks = tuple(
        CourseWeek(begins + timedelta(weeks=place), place + 1, amount, {("digital", "async"): amount})
        for place, amount in enumerate(minutes)
    )
    return CourseLoad(title.lower(), title, Decimal(5), Basis.RUN, weeks=weeks, deadlines=deadlines)


def exam(day: date, title: str = "Exam") -> Deadline:
    return Deadline(title, day, summative=True)


def test_a_week_is_the_same_week_for_courses_that_began_on_different_days() -> None:
    early, late = course("Early", [60, 120, 180]), course("Late", [30, 45], begins=MONDAY + timedelta(weeks=1))

    table = lay_out([early, late], ceiling=2400)

    assert [column.minutes for column in table.columns] == [60, 150, 225]
    assert [cell.number for cell in table.rows[1].cells] == [None, 1, 2]


@pytest.mark.parametrize(("minutes", "over"), [(2399, False), (2400, False), (2401, True)])
def test_exactly_the_ceiling_is_fine_and_one_minute_more_is_over(minutes: int, over: bool) -> None:
    (column,) = lay_out([course("One", [minutes])], ceiling=2400).columns

    assert (column.is_over, column.excess) == (over, max(0, minutes - 2400))


def test_three_courses_of_one_cohort_make_a_week_of_58_hours_against_45() -> None:
    courses = [course("A", [20 * 60]), course("B", [18 * 60]), course("C", [20 * 60])]

    table = lay_out(courses, ceiling=45 * 60)

    assert [(column.minutes, column.excess) for column in table.over] == [(58 * 60, 13 * 60)]


def test_weeks_of_holiday_have_a_name_and_no_number() -> None:
    one = course("One", [60], begins=date(2026, 12, 14))
    other = course("Other", [60], begins=date(2027, 1, 4))
    christmas = Holiday(date(2026, 12, 21), date(2027, 1, 3), "Christmas break")

    table = lay_out([one, other], ceiling=2400, begins=date(2026, 12, 7), holidays=[christmas])

    assert [(column.number, column.holiday) for column in table.columns] == [
        (2, ""),
        (None, "Christmas break"),
        (None, "Christmas break"),
        (3, ""),
    ]


def test_a_deadline_beyond_the_last_week_still_has_its_column() -> None:
    late = exam(MONDAY + timedelta(days=16))

    table = lay_out([course("One", [60, 60], deadlines=(late,))], ceiling=2400)

    assert [(column.minutes, column.deadlines) for column in table.columns] == [(60, 0), (60, 0), (0, 1)]


@pytest.mark.parametrize(
    ("days", "found"),
    [([0, 3], []), ([0, 3, 6], [3]), ([0, 3, 7], []), ([0, 1, 2, 6], [4]), ([0, 1, 2, 30, 31, 32], [3, 3])],
)
def test_deadlines_cluster_within_seven_days(days: list[int], found: list[int]) -> None:
    deadlines = tuple(exam(MONDAY + timedelta(days=day), f"Exam {day}") for day in days)

    assert [len(cluster.dues) for cluster in clusters([course("One", [60], deadlines=deadlines)])] == found


def test_only_what_counts_for_a_mark_clusters() -> None:
    practice = tuple(Deadline(f"Draft {day}", MONDAY, summative=False) for day in range(5))

    assert clusters([course("One", [60], deadlines=practice)]) == ()


def test_a_peak_is_named_even_below_the_ceiling() -> None:
    table = lay_out([course("One", [100, 100, 100, 400])], ceiling=2400)

    assert [column.number for column in table.peaks] == [4]
    assert table.average == 175


def test_own_time_could_move_and_sessions_could_not() -> None:
    def item(title: str, minutes: int | None, timing: str = "async") -> Item:
        return Item("one", "One", 1, title, minutes, timing, "digital", "after", True)

    items = [item("Essay", 240), item("Lecture", 600, "sync"), item("Text", 60), item("Case", 150), item("?", None)]

    assert [each.title for each in could_move(items, 120)] == ["Case", "Essay", "Text"]


def test_nothing_planned_makes_rows_without_columns() -> None:
    table = lay_out([CourseLoad("one", "One", Decimal(5), Basis.NONE)], ceiling=2400)

    assert (len(table.rows), table.columns, table.fullest, table.average) == (1, (), None, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(0, 900), max_size=8)), max_size=5))
def test_columns_rows_and_courses_add_up_to_the_same_minutes(plans: list[tuple[int, list[int]]]) -> None:
    courses = [
        course(f"C{place}", minutes, begins=MONDAY + timedelta(weeks=shift))
        for place, (shift, minutes) in enumerate(plans)
    ]

    table = lay_out(courses, ceiling=2400)

    total = sum(sum(minutes) for _shift, minutes in plans)
    assert table.minutes == sum(cell.minutes for row in table.rows for cell in row.cells) == total
    assert sum(table.blocks.values()) == total
    assert all(
        later.monday - earlier.monday == timedelta(weeks=1)
        for earlier, later in zip(table.columns, table.columns[1:], strict=False)
    )


def test_a_range_is_carried_from_the_weeks_of_a_course_to_the_foot_of_the_table() -> None:
    blocks = {("digital", "async"): 75}
    open_ended = CourseLoad(
        "a", "A", Decimal(5), Basis.RUN, weeks=(CourseWeek(MONDAY, 1, 75, blocks, minutes_low=60, minutes_high=90),)
    )

    table = lay_out([open_ended, course("B", [40])], ceiling=120)

    (column,) = table.columns
    assert [(row.cells[0].low, row.cells[0].high) for row in table.rows] == [(60, 90), (40, 40)]
    assert (column.low, column.minutes, column.high) == (100, 115, 130)
    assert not column.is_over
    assert table.maybe_over == (column,)
    assert (table.low, table.high) == (100, 130)
