"""The curriculum map: what courses do for the outcomes of their programme, and what is missing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from blendedu.journal.models import Entry
from blendedu.people.models import Appointment
from courses.models import Design
from courses.services import designs
from programmes.mapping import Gap, MappedCourse, MappedOutcome, Tie, curriculum_map
from programmes.models import OutcomeAim, ProgrammeOutcome
from tests.factories import NOW, AppointmentFactory, CourseFactory, DesignFactory, OutcomeFactory, UserFactory
from tests.programmes.factories import CoursePlaceFactory, ProgrammeFactory

# --- The sum ------------------------------------------------------------------------------------------------------

PLO = MappedOutcome(1, 1, "Plan a campaign")


def gaps(*told: tuple[int, str], compulsory: bool = True) -> tuple[Gap, ...]:
    """The gaps of one outcome that is treated so in courses of these terms."""
    courses = [MappedCourse(place, f"c{place}", "", term, compulsory) for place, (term, _treatment) in enumerate(told)]
    ties = [Tie(1, place, treatment) for place, (_term, treatment) in enumerate(told)]
    [row] = curriculum_map([PLO], courses, ties).rows
    return row.gaps


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([(0, "introduced"), (1, "reinforced"), (2, "mastered")], ()),
        ([(0, "introduced"), (0, "reinforced"), (0, "mastered")], ()),
        ([], (Gap.NOWHERE,)),
        ([(0, "introduced"), (1, "mastered")], (Gap.NEVER_REINFORCED,)),
        ([(1, "reinforced"), (2, "mastered")], (Gap.NEVER_INTRODUCED,)),
        ([(0, "introduced"), (1, "reinforced")], (Gap.NEVER_MASTERED,)),
        ([(2, "introduced"), (1, "reinforced"), (3, "mastered")], (Gap.OUT_OF_ORDER,)),
    ],
)
def test_an_outcome_is_introduced_reinforced_and_mastered_in_this_order(told, found) -> None:
    assert gaps(*told) == found


def test_an_elective_fills_no_gap() -> None:
    found = gaps((0, "introduced"), (1, "reinforced"), (2, "mastered"), compulsory=False)

    assert found == (Gap.NEVER_INTRODUCED, Gap.NEVER_REINFORCED, Gap.NEVER_MASTERED)


def test_a_cell_is_the_most_that_any_outcome_of_the_course_does() -> None:
    course = MappedCourse(7, "mkc", "Marketing", 0)
    [row] = curriculum_map([PLO], [course], [Tie(1, 7, "mastered"), Tie(1, 7, "introduced")]).rows

    assert row.cells == ("mastered",)


def test_what_one_course_introduces_and_reinforces_counts_twice() -> None:
    course, later = MappedCourse(7, "mkc", "Marketing", 0), MappedCourse(8, "sal", "Sales", 1)
    ties = [Tie(1, 7, "introduced"), Tie(1, 7, "reinforced"), Tie(1, 8, "mastered")]
    [row] = curriculum_map([PLO], [course, later], ties).rows

    assert (row.cells, row.gaps) == (("reinforced", "mastered"), ())


def test_a_course_that_works_towards_nothing_and_one_that_masters_all_are_named() -> None:
    outcomes = [MappedOutcome(pk, pk, "") for pk in (1, 2, 3)]
    courses = [MappedCourse(1, "a", "", 0), MappedCourse(2, "b", "", 0), MappedCourse(3, "c", "", 0, compulsory=False)]
    found = curriculum_map(outcomes, courses, [Tie(pk, 1, "mastered") for pk in (1, 2)])

    assert [course.code for course in found.idle] == ["b"]
    assert [course.code for course in found.overclaiming] == ["a"]


# --- The pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def programme(db):
    return ProgrammeFactory(code="ce-1")


@pytest.fixture
def director(programme):
    return AppointmentFactory(unit=programme.unit, role=Appointment.Role.DIRECTOR).user


@pytest.fixture
def lecturer(db):
    return UserFactory()


@pytest.fixture
def course(programme, lecturer):
    made = CourseFactory(code="mkc-101", title="Marketing", lecturer=lecturer, unit=programme.unit)
    CoursePlaceFactory(programme=programme, course=made)
    return made


@pytest.fixture
def outcome(course):
    return OutcomeFactory(design=DesignFactory(course=course), number=1, text="Segment an audience")


@pytest.fixture
def aimed(programme):
    return ProgrammeOutcome.objects.create(programme=programme, number=1, text="Plan a campaign")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def link(client, outcome, aimed, treatment, seen=None):
    address = reverse("programmes:aims", args=["ce-1", "mkc-101"])
    if seen is None:
        [seen] = re.findall(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    return client.post(address, {"seen": seen, f"aim-{aimed.pk}-{outcome.key}": treatment})


def test_a_director_writes_outcomes_of_the_programme(client, programme, director):
    client.force_login(director)

    made = client.post(reverse("programmes:outcome-add", args=["ce-1"]), {"text": "Plan a  campaign"})
    empty = client.post(reverse("programmes:outcome-add", args=["ce-1"]), {"text": " "})
    [outcome] = ProgrammeOutcome.objects.all()
    edit = reverse("programmes:outcome-edit", args=["ce-1", outcome.pk])
    saved = client.post(edit, {"text": "Plan campaigns", "was": "Plan a campaign"})
    stale = client.post(edit, {"text": "Make campaigns", "was": "Plan a campaign"})

    assert (made.status_code, empty.status_code, saved.status_code, stale.status_code) == (303, 422, 303, 409)
    outcome.refresh_from_db()
    assert (outcome.number, outcome.text) == (1, "Plan campaigns")
    assert "Make campaigns" in stale.content.decode()
    assert "Somebody wrote “Plan campaigns” meanwhile" in text_of(stale)


def test_removing_an_outcome_asks_first_and_keeps_the_links_in_the_journal(
    client, programme, director, course, outcome, aimed
):
    OutcomeAim.objects.create(programme_outcome=aimed, course=course, outcome_key=outcome.key, treatment="introduced")
    client.force_login(director)
    address = reverse("programmes:outcome-remove", args=["ce-1", aimed.pk])

    asked = text_of(client.get(reverse("programmes:map", args=["ce-1"]), {"remove": aimed.pk}))
    removed = [client.post(address).status_code for _click in range(2)]

    assert "Remove PLO1?" in asked
    assert removed == [303, 409]
    assert not OutcomeAim.objects.exists()
    entry = Entry.objects.get(verb="programme-outcome-removed")
    assert entry.details["aims"] == [["mkc-101", str(outcome.key), "introduced"]]


def test_a_lecturer_links_an_outcome_and_both_pages_say_so(client, programme, lecturer, course, outcome, aimed):
    client.force_login(lecturer)

    saved = link(client, outcome, aimed, "reinforced")
    of_course = text_of(client.get(reverse("courses:outcomes", args=["mkc-101"])))
    of_programme = text_of(client.get(reverse("programmes:map", args=["ce-1"])))

    assert saved.status_code == 303
    assert "PLO1 reinforced" in of_course
    assert "Link outcomes of the programme" in of_course
    assert "never introduced" in of_programme
    assert "never mastered" in of_programme
    link(client, outcome, aimed, "")
    assert not OutcomeAim.objects.exists()


def test_the_link_stays_with_the_outcome_in_the_next_version(client, programme, lecturer, course, outcome, aimed):
    client.force_login(lecturer)
    link(client, outcome, aimed, "mastered")
    Design.objects.update(state=Design.State.APPROVED)

    draft = designs.next_version(Design.objects.select_related("course").get(), by=lecturer, at=NOW)

    assert "PLO1 mastered" in text_of(client.get(reverse("courses:outcomes", args=["mkc-101"])))
    draft.outcomes.all().delete()
    page = text_of(client.get(reverse("programmes:map", args=["ce-1"])))
    assert "1 link is not counted" in page
    assert "in no course" in page


def test_links_that_somebody_else_changed_are_not_overwritten(client, programme, lecturer, course, outcome, aimed):
    client.force_login(lecturer)
    [seen] = re.findall(
        r'name="seen" value="([^"]+)"',
        client.get(reverse("programmes:aims", args=["ce-1", "mkc-101"])).content.decode(),
    )
    link(client, outcome, aimed, "introduced")

    stale = link(client, outcome, aimed, "mastered", seen=seen)

    assert stale.status_code == 409
    assert OutcomeAim.objects.get().treatment == "introduced"
    assert '<option value="mastered" selected' in stale.content.decode()
    assert link(client, outcome, aimed, "guessed").status_code == 422


def test_who_may_write_and_who_may_look(client, programme, director, lecturer, course, outcome, aimed):
    colleague = UserFactory()
    CoursePlaceFactory(programme=programme, course=CourseFactory(lecturer=colleague, unit=programme.unit))
    addresses = (
        reverse("programmes:map", args=["ce-1"]),
        reverse("programmes:aims", args=["ce-1", "mkc-101"]),
    )
    found = {}
    for name, person in {
        "director": director,
        "lecturer": lecturer,
        "colleague": colleague,
        "stranger": UserFactory(),
    }.items():
        client.force_login(person)
        looked = [client.get(address).status_code for address in addresses]
        added = client.post(reverse("programmes:outcome-add", args=["ce-1"]), {"text": ""}).status_code
        linked = client.post(addresses[1], {"seen": ""}).status_code
        found[name] = (*looked, added, linked)

    assert found == {
        "director": (200, 200, 422, 422),
        "lecturer": (200, 200, 403, 422),
        "colleague": (200, 200, 403, 403),
        "stranger": (404, 404, 404, 404),
    }


def test_a_course_of_another_programme_has_no_links_here(client, programme, director):
    other = CourseFactory(code="other-1", unit=programme.unit)
    CoursePlaceFactory(course=other)
    client.force_login(director)

    assert client.get(reverse("programmes:aims", args=["ce-1", "other-1"])).status_code == 404


def test_a_programme_without_outcomes_says_what_to_do(client, programme, director, course):
    client.force_login(director)

    assert "No outcomes of the programme yet" in text_of(client.get(reverse("programmes:map", args=["ce-1"])))


@pytest.mark.parametrize("count", [1, 3])
def test_the_map_costs_the_same_whatever_it_holds(client, programme, director, count, django_assert_num_queries):
    for number in range(count):
        course = CourseFactory(unit=programme.unit)
        CoursePlaceFactory(programme=programme, course=course)
        outcome = OutcomeFactory(design=DesignFactory(course=course), number=1)
        aimed = ProgrammeOutcome.objects.create(programme=programme, number=number + 1, text="Plan")
        OutcomeAim.objects.create(
            programme_outcome=aimed, course=course, outcome_key=outcome.key, treatment="introduced"
        )
    client.force_login(director)
    client.get(reverse("programmes:map", args=["ce-1"]))

    # user, programme, places, outcomes, newest outcomes of the courses, links, roles, unread
    with django_assert_num_queries(8):
        client.get(reverse("programmes:map", args=["ce-1"]))


def test_the_aims_of_a_course_cost_two_queries(
    client, programme, lecturer, course, outcome, aimed, django_assert_num_queries
):
    for number in (2, 3):
        ProgrammeOutcome.objects.create(programme=programme, number=number, text="Plan")
    client.force_login(lecturer)
    link(client, outcome, aimed, "introduced")
    client.get(reverse("courses:outcomes", args=["mkc-101"]))

    # user, design, plan (2), steps, programmes, links, runs, roles, unread
    with django_assert_num_queries(10):
        client.get(reverse("courses:outcomes", args=["mkc-101"]))
