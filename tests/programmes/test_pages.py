"""The pages of a programme: who sees them, what they say, what they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from blendedu.journal.queries import entries_of
from blendedu.people.models import Appointment, User
from courses.models import Teaching
from programmes.models import Programme
from tests.factories import (
    NOW,
    AppointmentFactory,
    CohortFactory,
    CourseFactory,
    HolidayFactory,
    MembershipFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
)
from tests.programmes.factories import CoursePlaceFactory, ProgrammeFactory, designed, due, placed, running

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _today(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory(title="Commercial Economics", week_hours_max=20)


@pytest.fixture
def director(client: Client, programme: Programme) -> User:
    director = AppointmentFactory(role=Appointment.Role.DIRECTOR, unit=programme.unit).user
    client.force_login(director)
    return director


def load_url(programme: Programme, query: str = "") -> str:
    return reverse("programmes:load", args=[programme.code]) + query


def table_of(response) -> list[list[int]]:
    table = response.context["found"].table
    return [[cell.minutes for cell in row.cells] for row in table.rows]


# --- What it says -------------------------------------------------------------------------------------------------


def test_a_director_sees_parallel_courses_on_one_calendar(client, director, programme) -> None:
    term, cohort = TermFactory(), CohortFactory(name="CE 1A")
    statistics, writing = designed("Statistics", [300, 540, 660]), designed("Writing", [120, 240])
    placed(programme, term, statistics, writing)
    running(statistics, starts_on=MONDAY, cohort=cohort)
    running(writing, starts_on=date(2026, 11, 23), cohort=cohort)

    response = client.get(load_url(programme))

    assert table_of(response) == [[300, 540, 660], [0, 120, 240]]
    assert [column.minutes for column in response.context["found"].table.columns] == [300, 660, 900]
    assert "5 h" in response.content.decode()


def test_a_week_above_the_ceiling_is_said_with_what_could_move(client, director, programme) -> None:
    design = designed("Statistics", [300, 25 * 60])
    placed(programme, TermFactory(), design)
    running(design, starts_on=MONDAY)

    response = client.get(load_url(programme))

    page = response.content.decode()
    assert [column.excess for column in response.context["found"].table.over] == [5 * 60]
    assert "Week 3 is heavy: 25 h" in page
    assert "5 h above the 20 h that a week may ask." in page
    assert "Statistics 2, Statistics: 25 h" in page


def test_deadlines_come_from_the_run_in_the_institutions_zone(client, director, programme) -> None:
    design = designed("Statistics", [60, 60, 60])
    placed(programme, TermFactory(), design)
    run = running(design, starts_on=MONDAY)
    # Sunday 23:59 in Brussels is the last minute of the first week; half an hour later the next week has begun.
    due(run, "Report", datetime(2026, 11, 22, 22, 59, tzinfo=UTC))
    due(run, "Essay", datetime(2026, 11, 22, 23, 29, tzinfo=UTC), assessment="formative")
    due(run, "Voluntary quiz", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), assessment="formative", required=False)
    due(run, "Reading", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), assessment="none")

    table = client.get(load_url(programme)).context["found"].table

    assert [[due.title for due in cell.deadlines] for cell in table.rows[0].cells] == [["Report"], ["Essay"], []]


def test_three_marked_deadlines_in_seven_days_are_worth_a_look(client, director, programme) -> None:
    term, cohort = TermFactory(), CohortFactory()
    for title in ("Statistics", "Writing", "Law"):
        design = designed(title, [60, 60])
        placed(programme, term, design)
        due(running(design, starts_on=MONDAY, cohort=cohort), f"{title} report", datetime(2026, 11, 25, 9, tzinfo=UTC))

    response = client.get(load_url(programme))

    assert [len(cluster.dues) for cluster in response.context["found"].table.clusters] == [3]
    assert "3 deadlines fall on Wed 25 Nov" in response.content.decode()


def test_a_course_without_run_is_laid_on_the_weeks_of_the_term_and_says_so(client, director, programme) -> None:
    term = TermFactory(starts_on=date(2026, 12, 7))
    HolidayFactory(term=term)  # 21 December to 3 January
    placed(programme, term, designed("Law", [60, 120, 180], state="draft", assessment="summative"))

    response = client.get(load_url(programme))

    table = response.context["found"].table
    assert [(column.monday, column.minutes, column.holiday) for column in table.columns] == [
        (date(2026, 12, 7), 60, ""),
        (date(2026, 12, 14), 120, ""),
        (date(2026, 12, 21), 0, "Christmas break"),
        (date(2026, 12, 28), 0, "Christmas break"),
        (date(2027, 1, 4), 180, ""),
    ]
    assert [len(cell.deadlines) for cell in table.rows[0].cells] == [1, 1, 0, 0, 1]
    assert "planned, not running" in response.content.decode()


def test_the_run_of_the_cohort_counts_and_another_cohort_can_be_chosen(client, director, programme) -> None:
    term, day, evening = TermFactory(), CohortFactory(name="Day"), CohortFactory(name="Evening")
    old = designed("Statistics", [60])
    designed("Statistics next year", [600], course=old.course, state="draft", number=2)
    writing = designed("Writing", [120])
    placed(programme, term, old, writing)
    running(old, starts_on=MONDAY, cohort=day)
    running(writing, starts_on=MONDAY, cohort=day)
    running(writing, starts_on=date(2026, 11, 23), cohort=evening)

    first, second = client.get(load_url(programme)), client.get(load_url(programme, f"?cohort={evening.pk}"))

    assert first.context["found"].cohort == day
    assert table_of(first) == [[60], [120]]
    assert table_of(second) == [[60, 0], [0, 120]]


def test_an_old_or_missing_summary_is_added_up_from_the_plan(client, director, programme) -> None:
    design = designed("Statistics", [60, 90])
    design.load = {"form": 0}
    design.save()
    placed(programme, TermFactory(), design)
    running(design, starts_on=MONDAY)

    assert table_of(client.get(load_url(programme))) == [[60, 90]]


def test_a_figure_opens_to_exactly_the_activities_that_make_it(client, director, programme) -> None:
    design, other = designed("Statistics", [60, 90]), designed("Writing", [30, 45])
    placed(programme, TermFactory(), design, other)
    running(design, starts_on=MONDAY)
    running(other, starts_on=MONDAY)

    cell = client.get(load_url(programme, f"?week=2026-11-23&course={design.course.code}"))
    week = client.get(load_url(programme, "?week=2026-11-23"), headers={"HX-Request": "true"})

    assert [(item.title, item.minutes) for item in cell.context["choice"].items] == [("Statistics 2", 90)]
    assert cell.context["choice"].minutes == 90
    said = week.content.decode()
    assert all(words in said for words in ("Statistics 2", "1 h 30", "Writing 2", "45 min", "2 h 15, 2 activities"))
    assert "<h1" not in said


def test_the_overview_lists_courses_term_by_term(client, director, programme) -> None:
    lecturer = UserFactory(name="Ines Maes")
    term = TermFactory(name="Semester 1")
    design = designed("Statistics", [60])
    Teaching.objects.create(course=design.course, user=lecturer)
    placed(programme, term, design)
    running(design, starts_on=MONDAY)

    page = client.get(reverse("programmes:overview", args=[programme.code])).content.decode()

    for words in ("Semester 1", "Statistics", "Running", "Version 1, approved", "Ines Maes", "No DigiCoach yet"):
        assert words in page


# --- When there is little -----------------------------------------------------------------------------------------


def test_a_programme_without_courses_says_what_to_do(client, director, programme) -> None:
    for name in ("programmes:overview", "programmes:load"):
        response = client.get(reverse(name, args=[programme.code]))

        assert "No course has a place in this programme yet" in response.content.decode()


def test_a_course_without_design_is_named_and_not_counted(client, director, programme) -> None:
    course = CourseFactory(title="Law")
    CoursePlaceFactory(programme=programme, course=course)

    page = client.get(load_url(programme)).content.decode()

    assert "None of these courses has a design with weeks yet" in page
    assert "Law is not counted" in page


def test_somebody_without_programme_gets_an_empty_list(client) -> None:
    client.force_login(UserFactory())

    assert "You have no programme yet" in client.get(reverse("programmes:list")).content.decode()


# --- The ceiling --------------------------------------------------------------------------------------------------


def test_a_director_changes_the_ceiling_and_the_journal_keeps_the_old_one(client, director, programme) -> None:
    response = client.post(reverse("programmes:ceiling-change", args=[programme.code]), {"hours": "26"})

    programme.refresh_from_db()
    (entry,) = entries_of("programme", programme.pk)
    assert (response.status_code, response.url) == (303, load_url(programme))
    assert programme.week_hours_max == 26
    assert (entry.actor, entry.details) == (director, {"before": 20, "after": 26})


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("", "Say how many hours."),
        ("-5", "A week of less than 1 hour"),
        ("10000", "A week above 80 hours"),
        ("<script>", "Write a whole number of hours"),
    ],
)
def test_a_ceiling_that_makes_no_sense_is_refused_in_place(client, director, programme, hours, message) -> None:
    response = client.post(reverse("programmes:ceiling-change", args=[programme.code]), {"hours": hours})

    programme.refresh_from_db()
    assert response.status_code == 422
    assert message in response.content.decode()
    assert programme.week_hours_max == 20


# --- Who may ------------------------------------------------------------------------------------------------------


def people_of(programme: Programme) -> dict[str, User]:
    course = CourseFactory(coach=UserFactory())
    lecturer = UserFactory()
    Teaching.objects.create(course=course, user=lecturer)
    CoursePlaceFactory(programme=programme, course=course)
    student = MembershipFactory().user
    unit = programme.unit
    above = UnitFactory(path="/7/")
    unit.path = "/7/8/"
    unit.save()
    return {
        "director": AppointmentFactory(role=Appointment.Role.DIRECTOR, unit=unit).user,
        "administrator above": AppointmentFactory(role=Appointment.Role.ADMINISTRATOR, unit=above).user,
        "lecturer of a course": lecturer,
        "coach of a course": course.coach,
        "coach of the unit": AppointmentFactory(role=Appointment.Role.COACH, unit=unit).user,
        "director elsewhere": AppointmentFactory(role=Appointment.Role.DIRECTOR).user,
        "student": student,
        "stranger": UserFactory(),
    }


@pytest.mark.parametrize(
    ("who", "look", "manage"),
    [
        ("director", 200, 303),
        ("administrator above", 200, 303),
        ("lecturer of a course", 200, 403),
        ("coach of a course", 200, 403),
        ("coach of the unit", 200, 403),
        ("director elsewhere", 404, 404),
        ("student", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_may_look_and_who_may_manage(client, programme, who, look, manage) -> None:
    client.force_login(people_of(programme)[who])

    for name in ("programmes:overview", "programmes:load"):
        assert client.get(reverse(name, args=[programme.code])).status_code == look
    assert client.post(reverse("programmes:ceiling-change", args=[programme.code]), {"hours": 30}).status_code == manage
    listed = client.get(reverse("programmes:list")).context["programmes"]
    assert list(listed) == ([programme] if look == 200 else [])


def test_only_managers_are_offered_the_ceiling(client, programme) -> None:
    people = people_of(programme)
    offered = {}
    for who in ("director", "lecturer of a course"):
        client.force_login(people[who])
        offered[who] = "Change the ceiling" in client.get(load_url(programme)).content.decode()

    assert offered == {"director": True, "lecturer of a course": False}


@pytest.mark.parametrize(
    "query",
    ["?term=999999", "?cohort=999999", "?week=2020-01-06", "?week=soon", "?week=2026-11-16&course=other", "?term=x"],
)
def test_a_foreign_or_broken_address_is_not_found(client, director, programme, query) -> None:
    design = designed("Statistics", [60])
    placed(programme, TermFactory(), design)
    running(design, starts_on=MONDAY)

    assert client.get(load_url(programme, query)).status_code == 404


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_study_load_costs_the_same_whatever_it_holds(
    client: Client, director: User, programme: Programme, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    term, cohort = TermFactory(), CohortFactory()
    for number in range(count):
        taught, planned = designed(f"Taught {number}", [60] * count * 2), designed(f"Planned {number}", [60] * count)
        placed(programme, term, taught, planned)
        due(running(taught, starts_on=MONDAY, cohort=cohort), "Report", NOW)

    # Person, roles for the menu and unread notices; the programme, its ceiling by policy, its courses, the weeks of
    # their runs, designs, holidays, activities and deadlines.
    with django_assert_num_queries(11):
        client.get(load_url(programme))


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_and_the_list_cost_the_same_whatever_they_hold(
    client: Client, director: User, programme: Programme, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        placed(ProgrammeFactory(unit=programme.unit), TermFactory(), designed(f"Other {number}", [60]))
        placed(programme, TermFactory(), designed(f"Course {number}", [60]))

    with django_assert_num_queries(6):
        client.get(reverse("programmes:overview", args=[programme.code]))
    with django_assert_num_queries(4):
        client.get(reverse("programmes:list"))
