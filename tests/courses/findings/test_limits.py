"""Limits of review rules: nearer wins, versions count, the Studio judges by them, a preview says what would change."""

from __future__ import annotations

import pytest

from blendedu.journal.models import Entry
from blendedu.people.models import Unit
from blendedu.people.services import place_unit
from courses.findings import BadBand, settings_in
from courses.models import Course
from courses.queries.limits import outlook
from courses.services import limits
from courses.sources import COURSE_RANK, Layer
from programmes.models import CoursePlace, Programme
from tests.factories import NOW, CourseFactory, DesignFactory, PlacementFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db

STRICT = {"band": {"ok": [None, "1.2"]}, "switched_off": False, "reason": "Our students work."}
LOOSE = {"band": {"ok": [None, "1.8"]}, "switched_off": False, "reason": "A project course."}
OFF = {"band": {}, "switched_off": True, "reason": "We do not run weeks."}


@pytest.fixture
def world():
    university = place_unit(Unit(name="University"))
    business = place_unit(Unit(name="Business", parent=university))
    course = CourseFactory(unit=business)
    programme = Programme.objects.create(code="mc", title="Marketing", unit=business)
    CoursePlace.objects.create(programme=programme, course=course, term=TermFactory(unit=university))
    return university, business, programme, course


def put(owner, kind, said, *, seen=0, rule="C02"):
    courses = Course.objects.all()
    limits.set_limit(owner, rule, kind=kind, courses=courses, said=said, seen=seen, by=UserFactory(), at=NOW)


def limits_in(course):
    return Course.objects.get(pk=course.pk).framework.get("limits", {})


def test_nearer_wins_from_unit_to_programme_to_course(world):
    university, business, programme, course = world

    said = []
    for owner, kind, band in [
        (university, "unit", "1.1"),
        (business, "unit", "1.2"),
        (programme, "programme", "1.3"),
        (course, "course", "1.4"),
    ]:
        put(owner, kind, STRICT | {"band": {"ok": [None, band]}})
        entry = limits_in(course)["C02"]
        said.append((entry["ok"][1], entry["from"], entry["version"]))

    assert said == [("1.1", "University", 1), ("1.2", "Business", 2), ("1.3", "Marketing", 3), ("1.4", "", 4)]


def test_a_limit_reaches_no_course_elsewhere(world):
    _university, business, _programme, _course = world
    elsewhere = CourseFactory(unit=place_unit(Unit(name="Academy")))

    put(business, "unit", STRICT)

    assert limits_in(elsewhere) == {}


def test_versions_go_on_counting_when_a_limit_is_taken_away(world):
    _university, business, _programme, course = world
    put(business, "unit", STRICT)

    put(business, "unit", limits.NOT_SET, seen=1)

    assert limits_in(course) == {"C02": {"version": 2}}
    assert settings_in({"limits": limits_in(course)}).bands == {}


def test_the_same_limit_from_another_owner_is_no_other_version(world):
    _university, business, _programme, course = world
    put(business, "unit", STRICT)

    put(course, "course", STRICT | {"reason": "So do ours."})

    assert limits_in(course)["C02"]["version"] == 1


def test_a_rule_that_is_switched_off_is_not_judged(world):
    _university, business, _programme, course = world

    put(business, "unit", OFF)

    assert settings_in({"limits": limits_in(course)}).switched_off == {"C02"}


def test_limits_that_cannot_be_read_any_more_count_as_not_set():
    settings = settings_in({"limits": {"C02": {"ok": ["x", 1]}, "C99": {"off": True}, "C03": {"ok": [None, "0.2"]}}})

    assert set(settings.bands) == {"C03"}
    assert settings.switched_off == frozenset()


def test_a_stale_page_sets_nothing(world):
    _university, business, _programme, _course = world
    put(business, "unit", STRICT)

    for seen in (0, 7):
        with pytest.raises(limits.StaleLimit):
            put(business, "unit", LOOSE, seen=seen)

    assert business.rule_limits.get().band == STRICT["band"]


def test_limits_that_contradict_each_other_are_refused(world):
    _university, business, _programme, _course = world

    with pytest.raises(BadBand):
        put(business, "unit", STRICT | {"band": {"ok": [None, "3"], "warn": [None, "2"]}})

    assert not business.rule_limits.exists()


def test_a_change_is_taken_back_and_made_again(world):
    _university, business, _programme, course = world
    put(business, "unit", STRICT)
    put(business, "unit", LOOSE, seen=1)

    known = {"kind": "unit", "courses": Course.objects.all(), "by": UserFactory(), "at": NOW}
    limits.take_back(business, "C02", seen=2, **known)
    assert business.rule_limits.get().band == STRICT["band"]
    limits.take_back(business, "C02", seen=3, **known)

    row = business.rule_limits.get()
    assert (row.band, row.reason, row.version) == (LOOSE["band"], LOOSE["reason"], 4)
    assert limits_in(course)["C02"]["version"] == 4


def test_the_journal_knows_who_set_what(world):
    _university, business, _programme, _course = world

    put(business, "unit", STRICT)

    entry = Entry.objects.get(verb="limit-set")
    assert (entry.subject, entry.subject_id, entry.details["rule"], entry.details["reason"]) == (
        "unit",
        business.pk,
        "C02",
        "Our students work.",
    )


# --- The preview --------------------------------------------------------------------------------------------------


@pytest.fixture
def uneven(world):
    """A course whose fullest of two weeks is 1.4 times the average."""
    _university, _business, _programme, course = world
    design = DesignFactory(course=course, weeks=2)
    PlacementFactory(design=design, week_number=1, activity__minutes=140)
    PlacementFactory(design=design, week_number=2, activity__minutes=60)
    return course


def candidate(business, ok: str) -> Layer:
    return Layer("unit", business.pk, business.name, business.path.count("/"), "C02", {"ok": [None, ok]})


def test_a_preview_says_which_courses_would_change(world, uneven):
    _university, business, _programme, _course = world
    CourseFactory(unit=business)  # without a design: nothing to judge

    seen = outlook(Course.objects.all(), candidate(business, "1.3"))

    assert [(flip.course, flip.before, flip.after) for flip in seen.flips] == [(uneven, "ok", "warn")]
    assert (seen.so_far.looked_at, seen.courses, seen.is_partial) == (1, 1, False)


def test_a_preview_leaves_alone_what_a_course_has_set_itself(world, uneven):
    _university, business, _programme, _course = world
    put(uneven, "course", LOOSE)

    assert outlook(Course.objects.all(), candidate(business, "1.3")).flips == ()


def test_taking_a_limit_away_is_previewed_too(world, uneven):
    _university, business, _programme, _course = world
    put(business, "unit", STRICT)

    gone = Layer("unit", business.pk, business.name, business.path.count("/"), "C02", {})

    assert [(flip.before, flip.after) for flip in outlook(Course.objects.all(), gone).flips] == [("warn", "ok")]


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_costs_the_same_whatever_it_looks_at(world, count, django_assert_num_queries):
    _university, business, _programme, _course = world
    for _ in range(count):
        design = DesignFactory(course=CourseFactory(unit=business))
        PlacementFactory(design=design)

    with django_assert_num_queries(6):  # designs, their number, two layers, two for plans
        outlook(Course.objects.all(), candidate(business, "1.3"))


def test_a_course_may_go_further_than_its_unit(world, uneven):
    own = Layer("course", uneven.pk, "", COURSE_RANK, "C02", {}, off=True)

    assert [(flip.before, flip.after) for flip in outlook(Course.objects.filter(pk=uneven.pk), own).flips] == [
        ("ok", "off")
    ]


def test_a_preview_judges_every_design_part_by_part_and_adds_them_up(world):
    _university, business, _programme, _course = world
    for number in range(5):
        design = DesignFactory(course=CourseFactory(unit=business, title=f"Course {number}"), weeks=2)
        PlacementFactory(design=design, week_number=1, activity__minutes=140 if number % 2 else 100)
        PlacementFactory(design=design, week_number=2, activity__minutes=60 if number % 2 else 100)
    wish = candidate(business, "1.3")

    whole = outlook(Course.objects.all(), wish)
    parts = [outlook(Course.objects.all(), wish, at_most=2)]
    while parts[-1].is_partial:
        parts.append(outlook(Course.objects.all(), wish, before=parts[-1].so_far, at_most=2))

    assert [part.so_far.looked_at for part in parts] == [2, 4, 5]
    assert [flip for part in parts for flip in part.flips] == list(whole.flips)
    assert [flip.course.title for flip in whole.flips] == ["Course 1", "Course 3"]
    assert parts[-1].so_far == whole.so_far
    assert whole.so_far.counts == {"ok": (5, 3), "warn": (0, 2)}
