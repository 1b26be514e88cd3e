"""How templates write minutes, people and dates."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template


def written(source: str, **values: object) -> str:
    return Template("{% load kit %}" + source).render(Context(values))


@pytest.mark.parametrize(("value", "text"), [(8, "8 min"), (90, "1 h 30"), (0, "0 min"), (None, "not estimated")])
def test_minutes_are_written_one_way(value: int | None, text: str) -> None:
    assert written("{{ value|minutes }}", value=value) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Els Vos", "EV"),
        ("Sara de Wit", "SW"),
        ("Amina", "A"),
        ("Jean-Luc Picard", "JP"),
        ("", "?"),
        ("李 小龙", "李小"),
    ],
)
def test_initials_stand_for_a_person(name: str, letters: str) -> None:
    assert written("{{ name|initials }}", name=name) == letters


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 November"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November to 6 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
    ],
)
def test_a_span_of_days_names_what_differs(start: date, end: date, text: str) -> None:
    assert written("{% date_span start end %}", start=start, end=end) == text


def test_moments_are_written_in_the_zone_of_the_institution(settings) -> None:
    settings.TIME_ZONE = "Europe/Brussels"
    at = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

    assert written("{{ at|day }}; {{ at|clock }}; {{ at|weekday_time }}; {{ at|day_time }}", at=at) == (
        "Wed 18 Nov; 10:00; Wednesday 10:00; Wed 18 Nov, 10:00"
    )


def test_no_date_is_written_as_nothing() -> None:
    assert written("{{ at|day }}{{ at|day_time }}", at=None) == ""


def test_an_icon_beside_words_is_silent_and_an_icon_alone_speaks() -> None:
    assert written("{% icon 'check' %}") == (
        '<svg class="ic" aria-hidden="true"><use href="/static/icons/sprite.svg#check"/></svg>'
    )
    assert written("{% icon 'check' label=said css='s' %}", said='"Done"') == (
        '<svg class="ic s" role="img" aria-label="&quot;Done&quot;"><use href="/static/icons/sprite.svg#check"/></svg>'
    )


@pytest.mark.parametrize(("key", "text"), [("digital", "Digital"), ("async", "Own time"), ("unheard", "unheard")])
def test_an_attribute_has_one_word(key: str, text: str) -> None:
    assert written("{{ key|word }}", key=key) == text
