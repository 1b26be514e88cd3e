"""Learning environments: what joins them, and the three questions, kept per course."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from courses.models import Design, EnvironmentAnswers, Link, Step
from courses.queries.plan import plan_of
from courses.services import designs
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
PAGE = "/courses/mkc-101/environments/"
HTMX = {"HX-Request": "true"}
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vermeulen")


@pytest.fixture
def design(lecturer):
    return DesignFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer, coach=UserFactory()), weeks=4)


@pytest.fixture
def visit(design):
    card = ActivityFactory(title="Visit", environment="workplace", minutes=120)
    return PlacementFactory(design=design, week_number=1, activity=card)


@pytest.fixture
def case(design):
    card = ActivityFactory(title="Case", environment="physical", minutes=90)
    return PlacementFactory(design=design, week_number=2, activity=card)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def connect(client, source, target, version=0, note="", headers=None):
    said = {"source": source.pk, "target": target.pk, "note": note, "version": version}
    return client.post(reverse("courses:link-add", args=["mkc-101"]), said, headers=headers or {})


def links() -> list[tuple[str, str, str]]:
    return list(Link.objects.values_list("source__activity__title", "target__activity__title", "note"))


# --- Connections --------------------------------------------------------------------------------------------------


def test_two_cards_are_connected_and_undo_takes_it_back(client, visit, case, lecturer):
    client.force_login(lecturer)

    made = connect(client, visit, case, note="the notes of the visit")
    page = text_of(client.get(PAGE))
    kept = links()
    client.post(reverse("courses:step-undo", args=["mkc-101", "environments"]))
    undone = links()
    client.post(reverse("courses:step-redo", args=["mkc-101", "environments"]))

    assert made.status_code == 303
    assert kept == [("Visit", "Case", "the notes of the visit")]
    assert "All environments are connected." in page
    assert undone == []
    assert links() == kept


def test_what_nothing_connects_is_named(client, visit, case, lecturer):
    client.force_login(lecturer)

    page = text_of(client.get(PAGE))

    assert "Nothing connects: Physical, Workplace" in page
    assert "Not used: Digital, Hybrid" in page


def test_something_used_before_it_is_made_is_allowed_and_named(client, visit, case, lecturer):
    client.force_login(lecturer)

    response = connect(client, case, visit, headers=HTMX)

    assert response.status_code == 200
    assert "The second one stands before the first" in text_of(response)
    assert "“Visit” stands before it (week 1, made in week 2)" in text_of(client.get(PAGE))


@pytest.mark.parametrize(
    ("ends", "status", "words"),
    [
        (("visit", "visit"), 422, "nothing is connected with itself"),
        (("visit", "foreign"), 422, "not one of the available choices"),
        (("visit", "nowhere"), 422, "Enter a whole number|not one of the available choices|required"),
    ],
)
def test_what_cannot_be_connected_is_said_in_place(client, visit, case, lecturer, ends, status, words):
    cards = {"visit": visit.pk, "foreign": PlacementFactory().pk, "nowhere": ""}
    client.force_login(lecturer)

    response = client.post(
        reverse("courses:link-add", args=["mkc-101"]),
        {"source": cards[ends[0]], "target": cards[ends[1]], "note": "the notes", "version": 0},
    )

    assert response.status_code == status
    assert re.search(words, text_of(response))
    assert 'value="the notes"' in response.content.decode()
    assert links() == []


def test_the_same_connection_twice_is_refused_and_a_stale_page_too(client, visit, case, lecturer):
    client.force_login(lecturer)
    connect(client, visit, case)

    twice = connect(client, visit, case, version=1)
    stale = connect(client, case, visit, version=0)

    assert (twice.status_code, stale.status_code) == (422, 409)
    assert "These two are connected already." in text_of(twice)
    assert len(links()) == 1


def test_a_note_is_changed_by_whoever_saw_the_last_one(client, visit, case, lecturer):
    link = Link.objects.create(design=visit.design, source=visit, target=case, note="notes")
    client.force_login(lecturer)
    address = reverse("courses:link-edit", args=["mkc-101", link.pk])

    saved = client.post(address, {"note": "photos", "was": "notes"})
    stale = client.post(address, {"note": "films", "was": "notes"})

    assert (saved.status_code, stale.status_code) == (303, 409)
    assert links() == [("Visit", "Case", "photos")]
    assert 'value="films"' in stale.content.decode()


def test_a_connection_is_taken_away_once(client, visit, case, lecturer):
    link = Link.objects.create(design=visit.design, source=visit, target=case)
    client.force_login(lecturer)
    address = reverse("courses:link-remove", args=["mkc-101", link.pk])

    assert [client.post(address).status_code for _click in range(2)] == [303, 422]
    assert links() == []
    assert Step.objects.count() == 1


def test_connections_of_another_course_cannot_be_touched(client, visit, case, lecturer):
    other = PlacementFactory()
    foreign = Link.objects.create(
        design=other.design, source=other, target=PlacementFactory(design=other.design), note="theirs"
    )
    client.force_login(lecturer)

    statuses = [
        client.post(reverse("courses:link-remove", args=["mkc-101", foreign.pk])).status_code,
        client.post(
            reverse("courses:link-edit", args=["mkc-101", foreign.pk]), {"note": "mine", "was": "theirs"}
        ).status_code,
    ]

    assert statuses == [422, 422]
    assert Link.objects.get().note == "theirs"


def test_the_next_version_keeps_the_connections(client, visit, case, lecturer):
    Link.objects.create(design=visit.design, source=visit, target=case, note="notes")
    Design.objects.update(state=Design.State.APPROVED)

    draft = designs.next_version(Design.objects.select_related("course").get(), by=lecturer, at=NOW)

    [link] = plan_of(draft).links
    titles = {card.placement_id: card.title for card in plan_of(draft).activities}
    assert (titles[link.source], titles[link.target], link.note) == ("Visit", "Case", "notes")


def test_a_card_lists_its_connections_beside_the_board_and_adds_one(client, visit, case, lecturer):
    client.force_login(lecturer)
    address = reverse("courses:placement-links", args=["mkc-101", visit.pk])

    empty = text_of(client.get(address, headers=PANEL))
    added = client.post(address, {"target": case.pk, "note": "notes", "version": 0}, headers=PANEL)
    [link] = Link.objects.all()
    used_here = text_of(client.get(reverse("courses:placement-links", args=["mkc-101", case.pk]), headers=PANEL))
    removed = client.post(reverse("courses:placement-link-remove", args=["mkc-101", visit.pk, link.pk]), headers=PANEL)

    assert "Connections: Visit" in empty
    assert (added.status_code, removed.status_code) == (200, 200)
    assert "Case week 2" in text_of(added)
    assert "Used here Visit week 1" in used_here
    assert links() == []


def test_a_card_refuses_itself_beside_the_board(client, visit, lecturer):
    client.force_login(lecturer)
    address = reverse("courses:placement-links", args=["mkc-101", visit.pk])

    response = client.post(address, {"target": visit.pk, "note": "", "version": 0}, headers=PANEL)

    assert response.status_code == 422
    assert "nothing is connected with itself" in text_of(response)


# --- The three questions ------------------------------------------------------------------------------------------


def answer(client, version, **said):
    said = {"used": "", "why_not": "", "connected": "", **said, "version": version}
    return client.post(reverse("courses:environments-answer", args=["mkc-101"]), said)


def test_the_three_questions_are_answered_per_course(client, design, lecturer):
    client.force_login(lecturer)

    saved = answer(client, 0, used="The studio.", wanted=["workplace", "digital"], why_not="No time to find agencies.")
    page = text_of(client.get(PAGE))

    assert saved.status_code == 303
    assert EnvironmentAnswers.objects.get().wanted == ["digital", "workplace"]
    assert "The studio." in page
    assert "Digital, Workplace" in page
    assert "No time to find agencies." in page


def test_two_people_who_answer_at_once_both_keep_what_they_wrote(client, design, lecturer):
    client.force_login(lecturer)
    answer(client, 0, used="The studio.")

    second = answer(client, 0, used="Only the lecture hall.")
    third = answer(client, 1, used="Only the lecture hall.")

    assert second.status_code == 409
    assert "The studio." in text_of(second)
    assert "Only the lecture hall." in second.content.decode()
    assert third.status_code == 303
    assert EnvironmentAnswers.objects.get().version == 2


def test_an_environment_that_does_not_exist_is_refused(client, design, lecturer):
    client.force_login(lecturer)

    response = answer(client, 0, used="The studio.", wanted=["moon"])

    assert response.status_code == 422
    assert "The studio." in response.content.decode()
    assert not EnvironmentAnswers.objects.exists()


def test_the_questions_can_be_answered_while_the_design_is_approved(client, design, lecturer):
    Design.objects.update(state=Design.State.APPROVED)
    client.force_login(lecturer)

    assert answer(client, 0, used="The studio.").status_code == 303


# --- Rights and cost ----------------------------------------------------------------------------------------------


def test_lecturers_write_staff_read_students_see_nothing(client, design, visit, case):
    student = UserFactory()
    MembershipFactory(user=student, cohort=RunFactory(course=design.course, design=design).cohort)
    found = []
    for person in (design.course.coach, student, UserFactory()):
        client.force_login(person)
        found.append(
            (client.get(PAGE).status_code, connect(client, visit, case).status_code, answer(client, 0).status_code)
        )

    assert found == [(200, 403, 403), (403, 403, 403), (404, 404, 404)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, design, lecturer, visit, count, django_assert_num_queries):
    for _each in range(count):
        Link.objects.create(design=design, source=visit, target=PlacementFactory(design=design))
    client.force_login(lecturer)
    client.get(PAGE)

    # user, design, plan (2), steps, answers, runs, roles, unread
    with django_assert_num_queries(9):
        client.get(PAGE)
