"""Outcomes: what students can do at the end, and what serves it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from courses.models import Design, Outcome
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    OutcomeFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/courses/mkc-101/outcomes/"


@pytest.fixture
def lecturer():
    return UserFactory()


@pytest.fixture
def design(lecturer):
    return DesignFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer, coach=UserFactory()))


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def add(client, **said):
    return client.post(reverse("courses:outcome-add", args=["mkc-101"]), {"version": 0, "level": "", **said})


def test_a_lecturer_adds_an_outcome(client, design, lecturer):
    client.force_login(lecturer)

    response = add(client, text="Segment an audience", level="3")

    [outcome] = Outcome.objects.all()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}#outcome-{outcome.pk}")
    assert (outcome.design, outcome.number, outcome.text, outcome.level) == (design, 1, "Segment an audience", 3)


@pytest.mark.parametrize("said", [{"text": ""}, {"text": "x" * 301}, {"text": "Segment", "level": "7"}])
def test_bad_words_are_refused_in_place_and_kept(client, design, lecturer, said):
    client.force_login(lecturer)

    response = add(client, **said)

    assert response.status_code == 422
    assert not Outcome.objects.exists()


def test_a_stale_page_keeps_what_was_typed(client, design, lecturer):
    Design.objects.update(plan_version=4)
    client.force_login(lecturer)

    response = add(client, text="Segment an audience")

    assert response.status_code == 409
    assert "Segment an audience" in response.content.decode()
    assert 'name="version" value="4"' in response.content.decode()
    assert not Outcome.objects.exists()


def test_an_approved_version_cannot_be_changed(client, design, lecturer):
    Design.objects.update(state=Design.State.APPROVED)
    client.force_login(lecturer)

    response = add(client, text="Segment an audience")

    assert response.status_code == 409
    assert not Outcome.objects.exists()


def test_an_outcome_of_another_design_cannot_be_touched(client, design, lecturer):
    foreign = OutcomeFactory(text="Theirs")
    client.force_login(lecturer)

    edited = client.post(
        reverse("courses:outcome-edit", args=["mkc-101", foreign.pk]), {"version": 0, "text": "Mine", "level": ""}
    )
    removed = client.post(reverse("courses:outcome-remove", args=["mkc-101", foreign.pk]), {"version": 0})

    assert (edited.status_code, removed.status_code) == (422, 422)
    foreign.refresh_from_db()
    assert foreign.text == "Theirs"


def test_the_page_names_what_is_never_practised_or_assessed(client, design, lecturer):
    served = OutcomeFactory(design=design, number=1)
    OutcomeFactory(design=design, number=2, text="Defend a choice")
    PlacementFactory(design=design, activity=ActivityFactory(assessment="formative")).outcomes.add(served)
    client.force_login(lecturer)

    text = words(client.get(PAGE))

    assert [text.count(sign) for sign in ("Practised", "Assessed", "Never practised", "Never assessed")] == [1, 1, 1, 1]


def test_the_coach_reads_but_does_not_write(client, design):
    client.force_login(design.course.coach)

    page = client.get(PAGE)
    written = add(client, text="Segment an audience")

    assert (page.status_code, written.status_code) == (200, 403)
    assert "Only lecturers of the course change its outcomes." in words(page)


def test_a_stranger_finds_nothing(client, design):
    client.force_login(UserFactory())

    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, design, lecturer, count, django_assert_num_queries):
    for number in range(count):
        outcome = OutcomeFactory(design=design, number=number + 1)
        PlacementFactory(design=design).outcomes.add(outcome)
    client.force_login(lecturer)
    client.get(PAGE)

    # user, design, plan (2), steps, programmes, runs, roles, unread
    with django_assert_num_queries(9):
        client.get(PAGE)
