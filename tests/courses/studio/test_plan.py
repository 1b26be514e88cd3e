"""Changing a plan: one version at a time, every step undone by name, approved designs never touched."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Activity, Material
from blendedu.journal.models import Entry
from courses.balance import loads
from courses.models import Comment, Design, Link, Outcome, Placement, Step, Week
from courses.queries.plan import fingerprint, plan_of, seen_of
from courses.queries.steps import steps_of
from courses.services import designs, plan
from tests.factories import (
    NOW,
    CourseFactory,
    DesignFactory,
    OfferFactory,
    OutcomeFactory,
    PlacementFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

QUIZLESS = {
    "type_key": "reading",
    "title": "Read chapter 1",
    "minutes": 45,
    "learning_type": "acquisition",
    "timing": "async",
    "place": "anywhere",
    "environment": "digital",
}


@pytest.fixture
def eva():
    return UserFactory(name="Eva Vermeulen")


@pytest.fixture
def sam():
    return UserFactory(name="Sam de Wit")


@pytest.fixture
def design(eva):
    return again(DesignFactory(course=CourseFactory(lecturer=eva), weeks=4))


def said(design: Design) -> dict[str, Any]:
    """Everything a plan says, without its version: what undoing must bring back."""
    fresh = Design.objects.select_related("course").get(pk=design.pk)
    found = plan_of(fresh)
    return {
        "weeks": found.weeks,
        "outcomes": found.outcomes,
        "links": found.links,
        "activities": sorted(found.activities, key=lambda activity: activity.placement_id),
        "order": [activity.placement_id for activity in found.placed],
        "load": fresh.load,
    }


def again(design: Design) -> Design:
    return Design.objects.select_related("course").get(pk=design.pk)


def again_placed(placement: Placement) -> Placement:
    return Placement.objects.select_related("design__course", "activity", "week").get(pk=placement.pk)


def titles(design: Design, week: int | None, moment: str = "before") -> list[str]:
    return [
        placement.activity.title
        for placement in Placement.objects.filter(
            design=design, week__number=week, **({"moment": moment} if week else {})
        )
        .select_related("activity")
        .order_by("position", "pk")
    ]


def edit(placement: Placement, by: Any, **values: Any) -> plan.Changed:
    placement = again_placed(placement)
    served = list(placement.outcomes.values_list("pk", flat=True))
    outcomes = values.pop("outcomes", served)
    seen = values.pop("seen", fingerprint(placement.activity, served))
    return plan.update_activity(placement, values=values, outcomes=outcomes, seen=seen, by=by, at=NOW)


# --- One version at a time ----------------------------------------------------------------------------------------


def test_a_change_makes_the_next_version_and_stores_its_load(design, eva):
    changed = plan.add_activity(
        design, values=QUIZLESS, week=2, moment="before", by=eva, version=design.plan_version, at=NOW
    )

    fresh = again(design)
    assert (fresh.plan_version, fresh.changed_by, fresh.changed_at) == (1, eva, NOW)
    assert fresh.load == json.loads(json.dumps(loads(plan_of(fresh))))
    assert changed.plan == plan_of(fresh)
    assert fresh.load["minutes"] == 45


def test_a_change_is_journalled_with_its_name(design, eva):
    plan.add_activity(design, values=QUIZLESS, week=2, moment="before", by=eva, version=0, at=NOW)

    entry = Entry.objects.get()
    assert (entry.verb, entry.subject, entry.subject_id, entry.actor, entry.about, entry.details) == (
        "placement-added",
        "design",
        design.pk,
        eva,
        "adding “Read chapter 1”",
        {"version": 1},
    )


def test_a_move_from_a_stale_board_is_refused_and_nothing_is_written(design, eva, sam):
    first, second = (PlacementFactory(design=design) for _ in range(2))
    plan.move_placement(again_placed(first), week=3, moment="after", by=sam, version=0, at=NOW)
    before = said(design)

    with pytest.raises(plan.StalePlan):
        plan.move_placement(again_placed(second), week=4, moment="after", by=eva, version=0, at=NOW)

    assert said(design) == before
    assert Step.objects.filter(user=eva).count() == 0


def test_of_two_changes_at_the_same_moment_one_is_rolled_back(design, eva, sam):
    """Both were drawn from version 0, and both had read the design before either was done."""
    first, second = (PlacementFactory(design=design) for _ in range(2))
    mine, theirs = again_placed(first), again_placed(second)
    plan.move_placement(theirs, week=3, moment="after", by=sam, version=0, at=NOW)
    before = said(design)

    with pytest.raises(plan.StalePlan):
        plan.move_placement(mine, week=4, moment="after", by=eva, version=0, at=NOW)

    assert said(design) == before
    assert (Step.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", [Design.State.IN_REVIEW, Design.State.APPROVED, Design.State.ARCHIVED])
def test_only_a_draft_can_be_changed(design, eva, state):
    placement = PlacementFactory(design=design)
    Design.objects.filter(pk=design.pk).update(state=state)
    before = said(design)

    with pytest.raises(plan.NotEditable):
        plan.move_placement(again_placed(placement), week=2, moment="after", by=eva, version=0, at=NOW)

    assert said(design) == before


def test_a_design_that_is_sent_to_review_meanwhile_is_not_changed(design, eva):
    placement = again_placed(PlacementFactory(design=design))
    Design.objects.filter(pk=design.pk).update(state=Design.State.IN_REVIEW)
    before = said(design)

    with pytest.raises(plan.StalePlan):
        plan.move_placement(placement, week=2, moment="after", by=eva, version=0, at=NOW)

    assert said(design) == before


# --- Moving -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "order"),
    [
        (0, ["D", "A", "B", "C"]),
        (1, ["A", "D", "B", "C"]),
        (3, ["A", "B", "C", "D"]),
        (None, ["A", "B", "C", "D"]),
        (99, ["A", "B", "C", "D"]),
    ],
)
def test_a_card_lands_where_it_was_dropped(design, eva, index, order):
    for title in "ABC":
        PlacementFactory(design=design, activity__title=title, week_number=2)
    moved = PlacementFactory(design=design, activity__title="D", week_number=1)

    plan.move_placement(again_placed(moved), week=2, moment="before", index=index, by=eva, version=0, at=NOW)

    assert titles(design, 2) == order


@pytest.mark.parametrize(
    ("title", "index", "order"),
    [("A", 2, ["B", "C", "A"]), ("C", 0, ["C", "A", "B"]), ("A", 1, ["B", "A", "C"]), ("B", 1, ["A", "B", "C"])],
)
def test_a_card_moves_within_its_cell(design, eva, title, index, order):
    cards = {name: PlacementFactory(design=design, activity__title=name) for name in "ABC"}

    plan.move_placement(again_placed(cards[title]), week=1, moment="before", index=index, by=eva, version=0, at=NOW)

    assert titles(design, 1) == order


def test_a_card_dropped_where_it_was_changes_nothing(design, eva):
    placement = PlacementFactory(design=design)

    changed = plan.move_placement(again_placed(placement), week=1, moment="before", index=0, by=eva, version=0, at=NOW)

    assert not changed.changed
    assert (again(design).plan_version, Step.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_a_card_may_be_put_between_two_again_and_again(design, eva):
    PlacementFactory(design=design, activity__title="first", position=0)
    PlacementFactory(design=design, activity__title="last", position=1)
    for number in range(14):
        card = PlacementFactory(design=design, activity__title=str(number), week=None)
        plan.move_placement(
            again_placed(card), week=1, moment="before", index=1, by=eva, version=again(design).plan_version, at=NOW
        )

    assert titles(design, 1) == ["first", *map(str, reversed(range(14))), "last"]


def test_a_card_goes_to_the_shelf_and_counts_no_more(design, eva):
    placement = PlacementFactory(design=design, activity__minutes=30)

    plan.move_placement(again_placed(placement), week=None, moment="before", by=eva, version=0, at=NOW)

    assert again(design).load["minutes"] == 0
    assert again(design).load["shelved"] == 1


@pytest.mark.parametrize(("week", "moment"), [(9, "before"), (0, "before"), (-1, "after"), (1, "during")])
def test_a_place_that_does_not_exist_is_refused(design, eva, week, moment):
    placement = PlacementFactory(design=design)
    before = said(design)

    with pytest.raises(plan.BadPlace):
        plan.move_placement(again_placed(placement), week=week, moment=moment, by=eva, version=0, at=NOW)

    assert said(design) == before


def test_a_card_moved_to_another_environment_takes_it_on(design, eva):
    placement = PlacementFactory(design=design, activity__environment="digital")

    plan.move_placement(
        again_placed(placement), week=2, moment="before", environment="workplace", by=eva, version=0, at=NOW
    )
    plan.undo(again(design), by=eva, at=NOW)

    assert again_placed(placement).activity.environment == "digital"
    assert again_placed(placement).week.number == 1


# --- Adding and editing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": -5}, "minutes"),
        ({"minutes": 10_000}, "minutes"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"environment": "moon"}, "environment"),
        ({"type_key": "dance"}, "type_key"),
        ({"second_type": "acquisition", "second_share": 20}, "second_type"),
        ({"second_type": "practice", "second_share": 51}, "second_share"),
        ({"assessment": "summative", "weight": 101}, "weight"),
        ({"config": {"unknown": 1}}, "config"),
        ({"id": 7}, "id"),
    ],
)
def test_what_is_no_activity_is_refused_with_the_field_named(design, eva, wrong, field):
    with pytest.raises(plan.BadActivity) as refused:
        plan.add_activity(design, values=QUIZLESS | wrong, week=1, moment="before", by=eva, version=0, at=NOW)

    assert field in refused.value.problems
    assert (Activity.objects.count(), Step.objects.count(), again(design).plan_version) == (0, 0, 0)


def test_an_outcome_of_another_design_is_refused(design, eva):
    foreign = OutcomeFactory()

    with pytest.raises(plan.BadActivity):
        plan.add_activity(
            design, values=QUIZLESS, week=1, moment="before", outcomes=[foreign.pk], by=eva, version=0, at=NOW
        )

    assert Activity.objects.count() == 0


def test_an_edit_is_no_conflict_with_a_move_elsewhere(design, eva, sam):
    mine, theirs = (PlacementFactory(design=design) for _ in range(2))
    seen = fingerprint(mine.activity, [])
    plan.move_placement(again_placed(theirs), week=3, moment="after", by=sam, version=0, at=NOW)

    edit(mine, eva, title="Read chapter 2", seen=seen)

    assert again_placed(mine).activity.title == "Read chapter 2"


def test_an_edit_of_what_somebody_else_edited_is_a_conflict(design, eva, sam):
    placement = PlacementFactory(design=design, activity__title="Before")
    seen = fingerprint(placement.activity, [])
    edit(placement, sam, title="Sam's title")

    with pytest.raises(plan.StalePlan):
        edit(placement, eva, title="Eva's title", seen=seen)

    assert again_placed(placement).activity.title == "Sam's title"


def test_a_duplicate_stands_below_and_is_edited_for_itself(design, eva):
    placement = PlacementFactory(design=design, activity__title="A")
    PlacementFactory(design=design, activity__title="B")
    QuestionFactory(activity=placement.activity, kind="single", content={"text": "?"})

    changed = plan.duplicate_placement(again_placed(placement), by=eva, version=0, at=NOW)

    twin = Placement.objects.select_related("activity").get(pk=changed.placement_pk)
    assert titles(design, 1) == ["A", "A (copy)", "B"]
    assert [question.content for question in twin.activity.questions.all()] == [{"text": "?"}]
    edit(twin, eva, title="C")
    assert again_placed(placement).activity.title == "A"


# --- Copy on write ------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(design, eva):
    """The next version of an approved design with one activity that has a question, a file and an outcome."""
    outcome = OutcomeFactory(design=design)
    placement = PlacementFactory(design=design, activity__title="Approved", activity__minutes=30)
    placement.outcomes.add(outcome)
    QuestionFactory(activity=placement.activity, kind="single", content={"text": "?"})
    Material.objects.create(
        activity=placement.activity, kind="text", file="material/abc", name="a.pdf", size=3, content_type="text/plain"
    )
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    return designs.next_version(again(design), by=eva, at=NOW)


def test_the_next_version_begins_as_the_one_before(design, draft):
    approved, copied = plan_of(again(design)), plan_of(again(draft))

    assert (draft.number, draft.state, draft.based_on) == (2, Design.State.DRAFT, design)
    assert [(w.number, w.title) for w in copied.weeks] == [(w.number, w.title) for w in approved.weeks]
    assert [(a.key, a.activity_id, a.week) for a in copied.activities] == [
        (a.key, a.activity_id, a.week) for a in approved.activities
    ]
    assert len(copied.activities[0].outcome_ids) == 1
    assert set(copied.activities[0].outcome_ids).isdisjoint(approved.activities[0].outcome_ids)


def test_a_course_has_one_draft_at_a_time(design, draft, eva):
    with pytest.raises(designs.DraftExists):
        designs.next_version(again(design), by=eva, at=NOW)

    assert Design.objects.count() == 2


def test_editing_a_draft_never_changes_the_approved_version(design, draft, eva):
    before = said(design)
    placement = draft.placements.get()

    edit(placement, eva, title="Changed", minutes=90)

    assert said(design) == before
    copy = again_placed(placement).activity
    assert (copy.title, copy.minutes) == ("Changed", 90)
    assert [question.content for question in copy.questions.all()] == [{"text": "?"}]
    assert [(file.name, str(file.file)) for file in copy.materials.all()] == [("a.pdf", "material/abc")]


def test_an_activity_is_copied_once_and_then_edited_in_place(draft, eva):
    placement = draft.placements.get()
    edit(placement, eva, title="Once")
    copied = again_placed(placement).activity_id

    edit(placement, eva, title="Twice")

    assert again_placed(placement).activity_id == copied
    assert Activity.objects.count() == 2


def test_an_activity_that_students_were_offered_is_copied(design, eva):
    placement = PlacementFactory(design=design, activity__title="Offered")
    OfferFactory(activity=placement.activity)

    edit(placement, eva, title="Changed")

    assert Activity.objects.get(pk=placement.activity_id).title == "Offered"
    assert again_placed(placement).activity.title == "Changed"


def test_undoing_an_edit_gives_the_shared_activity_back(draft, eva):
    placement = draft.placements.get()
    shared = placement.activity_id
    before = said(draft)
    edit(placement, eva, title="Changed")

    plan.undo(again(draft), by=eva, at=NOW)

    assert again_placed(placement).activity_id == shared
    assert said(draft) == before


def test_questions_and_files_are_edited_on_a_copy_too(design, draft, eva):
    before = said(design)
    placement = again_placed(draft.placements.get())

    own = plan.own_activity(placement, by=eva, at=NOW)
    own.questions.all().delete()

    assert design.placements.get().activity.questions.count() == 1
    assert plan.own_activity(again_placed(placement), by=eva, at=NOW) == own
    assert again(draft).plan_version == 0
    assert said(design) == before


def test_questions_of_an_approved_design_cannot_be_edited(design, draft, eva):
    with pytest.raises(plan.NotEditable):
        plan.own_activity(again_placed(design.placements.get()), by=eva, at=NOW)


# --- Weeks and outcomes -------------------------------------------------------------------------------------------


def test_removing_a_week_shelves_its_cards_and_moves_later_weeks_up(design, eva):
    PlacementFactory(design=design, activity__title="A", week_number=2)
    PlacementFactory(design=design, activity__title="B", week_number=3)
    before = said(design)

    plan.remove_week(design, 2, by=eva, version=0, at=NOW)

    assert list(design.weeks.values_list("number", "title")) == [(1, "Theme 1"), (2, "Theme 3"), (3, "Theme 4")]
    assert (titles(design, 2), titles(design, None)) == (["B"], ["A"])
    plan.undo(again(design), by=eva, at=NOW)
    assert {**said(design), "load": None} == {**before, "load": None}


def test_comments_follow_their_week_through_removal_undo_and_versions(design, eva):
    two, three = design.weeks.filter(number__in=[2, 3]).order_by("number")
    about = {"course": design.course, "design": design, "pin": "week", "author": eva, "created_at": NOW}
    Comment.objects.create(pin_key=str(two.key), text="About week 2", **about)
    Comment.objects.create(pin_key=str(three.key), text="About week 3", **about)

    def talked_about(of: Design) -> dict[int, int]:
        return {week.number: week.note_count for week in plan_of(of).weeks if week.note_count}

    assert talked_about(design) == {2: 1, 3: 1}
    plan.remove_week(design, 2, by=eva, version=0, at=NOW)
    assert talked_about(again(design)) == {2: 1}
    plan.undo(again(design), by=eva, at=NOW)
    assert talked_about(again(design)) == {2: 1, 3: 1}

    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    later = designs.next_version(again(design), by=eva, at=NOW)
    plan.remove_week(again(later), 1, by=eva, version=0, at=NOW)
    assert talked_about(again(later)) == {1: 1, 2: 1}
    assert talked_about(again(design)) == {2: 1, 3: 1}


def test_comments_follow_a_card_to_the_shelf_through_removal_and_undo_but_not_to_its_copy(design, eva):
    placement = PlacementFactory(design=design, activity__title="Lab 2")
    about = {"course": design.course, "design": design, "pin": "activity", "author": eva, "created_at": NOW}
    thread = Comment.objects.create(pin_key=str(placement.key), text="Why?", **about)
    Comment.objects.create(pin_key=str(placement.key), text="Because.", parent=thread, **about)

    def talked_about() -> dict[str, int]:
        return {a.title: a.note_count for a in plan_of(again(design)).activities}

    plan.move_placement(again_placed(placement), week=None, moment="before", by=eva, version=0, at=NOW)
    assert talked_about() == {"Lab 2": 1}
    plan.duplicate_placement(again_placed(placement), by=eva, version=1, at=NOW)
    assert talked_about() == {"Lab 2": 1, "Lab 2 (copy)": 0}
    plan.delete_placement(again_placed(placement), by=eva, version=2, at=NOW)
    plan.undo(again(design), by=eva, at=NOW)
    assert talked_about() == {"Lab 2": 1, "Lab 2 (copy)": 0}
    Comment.objects.filter(pk=thread.pk).update(resolved_at=NOW)
    assert talked_about() == {"Lab 2": 0, "Lab 2 (copy)": 0}


def test_a_design_has_at_most_sixty_weeks(design, eva):
    Week.objects.filter(design=design).delete()
    Week.objects.bulk_create(Week(design=design, number=number) for number in range(1, 61))

    with pytest.raises(plan.PlanRefused):
        plan.add_week(design, by=eva, version=0, at=NOW)


def test_removing_an_outcome_takes_it_off_its_activities_and_undo_puts_it_back(design, eva):
    first, second = OutcomeFactory(design=design, number=1), OutcomeFactory(design=design, number=2)
    placement = PlacementFactory(design=design)
    placement.outcomes.set([first, second])
    plan.edit_week(design, 1, title="Once", by=eva, version=0, at=NOW)
    before = said(design)

    plan.remove_outcome(again(design), first.pk, by=eva, version=1, at=NOW)

    assert list(placement.outcomes.values_list("number", flat=True)) == [2]
    plan.undo(again(design), by=eva, at=NOW)
    assert said(design) == before
    assert Outcome.objects.filter(design=design).count() == 2


# --- Undo ---------------------------------------------------------------------------------------------------------


def test_what_is_made_again_is_what_was_taken_back_last(design, eva):
    def add(title, minutes):
        return plan.add_week(
            design, title=title, by=eva, version=design.plan_version, at=NOW + timedelta(minutes=minutes)
        )

    add("First", 1)
    add("Given up", 2)
    plan.undo(design, by=eva, at=NOW + timedelta(minutes=3))
    add("Instead", 4)
    plan.undo(design, by=eva, at=NOW + timedelta(minutes=5))
    named = steps_of(design, eva)[1]
    done = plan.redo(design, by=eva, at=NOW + timedelta(minutes=6))

    assert named == done.label
    assert [week.title for week in design.weeks.order_by("number")][-2:] == ["First", "Instead"]
    with pytest.raises(plan.NothingToUndo):
        plan.redo(design, by=eva, at=NOW + timedelta(minutes=7))


def test_undo_and_redo_go_by_the_name_of_the_step(design, eva):
    placement = PlacementFactory(design=design, activity__title="Lab 2")
    plan.move_placement(again_placed(placement), week=3, moment="after", by=eva, version=0, at=NOW)

    undone = plan.undo(again(design), by=eva, at=NOW)
    assert (undone.label, again_placed(placement).week.number) == ("move of “Lab 2”", 1)

    plan.redo(again(design), by=eva, at=NOW)
    assert again_placed(placement).week.number == 3


def test_a_new_step_forgets_what_was_undone(design, eva):
    placement = PlacementFactory(design=design)
    plan.move_placement(again_placed(placement), week=3, moment="after", by=eva, version=0, at=NOW)
    plan.undo(again(design), by=eva, at=NOW)
    plan.move_placement(again_placed(placement), week=2, moment="after", by=eva, version=2, at=NOW)

    with pytest.raises(plan.NothingToUndo):
        plan.redo(again(design), by=eva, at=NOW)


def test_each_person_undoes_their_own_steps(design, eva, sam):
    mine, theirs = (PlacementFactory(design=design) for _ in range(2))
    plan.move_placement(again_placed(mine), week=3, moment="after", by=eva, version=0, at=NOW)
    plan.move_placement(again_placed(theirs), week=4, moment="after", by=sam, version=1, at=NOW)

    plan.undo(again(design), by=eva, at=NOW)

    assert (again_placed(mine).week.number, again_placed(theirs).week.number) == (1, 4)
    with pytest.raises(plan.NothingToUndo):
        plan.undo(again(design), by=eva, at=NOW)


def test_undo_is_refused_when_somebody_changed_the_card_since(design, eva, sam):
    placement = PlacementFactory(design=design)
    plan.move_placement(again_placed(placement), week=3, moment="after", by=eva, version=0, at=NOW)
    plan.move_placement(again_placed(placement), week=4, moment="after", by=sam, version=1, at=NOW)
    before = said(design)

    with pytest.raises(plan.RowsChanged):
        plan.undo(again(design), by=eva, at=NOW)

    assert said(design) == before
    assert again(design).plan_version == 2


def test_undoing_an_addition_is_refused_when_somebody_worked_on_it(design, eva, sam):
    added = plan.add_activity(design, values=QUIZLESS, week=2, moment="before", by=eva, version=0, at=NOW)
    edit(Placement.objects.get(pk=added.placement_pk), sam, brief="A page of work by Sam")

    with pytest.raises(plan.RowsChanged):
        plan.undo(again(design), by=eva, at=NOW)

    assert Placement.objects.filter(pk=added.placement_pk).exists()


def test_a_removed_card_comes_back_as_it_was(design, eva):
    placement = PlacementFactory(design=design)
    placement.outcomes.add(OutcomeFactory(design=design))
    plan.edit_week(design, 1, title="Once", by=eva, version=0, at=NOW)
    before = said(design)
    key = placement.key

    plan.delete_placement(again_placed(placement), by=eva, version=1, at=NOW)
    plan.undo(again(design), by=eva, at=NOW)

    assert said(design) == before
    assert Placement.objects.get(pk=placement.pk).key == key


def now_later(design: Design) -> datetime:
    """So much later per version that no edit is folded into the one before."""
    return NOW + timedelta(minutes=5 * (design.plan_version + 1))


def _elsewhere(by: Any) -> Design:
    """Another course of the same lecturer, with two cards that are linked."""
    found = Design.objects.select_related("course").filter(course__code="elsewhere").first()
    if found is None:
        found = again(DesignFactory(course=CourseFactory(lecturer=by, code="elsewhere"), weeks=9))
        one, two = (PlacementFactory(design=found, week_number=week) for week in (1, 9))
        Link.objects.create(design=found, source=one, target=two)
    return found


def _elsewhere_pks(by: Any) -> list[int]:
    return list(_elsewhere(by).placements.values_list("pk", flat=True))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            "add move edit copy delete add_week remove_week rename outcome drop_outcome serve "
            "field set shift scale typed serve_many shelve drop_many take_in".split()
        ),
        st.integers(0, 7),
        st.integers(0, 4),
        st.integers(0, 3),
        st.sampled_from(["before", "together", "after"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_undoing_any_steps_restores_the_plan_and_redoing_makes_them_again(db, wanted):
    eva = UserFactory()
    design = again(DesignFactory(course=CourseFactory(lecturer=eva), weeks=3))
    OutcomeFactory(design=design, number=1)
    one, two, _three = (PlacementFactory(design=design, week_number=week) for week in (1, 1, 2))
    Activity.objects.filter(pk=two.activity_id).update(minutes=30, minutes_low=20, minutes_high=45)
    Link.objects.create(design=design, source=one, target=two, note="The list of words")
    plan.edit_week(design, 1, title="Begin", by=eva, version=0, at=NOW)
    states = [said(design)]
    states += [said(design) for step in wanted if _take(again(design), eva, *step)]

    for state in reversed(states[:-1]):
        plan.undo(again(design), by=eva, at=NOW)
        assert said(design) == state

    for state in states[1:]:
        plan.redo(again(design), by=eva, at=NOW)
        assert said(design) == state


def _take(design: Design, by: Any, verb: str, card: int, week: int, index: int, moment: str) -> bool:
    """Do something to the plan; answers whether it made a step."""
    cards = list(design.placements.order_by("pk"))
    weeks = list(design.weeks.values_list("number", flat=True))
    outcomes = list(design.outcomes.values_list("pk", flat=True))
    goal = weeks[week % len(weeks)] if week and weeks else None
    chosen = again_placed(cards[card % len(cards)]) if cards else None
    now = {"by": by, "version": design.plan_version, "at": NOW}
    if verb == "add":
        return plan.add_activity(design, values=QUIZLESS, week=goal, moment=moment, outcomes=outcomes, **now).changed
    if verb == "add_week":
        return plan.add_week(design, title=f"Week {card}", **now).changed
    if verb == "rename" and goal:
        return plan.edit_week(design, goal, title=f"Theme {card}", **now).changed
    if verb == "remove_week" and goal:
        return plan.remove_week(design, goal, **now).changed
    if verb == "outcome":
        return plan.add_outcome(design, text=f"Do {card}", level=None, **now).changed
    if verb == "drop_outcome" and outcomes:
        return plan.remove_outcome(design, outcomes[card % len(outcomes)], **now).changed
    if chosen is None:
        return False
    many = [each.pk for each in cards[card % len(cards) :]]
    wishes = {
        "set": plan.Wish(values={"environment": ["physical", "hybrid"][index % 2], "grouping": "class"}),
        "shift": plan.Wish(weeks_by=index - 1 or 1, to_shelf_beyond=True),
        "scale": plan.Wish(percent=[50, 120, 133, 7][index]),
        "typed": plan.Wish(type_key=["discussion", "quiz"][index % 2]),
        "serve_many": plan.Wish(add=frozenset(outcomes[:index]), remove=frozenset(outcomes[index:])),
    }
    if verb in wishes:
        return plan.edit_many(plan.choose(design, many), wish=wishes[verb], **now).changed
    if verb == "shelve":
        return plan.shelve_many(plan.choose(design, many), **now).changed
    if verb == "drop_many":
        return plan.delete_many(plan.choose(design, many), **now).changed
    if verb == "take_in":
        return plan.copy_many(plan.choose(_elsewhere(by), _elsewhere_pks(by)), to=design, by=by, at=NOW).changed
    if verb == "field":
        held = {"title": seen_of(chosen.activity, "title")}
        made = plan.edit_fields(chosen, values={"title": f"Field {card}"}, seen=held, by=by, at=now_later(design))
        return made.changed and made.new_step
    if verb == "move":
        return plan.move_placement(chosen, week=goal, moment=moment, index=index, **now).changed
    if verb == "edit":
        return edit(chosen, by, title=f"Title {card}", minutes=10 * index, minutes_low=None, minutes_high=None).changed
    if verb == "serve":
        return edit(chosen, by, outcomes=outcomes[:index]).changed
    if verb == "copy":
        return plan.duplicate_placement(chosen, **now).changed
    if verb == "delete":
        return plan.delete_placement(chosen, **now).changed
    return False
