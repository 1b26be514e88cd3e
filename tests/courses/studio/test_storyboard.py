"""A storyboard session: everybody adds at once, the facilitator pauses and ends, the design is the normal one."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from courses.models import Design, Placement, Storyboard, Teaching
from courses.services import plan, storyboards
from tests.courses.studio.worlds import board as made_board
from tests.courses.studio.worlds import text_of
from tests.factories import NOW, MembershipFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "story"}
PAGE = "/courses/mkc-101/storyboard/"
READING = {
    "type_key": "reading",
    "title": "Read",
    "learning_type": "acquisition",
    "timing": "async",
    "place": "anywhere",
    "environment": "digital",
}


@pytest.fixture
def session():
    """Eva leads a session on her draft; Chidi lectures too."""
    eva, design = made_board(cards=1)
    chidi = UserFactory(name="Chidi Okafor")
    Teaching.objects.create(course=design.course, user=chidi)
    return eva, chidi, design, storyboards.start(design, by=eva, minutes=20, at=timezone.now())


def add(client: Any, board: Storyboard, text: str, week: str = "1", **headers: Any) -> Any:
    return client.post(f"{PAGE}{board.pk}/add/", {"text": text, "week": week}, headers=headers.get("headers", HTMX))


def lead(client: Any, board: Storyboard, do: str, **more: Any) -> Any:
    return client.post(f"{PAGE}{board.pk}/lead/", {"do": do, **more})


def titles(week: int = 1) -> list[str]:
    rows = Placement.objects.filter(week__number=week).order_by("position")
    return list(rows.values_list("activity__title", flat=True))


def test_a_session_begins_on_a_draft_and_there_is_one_at_a_time(client):
    eva, _design = made_board()
    client.force_login(eva)

    first, second = (client.post(f"{PAGE}start/", {"minutes": "15"}) for _click in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    board = Storyboard.objects.get()
    assert (board.facilitator, board.rings_at - board.started_at) == (eva, timedelta(minutes=15))


def test_a_closed_version_gets_no_session_and_a_strange_time_no_timer(client):
    eva, design = made_board()
    client.force_login(eva)
    assert client.post(f"{PAGE}start/", {"minutes": "0"}).status_code == 422
    Design.objects.filter(pk=design.pk).update(state="approved")

    response = client.post(f"{PAGE}start/", {"minutes": ""})

    assert response.status_code == 409
    assert not Storyboard.objects.exists()


def test_without_a_session_the_page_says_how_one_begins(client):
    eva, _design = made_board()
    client.force_login(eva)

    assert "Begin the session" in text_of(client.get(PAGE))


def test_a_line_of_anybody_who_designs_is_on_the_board_at_once(client, session):
    _eva, chidi, design, board = session
    client.force_login(chidi)

    response = add(client, board, "watch clip cell division 20m alone", week="2")

    assert response.status_code == 200
    assert "Cell division" in text_of(response)
    assert titles(2) == ["Cell division"]
    assert Design.objects.get(pk=design.pk).plan_version == 1
    plan.undo(Design.objects.select_related("course").get(pk=design.pk), by=chidi, at=NOW)
    assert titles(2) == []


def test_without_scripts_a_line_is_added_too(client, session):
    eva, _chidi, _design, board = session
    client.force_login(eva)

    response = add(client, board, "read chapter 3 30m", headers={})

    assert (response.status_code, response["Location"]) == (303, f"{PAGE}?design=1")
    assert titles() == ["Card 1", "Chapter 3"]


def test_nothing_new_is_304_and_costs_three_queries(client, session, django_assert_num_queries):
    eva, _chidi, _design, board = session
    client.force_login(eva)
    first = client.get(f"{PAGE}{board.pk}/cards/", headers=HTMX)

    with django_assert_num_queries(2):  # person, session with its design and rights
        same = client.get(f"{PAGE}{board.pk}/cards/", headers=HTMX | {"If-None-Match": first["ETag"]})
    add(client, board, "read chapter 3 30m")
    other = client.get(f"{PAGE}{board.pk}/cards/", headers=HTMX | {"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, same.content, other.status_code) == (200, 304, b"", 200)
    assert "Chapter 3" in text_of(other)


def test_while_adding_is_paused_a_line_is_refused_and_kept(client, session):
    eva, chidi, _design, board = session
    client.force_login(eva)
    lead(client, board, "freeze")
    client.force_login(chidi)

    part, whole = add(client, board, "read chapter 3"), add(client, board, "read chapter 3", headers={})

    assert (part.status_code, part["HX-Retarget"]) == (409, "#line-problem")
    assert whole.status_code == 409
    assert 'value="read chapter 3"' in text_of(whole)
    assert titles() == ["Card 1"]
    client.force_login(eva)
    lead(client, board, "go-on")
    assert add(client, board, "read chapter 3").status_code == 200


def test_a_line_that_says_nothing_is_refused(client, session):
    eva, _chidi, _design, board = session
    client.force_login(eva)

    assert add(client, board, "20m").status_code == 422
    assert add(client, board, "read x", week="99").status_code == 422
    assert titles() == ["Card 1"]


def test_the_end_leaves_the_design_and_takes_no_more_lines(client, session):
    eva, chidi, design, board = session
    client.force_login(eva)
    add(client, board, "read chapter 3")

    response = lead(client, board, "end")
    client.force_login(chidi)

    assert response["Location"] == "/courses/mkc-101/studio/?design=1"
    assert add(client, board, "read chapter 4").status_code == 409
    assert "The session is over" in text_of(client.get(f"{PAGE}{board.pk}/cards/", headers=HTMX))
    assert titles() == ["Card 1", "Chapter 3"]
    assert storyboards.start(design, by=chidi, minutes=None, at=NOW).rings_at is None


def test_only_the_facilitator_leads_until_somebody_takes_over(client, session):
    eva, chidi, _design, board = session
    client.force_login(chidi)

    assert [lead(client, board, do).status_code for do in ("freeze", "timer", "end")] == [403, 403, 403]
    assert lead(client, board, "lead").status_code == 303
    assert lead(client, board, "freeze").status_code == 303
    client.force_login(eva)
    assert lead(client, board, "end").status_code == 403
    assert lead(client, board, "nonsense").status_code == 422


def test_the_timer_counts_on_the_time_of_the_server(client, session):
    eva, _chidi, _design, board = session
    client.force_login(eva)
    lead(client, board, "timer", minutes="5")

    left = re.search(r'data-left="(\d+)"', text_of(client.get(PAGE)))

    assert left is not None
    assert 280 < int(left[1]) <= 300
    lead(client, board, "timer", minutes="")
    assert "data-left" not in text_of(client.get(PAGE))


def test_a_coach_looks_and_adds_nothing_a_student_sees_nothing(client, session):
    _eva, _chidi, design, board = session
    coach = UserFactory()
    type(design.course).objects.update(coach=coach)
    student = MembershipFactory(cohort=RunFactory(course=design.course, design=design).cohort).user
    seen = []
    for person in (coach, student, UserFactory()):
        client.force_login(person)
        cards = client.get(f"{PAGE}{board.pk}/cards/", headers=HTMX)
        answers = (client.get(PAGE), cards, add(client, board, "read x"), lead(client, board, "lead"))
        seen.append([answer.status_code for answer in answers])

    assert seen == [[200, 200, 403, 403], [403] * 4, [404] * 4]


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_costs_the_same_whatever_it_holds(client, count, django_assert_num_queries):
    eva, design = made_board(cards=count)
    storyboards.start(design, by=eva, minutes=None, at=NOW)
    client.force_login(eva)
    client.get(PAGE)

    # user, design, session, plan (2), runs, roles, unread
    with django_assert_num_queries(8):
        response = client.get(PAGE)

    assert text_of(response).count('<li class="card') == count


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_everybody_adds_at_the_same_moment_and_no_line_is_lost(session):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about many.")
    _eva, _chidi, _design, board = session
    people = [UserFactory() for _each in range(6)]
    at_once, said = Barrier(len(people)), []

    def add_one(number: int) -> None:
        try:
            at_once.wait(timeout=10)
            values = READING | {"title": f"Line {number}"}
            storyboards.add_line(
                board, values=values, week=1, moment="before", outcomes=(), by=people[number], at=timezone.now()
            )
            said.append(number)
        finally:
            connection.close()

    threads = [Thread(target=add_one, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(said) == list(range(6))
    assert sorted(titles()) == ["Card 1", *(f"Line {number}" for number in range(6))]
