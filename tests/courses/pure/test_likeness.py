"""A lecturer sees what of a pattern their weeks have, what is missing, and what is their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts import Plan
from courses.likeness import Ground, likeness
from tests.courses.pure.plans import CLASS, CLIP, EMPTY, MARKETING, QUIZ, UPLOAD, activity, plan, weeks

FLIPPED = plan(
    CLIP | {"title": "Clip: the core idea", "minutes": 8},
    QUIZ | {"title": "Check: are you ready for class?", "minutes": 10},
    CLASS | {"title": "Class: from hard questions to a case", "minutes": 100},
    UPLOAD | {"title": "Apply it: one page", "minutes": 60},
    week_count=1,
)


def titles(found: Any) -> list[str]:
    return [each.title for each in found]


def renamed(of: Plan, place: int, **facts: Any) -> Plan:
    return replace(of, activities=tuple(replace(a, **facts) if n == place else a for n, a in enumerate(of.activities)))


def test_a_pattern_that_was_just_taken_is_there_whole() -> None:
    found = likeness(FLIPPED, FLIPPED)

    assert [pair.ground for pair in found.pairs] == [Ground.SAME] * 4
    assert not any(pair.is_moved or pair.fields for pair in found.pairs)
    assert (found.is_whole, found.own) == (True, ())
    assert {row.difference for row in found.balance} == {0}


def test_nothing_of_a_pattern_is_in_a_design_without_weeks() -> None:
    found = likeness(FLIPPED, EMPTY)

    assert titles(found.missing) == titles(FLIPPED.activities)
    assert (found.pairs, found.own) == ((), ())
    assert found.balance[0].before_minutes == 178
    assert found.balance[0].after_minutes == 0


@pytest.mark.parametrize(
    ("facts", "ground"),
    [
        ({"title": "CLIP – The core idea!"}, Ground.SAME),
        ({"type_key": "reading"}, Ground.TITLE),
        ({"title": "The core idea of ions", "moment": "after"}, Ground.WORDS),
        ({"title": "Segmenting an audience"}, Ground.PLACE),
    ],
)
def test_an_activity_is_recognised_by_title_type_and_place(facts: dict[str, Any], ground: Ground) -> None:
    found = likeness(FLIPPED, renamed(FLIPPED, 0, **facts))

    assert found.pairs[0].ground == ground
    assert found.is_whole


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Segmenting an audience", "moment": "after"},  # only the type is the same
        {"title": "The core idea of ions", "type_key": "reading"},  # only words are
        {"title": "Segmenting an audience", "learning_type": "inquiry"},  # the place is, for something else
        {"title": "Clip: ions", "moment": "after"},  # half of the long words are too few
        {"title": "Segmenting an audience", "week": None},  # on the shelf a place says nothing
    ],
)
def test_one_sign_alone_is_not_enough(facts: dict[str, Any]) -> None:
    found = likeness(FLIPPED, renamed(FLIPPED, 0, **facts))

    assert titles(found.missing) == ["Clip: the core idea"]


def test_what_stands_elsewhere_is_moved_and_what_was_edited_is_changed() -> None:
    design = renamed(renamed(FLIPPED, 0, moment="after"), 2, minutes=120)

    found = likeness(FLIPPED, design)

    moved, _quiz, changed, _task = found.pairs
    assert (moved.is_moved, moved.fields) == (True, ())
    assert (changed.is_moved, [field.field for field in changed.fields]) == (False, ["minutes"])


def test_the_surest_pair_goes_first_and_of_two_the_nearer() -> None:
    twins = plan(
        CLIP | {"title": "Clip: the core idea", "week": 3},
        CLIP | {"title": "Clip: the core idea", "week": 2},
        CLIP | {"title": "Another clip", "week": 1},
        week_count=3,
    )

    found = likeness(replace(FLIPPED, weeks=weeks(3), activities=FLIPPED.activities[:1]), twins)

    assert [(pair.mine.title, pair.mine.week) for pair in found.pairs] == [("Clip: the core idea", 2)]
    assert titles(found.own) == ["Another clip", "Clip: the core idea"]


def test_only_the_weeks_from_where_it_begins_count_and_the_shelf() -> None:
    design = plan(
        CLIP | {"title": "Clip: the core idea", "week": 1},
        QUIZ | {"title": "Check: are you ready for class?", "week": 2},
        UPLOAD | {"title": "Apply it: one page", "week": None},
        {"title": "Something else", "week": None},
        week_count=2,
    )

    found = likeness(FLIPPED, design, first_week=2)

    assert (found.first_week, found.last_week) == (2, 2)
    assert titles(pair.mine for pair in found.pairs) == ["Check: are you ready for class?", "Apply it: one page"]
    assert titles(found.missing) == ["Clip: the core idea", "Class: from hard questions to a case"]
    assert {each.week for each in found.missing} == {2}
    assert found.own == ()


def test_a_real_week_is_laid_beside_the_flipped_week() -> None:
    found = likeness(FLIPPED, MARKETING, first_week=2)

    assert titles(found.missing) == ["Class: from hard questions to a case"]  # theirs is for something else
    assert [(pair.mine.title, pair.is_certain) for pair in found.pairs] == [
        ("Clip: Segmenting an audience", False),
        ("Quiz: Chapter 2", False),
        ("Upload the case elaboration", False),
    ]
    assert len(found.own) == 4
    assert found.balance[0].after_minutes == 286


CARDS = st.builds(
    lambda number, kind, title, week, moment, minutes: activity(
        number, type_key=kind, title=title, week=week, moment=moment, minutes=minutes
    ),
    st.just(1),
    st.sampled_from(["clip", "quiz", "session"]),
    st.sampled_from(["Clip", "Read one", "Read chapter one", "Debate: round 2", "debate round 2", "…", "Feedback"]),
    st.none() | st.integers(1, 3),
    st.sampled_from(["before", "together", "after"]),
    st.none() | st.integers(0, 90),
)


def numbered(cards: list[Any]) -> Plan:
    rows = tuple(
        replace(card, placement_id=n, activity_id=n, key=str(n), position=n) for n, card in enumerate(cards, start=1)
    )
    return plan(week_count=3, activities=rows)


PLANS = st.lists(CARDS, max_size=8).map(numbered)


@given(PLANS, PLANS, st.integers(1, 4))
def test_every_activity_is_accounted_for_once(pattern: Plan, design: Plan, first_week: int) -> None:
    found = likeness(pattern, design, first_week=first_week)

    theirs = [pair.theirs.placement_id for pair in found.pairs] + [each.placement_id for each in found.missing]
    assert sorted(theirs) == [each.placement_id for each in pattern.activities]
    mine = [pair.mine.placement_id for pair in found.pairs if pair.mine.week is not None]
    inside = [each for each in design.placed if first_week <= (each.week or 0) <= found.last_week]
    assert sorted([*mine, *(each.placement_id for each in found.own)]) == sorted(each.placement_id for each in inside)


@given(PLANS)
def test_any_pattern_is_whole_in_itself(pattern: Plan) -> None:
    found = likeness(pattern, pattern)

    assert all(pair.theirs == pair.mine for pair in found.pairs)
    assert (found.missing, found.own) == ((), ())


@given(PLANS, PLANS, CARDS)
def test_one_activity_more_never_makes_something_missing(pattern: Plan, design: Plan, card: Any) -> None:
    more = replace(design, activities=(*design.activities, replace(card, placement_id=99, key="99", position=99)))

    missing = {each.placement_id for each in likeness(pattern, design).missing}

    assert {each.placement_id for each in likeness(pattern, more).missing} <= missing


@given(PLANS, PLANS)
def test_nothing_is_left_missing_that_would_fit_what_is_left_over(pattern: Plan, design: Plan) -> None:
    found = likeness(pattern, design)

    left = replace(design, activities=found.own)
    assert not likeness(replace(pattern, activities=found.missing), left).pairs


@given(PLANS, PLANS, st.randoms(use_true_random=False))
def test_what_is_found_does_not_hang_on_the_order_of_reading(pattern: Plan, design: Plan, chance: Any) -> None:
    shuffled = list(design.activities)
    chance.shuffle(shuffled)

    assert likeness(pattern, replace(design, activities=tuple(shuffled))) == likeness(pattern, design)
