"""What a unit sets holds for the courses below it, until a unit nearer to them sets something else."""

from __future__ import annotations

import pytest

from blendedu.journal.models import Job
from blendedu.people.models import Unit
from blendedu.people.services import place_unit
from courses.models import Course
from courses.services import framework
from tests.factories import NOW, CourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    university = place_unit(Unit(name="University", teaching_hour=45, small_change_percent=10))
    business = place_unit(Unit(name="Business", parent=university))
    marketing = place_unit(Unit(name="Marketing", parent=business, teaching_hour=50))
    return university, business, marketing


def framework_of(course: Course) -> dict[str, object]:
    return Course.objects.get(pk=course.pk).framework


def test_the_nearest_unit_that_says_something_wins_part_by_part(tree):
    _university, business, marketing = tree
    near, far = CourseFactory(unit=marketing), CourseFactory(unit=business)

    framework.resolve([near, far])

    assert framework_of(near) == {"hour": 50, "small_change": 10}
    assert framework_of(far) == {"hour": 45, "small_change": 10}


def test_a_course_below_nothing_that_is_set_has_an_empty_framework():
    course = CourseFactory(unit=place_unit(Unit(name="Academy")))

    framework.resolve([course])

    assert framework_of(course) == {}


def test_a_zero_is_a_value_and_not_an_inheritance(tree):
    university, business, _marketing = tree
    Unit.objects.filter(pk=business.pk).update(small_change_percent=0)
    course = CourseFactory(unit=business)

    framework.resolve_below(university, at=NOW)

    assert framework_of(course) == {"hour": 45, "small_change": 0}


def test_changing_a_unit_reaches_its_courses_and_no_others(tree):
    university, _business, marketing = tree
    inside, outside = CourseFactory(unit=marketing), CourseFactory(unit=place_unit(Unit(name="Academy")))
    framework.resolve([inside, outside])
    Unit.objects.filter(pk=university.pk).update(small_change_percent=25)

    done = framework.resolve_below(Unit.objects.get(pk=university.pk), at=NOW)

    assert done
    assert framework_of(inside) == {"hour": 50, "small_change": 25}
    assert framework_of(outside) == {}


def test_a_large_unit_is_left_to_a_worker(tree, monkeypatch):
    university, business, _marketing = tree
    monkeypatch.setattr(framework, "AT_ONCE", 1)
    monkeypatch.setattr(framework, "CHUNK", 2)
    courses = [CourseFactory(unit=business) for _ in range(5)]

    done = framework.resolve_below(university, at=NOW)

    assert not done
    job = Job.objects.get(kind="resolve-framework")
    framework.resolve_unit(job.ref)
    assert {framework_of(course)["hour"] for course in courses} == {45}


def test_a_unit_that_moves_inherits_from_where_it_stands(tree):
    _university, business, _marketing = tree
    academy = place_unit(Unit(name="Academy", teaching_hour=60))
    course = CourseFactory(unit=business)
    framework.resolve([course])

    business.parent = academy
    place_unit(business)

    assert framework_of(course) == {"hour": 60}


@pytest.mark.parametrize("count", [1, 3])
def test_a_chunk_costs_the_same_whatever_it_holds(tree, count, django_assert_num_queries):
    _university, _business, marketing = tree
    courses = [CourseFactory(unit=marketing) for _ in range(count)]

    # One per inherited part, one for limits of units and courses, one for programmes, one to write.
    with django_assert_num_queries(5):
        framework.resolve(courses)
