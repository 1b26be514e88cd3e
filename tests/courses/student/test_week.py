"""My week: what to prepare, where to be and what to follow up, over all courses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from activities.models import Progress
from courses.models import ClassQuestion
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    GroupFactory,
    MembershipFactory,
    OfferFactory,
    OutcomeFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def run():
    return RunFactory(course=CourseFactory(code="mkc-101", title="Marketing Communication"))


@pytest.fixture
def student(run):
    return MembershipFactory(cohort=run.cohort, user__name="Joost Smit").user


def session(run, **fields):
    activity = ActivityFactory(
        type_key="session", title="Case study", minutes=120, timing="sync", environment="physical", grouping="group"
    )
    offer = OfferFactory(activity=activity, cohort=run.cohort, **fields)
    return RunOfferFactory(run=run, activity=activity, offer=offer, moment="together")


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.parametrize("count", [1, 3])
def test_my_week_costs_the_same_whatever_it_holds(client, run, student, count, django_assert_num_queries):
    for _each in range(count):
        RunOfferFactory(run=run)
    client.force_login(student)
    client.get(reverse("courses:week"))

    # user, weeks of runs, offers, progress, outcomes, group mates, overdue, coming, feedback, roles, unread
    with django_assert_num_queries(11):
        response = client.get(reverse("courses:week"))

    assert response.content.decode().count('class="t"') == count


def test_the_week_says_what_is_left_of_what_is_planned(client, run, student):
    done = RunOfferFactory(run=run, activity=ActivityFactory(minutes=45))
    RunOfferFactory(run=run, activity=ActivityFactory(minutes=30))
    Progress.objects.create(offer=done.offer, user=student, state=Progress.State.DONE, share=100, updated_at=NOW)
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert "30 min left of 1 h 15 planned" in words(response)


def test_the_week_says_where_to_be_and_with_whom(client, run, student):
    teal = GroupFactory(cohort=run.cohort, name="Teal")
    run.cohort.memberships.filter(user=student).update(group=teal)
    MembershipFactory(cohort=run.cohort, user__name="Amina Rahman", group=teal)
    MembershipFactory(cohort=run.cohort, user__name="Somebody Else", group=GroupFactory(cohort=run.cohort))
    session(run, opens_at=NOW + timedelta(hours=1), due_at=NOW + timedelta(hours=3), room="B2.14")
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert "Room B2.14 · In groups · you are in group Teal with Amina" in words(response)
    assert "Somebody" not in words(response)


def test_the_week_says_why(client, run, student):
    offer = RunOfferFactory(run=run)
    offer.placement.outcomes.add(OutcomeFactory(design=run.design, text="Segment an audience"))
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert "for: Segment an audience" in words(response)


def test_work_of_an_earlier_week_that_can_still_be_done_stays_in_sight(client, run, student):
    run.weeks.filter(number=1).update(monday=NOW.date() - timedelta(days=9))
    late = RunOfferFactory(run=run, activity=ActivityFactory(title="Late reading"))
    type(late.offer).objects.update(opens_at=NOW - timedelta(days=9), due_at=NOW - timedelta(days=4))
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert "Still open from earlier weeks" in words(response)
    assert "Late reading" in words(response)


def test_a_session_of_a_later_week_comes_up_once(client, run, student):
    later = session(run, opens_at=NOW + timedelta(days=8), due_at=NOW + timedelta(days=8, hours=2))
    type(later).objects.filter(pk=later.pk).update(week_number=2)
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert words(response).count("Case study") == 1
    assert "Thu 26 Nov, 10:00" in words(response)


def test_another_students_course_is_not_in_my_week(client, run, student):
    other = RunFactory()
    RunOfferFactory(run=other, activity=ActivityFactory(title="Not mine"))
    client.force_login(student)

    response = client.get(reverse("courses:week"))

    assert "Not mine" not in words(response)


def test_a_week_without_courses_says_what_to_do(client):
    client.force_login(UserFactory())

    response = client.get(reverse("courses:week"))

    assert "No course in this week" in words(response)


@pytest.mark.parametrize("asked", ["yesterday", "2026-13-45", "0001-01-01", "<script>"])
def test_a_week_that_does_not_exist_is_refused_in_place(client, student, asked):
    client.force_login(student)

    response = client.get(reverse("courses:week"), {"of": asked})

    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()


def test_any_day_names_its_week(client, run, student):
    client.force_login(student)

    response = client.get(reverse("courses:week"), {"of": "2026-11-29"})

    assert "23 to 29 November" in words(response)


def test_a_question_for_class_is_kept_once(client, run, student):
    row = session(run, opens_at=NOW + timedelta(hours=1), due_at=NOW + timedelta(hours=3))
    client.force_login(student)
    address = reverse("courses:class-question", args=["mkc-101", row.pk])

    answers = [client.post(address, {"text": "What is a persona?"}) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [question.text for question in ClassQuestion.objects.all()] == ["What is a persona?"]


def test_an_empty_question_is_refused_in_place(client, run, student):
    row = session(run, opens_at=NOW + timedelta(hours=1), due_at=NOW + timedelta(hours=3))
    client.force_login(student)

    response = client.post(reverse("courses:class-question", args=["mkc-101", row.pk]), {"text": "  "})

    assert response.status_code == 422
    assert not ClassQuestion.objects.exists()


def test_a_stranger_cannot_ask(client, run):
    row = session(run, opens_at=NOW + timedelta(hours=1), due_at=NOW + timedelta(hours=3))
    client.force_login(UserFactory())

    response = client.post(reverse("courses:class-question", args=["mkc-101", row.pk]), {"text": "Hello?"})

    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_students_page_of_the_course_costs_the_same(client, run, student, count, django_assert_num_queries):
    for _each in range(count):
        RunOfferFactory(run=run)
    client.force_login(student)
    client.get(reverse("courses:overview", args=["mkc-101"]))

    # user, course, runs, calendar, titles, offers, progress, roles, unread
    with django_assert_num_queries(9):
        response = client.get(reverse("courses:overview", args=["mkc-101"]))

    assert response.content.decode().count('class="t"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_courses_costs_the_same(client, count, django_assert_num_queries):
    lecturer = UserFactory()
    for _each in range(count):
        CourseFactory(lecturer=lecturer)
    client.force_login(lecturer)
    client.get(reverse("courses:list"))

    # user, count, courses, designs, runs, roles, unread
    with django_assert_num_queries(7):
        response = client.get(reverse("courses:list"))

    assert response.content.decode().count("course-line ") + response.content.decode().count('course-line"') >= count


def test_a_range_is_shown_as_one_and_carried_into_the_sum_of_the_week(client, run, student):
    for title, low, high in (("Read", 60, 90), ("Watch", None, None)):
        activity = ActivityFactory(title=title, minutes=75 if low else 30, minutes_low=low, minutes_high=high)
        RunOfferFactory(run=run, activity=activity, offer=OfferFactory(activity=activity, cohort=run.cohort))
    client.force_login(student)

    said = words(client.get(reverse("courses:week")))

    assert "of 1 h 45 (90\u2013120 min) planned" in said
    assert "60\u201390 min" in said
