"""One typed line becomes an activity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quickadd import Part, parse

TYPES = {
    "session": ("session", "class", "lecture", "workshop"),
    "clip": ("clip", "video", "watch"),
    "reading": ("read", "reading", "chapter", "article"),
    "quiz": ("quiz", "test"),
    "upload": ("upload", "essay"),
    "discussion": ("discussion", "discuss"),
    "shareboard": ("share", "find", "example"),
}


def test_the_line_of_the_manual_is_a_clip_of_twenty_minutes_alone():
    line = parse("watch clip cell division 20m alone", TYPES)

    assert (line.type_key, line.title, line.minutes, line.values) == (
        "clip",
        "Cell division",
        20,
        {"grouping": "alone"},
    )
    assert line.parts == (
        Part("20m", "minutes", "20"),
        Part("alone", "grouping", "alone"),
        Part("watch", "type", "clip"),
    )
    assert line.is_complete


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("quiz basics 15 min", 15),
        ("quiz basics 1h30", 90),
        ("quiz basics 1:30", 90),
        ("quiz basics 1.5 h", 90),
        ("quiz basics 1,5 u", 90),
        ("quiz 90' basics", 90),
        ("quiz basics 2 hours, in pairs", 120),
        ("quiz basics", None),
    ],
)
def test_times_are_read_as_people_write_them(said, minutes):
    line = parse(said, TYPES)

    assert (line.title, line.minutes) == ("Basics", minutes)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("read chapter 2 45m", "Chapter 2"),
        ("Quiz: Chapter 2", "Quiz: Chapter 2"),
        ("upload the case elaboration 1h", "Upload the case elaboration"),
        ("find and share an example 30m", "Find and share an example"),
        ("discuss with your group 20m", "Discuss with your group"),
        ("review another group's case 40 min", "Review another group's case"),
        ("cell division quiz 10m", "Cell division quiz"),
        ("clip", "Clip"),
        ("alone", "Alone"),
        ("  watch   clip  framing  ", "Framing"),
        ("case 2026 with 4 partners", "Case 2026 with 4 partners"),
    ],
)
def test_a_title_keeps_the_words_that_it_needs(said, title):
    assert parse(said, TYPES).title == title


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("workshop pricing whole class on campus", {"grouping": "class", "environment": "physical", "place": "campus"}),
        ("workshop pricing online live", {"environment": "digital", "place": "online", "timing": "sync"}),
        (
            "visit a shop workplace inquiry",
            {"environment": "workplace", "place": "workplace", "learning_type": "inquiry"},
        ),
        ("essay pricing summative own time", {"assessment": "summative", "timing": "async"}),
        (
            "quiz pricing formative practice alone",
            {"assessment": "formative", "learning_type": "practice", "grouping": "alone"},
        ),
    ],
)
def test_words_at_the_end_say_how_and_where(said, values):
    assert parse(said, TYPES).values == values


def test_groups_have_a_size_and_outcomes_a_number():
    line = parse("workshop relaunch a brand LO2 2h groups of 4 LO3 optional", TYPES)

    assert (line.title, line.minutes, line.values, line.group_size, line.outcomes, line.required) == (
        "Relaunch a brand",
        120,
        {"grouping": "group"},
        4,
        (2, 3),
        False,
    )


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "untitled"),
        ("20m", "untitled"),
        ("quiz basics 10000 min", "minutes"),
        ("quiz basics -5 min", "minutes"),
        ("x" * 161, "long_title"),
    ],
)
def test_a_line_that_cannot_be_added_says_why(said, problem):
    assert parse(said, TYPES).problem == problem


def test_a_line_without_a_type_leaves_it_open():
    assert parse("kick-off 1h30", TYPES).type_key is None


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    line = parse(text, TYPES)

    assert line.problem or 0 < len(line.title) <= 160
