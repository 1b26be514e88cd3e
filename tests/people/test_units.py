"""Units stand in a tree, and a role in one holds for everything below it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from blendedu.people.models import Appointment, Unit, User
from blendedu.people.services import place_unit
from courses.access import courses_for
from tests.factories import AppointmentFactory, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    university = place_unit(Unit(name="University"))
    business = place_unit(Unit(name="Business", parent=university))
    marketing = place_unit(Unit(name="Marketing", parent=business))
    return university, business, marketing


def test_a_path_names_everything_above(tree):
    university, business, marketing = tree

    assert marketing.path == f"/{university.pk}/{business.pk}/{marketing.pk}/"


def test_moving_a_unit_takes_along_what_stands_below(tree):
    university, business, marketing = tree
    engineering = place_unit(Unit(name="Engineering", parent=university))

    business.parent = engineering
    place_unit(business)

    marketing.refresh_from_db()
    assert marketing.path == f"/{university.pk}/{engineering.pk}/{business.pk}/{marketing.pk}/"


@pytest.mark.parametrize(("above", "seen"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_director_sees_the_courses_of_the_unit_and_below(tree, above, seen):
    university, business, marketing = tree
    sibling = place_unit(Unit(name="Engineering", parent=university))
    course = CourseFactory(unit=marketing)
    unit = [university, business, marketing, sibling][above]
    director = AppointmentFactory(unit=unit, role=Appointment.Role.DIRECTOR).user

    assert (course in courses_for(director)) is seen


def test_a_role_in_unit_1_is_no_role_in_unit_12():
    twelve = Unit.objects.create(name="Twelve", path="/12/")
    director = AppointmentFactory(unit=Unit.objects.create(name="One", path="/1/"), role=Appointment.Role.DIRECTOR).user
    course = CourseFactory(unit=twelve)

    assert course not in courses_for(director)


def test_support_staff_make_an_account_without_a_password(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    client.post(
        reverse("admin:people_user_add"),
        {
            "email": "New.Person@Example.org",
            "name": "New Person",
            "usable_password": "false",
            "appointments-TOTAL_FORMS": "0",
            "appointments-INITIAL_FORMS": "0",
        },
    )

    made = User.objects.get(name="New Person")
    assert (made.email, made.has_usable_password()) == ("new.person@example.org", False)


def test_a_unit_cannot_stand_below_itself(client, tree):
    university, business, _marketing = tree
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    response = client.post(
        reverse("admin:people_unit_change", args=[university.pk]), {"name": "University", "parent": business.pk}
    )

    assert "A unit cannot stand below itself." in response.content.decode()
