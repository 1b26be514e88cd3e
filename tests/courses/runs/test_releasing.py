"""Releasing much feedback together: decided once, carried out by a worker piece by piece, told while it goes on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count
from django.urls import reverse

from activities.models import Attempt, Progress
from blendedu.journal.models import Entry, Job, Notice
from blendedu.journal.services import jobs
from courses.queries.feedback import RELEASE, draft_ids
from courses.services import feedback
from courses.services.feedback import RELEASED_AT_ONCE
from tests.factories import NOW, GroupFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

PIECE = {"HX-Request": "true"}
MANY = 2 * RELEASED_AT_ONCE + 5


def drafts(running, count, *, group_of=0):
    """Submissions whose feedback is ready; with `group_of`, each by a group of so many."""
    for number in range(count):
        more = {"number": 1, "state": "graded", "submitted_at": NOW, "started_at": NOW, "points": 5, "max_points": 10}
        if group_of:
            group = GroupFactory(cohort=running.cohort, name=f"G {number}")
            members = MembershipFactory.create_batch(group_of, cohort=running.cohort, group=group)
            Attempt.objects.create(offer=running.offer, group=group, **more).makers.add(*[m.user for m in members])
        else:
            Attempt.objects.create(offer=running.offer, user=MembershipFactory(cohort=running.cohort).user, **more)


def address(running, name="feedback-release"):
    return reverse(f"courses:{name}", args=["mkc-101", running.run_offer.pk])


def released():
    return Attempt.objects.filter(released_at__isnull=False).count()


def carry_out():
    """The next job, as a worker does it; answers whether there was one."""
    job = Job.objects.filter(kind=RELEASE, state=Job.State.WAITING).first()
    return job is not None and jobs.run(job.pk, job.kind, job.ref, at=NOW + timedelta(minutes=5))


@pytest.fixture
def many(running, client, lecturer):
    """More drafts than a page can wait for, and a lecturer who has just released them all."""
    drafts(running, MANY)
    client.force_login(lecturer)
    return client.post(address(running), {"all": "1"}, follow=True).content.decode()


def test_few_are_released_while_the_lecturer_waits(client, lecturer, running):
    drafts(running, RELEASED_AT_ONCE)
    client.force_login(lecturer)

    page = client.post(address(running), {"all": "1"}, follow=True).content.decode()

    assert f"Feedback on {RELEASED_AT_ONCE} submissions is released." in page
    assert (released(), Job.objects.count()) == (RELEASED_AT_ONCE, 0)


def test_many_are_decided_at_once_and_released_piece_by_piece(running, many, lecturer):
    seen = [released()]
    while carry_out():
        seen.append(released())

    entry = Entry.objects.get(verb="feedback.released")
    assert f"Feedback is being released: 0 of {MANY} submissions." in many
    assert "nothing to release" not in many
    assert seen == [0, RELEASED_AT_ONCE, 2 * RELEASED_AT_ONCE, MANY]
    assert (entry.actor, entry.details["count"], entry.about) == (lecturer, MANY, "Upload the result")
    assert Notice.objects.count() == MANY
    assert Progress.objects.filter(offer=running.offer, state="done", points=5).count() == MANY


def test_piece_that_is_done_twice_tells_nobody_twice(running, many):
    job = Job.objects.get(kind=RELEASE)

    for _each in range(2):
        feedback.release_more(job.ref, at=NOW)
    while carry_out():
        pass

    assert Notice.objects.count() == released() == MANY
    assert not Notice.objects.values("recipient").annotate(told=Count("pk")).filter(told__gt=1).exists()


def test_second_click_on_release_decides_nothing_anew(client, running, many):
    page = client.post(address(running), {"all": "1"}, follow=True).content.decode()

    assert "Feedback is being released" in page
    assert "nothing to release" not in page
    assert (Job.objects.count(), Entry.objects.filter(verb="feedback.released").count()) == (1, 1)


def test_one_that_cannot_wait_is_released_at_once_and_once(client, running, many):
    last = Attempt.objects.order_by("pk").last()

    client.post(address(running), {"attempt": [last.pk]})

    assert list(Attempt.objects.filter(released_at__isnull=False)) == [last]
    while carry_out():
        pass
    assert Notice.objects.count() == released() == MANY


def test_what_becomes_ready_meanwhile_is_decided_apart(client, lecturer, running, many):
    drafts(running, 3)

    client.post(address(running), {"all": "1"})
    while carry_out():
        pass

    assert [entry.details["count"] for entry in Entry.objects.filter(verb="feedback.released").order_by("pk")] == [
        MANY,
        3,
    ]
    assert Notice.objects.count() == released() == MANY + 3


def test_list_offers_no_second_release_while_one_goes_on(client, running, many):
    page = client.get(address(running, "feedback")).content.decode()

    assert 'action="' + address(running) + '"' in page  # the list itself
    assert 'name="all"' not in page
    assert 'name="attempt"' not in page


def test_page_tells_how_far_it_is_and_stops_asking_when_it_is_done(client, running, many):
    ask = address(running, "feedback-releasing")
    carry_out()

    half_way = client.get(ask, headers=PIECE).content.decode()
    while carry_out():
        pass
    done = client.get(ask, headers=PIECE).content.decode()

    assert f"Feedback is being released: {RELEASED_AT_ONCE} of {MANY} submissions." in half_way
    assert "data-poll" in half_way
    assert "The feedback is released." in done
    assert 'id="live"' in done
    assert "data-poll" not in done
    assert client.get(ask).url == address(running, "feedback")
    assert "being released" not in client.get(address(running, "feedback")).content.decode()


def test_release_that_is_given_up_says_so_and_can_be_asked_again(client, running, many):
    carry_out()
    Job.objects.filter(state=Job.State.WAITING).update(state=Job.State.FAILED)

    stopped = client.get(address(running, "feedback")).content.decode()
    client.post(address(running), {"all": "1"})
    while carry_out():
        pass

    assert f"Releasing stopped: {RELEASED_AT_ONCE} of {MANY} submissions are released." in stopped
    assert 'name="all"' in stopped
    assert released() == Notice.objects.count() == MANY
    assert "Releasing stopped" not in client.get(address(running, "feedback")).content.decode()


def test_correction_before_its_piece_is_what_is_released(running, many):
    last = Attempt.objects.order_by("pk").last()
    Attempt.objects.filter(pk=last.pk).update(points=9)

    while carry_out():
        pass

    assert Progress.objects.get(user=last.user).points == Decimal(9)


def test_job_of_a_decision_that_is_gone_does_nothing(running):
    job = jobs.enqueue(RELEASE, 999_999, at=NOW)

    assert jobs.run(job.pk, job.kind, job.ref, at=NOW) is True


# Of several attempts that are released in one piece the best counts, whatever their order.
def test_two_attempts_of_one_student_released_together_leave_the_better_mark(running):
    for number, points in ((1, 7), (2, 4)):
        Attempt.objects.create(
            offer=running.offer,
            user=running.students[0],
            number=number,
            state="graded",
            started_at=NOW,
            submitted_at=NOW,
            points=points,
            max_points=10,
        )

    feedback.release_feedback(running.offer, draft_ids(running.offer.pk), by=UserFactory(), at=NOW)

    assert (Progress.objects.get().points, Notice.objects.count()) == (Decimal(7), 2)


@pytest.mark.parametrize("count", [1, 3, 60])
def test_releasing_alone_costs_the_same_however_many(running, count, django_assert_num_queries):
    drafts(running, count)
    ids, lecturer = draft_ids(running.offer.pk), UserFactory()

    # The attempts and their release (2); their progress, held, compared and written (3); the people, the address and
    # the notices (3); the entry; and two transactions, which here are savepoints (4).
    with django_assert_num_queries(13):
        feedback.release_feedback(running.offer, ids, by=lecturer, at=NOW)

    assert Notice.objects.count() == count


@pytest.mark.parametrize("count", [2, 20])
def test_releasing_to_groups_costs_the_same_however_many(running, count, django_assert_num_queries):
    drafts(running, count, group_of=3)
    entry = Entry.objects.create(
        verb="feedback.released",
        subject="offer",
        subject_id=running.offer.pk,
        at=NOW,
        details={"attempts": draft_ids(running.offer.pk)},
    )

    # As above without writing the entry; the decision and what is left of it (2); whose work it is, asked twice (2).
    with django_assert_num_queries(16):
        feedback.release_more(entry.pk, at=NOW)

    assert Notice.objects.count() == 3 * count
