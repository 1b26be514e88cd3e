"""The verb of an outcome proposes a level, and verbs for what nobody can see are named."""

from __future__ import annotations

from collections import Counter

import pytest

from courses.verbs import LEVEL_VERBS, LEVELS, VAGUE_VERBS, read_outcome


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("List the parts of a cell", 1),
        ("explain how a message travels", 2),
        ("Apply the model to a case", 3),
        ("Students can segment an audience", 4),
        ("be able to judge a campaign", 5),
        ("To design a message", 6),
        ("Designs a message", 6),
        ("Analyze the results", 4),
        ("Carry out an interview", 3),
        ("Segment an audience by needs and behaviour, and justify the choice", 5),
        ("A media plan for a segment", None),
        ("", None),
    ],
)
def test_the_verb_proposes_a_level(text: str, level: int | None) -> None:
    assert read_outcome(text).level == level


def test_the_same_letters_as_a_noun_propose_nothing() -> None:
    reading = read_outcome("Explain the design of a test, and a plan")

    assert [verb.verb for verb in reading.verbs] == ["explain"]


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Understand how audiences behave", "understand"),
        ("Know the model", "know"),
        ("Students can be familiar with three theories", "be familiar with"),
    ],
)
def test_verbs_for_what_nobody_can_see_are_named(text: str, verb: str) -> None:
    reading = read_outcome(text)

    assert (reading.vague, reading.level) == ((verb,), None)


def test_a_verb_stands_on_one_level_only() -> None:
    listed = [verb.strip() for words in (*LEVEL_VERBS.values(), VAGUE_VERBS) for verb in words.split(",")]

    assert [verb for verb, count in Counter(listed).items() if count > 1] == []
    assert set(LEVEL_VERBS) == set(LEVELS)


def test_another_language_brings_its_own_verbs() -> None:
    dutch = {LEVEL_VERBS[2]: "uitleggen, leg uit"}

    assert read_outcome("Leg uit hoe een boodschap reist", lambda text: dutch.get(text, text)).level == 2
