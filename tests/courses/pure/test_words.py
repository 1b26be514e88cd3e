"""Sentences are data until a voice says them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from courses.words import Minutes, Number, Percent, Series, Span, Voice, say, word

DUTCH = {
    "Week {week} is heavy: {minutes}": "Week {week} is zwaar: {minutes}",
    "{number}%": "{number} %",
    "{low} to {high}": "{low} tot {high}",
    "inquiry": "onderzoek",
}
IN_DUTCH = Voice(
    translate=lambda text: DUTCH.get(text, text),
    number=lambda value: str(value).replace(".", ","),
    minutes=lambda minutes: f"{minutes // 60} u {minutes % 60:02d}",
)


def test_a_sentence_reads_well_in_english_without_a_voice() -> None:
    sentence = "Week {week} is heavy: {minutes}"

    assert sentence.format(week=4, minutes=Minutes(385)) == "Week 4 is heavy: 6 h 25"


def test_a_voice_says_it_in_another_language() -> None:
    assert say("Week {week} is heavy: {minutes}", {"week": 4, "minutes": Minutes(385)}, IN_DUTCH) == (
        "Week 4 is zwaar: 6 u 25"
    )


def test_a_voice_says_what_is_inside_a_quantity_too() -> None:
    inside = Series((word("inquiry"), Span(Percent(Decimal(30)), Percent(Decimal("79.5")))))

    assert inside.said(IN_DUTCH) == "onderzoek, 30 % tot 79,5 %"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (8, "8 min"), (60, "1 h"), (90, "1 h 30"), (65, "1 h 05"), (7500, "125 h")]
)
def test_minutes_are_never_decimals(minutes: int, said: str) -> None:
    assert str(Minutes(minutes)) == said


def test_what_a_person_wrote_with_braces_is_only_text() -> None:
    assert say("“{title}” has no captions", {"title": "{0} {week} {{x}}"}) == "“{0} {week} {{x}}” has no captions"


def test_a_figure_is_not_rounded_onto_a_limit_that_it_passes() -> None:
    assert str(Percent.of(Fraction(3504, 100), beside=35)) == "35.04%"
    assert str(Percent.of(Fraction(354, 10), beside=35)) == "35.4%"
    assert str(Percent.of(Fraction(354, 10), beside=50)) == "35%"
    assert str(Percent.of(35, beside=35)) == "35%"
    assert str(Number.of(Fraction(152, 100), beside=Fraction(3, 2))) == "1.52"


def test_a_span_of_one_length_is_said_once() -> None:
    assert str(Span(Minutes(60), Minutes(60))) == "1 h"


def test_halves_are_rounded_up() -> None:
    assert Minutes.about(Fraction(5, 2)) == Minutes(3)
