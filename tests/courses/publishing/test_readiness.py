"""Planned, not built: what is listed, what waits for students, who is told, and how it opens (behaviour.md, C10)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Material, Offer
from blendedu.journal.models import Notice
from blendedu.people.models import Group
from courses.models import Design, RunOffer
from courses.queries.readiness import gap_count, readiness_of, readiness_of_run
from courses.queries.week import week_of
from courses.services import people, readiness
from tests.courses.publishing.worlds import (
    AT,
    MONDAY,
    card,
    edit,
    fresh,
    offer,
    publish,
    running_course,
    second_version,
)
from tests.factories import ActivityFactory, PlacementFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    time_machine.move_to(AT, tick=False)
    return running_course()


def unbuilt(world, title="Quiz 1", **more):
    """An activity that version 2 brings into week 1 without its questions, published."""
    second = second_version(world)
    quiz = ActivityFactory(title=title, type_key="quiz")
    PlacementFactory(design=second, week_number=1, activity=quiz, moment="before", **more)
    publish(world, second)
    world.run = fresh(world.run)
    Offer.objects.filter(activity=quiz).update(opens_at=AT - timedelta(hours=1))
    return RunOffer.objects.get(offer__activity=quiz)


# --- What is listed -----------------------------------------------------------------------------------------------

INCOMPLETE = {
    "quiz": ({"type_key": "quiz"}, ("no questions yet",)),
    "clip": ({"type_key": "clip"}, ("no video yet", "no captions yet")),
    "session": ({"type_key": "session", "timing": "sync"}, ("no room and no link yet",)),
    "upload": ({"type_key": "upload"}, ("no brief yet",)),
    "reading": ({"type_key": "reading"}, ("no text yet",)),
    "discussion": ({"type_key": "discussion"}, ("nothing to discuss yet",)),
    "share board": ({"type_key": "shareboard"}, ("no word yet on what to look for",)),
    "broken": ({"type_key": "quiz", "config": {"nonsense": 1}}, ("no questions yet",)),
    "unknown": ({"type_key": "hologram"}, ("its type is not installed",)),
}


@pytest.mark.parametrize(("values", "missing"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_lacks_something_is_listed_with_what_it_lacks(world, values, missing):
    PlacementFactory(design=world.first, week_number=3, activity=ActivityFactory(**values))

    (gap,) = readiness_of(world.first).gaps

    assert (gap.week, gap.missing) == (3, missing)


def test_what_is_complete_is_not_listed(world):
    quiz = QuestionFactory(activity__type_key="quiz", kind="short", content={}).activity
    clip = ActivityFactory(type_key="clip", config={"source": "file", "captions": "file"})
    for kind in ("clip", "captions"):
        Material.objects.create(activity=clip, kind=kind, file="x", name="x", size=1, content_type="x")
    chapter = ActivityFactory(type_key="reading", brief="Chapter 2 of the book.")
    for activity in (quiz, clip, chapter):
        PlacementFactory(design=world.first, activity=activity)

    found = readiness_of(world.first)

    assert (found.gaps, found.activities, found.ready) == ((), 15, 15)


def test_what_waits_on_the_shelf_is_no_gap(world):
    PlacementFactory(design=world.first, activity=ActivityFactory(type_key="quiz"), week=None)

    assert gap_count(world.first) == 0


def test_gaps_come_by_week(world):
    for week in (3, 1, 3):
        PlacementFactory(design=world.first, week_number=week, activity=ActivityFactory(type_key="quiz"))

    assert [(week.number, len(week.gaps)) for week in readiness_of(world.first).weeks] == [(1, 1), (3, 2)]


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_cost_one_query(world, count, django_assert_num_queries):
    for _each in range(count):
        PlacementFactory(design=world.first, activity=ActivityFactory(type_key="clip"))

    with django_assert_num_queries(1):
        readiness_of(world.first)


def test_session_of_a_run_is_asked_for_the_place_that_the_run_gave_it(world):
    Offer.objects.filter(pk=offer(world, "Class 2").pk).update(room="", link="")

    (gap,) = readiness_of_run(world.run).gaps
    assert (gap.activity.title, gap.waits) == ("Class 2", False)

    Offer.objects.filter(pk=offer(world, "Class 2").pk).update(link="https://meet.example.org/x")
    assert not readiness_of_run(world.run).gaps


# --- What students see --------------------------------------------------------------------------------------------


def test_students_read_that_it_is_not_ready_with_the_name_of_their_lecturer(client, world):
    row = unbuilt(world)
    client.force_login(world.students[0])

    response = client.get(reverse("courses:activity", args=["mkc-101", row.pk]))

    assert response.status_code == 200
    assert "This is not ready yet" in response.content.decode()
    assert "Eva Vos is still working on it." in response.content.decode()


def test_nothing_can_be_begun_before_it_is_built(client, world):
    row = unbuilt(world)
    client.force_login(world.students[0])

    response = client.post(reverse("courses:activity-act", args=["mkc-101", row.pk, "start"]))

    assert response.status_code == 409
    assert not row.offer.attempts.exists()


def test_week_marks_it_and_does_not_call_it_overdue(client, world):
    row = unbuilt(world)
    Offer.objects.filter(pk=row.offer_id).update(due_at=AT - timedelta(minutes=1))
    student = world.students[0]

    week = week_of(student, MONDAY, at=AT)
    later = week_of(student, MONDAY + timedelta(weeks=1), at=AT + timedelta(weeks=1))
    client.force_login(student)

    assert "Quiz 1" in [line.face.title for line in week.courses[0].lines]
    assert "Quiz 1" not in [row.face.title for row in later.overdue]
    assert "not ready yet" in client.get(reverse("courses:week")).content.decode()


def test_early_weeks_are_open_while_later_ones_are_not_built(client, world):
    unbuilt(world)
    text = RunOffer.objects.get(offer=offer(world, "Text 1"))
    client.force_login(world.students[0])

    response = client.get(reverse("courses:activity", args=["mkc-101", text.pk]))

    assert "Read me." in response.content.decode()


def test_it_opens_by_itself_as_soon_as_it_is_built_and_published(client, world):
    row = unbuilt(world)
    third = second_version(world)
    edit(third, "Quiz 1", minutes=20)
    QuestionFactory(activity=card(third, "Quiz 1").activity, kind="short", content={})

    publish(world, third)

    row.refresh_from_db()
    assert row.offer.built
    assert row.offer.is_open(AT)


def test_lecturers_still_see_what_is_not_built(client, world):
    row = unbuilt(world)
    client.force_login(world.lecturer)

    words = client.get(reverse("courses:activity", args=["mkc-101", row.pk])).content.decode()

    assert "planned, not built" in words


# --- Groups -------------------------------------------------------------------------------------------------------


def test_group_task_waits_for_groups_and_opens_when_there_are(world):
    Group.objects.filter(cohort=world.cohort).delete()
    second = second_version(world)
    task = ActivityFactory(title="Together", type_key="upload", grouping="group", brief="As a group.")
    PlacementFactory(design=second, week_number=2, activity=task, moment="after")
    publish(world, second)
    world.run = fresh(world.run)

    assert not offer(world, "Together").built
    assert [gap.missing for gap in readiness_of_run(world.run).gaps] == [("no groups yet",)]

    group = people.add_group(world.cohort, name="Red", by=world.lecturer, at=AT)
    assert offer(world, "Together").built

    people.remove_group(group, by=world.lecturer, at=AT)
    assert not offer(world, "Together").built


# --- Telling lecturers --------------------------------------------------------------------------------------------


def test_lecturer_is_told_once_some_days_before(world):
    row = unbuilt(world)
    opens = AT + timedelta(days=10)
    Offer.objects.filter(pk=row.offer_id).update(opens_at=opens, due_at=opens + timedelta(days=1))

    counts = []
    for at in (opens - timedelta(days=5), opens - timedelta(days=4), opens - timedelta(days=1)):
        readiness.warn_of_unbuilt(at=at)
        counts.append(Notice.objects.filter(recipient=world.lecturer, cause__startswith="unbuilt:").count())

    assert counts == [0, 1, 1]
    notice = Notice.objects.get(recipient=world.lecturer, cause__startswith="unbuilt:")
    assert notice.title == "Week 1 of Marketing Communication: 1 activity is not built yet"
    assert notice.url == reverse("courses:run-ready", args=["mkc-101", world.run.pk])


def test_nobody_is_told_of_what_was_withdrawn(world):
    row = unbuilt(world)
    opens = AT + timedelta(days=2)
    Offer.objects.filter(pk=row.offer_id).update(opens_at=opens, due_at=opens, withdrawn_at=AT)

    assert readiness.warn_of_unbuilt(at=AT) == 0


def test_looking_ahead_costs_little_whatever_runs(world):
    for number in range(3):
        unbuilt(world, title=f"Quiz {number}")
    Offer.objects.filter(built=False).update(opens_at=AT + timedelta(days=1), due_at=AT + timedelta(days=2))

    with CaptureQueriesContext(connection) as queries:
        readiness.warn_of_unbuilt(at=AT)

    # What is not built; of its one week in one run the lecturers, and their notices.
    assert len(queries) <= 5


# --- Its pages ----------------------------------------------------------------------------------------------------


def test_gaps_lead_to_where_they_are_mended(client, world):
    unbuilt(world)
    client.force_login(world.lecturer)
    ready = reverse("courses:run-ready", args=["mkc-101", world.run.pk])

    without_draft = client.get(ready).content.decode()
    client.post(reverse("courses:design-next", args=["mkc-101", 2]))
    with_draft = client.get(ready).content.decode()

    assert "Begin the next version" in without_draft
    draft = Design.objects.get(state=Design.State.DRAFT)
    assert reverse("courses:questions", args=["mkc-101", card(draft, "Quiz 1").pk]) in with_draft


def test_preview_of_a_new_run_warns(client, world):
    PlacementFactory(design=world.first, week_number=3, activity=ActivityFactory(title="Quiz 3", type_key="quiz"))
    client.force_login(world.lecturer)

    response = client.post(
        reverse("courses:run-new", args=["mkc-101"]),
        {
            "step": "preview",
            "design": world.first.pk,
            "name": "Spring",
            "starts_on": "2027-02-01",
            "who": "list",
            "students": "Ann;ann@example.org",
            "token": "a" * 32,
        },
    )

    assert response.context["not_built"] == 1
    assert "1 activity is planned, not built." in response.content.decode()
