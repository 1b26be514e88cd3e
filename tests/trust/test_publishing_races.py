"""Two lecturers change a running course at the same moment, on the database that production uses."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.db import connection

from activities.models import Attempt, Offer
from activities.services import attempts
from courses.cascade import Scope, Shift
from courses.models import Publication, RunOffer
from courses.queries.publishing import change_by, change_to
from courses.queries.runs import window_seen
from courses.services import publishing
from courses.services.runs import move_offer
from tests.courses.publishing.worlds import (
    AT,
    fresh,
    offer,
    publish,
    rows_of,
    running_course,
    second_version,
    to_week,
)
from tests.services.test_quiz_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _real_database() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about two.")


@pytest.fixture
def world():
    return running_course()


@pytest.fixture
def second(world):
    made = second_version(world)
    to_week(made, "Upload 3", 4)
    return made


def kinds(results):
    return Counter(type(result).__name__ if isinstance(result, Exception) else "done" for result in results)


def test_of_two_publications_at_once_one_is_made(world, second):
    run = fresh(world.run)
    seen = change_to(run, second, at=AT).seen
    one = partial(publishing.publish, run, second, seen=seen, by=world.lecturer, at=AT)

    done = at_once([one, one, one])

    assert kinds(done) == {"done": 1, "NothingToPublish": 2}
    assert Publication.objects.count() == 1


def test_publication_and_shift_at_once_are_one_after_the_other_and_the_second_is_stale(world, second):
    run = fresh(world.run)
    shift = Shift(Scope.WEEK, 3, 7)
    change = partial(publishing.publish, run, second, seen=change_to(run, second, at=AT).seen, by=world.lecturer, at=AT)
    moving = partial(publishing.move, run, shift, seen=change_by(run, shift, at=AT).seen, by=world.lecturer, at=AT)

    done = at_once([change, moving])

    assert kinds(done) == {"done": 1, "StaleChange": 1}


def test_window_that_is_moved_by_hand_at_the_same_moment_is_seen_or_waits(world, second):
    run = fresh(world.run)
    row = RunOffer.objects.select_related("offer__activity", "run__course").get(offer=offer(world, "Upload 3"))
    by_hand = partial(
        move_offer,
        row,
        opens_at=row.offer.opens_at,
        due_at=row.offer.due_at.replace(minute=30),
        closes_at=None,
        room="",
        link="",
        recording="",
        seen=window_seen(row.offer),
        by=world.lecturer,
        at=AT,
    )
    seen = change_to(run, second, at=AT).seen
    change = partial(publishing.publish, run, second, seen=seen, by=world.lecturer, at=AT)

    done = at_once([change, by_hand])

    # Whoever comes second finds another world than the page showed, and nothing is half-written.
    assert kinds(done) in ({"done": 1, "StaleWindow": 1}, {"done": 1, "StaleChange": 1}, {"done": 2})
    assert Publication.objects.count() == sum(not isinstance(each, Exception) for each in done[:1])


def test_students_who_begin_meanwhile_do_not_wait_and_keep_their_work(world, second):
    run = fresh(world.run)
    Offer.objects.filter(pk=offer(world, "Upload 1").pk).update(opens_at=AT.replace(hour=0))
    begun = offer(world, "Upload 1")
    seen = change_to(run, second, at=AT).seen
    begin = [partial(attempts.start_attempt, begun, user=student, at=AT) for student in world.students]

    done = at_once([partial(publishing.publish, run, second, seen=seen, by=world.lecturer, at=AT), *begin])

    assert kinds(done[1:]) == {"done": len(world.students)}
    assert Attempt.objects.filter(offer=begun).count() == len(world.students)


def test_of_two_undos_at_once_one_is_done(world, second):
    before = rows_of(world.run)
    publication = publish(world, second)
    one = partial(publishing.undo, publication, by=world.lecturer, at=AT)

    done = at_once([one, one])

    assert kinds(done) == {"done": 1, "CannotUndo": 1}
    assert rows_of(world.run) == before
