"""A reviewer reads what changed, and not everything again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.changes import FIELDS, FieldChange, LevelChange, LinkChange, NumberedChange, Served, Spot, difference
from courses.facts import Plan, PlannedActivity, PlannedLink, PlannedOutcome
from tests.courses.pure.plans import MARKETING, activity, plan, weeks


def next_version(of: Plan, **about: Any) -> Plan:
    """The same design with ids of its own: placements and outcomes are copied, activities are shared."""
    copied = {outcome.id: 100 + outcome.id for outcome in of.outcomes}
    return replace(
        of,
        **{
            "design_id": of.design_id + 1,
            "version": of.version + 1,
            "outcomes": tuple(replace(outcome, id=copied[outcome.id]) for outcome in of.outcomes),
            "activities": tuple(
                replace(
                    each,
                    placement_id=1000 + each.placement_id,
                    outcome_ids=tuple(copied[outcome] for outcome in each.outcome_ids),
                )
                for each in of.activities
            ),
        }
        | about,
    )


def edited(of: Plan, key: str, **facts: Any) -> Plan:
    return replace(of, activities=tuple(replace(a, **facts) if a.key == key else a for a in of.activities))


def test_a_new_version_in_which_nothing_was_done_is_the_same() -> None:
    changes = difference(MARKETING, next_version(MARKETING))

    assert changes.is_empty
    assert changes.untouched_count == len(MARKETING.activities)
    assert {row.difference for row in changes.balance} == {0}


def test_a_card_that_came_is_added_and_one_that_went_is_gone() -> None:
    before = plan({"title": "Old"}, {"title": "Stays"})
    after = replace(before, activities=(before.activities[1], activity(9, title="New")))

    changes = difference(before, after)

    assert [card.title for card in changes.added] == ["New"]
    assert [card.title for card in changes.gone] == ["Old"]
    assert (changes.untouched_count, changes.marks()) == (1, {"9": "added"})


@pytest.mark.parametrize(
    "spot", [{"week": 3}, {"moment": "after"}, {"week": None}, {"week": 5, "moment": "together"}], ids=str
)
def test_a_card_in_another_week_or_moment_was_moved(spot: dict[str, Any]) -> None:
    changes = difference(MARKETING, edited(MARKETING, "1", **spot))

    [moved] = changes.moved
    assert (moved.activity.key, moved.old) == ("1", Spot(2, "before"))
    assert moved.new == Spot(spot.get("week", 2), spot.get("moment", "before"))
    assert changes.changed == ()


def test_another_place_in_the_same_cell_is_no_change() -> None:
    assert difference(MARKETING, edited(MARKETING, "1", position=40)).is_empty


def test_moments_on_the_shelf_mean_nothing() -> None:
    assert difference(MARKETING, edited(MARKETING, "10", moment="after")).is_empty


def test_a_changed_card_tells_old_and_new() -> None:
    changes = difference(MARKETING, edited(MARKETING, "5", minutes=90, environment="digital", place="online"))

    [changed] = changes.changed
    assert changed.activity.title == "Case study: relaunch a local brand"
    assert changed.fields == (
        FieldChange("minutes", 120, 90),
        FieldChange("place", "campus", "online"),
        FieldChange("environment", "physical", "digital"),
    )


def test_a_card_can_be_moved_and_changed() -> None:
    changes = difference(MARKETING, edited(MARKETING, "5", minutes=90, week=3))

    assert (len(changes.moved), len(changes.changed)) == (1, 1)
    assert changes.marks() == {"5": "changed"}


def test_outcomes_are_compared_by_key_because_each_version_has_its_own() -> None:
    copy = next_version(MARKETING)
    linked = edited(copy, "1", outcome_ids=(101, 104))

    [changed] = difference(MARKETING, linked).changed

    assert changed.fields == (FieldChange("outcomes", (Served(1),), (Served(1), Served(4))),)


def test_the_level_on_which_a_card_serves_an_outcome_is_compared_with_it() -> None:
    copy = next_version(MARKETING)
    raised = edited(copy, "1", outcome_levels=(4,))

    [changed] = difference(MARKETING, raised).changed

    assert changed.fields == (FieldChange("outcomes", (Served(1),), (Served(1, 4),)),)


def test_outcomes_in_another_order_are_the_same_outcomes() -> None:
    def keyed(*numbers: int) -> tuple[PlannedOutcome, ...]:
        return tuple(PlannedOutcome(pk, number, f"Do {pk}", None, f"key {pk}") for pk, number in enumerate(numbers, 1))

    before = plan({"outcome_ids": (1,)}, outcomes=keyed(1, 2))
    changes = difference(before, replace(before, outcomes=keyed(2, 1)))

    assert (changes.outcomes, changes.changed) == ((), ())
    assert changes.renumbered == ((1, 2), (2, 1))
    assert not changes.is_empty


def test_another_level_of_an_outcome_is_a_change() -> None:
    before = plan(outcome_count=1)
    changes = difference(before, replace(before, outcomes=(PlannedOutcome(1, 1, "Do 1", 5),)))

    assert changes.levels == (LevelChange(1, None, 5),)
    assert not changes.is_empty


def test_connections_that_came_went_or_say_something_else_are_told() -> None:
    cards = ({"title": "Visit"}, {"title": "Case"}, {"title": "Essay"})
    before = plan(*cards, links=(PlannedLink(1, 1, 2, "notes"), PlannedLink(2, 2, 3, "draft")))
    after = plan(*cards, links=(PlannedLink(8, 1, 2, "photos"), PlannedLink(9, 1, 3)))

    changes = difference(before, after)

    assert changes.links == (
        LinkChange("Visit", "Case", "notes", "photos"),
        LinkChange("Case", "Essay", "draft", None),
        LinkChange("Visit", "Essay", None, ""),
    )
    assert not changes.is_empty


def test_questions_or_files_that_were_edited_show_as_content() -> None:
    # An activity is copied when it is first edited; all facts on the card may be the same.
    [changed] = difference(MARKETING, edited(MARKETING, "4", activity_id=400)).changed

    assert changed.fields == (FieldChange("content", None, None),)


def test_the_reason_for_a_copy_is_told_once() -> None:
    [changed] = difference(MARKETING, edited(MARKETING, "4", activity_id=400, minutes=25)).changed

    assert changed.fields == (FieldChange("minutes", 20, 25),)


def test_notes_on_a_card_are_no_change_of_the_design() -> None:
    assert difference(MARKETING, edited(MARKETING, "1", note_count=3)).is_empty


def test_weeks_outcomes_and_credits_are_compared_too() -> None:
    before = plan(week_count=2, outcome_count=1)
    after = replace(
        before,
        credits=Decimal(6),
        weeks=(before.weeks[0], replace(before.weeks[1], title="Practice"), *weeks(3)[2:]),
        outcomes=(PlannedOutcome(7, 1, "Do it well", 3), PlannedOutcome(8, 2, "Do 2", None)),
    )

    changes = difference(before, after)

    assert changes.about == (FieldChange("credits", Decimal(5), Decimal(6)),)
    assert changes.weeks == (NumberedChange(2, "Theme 2", "Practice"), NumberedChange(3, None, "Theme 3"))
    assert changes.outcomes == (NumberedChange(1, "Do 1", "Do it well"), NumberedChange(2, None, "Do 2"))
    assert not changes.is_empty


def test_the_balance_stands_side_by_side() -> None:
    changes = difference(MARKETING, edited(MARKETING, "5", environment="digital"))

    rows = {(row.dimension, row.value): (row.before_minutes, row.after_minutes) for row in changes.balance}

    assert rows["environment", "physical"] == (120, 0)
    assert rows["environment", "digital"] == (166, 286)
    assert rows["total", ""] == (404, 404)


def test_every_fact_of_a_card_is_compared_or_left_out_for_a_reason() -> None:
    left_out = {
        "placement_id",  # each version has its own
        "key",  # what cards are matched by
        "activity_id",  # shows as content
        "outcome_ids",  # shows as outcomes, by number
        "outcome_levels",  # belongs to them
        "basis",  # how the minutes were found, not what they are
        "method",
        "week",  # shows as moved
        "moment",  # shows as moved
        "position",  # a tidier column is no other design
        "collects",  # what its type says of it: shows as type or as content
        "recalls",
        "formats",
        "weekday",
        "starts",
        "reported_minutes",  # what students said, not what was planned
        "reported_count",
        "note_count",  # talk about the design is not the design
    }

    facts = set(PlannedActivity.__slots__)

    assert facts - left_out == set(FIELDS) - {"outcomes", "content"}


@given(st.lists(st.integers(1, 8), unique=True), st.lists(st.integers(1, 8), unique=True))
def test_every_card_is_told_once(old: list[int], new: list[int]) -> None:
    before = replace(plan(), activities=tuple(activity(number) for number in old))
    after = replace(plan(), activities=tuple(activity(number, minutes=60 + number % 2) for number in new))

    changes = difference(before, after)

    assert len(changes.gone) == len(set(old) - set(new))
    assert len(changes.added) == len(set(new) - set(old))
    assert len(changes.changed) + changes.untouched_count == len(set(old) & set(new))
