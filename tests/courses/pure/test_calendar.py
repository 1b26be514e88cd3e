"""A design is laid over the calendar, and the time on the wall stays what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.calendar import (
    CLOCK_WORDS,
    Clock,
    Holiday,
    NoTeaching,
    Slot,
    Window,
    days_later,
    holiday_on,
    local_moment,
    monday_of,
    session_window,
    teaching_weeks,
    window_for,
    windows_of_week,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KATHMANDU = ZoneInfo("Asia/Kathmandu")

AUTUMN = Holiday(date(2026, 11, 2), date(2026, 11, 8), "Autumn break")
CHRISTMAS = Holiday(date(2026, 12, 21), date(2026, 12, 27), "Christmas")
NEW_YEAR = Holiday(date(2026, 12, 28), date(2027, 1, 3), "New Year")
ARMISTICE = Holiday(date(2026, 11, 11), date(2026, 11, 11), "Armistice Day")

MONDAY = date(2026, 9, 14)


def wall(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%a %d %b %H:%M")


# --- Weeks ---------------------------------------------------------------------------------------------------------


def test_weeks_begin_on_the_monday_of_the_first_day() -> None:
    weeks = teaching_weeks(date(2026, 9, 16), 3)

    assert [(week.number, week.monday) for week in weeks] == [
        (1, date(2026, 9, 14)),
        (2, date(2026, 9, 21)),
        (3, date(2026, 9, 28)),
    ]


def test_a_week_of_holidays_is_skipped_and_named() -> None:
    weeks = teaching_weeks(date(2026, 10, 26), 2, [AUTUMN])

    assert [(week.monday, week.skipped_before) for week in weeks] == [
        (date(2026, 10, 26), ()),
        (date(2026, 11, 9), ("Autumn break",)),
    ]


def test_several_weeks_in_a_row_are_skipped_and_each_holiday_named_once() -> None:
    weeks = teaching_weeks(date(2026, 12, 14), 2, [NEW_YEAR, CHRISTMAS])

    assert weeks[1].monday == date(2027, 1, 4)
    assert weeks[1].skipped_before == ("Christmas", "New Year")


def test_a_week_with_one_weekday_left_is_taught() -> None:
    four_days = Holiday(date(2026, 11, 2), date(2026, 11, 5), "Autumn break")

    assert [week.monday for week in teaching_weeks(date(2026, 11, 2), 1, [four_days, ARMISTICE])] == [date(2026, 11, 2)]


def test_five_single_holidays_make_a_free_week() -> None:
    days = [Holiday(date(2026, 11, day), date(2026, 11, day), f"Day {day}") for day in range(2, 7)]

    [week] = teaching_weeks(date(2026, 11, 2), 1, days)

    assert week.monday == date(2026, 11, 9)
    assert week.skipped_before == ("Day 2", "Day 3", "Day 4", "Day 5", "Day 6")


def test_a_term_that_starts_in_a_holiday_starts_after_it() -> None:
    [week] = teaching_weeks(date(2026, 11, 4), 1, [AUTUMN])

    assert (week.number, week.monday, week.skipped_before) == (1, date(2026, 11, 9), ("Autumn break",))


def test_no_weeks_are_no_weeks() -> None:
    assert teaching_weeks(MONDAY, 0) == ()


def test_endless_holidays_are_refused() -> None:
    with pytest.raises(NoTeaching):
        teaching_weeks(MONDAY, 1, [Holiday(MONDAY, date(9999, 12, 1), "Wrong year")])


def test_a_holiday_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Holiday(date(2026, 11, 8), date(2026, 11, 2), "Backwards")


def test_both_ends_belong_to_a_holiday() -> None:
    days = [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 8), date(2026, 11, 9)]

    assert [holiday_on(day, [AUTUMN]) for day in days] == [None, "Autumn break", "Autumn break", None]


def test_a_week_knows_its_days() -> None:
    [week] = teaching_weeks(MONDAY, 1)

    assert week.sunday == date(2026, 9, 20)
    assert date(2026, 9, 20) in week
    assert date(2026, 9, 21) not in week


# --- Time on the wall ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc", "clock"),
    [
        # Brussels: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00.
        (BRUSSELS, date(2026, 3, 28), time(23, 59), "2026-03-28 22:59", ""),
        (BRUSSELS, date(2026, 3, 29), time(1, 59), "2026-03-29 00:59", ""),
        (BRUSSELS, date(2026, 3, 29), time(2, 30), "2026-03-29 01:30", "skipped"),
        (BRUSSELS, date(2026, 3, 29), time(3, 0), "2026-03-29 01:00", ""),
        (BRUSSELS, date(2026, 3, 29), time(23, 59), "2026-03-29 21:59", ""),
        (BRUSSELS, date(2026, 10, 25), time(1, 59), "2026-10-24 23:59", ""),
        (BRUSSELS, date(2026, 10, 25), time(2, 30), "2026-10-25 00:30", "repeated"),
        (BRUSSELS, date(2026, 10, 25), time(3, 0), "2026-10-25 02:00", ""),
        (BRUSSELS, date(2026, 10, 25), time(23, 59), "2026-10-25 22:59", ""),
        # New York: 2026-03-08 and 2026-11-01.
        (NEW_YORK, date(2026, 3, 7), time(23, 59), "2026-03-08 04:59", ""),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08 07:30", "skipped"),
        (NEW_YORK, date(2026, 3, 8), time(23, 59), "2026-03-09 03:59", ""),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01 05:30", "repeated"),
        (NEW_YORK, date(2026, 11, 1), time(23, 59), "2026-11-02 04:59", ""),
        # Lord Howe Island changes by half an hour: 2026-04-05 and 2026-10-04.
        (LORD_HOWE, date(2026, 4, 5), time(1, 29), "2026-04-04 14:29", ""),
        (LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04 14:45", "repeated"),
        (LORD_HOWE, date(2026, 4, 5), time(2, 0), "2026-04-04 15:30", ""),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), "2026-10-03 15:45", "skipped"),
        (LORD_HOWE, date(2026, 10, 4), time(2, 30), "2026-10-03 15:30", ""),
        # Kathmandu is 5 h 45 ahead and never changes.
        (KATHMANDU, date(2026, 3, 29), time(2, 30), "2026-03-28 20:45", ""),
        (KATHMANDU, date(2026, 10, 25), time(23, 59), "2026-10-25 18:14", ""),
    ],
)
def test_a_time_on_the_wall_is_one_moment(zone: ZoneInfo, day: date, at: time, utc: str, clock: str) -> None:
    moment = local_moment(day, at, zone)

    assert (f"{moment.at:%Y-%m-%d %H:%M}", moment.clock) == (utc, clock)
    assert moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "day", "chosen", "shown"),
    [
        (BRUSSELS, date(2026, 3, 29), time(2, 30), "Sun 29 Mar 03:30"),
        (NEW_YORK, date(2026, 3, 8), time(2, 0), "Sun 08 Mar 03:00"),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), "Sun 04 Oct 02:45"),
    ],
)
def test_a_time_that_does_not_exist_moves_forward_and_says_so(
    zone: ZoneInfo, day: date, chosen: time, shown: str
) -> None:
    moment = local_moment(day, chosen, zone)

    assert (wall(moment.at, zone), moment.clock) == (shown, Clock.SKIPPED)
    assert CLOCK_WORDS[moment.clock].startswith("The clock goes forward")


@pytest.mark.parametrize(
    ("zone", "due", "days"),
    [
        (BRUSSELS, date(2026, 3, 27), 3),
        (BRUSSELS, date(2026, 10, 23), 3),
        (NEW_YORK, date(2026, 3, 6), 7),
        (NEW_YORK, date(2026, 10, 31), 2),
        (LORD_HOWE, date(2026, 4, 3), 5),
        (LORD_HOWE, date(2026, 10, 2), 5),
        (KATHMANDU, date(2026, 3, 27), 3),
    ],
)
def test_an_extension_in_days_keeps_the_time_on_the_wall(zone: ZoneInfo, due: date, days: int) -> None:
    deadline = local_moment(due, time(23, 59), zone).at

    extended = days_later(deadline, days, zone).at.astimezone(zone)

    assert (extended.date(), extended.strftime("%H:%M")) == (due + timedelta(days=days), "23:59")
    assert days_later(extended, -days, zone).at == deadline


@given(
    st.sampled_from([BRUSSELS, NEW_YORK, LORD_HOWE, KATHMANDU]),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_every_time_that_exists_reads_on_the_wall_as_it_was_chosen(zone: ZoneInfo, day: date, at: time) -> None:
    moment = local_moment(day, at, zone)
    shown = moment.at.astimezone(zone).replace(tzinfo=None, fold=0)

    if moment.clock is Clock.SKIPPED:
        assert timedelta(0) < shown - datetime.combine(day, at) <= timedelta(hours=1)
    else:
        assert shown == datetime.combine(day, at)


# --- Windows -------------------------------------------------------------------------------------------------------


def shown(window: Window) -> tuple[str, str]:
    return wall(window.opens_at, BRUSSELS), wall(window.due_at, BRUSSELS)


def test_a_session_is_on_its_own_day_and_lasts_its_own_time() -> None:
    slot = Slot(1, "together", weekday=0, starts=time(9, 15), minutes=90)

    assert shown(session_window(slot, MONDAY, BRUSSELS)) == ("Mon 14 Sep 09:15", "Mon 14 Sep 10:45")


def test_a_session_without_day_is_on_wednesday_at_ten_for_an_hour() -> None:
    assert shown(session_window(Slot(1, "together"), MONDAY, BRUSSELS)) == ("Wed 16 Sep 10:00", "Wed 16 Sep 11:00")


def test_a_session_on_a_holiday_says_which() -> None:
    slot = Slot(1, "together", weekday=2, starts=time(9, 0), minutes=60)

    assert session_window(slot, date(2026, 11, 9), BRUSSELS, [ARMISTICE]).holiday == "Armistice Day"
    assert session_window(slot, date(2026, 11, 16), BRUSSELS, [ARMISTICE]).holiday is None


def test_two_hours_in_the_night_of_the_change_are_two_hours() -> None:
    night = Slot(1, "together", weekday=6, starts=time(1, 30), minutes=120)

    window = session_window(night, date(2026, 10, 19), BRUSSELS)

    assert window.due_at - window.opens_at == timedelta(hours=2)
    assert wall(window.due_at, BRUSSELS) == "Sun 25 Oct 02:30"


def test_preparing_opens_a_week_before_and_is_due_at_the_session() -> None:
    session = session_window(Slot(1, "together", weekday=1, starts=time(13, 0), minutes=120), MONDAY, BRUSSELS)

    assert shown(window_for("before", MONDAY, BRUSSELS, session)) == ("Mon 07 Sep 00:00", "Tue 15 Sep 13:00")


def test_following_up_opens_after_the_session_and_is_due_on_sunday() -> None:
    session = session_window(Slot(1, "together", weekday=1, starts=time(13, 0), minutes=120), MONDAY, BRUSSELS)

    assert shown(window_for("after", MONDAY, BRUSSELS, session)) == ("Tue 15 Sep 15:00", "Sun 20 Sep 23:59")


def test_a_week_without_session_turns_on_wednesday_night() -> None:
    assert shown(window_for("before", MONDAY, BRUSSELS)) == ("Mon 07 Sep 00:00", "Wed 16 Sep 23:59")
    assert shown(window_for("after", MONDAY, BRUSSELS)) == ("Thu 17 Sep 00:00", "Sun 20 Sep 23:59")


@pytest.mark.parametrize(
    ("weekday", "starts", "due"),
    [(5, time(21, 0), "Sun 20 Sep 23:59"), (6, time(14, 0), "Sun 27 Sep 23:59")],
)
def test_following_up_leaves_at_least_a_day(weekday: int, starts: time, due: str) -> None:
    weekend = session_window(Slot(1, "together", weekday=weekday, starts=starts, minutes=60), MONDAY, BRUSSELS)

    assert shown(window_for("after", MONDAY, BRUSSELS, weekend))[1] == due


def test_together_has_no_window_without_a_session() -> None:
    with pytest.raises(ValueError, match="session_window"):
        window_for("together", MONDAY, BRUSSELS)


def test_a_week_turns_around_its_first_session() -> None:
    windows = windows_of_week(
        [
            Slot(1, "before", minutes=20),
            Slot(2, "together", weekday=3, starts=time(14, 0), minutes=60),
            Slot(3, "together", weekday=1, starts=time(9, 0), minutes=120),
            Slot(4, "together", minutes=15),  # a poll in class
            Slot(5, "after", minutes=60),
        ],
        MONDAY,
        BRUSSELS,
    )

    assert {key: shown(window) for key, window in windows.items()} == {
        1: ("Mon 07 Sep 00:00", "Tue 15 Sep 09:00"),
        2: ("Thu 17 Sep 14:00", "Thu 17 Sep 15:00"),
        3: ("Tue 15 Sep 09:00", "Tue 15 Sep 11:00"),
        4: ("Tue 15 Sep 09:00", "Tue 15 Sep 11:00"),
        5: ("Tue 15 Sep 11:00", "Sun 20 Sep 23:59"),
    }


def test_sessions_without_a_time_follow_one_another() -> None:
    windows = windows_of_week(
        [Slot(1, "together", minutes=90), Slot(2, "together", minutes=None), Slot(3, "before")], MONDAY, BRUSSELS
    )

    assert {key: shown(window) for key, window in windows.items()} == {
        1: ("Wed 16 Sep 10:00", "Wed 16 Sep 11:30"),
        2: ("Wed 16 Sep 11:30", "Wed 16 Sep 12:30"),
        3: ("Mon 07 Sep 00:00", "Wed 16 Sep 10:00"),
    }


@pytest.mark.parametrize("zone", [BRUSSELS, NEW_YORK, LORD_HOWE, KATHMANDU])
@pytest.mark.parametrize("monday", [date(2026, 3, 2), date(2026, 3, 23), date(2026, 9, 28), date(2026, 10, 19)])
def test_windows_keep_their_time_on_the_wall_when_the_clocks_change(zone: ZoneInfo, monday: date) -> None:
    windows = windows_of_week(
        [Slot(1, "before"), Slot(2, "together", weekday=2, starts=time(10, 0), minutes=60), Slot(3, "after")],
        monday,
        zone,
    )
    local = {
        key: (window.opens_at.astimezone(zone).time(), window.due_at.astimezone(zone).time())
        for key, window in windows.items()
    }

    assert local == {
        1: (time(0, 0), time(10, 0)),
        2: (time(10, 0), time(11, 0)),
        3: (time(11, 0), time(23, 59)),
    }
    assert monday_of(windows[3].due_at.astimezone(zone).date()) == monday


@given(
    st.sampled_from([BRUSSELS, NEW_YORK, LORD_HOWE, KATHMANDU]),
    st.dates(date(2025, 1, 1), date(2028, 1, 1)).map(monday_of),
    st.lists(
        st.tuples(
            st.sampled_from(["before", "together", "after"]),
            st.none() | st.integers(0, 6),
            st.none() | st.times(),
            st.none() | st.integers(1, 600),
        ),
        max_size=8,
    ),
)
def test_every_window_opens_before_it_is_due(
    zone: ZoneInfo, monday: date, drawn: list[tuple[str, int | None, time | None, int | None]]
) -> None:
    slots = [Slot(key, *facts) for key, facts in enumerate(drawn)]

    windows = windows_of_week(slots, monday, zone)

    assert set(windows) == {slot.key for slot in slots}
    assert all(window.opens_at < window.due_at for window in windows.values())
