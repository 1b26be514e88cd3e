"""Students say how long something took them; the middle of what they say stands beside the plan."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.urls import reverse

from activities.models import Progress
from courses.models import ReportedTime
from courses.queries.plan import plan_of
from courses.services import reports
from tests.factories import (
    NOW,
    ActivityFactory,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    OfferFactory,
    PlacementFactory,
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
def design():
    return DesignFactory(course=CourseFactory(code="mkc-101"))


_CHAPTER = {"title": "Chapter 3", "minutes": 60}


def offered(design, *, key=None, **activity):
    """A card of the design in a run of its course, with a fresh cohort."""
    card = PlacementFactory(
        design=design,
        key=key or uuid.uuid4(),
        activity=ActivityFactory(**_CHAPTER | activity),
    )
    run = RunFactory(course=design.course, design=design)
    offer = OfferFactory(activity=card.activity, cohort=run.cohort)
    return RunOfferFactory(run=run, activity=card.activity, offer=offer, placement=card)


def student_of(run_offer, *, done=True):
    user = MembershipFactory(cohort=run_offer.run.cohort).user
    state = Progress.State.DONE if done else Progress.State.STARTED
    Progress.objects.create(offer=run_offer.offer, user=user, state=state, updated_at=NOW)
    return user


def report_all(run_offer, minutes):
    for each in minutes:
        reports.report_time(run_offer, user=student_of(run_offer), minutes=each, at=NOW)


def page_of(run_offer) -> str:
    return reverse("courses:activity", args=["mkc-101", run_offer.pk])


def url_of(run_offer) -> str:
    return reverse("courses:time-report", args=["mkc-101", run_offer.pk])


# --- One tap ------------------------------------------------------------------------------------------------------


def test_what_is_done_asks_how_long_it_took_and_what_is_not_does_not(client, design):
    one = offered(design)
    for done in (True, False):
        client.force_login(student_of(one, done=done))
        assert ("How long did it take you?" in client.get(page_of(one)).content.decode()) is done


@pytest.mark.parametrize(
    ("sent", "minutes"), [({"as_planned": "1"}, 60), ({"minutes": "1.5 h"}, 90), ({"minutes": "5"}, 5)]
)
def test_one_tap_or_own_words(client, design, sent, minutes):
    one = offered(design)
    student = student_of(one)
    client.force_login(student)

    response = client.post(url_of(one), sent)

    assert response.status_code == 303
    assert response["Location"] == f"{page_of(one)}#took"
    assert Progress.objects.get(user=student).minutes_reported == minutes
    assert ReportedTime.objects.get().median == minutes


def test_the_last_word_counts_once(client, design):
    one = offered(design)
    client.force_login(student_of(one))

    client.post(url_of(one), {"as_planned": "1"})
    client.post(url_of(one), {"minutes": "80"})

    row = ReportedTime.objects.get()
    assert (row.reports, row.median) == (1, 80)
    assert "You said 1 h 20." in client.get(page_of(one)).content.decode()


@pytest.mark.parametrize("typed", ["", "0", "-5", "an age", "60-90", "10,000"])
def test_a_time_that_cannot_be_is_refused_in_place(client, design, typed):
    one = offered(design)
    client.force_login(student_of(one))

    response = client.post(url_of(one), {"minutes": typed})

    assert response.status_code == 422
    assert f'value="{typed}"' in response.content.decode() or not typed
    assert not ReportedTime.objects.exists()


def test_nobody_reports_what_they_have_not_done(client, design):
    one = offered(design)
    client.force_login(student_of(one, done=False))

    assert client.post(url_of(one), {"minutes": "60"}).status_code == 409
    assert not ReportedTime.objects.exists()


def test_a_session_takes_as_long_as_it_was_set_for(client, design):
    one = offered(design, type_key="session", timing="sync")
    client.force_login(student_of(one))

    assert "How long did it take you?" not in client.get(page_of(one)).content.decode()
    assert client.post(url_of(one), {"minutes": "60"}).status_code == 403


def test_only_students_of_the_run_report(client, design):
    one, other = offered(design), offered(design)
    coach = AppointmentFactory(unit=design.course.unit, role="coach").user
    for person, status in ((UserFactory(), 404), (student_of(other), 403), (coach, 403)):
        client.force_login(person)
        assert client.post(url_of(one), {"minutes": "60"}).status_code == status


# --- The middle of all --------------------------------------------------------------------------------------------


def test_twelve_students_of_whom_eight_say_ninety(design):
    one = offered(design)

    report_all(one, [90] * 8 + [60] * 4)

    (card,) = plan_of(design).activities
    assert (card.minutes, card.reported_minutes, card.reported_count) == (60, 90, 12)


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 70), (8, 70)])
def test_below_five_reports_nothing_is_shown(design, count, shown):
    report_all(offered(design), [70] * count)

    (card,) = plan_of(design).activities
    assert (card.reported_minutes, card.reported_count) == (shown, count)


def test_all_runs_and_versions_of_a_card_count_together_and_other_courses_do_not(design):
    first = offered(design)
    type(design).objects.filter(pk=design.pk).update(state="approved")
    later = DesignFactory(course=design.course, number=2)
    second = offered(later, key=first.placement.key)
    stranger = offered(DesignFactory(), key=first.placement.key)

    report_all(first, [60] * 3)
    report_all(second, [80] * 4)
    report_all(stranger, [500] * 9)

    (card,) = plan_of(later).activities
    assert (card.reported_minutes, card.reported_count) == (80, 7)


def test_who_takes_it_back_is_not_counted_the_next_time(design):
    one = offered(design)
    report_all(one, [60] * 5)
    Progress.objects.filter(pk=Progress.objects.latest("pk").pk).update(state=Progress.State.STARTED)

    report_all(one, [90])

    assert ReportedTime.objects.get().reports == 5


@pytest.mark.parametrize("count", [1, 30])
def test_a_report_costs_the_same_however_many_there_are(design, count, django_assert_num_queries):
    one = offered(design)
    report_all(one, [60] * count)
    student = student_of(one)

    with django_assert_num_queries(6):  # savepoint and its end, the report, the row, the count, the row again
        reports.report_time(one, user=student, minutes=70, at=NOW)
