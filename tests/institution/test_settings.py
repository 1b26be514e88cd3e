"""What an administrator sets for a unit holds below it, and only there."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from blendedu.journal.models import Entry
from blendedu.people.models import Unit
from blendedu.people.services import place_unit
from courses.models import Course
from tests.factories import AppointmentFactory, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db
SETTINGS = reverse("institution:settings")


@pytest.fixture
def tree():
    university = place_unit(Unit(name="University", teaching_hour=45))
    business = place_unit(Unit(name="Business", parent=university))
    return university, business


def administrator(unit):
    return AppointmentFactory(unit=unit, role="administrator").user


def page_of(unit) -> str:
    return reverse("institution:unit-settings", args=[unit.pk])


def send(client, unit, *, hour="", percent="", seen=("", "")):
    values = {"teaching_hour": hour, "small_change_percent": percent, "seen_hour": seen[0], "seen_percent": seen[1]}
    return client.post(page_of(unit), values)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_what_holds_and_where_it_comes_from(client, tree):
    university, business = tree
    CourseFactory(unit=business)
    client.force_login(administrator(university))

    said = words(client.get(SETTINGS))

    assert "University 45 minutes none nothing is set 0 Change : University" in said
    assert "Business 45 minutes as in University none nothing is set 1 Change : Business" in said


def test_what_is_set_reaches_the_courses_below_and_is_journalled(client, tree):
    university, business = tree
    course = CourseFactory(unit=business)
    client.force_login(administrator(university))

    response = send(client, business, hour="50", percent="15")

    assert response.status_code == 302 or response.status_code == 303
    business.refresh_from_db()
    assert (business.teaching_hour, business.small_change_percent) == (50, 15)
    assert Course.objects.get(pk=course.pk).framework == {"hour": 50, "small_change": 15}
    entry = Entry.objects.get(verb="unit-set")
    assert (entry.subject_id, entry.details["teaching_hour"]) == (business.pk, [None, 50])


def test_an_empty_field_is_taken_from_above_again(client, tree):
    university, _business = tree
    course = CourseFactory(unit=university)
    client.force_login(administrator(university))

    send(client, university, seen=("45", ""))

    assert Course.objects.get(pk=course.pk).framework == {}


@pytest.mark.parametrize(("hour", "percent"), [("47", ""), ("", "101"), ("", "-1"), ("", "half")])
def test_what_cannot_be_is_refused_in_place(client, tree, hour, percent):
    university, _business = tree
    client.force_login(administrator(university))

    response = send(client, university, hour=hour, percent=percent, seen=("45", ""))

    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert Unit.objects.get(pk=university.pk).teaching_hour == 45


def test_two_administrators_at_once_do_not_overwrite_each_other(client, tree):
    university, _business = tree
    client.force_login(administrator(university))
    Unit.objects.filter(pk=university.pk).update(teaching_hour=60)

    response = send(client, university, hour="50", seen=("45", ""))

    assert response.status_code == 409
    assert "Somebody else has set this unit meanwhile" in response.content.decode()
    assert Unit.objects.get(pk=university.pk).teaching_hour == 60


def test_only_administrators_of_the_unit_or_above_set_it(client, tree):
    university, business = tree
    academy = place_unit(Unit(name="Academy"))
    coach = AppointmentFactory(unit=university, role="coach").user
    below, elsewhere = administrator(business), administrator(academy)
    for person, unit, status in (
        (coach, university, 403),
        (below, university, 403),
        (elsewhere, university, 404),
        (UserFactory(), university, 404),
        (below, business, 200),
    ):
        client.force_login(person)
        assert client.get(page_of(unit)).status_code == status, (person, unit)
        if status != 200:
            assert send(client, unit, hour="50", seen=("45", "")).status_code == status
    client.force_login(coach)
    assert client.get(SETTINGS).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, tree, count, django_assert_num_queries):
    university, business = tree
    for number in range(count):
        place_unit(Unit(name=f"School {number}", parent=business))
    client.force_login(administrator(university))

    with django_assert_num_queries(7):  # user, roles, bell, appointments, taught units, units, those above
        client.get(SETTINGS)
