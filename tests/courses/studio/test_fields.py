"""Saving by field: what conflicts and what does not, and which edits are one step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities.models import Activity
from courses.models import Design, Placement, Step
from courses.queries.plan import seen_of
from courses.services import designs, plan
from tests.courses.studio.test_plan import again, again_placed
from tests.factories import NOW, CourseFactory, DesignFactory, OutcomeFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    return UserFactory(name="Eva Vermeulen")


@pytest.fixture
def sam():
    return UserFactory(name="Sam de Wit")


@pytest.fixture
def card(eva):
    design = DesignFactory(course=CourseFactory(lecturer=eva))
    return PlacementFactory(design=design, activity__title="Card", activity__minutes=30)


def save(card: Placement, by: Any, *, seen: dict[str, str] | None = None, after: float = 0, **values: Any):
    fresh = again_placed(card)
    held = seen if seen is not None else {name: seen_of(fresh.activity, name) for name in values}
    return plan.edit_fields(fresh, values=values, seen=held, by=by, at=NOW + timedelta(seconds=after))


def labels(design: Design) -> list[str]:
    return list(Step.objects.filter(design=design, undone_at=None).values_list("label", flat=True))


def test_two_people_change_different_fields_of_one_card_without_a_conflict(card, eva, sam):
    shown = {name: seen_of(card.activity, name) for name in ("title", "minutes")}
    save(card, eva, seen={"title": shown["title"]}, title="By Eva")

    save(card, sam, seen={"minutes": shown["minutes"]}, minutes=45)

    activity = again_placed(card).activity
    assert (activity.title, activity.minutes) == ("By Eva", 45)


def test_of_two_who_change_the_same_field_the_second_is_told_and_nothing_is_written(card, eva, sam):
    shown = seen_of(card.activity, "title")
    save(card, eva, seen={"title": shown}, title="By Eva")

    with pytest.raises(plan.FieldsChanged) as told:
        save(card, sam, seen={"title": shown, "minutes": "30"}, title="By Sam", minutes=5)

    assert told.value.fields == ("title",)
    activity = again_placed(card).activity
    assert (activity.title, activity.minutes) == ("By Eva", 30)


def test_a_card_that_was_moved_meanwhile_is_no_conflict(card, eva, sam):
    held = {"title": "Card"}
    plan.move_placement(again_placed(card), week=2, moment="after", by=sam, version=0, at=NOW)

    assert save(card, eva, seen=held, title="Still mine").changed


@pytest.mark.parametrize(
    ("columns", "field", "seen"),
    [
        ({"minutes": None}, "minutes", ""),
        ({"minutes": 90}, "minutes", "90"),
        ({"minutes": 75, "minutes_low": 60, "minutes_high": 90}, "minutes", "60-90"),
        ({"title": "Read"}, "title", "Read"),
        ({"environment": "hybrid"}, "environment", "hybrid"),
        ({"config": {"room": "B2.14", "weekday": 3}}, "set-room", "B2.14"),
        ({"config": {"room": "B2.14", "weekday": 3}}, "set-weekday", "3"),
    ],
)
def test_a_field_says_what_it_holds_in_words_that_a_page_can_keep(columns, field, seen):
    assert seen_of(Activity(**columns), field) == seen


def test_a_long_text_is_kept_as_a_short_sign_that_tells_any_change():
    one, two = Activity(brief="word " * 100), Activity(brief="word " * 100 + "more")
    assert len(seen_of(one, "brief")) == 16
    assert seen_of(one, "brief") != seen_of(two, "brief")


def test_edits_of_one_field_that_follow_each_other_are_one_step(card, eva):
    for after, title in enumerate(("R", "Re", "Read")):
        save(card, eva, after=after * 20, title=title)

    assert labels(card.design) == ["editing “Read”"]
    plan.undo(again(card.design), by=eva, at=NOW)
    assert again_placed(card).activity.title == "Card"
    plan.redo(again(card.design), by=eva, at=NOW)
    assert again_placed(card).activity.title == "Read"


@pytest.mark.parametrize(
    "between",
    [
        lambda card, eva, sam: save(card, eva, after=1, environment="hybrid"),  # another field
        lambda card, eva, sam: save(card, sam, after=1, title="By Sam"),  # another person, the same field
        lambda card, eva, sam: plan.move_placement(  # another step
            again_placed(card), week=2, moment="after", by=eva, version=1, at=NOW
        ),
    ],
)
def test_what_happens_in_between_makes_it_another_step(card, eva, sam, between):
    save(card, eva, title="One")
    between(card, eva, sam)

    save(card, eva, after=2, title="Two")

    assert Step.objects.count() == 3


def test_an_edit_after_a_while_is_another_step(card, eva):
    save(card, eva, title="One")
    save(card, eva, after=300, title="Two")

    assert Step.objects.count() == 2


def test_an_edit_does_not_fold_into_a_step_that_was_undone(card, eva):
    save(card, eva, title="One")
    plan.undo(again(card.design), by=eva, at=NOW)

    save(card, eva, after=1, title="Two")

    assert labels(card.design) == ["editing “Two”"]
    with pytest.raises(plan.NothingToUndo):
        plan.redo(again(card.design), by=eva, at=NOW)


def test_what_is_typed_and_typed_back_leaves_no_step(card, eva):
    save(card, eva, title="Carp")
    changed = save(card, eva, after=1, title="Card")

    assert (changed.changed, changed.new_step, Step.objects.count()) == (True, False, 0)


def test_the_first_edit_of_a_shared_activity_and_the_next_are_one_step_on_one_copy(card, eva):
    Design.objects.filter(pk=card.design_id).update(state=Design.State.APPROVED)
    draft = designs.next_version(again(card.design), by=eva, at=NOW)
    mine = draft.placements.get()
    save(mine, eva, title="One")
    save(mine, eva, after=1, title="Two")

    assert labels(draft) == ["editing “Two”"]
    assert again_placed(card).activity.title == "Card"
    assert Activity.objects.count() == 2
    plan.undo(again(draft), by=eva, at=NOW)
    assert again_placed(mine).activity == again_placed(card).activity


def test_outcomes_are_a_field_too(card, eva, sam):
    outcome = OutcomeFactory(design=card.design)
    fresh = again_placed(card)
    plan.edit_fields(fresh, values={}, outcomes=[outcome.pk], seen={"outcomes": ""}, by=eva, at=NOW)
    assert list(card.outcomes.all()) == [outcome]

    with pytest.raises(plan.FieldsChanged):
        plan.edit_fields(again_placed(card), values={}, outcomes=[], seen={"outcomes": ""}, by=sam, at=NOW)


def test_what_depends_on_a_field_follows_it_in_the_same_step(card, eva):
    Activity.objects.filter(pk=card.activity_id).update(grouping="group", group_size=4)

    save(card, eva, grouping="alone")
    assert again_placed(card).activity.group_size is None
    plan.undo(again(card.design), by=eva, at=NOW)
    assert again_placed(card).activity.group_size == 4


def test_an_edit_of_a_field_costs_seven_queries(card, eva, django_assert_num_queries):
    """Whether it is shared with the latest step, activity, step, journal, plan (2), version with load."""
    fresh = again_placed(card)

    with django_assert_num_queries(7 + 2):  # and a savepoint, begun and ended
        plan.edit_fields(fresh, values={"minutes": 45}, seen={"minutes": "30"}, by=eva, at=NOW)
