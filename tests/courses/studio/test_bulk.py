"""Many cards at once: one step, what is left and why, what it costs, and approved designs that stay as they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Activity
from courses.models import Alignment, Design, Link, Placement, Step
from courses.queries.plan import plan_of, seen_of
from courses.services import designs, plan
from tests.courses.studio.test_plan import again, again_placed, said, titles
from tests.factories import (
    NOW,
    CourseFactory,
    DesignFactory,
    OutcomeFactory,
    PlacementFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    return UserFactory(name="Eva Vermeulen")


@pytest.fixture
def design(eva):
    """Four weeks; three cards in week 1, one in week 4, one on the shelf."""
    made = again(DesignFactory(course=CourseFactory(lecturer=eva), weeks=4))
    for number, week in ((1, 1), (2, 1), (3, 1), (4, 4)):
        PlacementFactory(
            design=made,
            week_number=week,
            position=number * 1024,
            activity__title=f"Card {number}",
            activity__minutes=30,
        )
    PlacementFactory(design=made, week=None, position=0, activity__title="Shelved", activity__minutes=None)
    return made


def pks(design: Design, *names: str) -> list[int]:
    found = dict(design.placements.values_list("activity__title", "pk"))
    return [found[name] for name in names] if names else list(found.values())


def edit_many(design: Design, by: Any, chosen: list[int], **wish: Any) -> plan.Changed:
    fresh = again(design)
    return plan.edit_many(plan.choose(fresh, chosen), wish=plan.Wish(**wish), by=by, version=fresh.plan_version, at=NOW)


def values(design: Design, column: str) -> dict[str, Any]:
    return dict(design.placements.values_list("activity__title", f"activity__{column}"))


def test_many_cards_take_on_values_as_one_step_with_one_undo(design, eva):
    before = said(design)

    changed = edit_many(design, eva, pks(design, "Card 1", "Card 2"), values={"environment": "physical"})

    assert changed.label == "editing 2 activities"
    assert values(design, "environment") == {
        "Card 1": "physical",
        "Card 2": "physical",
        "Card 3": "digital",
        "Card 4": "digital",
        "Shelved": "digital",
    }
    assert Step.objects.count() == 1
    plan.undo(again(design), by=eva, at=NOW)
    assert said(design)["activities"] == before["activities"]


def test_a_learning_type_that_was_the_second_one_takes_its_place(design, eva):
    card = design.placements.get(activity__title="Card 1")
    Activity.objects.filter(pk=card.activity_id).update(second_type="practice", second_share=30)

    edit_many(design, eva, [card.pk], values={"learning_type": "practice"})

    activity = again_placed(card).activity
    assert (activity.learning_type, activity.second_type, activity.second_share) == ("practice", "", 0)


@pytest.mark.parametrize(
    ("before", "percent", "after"),
    [
        ((30, None, None), 50, (15, None, None)),
        ((25, None, None), 50, (13, None, None)),  # halves go up
        ((1, None, None), 10, (1, None, None)),  # never below one minute
        ((5000, None, None), 1000, (6000, None, None)),  # never above what an activity may take
        ((60, 45, 90), 120, (72, 54, 108)),
        ((2, 1, 3), 10, (1, None, None)),  # both ends meet: one number
        ((0, None, None), 200, (0, None, None)),
        ((None, None, None), 200, (None, None, None)),
    ],
)
def test_minutes_are_scaled_with_their_range(design, eva, before, percent, after):
    card = design.placements.get(activity__title="Card 1")
    columns = ("minutes", "minutes_low", "minutes_high")
    Activity.objects.filter(pk=card.activity_id).update(**dict(zip(columns, before, strict=True)))

    edit_many(design, eva, [card.pk], percent=percent)

    assert Activity.objects.filter(pk=card.activity_id).values_list(*columns).get() == after


def test_what_is_scaled_is_no_estimate_any_more_but_keeps_it_to_be_seen(design, eva):
    card = design.placements.get(activity__title="Card 1")
    Activity.objects.filter(pk=card.activity_id).update(minutes_basis="estimated", estimate={"method": "reading"})

    edit_many(design, eva, [card.pk], percent=200)

    activity = again_placed(card).activity
    assert (activity.minutes, activity.minutes_basis, activity.estimate) == (60, "entered", {"method": "reading"})


def test_cards_shift_by_weeks_and_back_to_where_they_stood(design, eva):
    before = said(design)

    edit_many(design, eva, pks(design, "Card 1", "Card 2", "Card 3"), weeks_by=2)
    assert titles(design, 3) == ["Card 1", "Card 2", "Card 3"]
    edit_many(design, eva, pks(design, "Card 1", "Card 2", "Card 3"), weeks_by=-2)

    assert said(design)["activities"] == before["activities"]


def test_shifted_cards_stand_below_those_that_are_there(design, eva):
    edit_many(design, eva, pks(design, "Card 2", "Card 1"), weeks_by=3)

    assert titles(design, 4) == ["Card 4", "Card 1", "Card 2"]


def test_what_would_leave_the_design_is_refused_by_name(design, eva):
    with pytest.raises(plan.OutOfDesign, match="“Card 4” would leave the design, which has weeks 1 to 4"):
        edit_many(design, eva, pks(design, "Card 1", "Card 4"), weeks_by=1)

    assert titles(design, 1) == ["Card 1", "Card 2", "Card 3"]
    assert again(design).plan_version == 0


def test_what_would_leave_the_design_goes_to_the_shelf_by_choice(design, eva):
    edit_many(design, eva, pks(design, "Card 1", "Card 4"), weeks_by=1, to_shelf_beyond=True)

    assert titles(design, 2) == ["Card 1"]
    assert titles(design, None) == ["Shelved", "Card 4"]


def test_outcomes_are_added_and_taken_off_and_levels_stay(design, eva):
    one, two = OutcomeFactory(design=design), OutcomeFactory(design=design)
    card = design.placements.get(activity__title="Card 1")
    Alignment.objects.create(placement=card, outcome=one, level=3)

    edit_many(design, eva, pks(design, "Card 1", "Card 2"), add=frozenset({one.pk}), remove=frozenset({two.pk}))

    rows = Alignment.objects.order_by("placement").values_list("placement__activity__title", "outcome", "level")
    assert list(rows) == [("Card 1", one.pk, 3), ("Card 2", one.pk, None)]


def test_an_outcome_of_another_design_is_refused(design, eva):
    with pytest.raises(plan.BadActivity):
        edit_many(design, eva, pks(design), add=frozenset({OutcomeFactory().pk}))


@pytest.mark.parametrize(
    "wish",
    [
        {"values": {"environment": "moon"}},
        {"values": {"title": "All the same"}},
        {"type_key": "dance"},
        {"percent": 0},
        {"percent": 5000},
    ],
)
def test_what_no_card_can_be_is_refused(design, eva, wish):
    with pytest.raises(plan.BadActivity):
        edit_many(design, eva, pks(design), **wish)
    assert again(design).plan_version == 0


def test_another_type_is_given_only_where_nothing_is_lost_and_what_is_left_is_named(design, eva):
    chosen = pks(design, "Card 1", "Card 2", "Card 3")
    asked = design.placements.get(activity__title="Card 2").activity
    Activity.objects.filter(pk=asked.pk).update(type_key="quiz")
    QuestionFactory(activity=asked, kind="short", content={})
    told = design.placements.get(activity__title="Card 3").activity
    Activity.objects.filter(pk=told.pk).update(config={"source": "text", "text": "Read this."})

    outlook = plan.consider(plan.choose(again(design), chosen), plan.Wish(type_key="discussion"))
    edit_many(design, eva, chosen, type_key="discussion")

    assert [(left.title, left.reason) for left in outlook.left] == [
        ("Card 2", "it has questions, which Discussion cannot hold"),
        ("Card 3", "it has settings that Discussion does not know"),
    ]
    assert values(design, "type_key") == {
        "Card 1": "discussion",
        "Card 2": "quiz",
        "Card 3": "reading",
        "Card 4": "reading",
        "Shelved": "reading",
    }


def test_cards_go_to_the_shelf_and_come_back(design, eva):
    before = said(design)

    changed = plan.shelve_many(plan.choose(again(design), pks(design)), by=eva, version=0, at=NOW)

    assert changed.label == "moving 4 activities to the shelf"
    assert titles(design, None) == ["Shelved", "Card 1", "Card 2", "Card 3", "Card 4"]
    plan.undo(again(design), by=eva, at=NOW)
    assert said(design)["activities"] == before["activities"]


def test_removed_cards_come_back_with_their_outcomes_and_links(design, eva):
    one, two, outside = (design.placements.get(activity__title=f"Card {number}") for number in (1, 2, 4))
    Alignment.objects.create(placement=one, outcome=OutcomeFactory(design=design), level=2)
    Link.objects.create(design=design, source=one, target=two, note="notes")
    Link.objects.create(design=design, source=outside, target=two)
    plan.keep_load(again(design))
    before = said(design)

    changed = plan.delete_many(plan.choose(again(design), [one.pk, two.pk]), by=eva, version=0, at=NOW)
    assert changed.label == "removing 2 activities"
    assert Link.objects.count() == 0
    plan.undo(again(design), by=eva, at=NOW)

    assert said(design) == before


def test_cards_are_copied_into_the_draft_of_another_course_as_a_step_there(design, eva):
    other = again(DesignFactory(course=CourseFactory(lecturer=eva), weeks=2))
    quiz = design.placements.get(activity__title="Card 1")
    QuestionFactory(activity=quiz.activity, kind="short", content={})
    Link.objects.create(design=design, source=quiz, target=design.placements.get(activity__title="Card 4"))
    before = said(design)

    changed = plan.copy_many(plan.choose(again(design), pks(design, "Card 1", "Card 4")), to=other, by=eva, at=NOW)

    assert titles(other, 1) == ["Card 1"]
    assert titles(other, None) == ["Card 4"]  # there is no week 4
    assert changed.label == f"copying 2 activities from {design.course.title}"
    assert other.placements.get(activity__title="Card 1").activity.questions.count() == 1
    assert Link.objects.filter(design=other).count() == 1
    assert said(design) == before
    plan.undo(again(other), by=eva, at=NOW)
    assert other.placements.count() == 0


def test_cards_that_are_gone_are_left_out_and_none_is_refused(design, eva):
    gone = pks(design, "Card 1")
    plan.delete_many(plan.choose(again(design), gone), by=eva, version=0, at=NOW)

    edit_many(design, eva, [*gone, *pks(design, "Card 2")], values={"timing": "sync"})

    assert values(design, "timing")["Card 2"] == "sync"
    with pytest.raises(plan.NothingSelected):
        edit_many(design, eva, gone, values={"timing": "sync"})
    elsewhere = PlacementFactory()
    with pytest.raises(plan.NothingSelected):
        edit_many(design, eva, [elsewhere.pk], values={"timing": "sync"})


def test_an_undo_after_somebody_changed_one_of_the_cards_is_refused_and_names_it(design, eva):
    sam = UserFactory()
    edit_many(design, eva, pks(design, "Card 1", "Card 2"), values={"environment": "hybrid"})
    card = again_placed(design.placements.get(activity__title="Card 2"))
    held = {"environment": seen_of(card.activity, "environment")}
    plan.edit_fields(card, values={"environment": "workplace"}, seen=held, by=sam, at=NOW)

    with pytest.raises(plan.RowsChanged, match="Card 2"):
        plan.undo(again(design), by=eva, at=NOW)

    assert values(design, "environment")["Card 1"] == "hybrid"


def test_undoing_an_addition_is_refused_when_somebody_connected_it_since(design, eva):
    changed = plan.duplicate_placement(
        again_placed(design.placements.get(activity__title="Card 1")), by=eva, version=0, at=NOW
    )
    Link.objects.create(
        design=design, source_id=changed.placement_pk, target=design.placements.get(activity__title="Card 4")
    )

    with pytest.raises(plan.RowsChanged, match="Card 1"):
        plan.undo(again(design), by=eva, at=NOW)


def test_undoing_a_week_is_refused_when_somebody_put_a_card_there(design, eva):
    sam = UserFactory()
    plan.add_week(again(design), by=eva, version=0, at=NOW)
    card = again_placed(design.placements.get(activity__title="Card 2"))
    plan.move_placement(card, week=5, moment="before", by=sam, version=1, at=NOW)

    with pytest.raises(plan.RowsChanged, match="Card 2"):
        plan.undo(again(design), by=eva, at=NOW)


ACTS = st.lists(
    st.one_of(
        st.builds(dict, values=st.fixed_dictionaries({"environment": st.sampled_from(["physical", "hybrid"])})),
        st.builds(dict, percent=st.integers(1, 300)),
        st.builds(dict, weeks_by=st.integers(-3, 3).filter(bool), to_shelf_beyond=st.just(True)),
        st.builds(dict, type_key=st.sampled_from(["discussion", "shareboard", "clip"])),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_nothing_done_to_a_draft_changes_the_approved_version(db, acts):
    eva = UserFactory()
    approved = again(DesignFactory(course=CourseFactory(lecturer=eva), weeks=3))
    for week in (1, 2, 3):
        card = PlacementFactory(design=approved, week_number=week)
        QuestionFactory(activity=card.activity, kind="short", content={})
    Design.objects.filter(pk=approved.pk).update(state=Design.State.APPROVED)
    before = (said(approved), sorted(Activity.objects.filter(placements__design=approved).values_list("pk", "config")))
    draft = designs.next_version(again(approved), by=eva, at=NOW)
    begun = plan_of(again(draft)).activities
    steps = 0

    for wish in acts:
        steps += edit_many(draft, eva, list(draft.placements.values_list("pk", flat=True)), **wish).changed
    assert said(approved)["activities"] == before[0]["activities"]
    for _step in range(steps):
        plan.undo(again(draft), by=eva, at=NOW)

    after = (said(approved), sorted(Activity.objects.filter(placements__design=approved).values_list("pk", "config")))
    assert after == before
    assert plan_of(again(draft)).activities == begun


def test_a_bulk_change_writes_no_more_for_two_hundred_cards_than_for_two(design, eva, django_assert_max_num_queries):
    for number in range(200):
        PlacementFactory(design=design, activity__title=f"More {number}", activity__minutes=number + 1)
    fresh = again(design)
    chosen = list(design.placements.values_list("pk", flat=True))
    wish = plan.Wish(percent=150, values={"environment": "hybrid"})

    # Savepoints (2), board, frame, activities in two shapes (with minutes and without), step, journal, plan, version.
    with django_assert_max_num_queries(10):
        plan.edit_many(plan.choose(fresh, chosen), wish=wish, by=eva, version=0, at=NOW)

    assert Placement.objects.filter(design=design, activity__environment="hybrid").count() == 205
