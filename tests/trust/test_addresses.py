"""What an address can hold that no page ever sent: `int` fails on "²", databases on thirty digits and on null bytes."""

import pytest
from django.urls import reverse

from courses.models import Comment
from tests.factories import CourseFactory, DesignFactory, RunFactory, RunOfferFactory, UserFactory

pytestmark = pytest.mark.django_db

ODD = ["²", "9" * 30, "9" * 5000, "-1", "\x00", "٣"]


@pytest.fixture
def design(client):
    lecturer = UserFactory()
    client.force_login(lecturer)
    return DesignFactory(course=CourseFactory(code="mkc", lecturer=lecturer))


@pytest.mark.parametrize("number", ODD)
def test_odd_version_shows_the_newest_one(client, design, number):
    pages = [
        client.get(reverse(name, args=["mkc"]), {"design": number}) for name in ("courses:review", "courses:outcomes")
    ]

    assert [page.status_code for page in pages] == [200, 200]


@pytest.mark.parametrize("number", ODD)
def test_board_of_an_odd_version_is_not_there(client, design, number):
    assert client.get(reverse("courses:studio", args=["mkc"]), {"design": number}).status_code == 404


@pytest.mark.parametrize("number", ODD)
def test_odd_outcome_is_not_edited(client, design, number):
    assert client.get(reverse("courses:outcomes", args=["mkc"]), {"edit": number}).status_code == 200


@pytest.mark.parametrize("number", ODD)
def test_nothing_is_pinned_to_an_odd_week(client, design, number):
    said = {"pin": "week", "key": number, "text": "Here"}

    response = client.post(reverse("courses:comment-add", args=["mkc", 1]), said)

    assert (response.status_code in {404, 422}, Comment.objects.count()) == (True, 0)


def test_comment_is_pinned_to_a_week_by_its_own_number(client, design):
    said = {"pin": "week", "key": "01", "text": "Nobody would find this again"}

    response = client.post(reverse("courses:comment-add", args=["mkc", 1]), said)

    assert (response.status_code, Comment.objects.count()) == (404, 0)


@pytest.mark.parametrize("number", ODD)
def test_odd_submission_is_not_released(client, number):
    lecturer = UserFactory()
    row = RunOfferFactory(run=RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer)))
    client.force_login(lecturer)

    response = client.post(reverse("courses:feedback-release", args=["mkc", row.pk]), {"attempt": [number]})

    assert response.status_code == 303


@pytest.mark.parametrize("length", ["²", "9" * 5000])
def test_odd_length_of_a_body_is_refused(client, length):
    assert client.post("/inbox/read/", headers={"content-length": length}).status_code in {302, 400, 413}


@pytest.mark.parametrize("words", ["\x00", "Ann\x00", "%", "_", "'", "\\", "\u202e"])
def test_odd_search_finds_people_or_nobody(client, words):
    lecturer = UserFactory()
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer))
    client.force_login(lecturer)

    assert client.get(reverse("courses:run-members", args=["mkc", run.pk]), {"q": words}).status_code == 200
