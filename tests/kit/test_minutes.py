"""Minutes are typed in many ways and shown in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendedu.kit.forms import DurationField, MinutesField
from blendedu.kit.minutes import (
    MOST,
    BadMinutes,
    Duration,
    Reason,
    format_minutes,
    format_range,
    parse_duration,
    parse_minutes,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        (" 90 ", 90),
        ("0", 0),
        ("6000", 6000),
        ("6,000", 6000),
        ("1:30", 90),
        ("0:05", 5),
        ("100:00", 6000),
        ("1h30", 90),
        ("1 h 30", 90),
        ("1h 5 min", 65),
        ("1 H 30 MIN", 90),
        ("1.5 h", 90),
        ("1,5 h", 90),
        ("0.25h", 15),
        ("2 h", 120),
        ("2 hours", 120),
        ("45 min", 45),
        ("45 minutes", 45),
        ("45m", 45),
        ("1\u00a0h\u00a030", 90),
    ],
)
def test_minutes_are_read_as_people_type_them(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        ("   ", Reason.EMPTY),
        ("an hour", Reason.UNREADABLE),
        ("1.5", Reason.UNREADABLE),
        ("1:75", Reason.UNREADABLE),
        ("12e3", Reason.UNREADABLE),
        ("90 90", Reason.UNREADABLE),
        ("<script>alert(1)</script>", Reason.UNREADABLE),
        ("-5", Reason.TOO_SMALL),
        ("\u22125", Reason.TOO_SMALL),
        ("6001", Reason.TOO_LARGE),
        ("10,000", Reason.TOO_LARGE),
        ("101 h", Reason.TOO_LARGE),
        ("999999999", Reason.TOO_LARGE),
    ],
)
def test_a_text_that_says_no_minutes_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    with pytest.raises(BadMinutes) as refused:
        parse_minutes(text)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (8, "8 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 01"), (90, "1 h 30"), (7860, "131 h")],
)
def test_minutes_are_shown_without_decimals(minutes: int, text: str) -> None:
    assert format_minutes(minutes) == text


@given(st.integers(min_value=0, max_value=MOST))
def test_what_is_shown_can_be_typed_again(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    try:
        read = parse_minutes(text)
    except BadMinutes:
        return

    assert 0 <= read <= MOST


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("60-90", 60, 90),
        ("60 - 90", 60, 90),
        ("60\u201390", 60, 90),
        ("60\u201390 min", 60, 90),
        ("60 to 90 minutes", 60, 90),
        ("45'-60'", 45, 60),
        ("1h-1h30", 60, 90),
        ("1 h to 1 h 30", 60, 90),
        ("1:00-1:30", 60, 90),
        ("1-1.5 h", 60, 90),
        ("1\u20132 h", 60, 120),
        ("1 h 30 \u2013 2 h 15", 90, 135),
        ("45 min - 1 h", 45, 60),
        ("0-10", 0, 10),
        ("1,000-2,000", 1000, 2000),
        ("2-3 th", 90, 135),
        ("1-2 lesson hours", 45, 90),
    ],
)
def test_a_range_is_read_as_people_type_it(text: str, low: int, high: int) -> None:
    assert parse_duration(text, teaching_hour=45) == Duration.between(low, high)


@pytest.mark.parametrize(
    ("text", "hour", "minutes"),
    [
        ("2 th", 45, 90),
        ("2 TH", 50, 100),
        ("1 teaching hour", 45, 45),
        ("2 lesson hours", 45, 90),
        ("2 class-hours", 50, 100),
        ("1.5 th", 45, 68),  # 67.5, rounded half up
        ("2 lesuren", 50, 100),
        ("2 h", 45, 120),
    ],
)
def test_a_teaching_hour_has_the_minutes_that_the_institution_says(text: str, hour: int, minutes: int) -> None:
    assert parse_duration(text, teaching_hour=hour) == Duration(minutes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("90-60", Reason.BACKWARDS),
        ("2-1 h", Reason.BACKWARDS),
        ("30-1 h", Reason.BACKWARDS),
        ("60--90", Reason.UNREADABLE),
        ("60-", Reason.UNREADABLE),
        ("-", Reason.UNREADABLE),
        ("60-90-120", Reason.UNREADABLE),
        ("60-often", Reason.UNREADABLE),
        ("-60", Reason.TOO_SMALL),
        ("-60-90", Reason.TOO_SMALL),
        ("-1 h", Reason.TOO_SMALL),
        ("60-10000", Reason.TOO_LARGE),
        ("200 th", Reason.TOO_LARGE),
        ("", Reason.EMPTY),
    ],
)
def test_what_is_no_range_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    with pytest.raises(BadMinutes) as refused:
        parse_duration(text, teaching_hour=45)

    assert refused.value.reason == reason


@pytest.mark.parametrize(("low", "high", "middle"), [(60, 90, 75), (60, 91, 76), (0, 1, 1), (1, 2, 2)])
def test_the_middle_of_a_range_is_rounded_half_up(low: int, high: int, middle: int) -> None:
    assert Duration.between(low, high) == Duration(middle, low, high)


def test_a_range_from_a_time_to_itself_is_that_time() -> None:
    assert parse_duration("60-60") == Duration(60)
    assert not parse_duration("60-60").is_range


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (60, 90, "60\u201390 min"),
        (5, 10, "5\u201310 min"),
        (60, 120, "1\u20132 h"),
        (7080, 8640, "118\u2013144 h"),
        (90, 135, "1 h 30 \u2013 2 h 15"),
        (60, 60, "1 h"),
    ],
)
def test_a_range_is_shown_in_the_shorter_unit(low: int, high: int, text: str) -> None:
    assert format_range(low, high) == text


@given(st.integers(min_value=0, max_value=MOST), st.integers(min_value=0, max_value=MOST))
def test_a_range_that_is_shown_can_be_typed_again(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert parse_duration(format_range(low, high)) == Duration.between(low, high)


@given(st.text(max_size=30) | st.from_regex(r"[0-9 :.,h'-]{1,12}( ?th)?", fullmatch=True))
def test_no_text_at_all_breaks_the_reader_of_ranges(text: str) -> None:
    try:
        read = parse_duration(text, teaching_hour=45)
    except BadMinutes:
        return

    assert 0 <= (read.low or 0) <= read.minutes <= (read.high or read.minutes) <= MOST


def test_a_duration_field_shows_a_range_and_reads_it_back() -> None:
    field = DurationField()

    assert field.prepare_value(Duration.between(60, 90)) == "60\u201390 min"
    assert field.clean("60\u201390 min") == Duration(75, 60, 90)
    assert field.prepare_value(Duration(80)) == "1 h 20"
    assert DurationField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("90-60", "A range goes from the shorter time to the longer one, for example 60-90."),
        ("-5", "Minutes cannot be less than 0."),
        ("soon", "Write the time as minutes or hours, for example 90, 1:30, 1.5 h or 60-90."),
    ],
)
def test_a_duration_field_says_what_to_do(text: str, message: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        DurationField().clean(text)

    assert refused.value.messages == [message]


def test_a_minutes_field_gives_none_when_it_is_left_empty() -> None:
    assert MinutesField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-5", "Minutes cannot be less than 0."),
        ("10,000", "That is more than 100 h. Check the number of minutes."),
        ("soon", "Write the time as minutes or hours, for example 90, 1:30 or 1.5 h."),
    ],
)
def test_a_minutes_field_says_what_to_do(text: str, message: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        MinutesField().clean(text)

    assert refused.value.messages == [message]
