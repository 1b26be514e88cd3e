"""Versions: the list, any two side by side, a draft from an older one, small changes without a review."""

from __future__ import annotations

import re
from html import unescape
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Activity
from blendedu.journal.models import Notice
from courses.models import Alignment, Course, Design, Outcome, Placement, ReviewRequest, Week
from courses.queries.plan import fingerprint, levels_of
from courses.queries.versions import Comparison, version_lines
from courses.services import designs, plan, review
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vos")


@pytest.fixture
def coach():
    return UserFactory(name="Sanne de Wit")


@pytest.fixture
def approved(lecturer, coach):
    """Ten hours, approved, in a course where ten percent may change without a review."""
    course = CourseFactory(code="mkc-101", title="Marketing", lecturer=lecturer, coach=coach)
    Course.objects.filter(pk=course.pk).update(framework={"small_change": 10})
    made = DesignFactory(course=course, state="approved", approved_at=NOW, approved_by=coach)
    for week in (1, 2):
        PlacementFactory(
            design=made, activity=ActivityFactory(title=f"Work of week {week}", minutes=300), week_number=week
        )
    return Design.objects.select_related("course__coach").get(pk=made.pk)


@pytest.fixture
def draft(approved, lecturer):
    return designs.next_version(approved, by=lecturer, at=NOW)


def again(design: Design) -> Design:
    return Design.objects.select_related("course__coach", "course__unit").get(pk=design.pk)


def words(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def edit(design: Design, title: str, by: Any, /, **values: Any) -> None:
    placement = Placement.objects.select_related("design__course", "activity").get(design=design, activity__title=title)

    seen = fingerprint(placement.activity, levels_of(placement))
    plan.update_activity(placement, values=values, outcomes=[], seen=seen, by=by, at=NOW)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_who_approved_what_under_which_policy_and_who_follows_it(client, draft, approved, coach):
    ReviewRequest.objects.create(
        design=approved,
        state="approved",
        asked_by=coach,
        asked_at=NOW,
        decided_by=coach,
        decided_at=NOW,
        plan_version=0,
        judged={"findings": [{"rule": "p", "source": "Policy of the school, version 3"}]},
    )
    run = RunFactory(course=approved.course, design=approved, name="Autumn group")
    client.force_login(coach)

    response = client.get(reverse("courses:versions", args=["mkc-101"]))

    assert [line.design.number for line in version_lines(approved.course)] == [2, 1]
    text = words(response)
    assert "Sanne de Wit" in text
    assert "Policy of the school, version 3" in text
    assert run.name in text
    assert 'action="/courses/mkc-101/versions/1/restore/"' not in response.content.decode()  # a coach does not design


def test_a_course_without_versions_says_where_the_first_begins(client, lecturer):
    CourseFactory(code="new-1", lecturer=lecturer)
    client.force_login(lecturer)

    assert "There is no version yet" in words(client.get("/courses/new-1/versions/"))


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_whatever_it_holds(client, approved, lecturer, count, django_assert_num_queries):
    for number in range(count):
        DesignFactory(course=approved.course, number=10 + number, state="archived")
    client.force_login(lecturer)
    client.get("/courses/mkc-101/versions/")

    # user, course, versions, approvals, runs, head (2), roles, unread
    with django_assert_num_queries(9):
        client.get("/courses/mkc-101/versions/")


# --- Two versions -----------------------------------------------------------------------------------------------------


def compare(client: Any, old: int, new: int, view: str = "") -> Any:
    return client.get(f"/courses/mkc-101/versions/compare/?from={old}&to={new}&view={view}")


def test_any_two_versions_are_compared_with_old_and_new_values(client, draft, lecturer):
    edit(again(draft), "Work of week 1", lecturer, minutes=330)
    gone = Placement.objects.select_related("design__course", "activity", "week").get(
        design=draft, activity__title="Work of week 2"
    )
    plan.delete_placement(gone, by=lecturer, version=1, at=NOW)
    client.force_login(lecturer)

    forth, back, board = compare(client, 1, 2), compare(client, 2, 1), compare(client, 1, 2, "board")

    assert "Changed Work of week 1 Minutes: 5 h → 5 h 30" in words(forth)
    assert "Gone Work of week 2" in words(forth)
    assert "Added Work of week 2" in words(back)
    marks = re.findall(r'<li class="card [^"]*?(added|gone|moved|changed)?">', board.content.decode())
    assert sorted(marks) == ["changed", "gone"]


def test_a_version_is_the_same_as_itself(client, approved, lecturer):
    client.force_login(lecturer)

    assert "Both versions are the same design." in words(compare(client, 1, 1))


def test_a_week_that_is_gone_keeps_its_cards_in_sight(draft, approved, lecturer):
    plan.remove_week(again(draft), 1, by=lecturer, version=0, at=NOW)
    shelved = Placement.objects.select_related("design__course", "activity").get(design=draft, week=None)
    plan.delete_placement(shelved, by=lecturer, version=1, at=NOW)

    comparison = Comparison(approved, again(draft))

    assert [(row.name, [card.mark for cell in row.cells for card in cell]) for row in comparison.board] == [
        ("Week 1", [""]),
        ("Week 2", []),
        ("In weeks that are gone", ["gone"]),
    ]


def test_numbers_that_are_no_versions_are_not_found(client, approved, lecturer):
    client.force_login(lecturer)

    assert [compare(client, *pair).status_code for pair in ((1, 9), ("x", 1), ("²", 1))] == [404, 404, 404]
    assert client.get("/courses/mkc-101/versions/compare/").status_code == 404


def test_a_stranger_finds_no_versions_and_a_student_may_not_see_them(client, approved):
    student = MembershipFactory(cohort=RunFactory(course=approved.course, design=approved).cohort).user
    pages = ["/courses/mkc-101/versions/", "/courses/mkc-101/versions/compare/?from=1&to=1"]

    client.force_login(UserFactory())
    stranger = [client.get(page).status_code for page in pages]
    client.force_login(student)

    assert stranger == [404, 404]
    assert [client.get(page).status_code for page in pages] == [403, 403]


@pytest.mark.parametrize("count", [1, 200])
def test_a_comparison_costs_the_same_whatever_it_holds(client, draft, lecturer, count, django_assert_num_queries):
    for number in range(count):
        PlacementFactory(design=draft, activity=ActivityFactory(title=f"More {number}", minutes=30))
    client.force_login(lecturer)
    compare(client, 1, 2)

    # user, course, designs, plans (2), policy under either plan (2), runs, roles, unread
    with django_assert_num_queries(10):
        response = compare(client, 1, 2)
    assert response.content.decode().count("mark-added") == count + 1
    assert len(compare(client, 1, 2, "board").content) < 250_000


# --- Going back -------------------------------------------------------------------------------------------------------


def test_a_draft_begins_as_an_older_version_was(client, approved, lecturer):
    newer = DesignFactory(course=approved.course, number=2, state="approved", approved_at=NOW)
    client.force_login(lecturer)

    response = client.post("/courses/mkc-101/versions/1/restore/")

    assert (response.status_code, response["Location"]) == (303, "/courses/mkc-101/studio/")
    made = Design.objects.get(number=3)
    assert (made.state, made.based_on) == ("draft", approved)
    assert Comparison(approved, again(made)).changes.is_empty
    assert Design.objects.filter(pk__in=[approved.pk, newer.pk], state="approved").count() == 2


def test_while_a_draft_is_open_nothing_is_restored_and_the_page_says_what_to_do(client, draft, lecturer):
    client.force_login(lecturer)

    response = client.post("/courses/mkc-101/versions/1/restore/")

    assert response.status_code == 409
    assert "Version 2 is in the works, and a course has one draft at a time. Nothing was changed." in words(response)
    assert Design.objects.count() == 2


def test_only_who_designs_restores(client, approved, coach):
    client.force_login(coach)

    assert client.post("/courses/mkc-101/versions/1/restore/").status_code == 403


# --- Small changes ----------------------------------------------------------------------------------------------------


def publish(client: Any, design: Design) -> Any:
    return client.post("/courses/mkc-101/review/publish/", {"version": again(design).plan_version})


def test_a_small_change_is_published_by_its_lecturer_and_the_coach_is_told_what_changed(client, draft, lecturer, coach):
    edit(again(draft), "Work of week 1", lecturer, minutes=330)
    client.force_login(lecturer)

    page = words(client.get("/courses/mkc-101/review/"))
    response = publish(client, draft)

    assert "This is a small change. 5% of 10% used." in page
    assert response.status_code == 303
    design = again(draft)
    assert (design.state, design.approved_by) == ("approved", lecturer)
    kept = ReviewRequest.objects.get(design=draft)
    assert (kept.small, kept.state, kept.decided_by, kept.plan_version) == (True, "approved", lecturer, 1)
    assert kept.judged["small"] == {"minutes": 30, "of": 600, "allowed": 10}
    notice = Notice.objects.get(recipient=coach)
    assert notice.title == "Eva Vos published a small change of Marketing"
    assert "- Work of week 1: Minutes: 5 h → 5 h 30" in notice.body


def test_a_large_change_is_not_published_and_says_how_large_it_is(client, draft, lecturer):
    edit(again(draft), "Work of week 1", lecturer, minutes=400)
    client.force_login(lecturer)

    page = words(client.get("/courses/mkc-101/review/"))
    response = publish(client, draft)

    assert "This change needs a review. 17% of 10% used." in page
    assert "Publish as a small change" not in page
    assert response.status_code == 409
    assert again(draft).state == "draft"


def test_where_nothing_is_allowed_nothing_is_offered(client, draft, lecturer):
    Course.objects.update(framework={})
    edit(again(draft), "Work of week 1", lecturer, minutes=301)
    client.force_login(lecturer)

    page, response = words(client.get("/courses/mkc-101/review/")), publish(client, draft)

    assert "small change" not in page
    assert (response.status_code, again(draft).state) == (409, "draft")


def test_a_page_that_is_not_fresh_publishes_nothing(client, draft, lecturer):
    client.force_login(lecturer)
    edit(again(draft), "Work of week 1", lecturer, minutes=310)

    response = client.post("/courses/mkc-101/review/publish/", {"version": 0})

    assert (response.status_code, again(draft).state) == (409, "draft")
    assert not ReviewRequest.objects.exists()


def test_the_second_tab_publishes_nothing(client, draft, lecturer):
    edit(again(draft), "Work of week 1", lecturer, minutes=310)
    client.force_login(lecturer)

    assert [publish(client, draft).status_code for _tab in range(2)] == [303, 409]
    assert ReviewRequest.objects.count() == 1


def test_neither_coach_nor_student_publishes(client, draft, approved, coach):
    student = MembershipFactory(cohort=RunFactory(course=approved.course, design=approved).cohort).user
    statuses = []
    for person in (coach, student, UserFactory()):
        client.force_login(person)
        statuses.append(publish(client, draft).status_code)

    assert statuses == [403, 403, 404]


def test_the_review_with_a_small_change_stays_within_its_budget(client, draft, lecturer, django_assert_num_queries):
    edit(again(draft), "Work of week 1", lecturer, minutes=310)
    client.force_login(lecturer)
    client.get("/courses/mkc-101/review/")

    # as any review, and policy once more for the approved plan
    with django_assert_num_queries(12):
        client.get("/courses/mkc-101/review/")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_an_edit_and_a_publication_at_once_one_is_made_and_one_is_told(draft, lecturer):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about two.")
    at_once, said = Barrier(2), []

    def work() -> None:
        try:
            at_once.wait(timeout=10)
            edit(again(draft), "Work of week 1", lecturer, minutes=310)
            said.append("edited")
        except (plan.StalePlan, plan.NotEditable):
            said.append("told")
        finally:
            connection.close()

    def approve() -> None:
        try:
            found = again(draft)
            at_once.wait(timeout=10)
            review.publish_small(found, by=lecturer, version=0, at=NOW)
            said.append("published")
        except review.NotReviewable:
            said.append("told")
        finally:
            connection.close()

    threads = [Thread(target=work), Thread(target=approve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    design = again(draft)
    # What was approved is what was weighed, whichever came first.
    assert sorted(said) in (["edited", "told"], ["published", "told"])
    assert (design.state, design.plan_version) in {("draft", 1), ("approved", 0)}


# --- An approved version never changes --------------------------------------------------------------------------------


def everything(design: Design) -> list[Any]:
    """All that a version consists of, as the database has it."""
    placements = Placement.objects.filter(design=design).order_by("pk")
    activities = Activity.objects.filter(pk__in=[p.activity_id for p in placements]).order_by("pk")
    rows = [
        *Week.objects.filter(design=design).order_by("pk"),
        *Outcome.objects.filter(design=design).order_by("pk"),
        *Alignment.objects.filter(placement__design=design).order_by("pk"),
        *placements,
        *activities,
    ]
    return [(type(row).__name__, row.pk, model_to_dict(row, exclude=["outcomes"])) for row in rows]


STEPS = st.lists(st.sampled_from(["edit", "move", "remove", "week", "undo", "publish", "restore", "next"]), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_an_approved_version_stays_as_it_was_approved(steps):
    lecturer = UserFactory()
    course = CourseFactory(lecturer=lecturer)
    Course.objects.filter(pk=course.pk).update(framework={"small_change": 100})
    first = DesignFactory(course=course, state="approved", approved_at=NOW, approved_by=lecturer)
    for week in (1, 2):
        PlacementFactory(design=first, activity=ActivityFactory(minutes=60), week_number=week)
    kept = {first.pk: everything(first)}

    for number, step in enumerate(steps):
        _do(step, course, lecturer, number)
        for design in Design.objects.filter(course=course, state="approved").exclude(pk__in=kept):
            kept[design.pk] = everything(design)
        for pk, before in kept.items():
            assert everything(Design.objects.get(pk=pk)) == before


def _do(step: str, course: Course, lecturer: Any, number: int) -> None:
    every = Design.objects.select_related("course__coach", "course__unit").filter(course=course)
    draft = every.filter(state="draft").first()
    try:
        if step in {"restore", "next"}:
            designs.next_version(every.order_by("number" if step == "restore" else "-number")[0], by=lecturer, at=NOW)
        elif draft is None:
            return
        elif step == "publish":
            review.publish_small(draft, by=lecturer, version=draft.plan_version, at=NOW)
        elif step == "undo":
            plan.undo(draft, by=lecturer, at=NOW)
        elif step == "week":
            plan.remove_week(draft, 1, by=lecturer, version=draft.plan_version, at=NOW)
        else:
            _with_a_card(step, draft, lecturer, number)
    except (designs.DraftExists, plan.PlanRefused, plan.RowsChanged, review.NotSmall):
        pass  # refused is as good as not asked


def _with_a_card(step: str, draft: Design, lecturer: Any, number: int) -> None:
    rows = Placement.objects.select_related("design__course", "activity", "week").filter(design=draft)
    placement = rows.order_by("pk").first()
    if placement is None:
        return
    if step == "edit":
        edit(draft, placement.activity.title, lecturer, title=f"Edited {number}", minutes=60 + number)
    elif step == "move":
        plan.move_placement(placement, week=None, moment="after", by=lecturer, version=draft.plan_version, at=NOW)
    else:
        plan.delete_placement(placement, by=lecturer, version=draft.plan_version, at=NOW)


def test_a_card_with_another_title_says_so_and_not_that_the_course_has(approved, lecturer):
    draft = designs.next_version(approved, by=lecturer, at=NOW)
    edit(draft, "Work of week 1", lecturer, type_key="reading", title="New words", minutes=300)

    (line,) = Comparison(approved, again(draft)).lines

    assert line.what == "changed"
    assert line.detail.startswith("Title: Work of week 1 → New words")
