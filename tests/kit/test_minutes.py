"""Minutes are typed in many ways and shown in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendedu.kit.forms import MinutesField
from blendedu.kit.minutes import MOST, BadMinutes, Reason, format_minutes, parse_minutes


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
