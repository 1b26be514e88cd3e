"""Two people at the same moment, on the database that production uses; each thread has a connection of its own."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from activities.models import Attempt, AttemptFile, Offer, Progress
from activities.services import attempts, grading
from activities.services.progress import note_progress
from activities.services.windows import follow_stragglers
from blendedu.journal.models import Notice
from blendedu.people.models import Group, Membership
from courses.models import ClassQuestion, Design, RunOffer, Week
from courses.queries.feedback import draft_ids
from courses.queries.people import dealt
from courses.queries.runs import window_seen
from courses.services import class_questions, feedback, people, plan
from courses.services.runs import move_offer
from tests.courses.studio.worlds import board
from tests.factories import (
    ActivityFactory,
    CohortFactory,
    CourseFactory,
    GroupFactory,
    MembershipFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)
from tests.services.test_quiz_races import at_once, client_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _real_database() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about two.")


@pytest.fixture
def running():
    lecturer = UserFactory(name="Eva")
    cohort = CohortFactory()
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer), cohort=cohort)
    group = GroupFactory(cohort=cohort, name="Group A")
    students = [MembershipFactory(cohort=cohort, group=group).user for _each in range(3)]
    activity = ActivityFactory(type_key="upload", grouping="group", config={"max_points": 10, "accepts": ["pdf"]})
    row = RunOfferFactory(run=run, activity=activity, moment="after")
    now = timezone.now()
    row.offer.opens_at, row.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    row.offer.save()
    return SimpleNamespace(lecturer=lecturer, run=run, cohort=cohort, group=group, students=students, row=row, now=now)


def kinds(results):
    return Counter(type(result).__name__ if isinstance(result, Exception) else "done" for result in results)


def fresh(design):
    return Design.objects.select_related("course").get(pk=design.pk)


def test_of_two_new_weeks_at_once_one_is_made_and_one_is_told():
    eva, design = board(cards=0, weeks=3)
    designs = [fresh(design) for _each in range(2)]

    done = at_once([lambda each=each: plan.add_week(each, by=eva, version=0, at=timezone.now()) for each in designs])

    assert kinds(done) == {"done": 1, "StalePlan": 1}
    assert Week.objects.filter(design=design).count() == 4


def test_of_two_new_outcomes_at_once_one_is_made_and_one_is_told():
    eva, design = board(cards=0)
    designs = [fresh(design) for _each in range(2)]

    done = at_once(
        [
            lambda each=each: plan.add_outcome(each, text="Segment", level=None, by=eva, version=0, at=timezone.now())
            for each in designs
        ]
    )

    assert kinds(done) == {"done": 1, "StalePlan": 1}


def test_of_two_removed_weeks_at_once_one_is_removed_and_one_is_told():
    eva, design = board(cards=2, weeks=5)
    designs = [fresh(design) for _each in range(2)]

    done = at_once(
        [
            lambda each=each, number=number: plan.remove_week(each, number, by=eva, version=0, at=timezone.now())
            for number, each in zip((1, 4), designs, strict=True)
        ]
    )

    assert kinds(done) == {"done": 1, "StalePlan": 1}
    assert [week.number for week in Week.objects.filter(design=design)] == [1, 2, 3, 4]


def test_two_undos_at_once_take_back_one_step():
    eva, design = board(cards=0, weeks=3)
    plan.add_week(fresh(design), by=eva, version=0, at=timezone.now())
    designs = [fresh(design) for _each in range(2)]

    done = at_once([lambda each=each: plan.undo(each, by=eva, at=timezone.now()) for each in designs])

    assert kinds(done) == {"done": 1, "StalePlan": 1}


# F49: two members of a group upload at the same moment.
def test_files_of_two_members_at_once_are_both_kept(running):
    page = reverse("courses:activity-act", args=["mkc", running.row.pk, "save"])
    clients = [client_of(student) for student in running.students]

    answers = at_once(
        [
            lambda client=client, number=number: client.post(
                page, {"files": SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.7 " + bytes([65 + number]))}
            )
            for number, client in enumerate(clients)
        ]
    )

    assert [answer.status_code for answer in answers] == [303] * 3
    assert Attempt.objects.count() == 1
    assert sorted(AttemptFile.objects.values_list("name", flat=True)) == ["0.pdf", "1.pdf", "2.pdf"]


def test_work_that_a_whole_group_hands_in_at_once_is_handed_in_once(running):
    page = reverse("courses:activity-act", args=["mkc", running.row.pk, "save"])
    client_of(running.students[0]).post(page, {"text": "Ours", "number": 1, "revision": 0})
    clients = [client_of(student) for student in running.students]

    answers = at_once(
        [
            lambda client=client: client.post(page, {"text": "Ours", "hand_in": "1", "number": 1, "revision": 1})
            for client in clients
        ]
    )

    assert {answer.status_code for answer in answers} == {303}
    assert Attempt.objects.values_list("state", "text").get() == ("submitted", "Ours")
    assert Progress.objects.filter(state="submitted").count() == 3


def submitted(running, **fields):
    return Attempt.objects.create(
        offer=running.row.offer,
        group=running.group,
        state="submitted",
        started_at=running.now,
        submitted_at=running.now,
        max_points=10,
        **fields,
    )


# F28: one lecturer releases what the other is still correcting.
def test_points_that_are_released_are_the_points_that_stand(running):
    attempt = submitted(running)
    grading.save_feedback(attempt, by=running.lecturer, points=Decimal(5), feedback="", revision=0, at=running.now)
    listed = draft_ids(running.row.offer_id)
    grading.save_feedback(attempt, by=running.lecturer, points=Decimal(8), feedback="", revision=1, at=running.now)

    feedback.release_feedback(running.row.offer, listed, by=running.lecturer, at=running.now)

    assert set(Progress.objects.values_list("points", flat=True)) == {Decimal(8)}


def test_ten_releases_at_once_tell_each_student_once(running):
    attempt = submitted(running)
    grading.save_feedback(attempt, by=running.lecturer, points=Decimal(5), feedback="", revision=0, at=running.now)

    done = at_once(
        [
            lambda: (
                feedback.release_feedback(running.row.offer, [attempt.pk], by=running.lecturer, at=timezone.now()).now
            )
            for _each in range(6)
        ]
    )

    assert Counter(done) == {1: 1, 0: 5}
    assert Notice.objects.count() == 3


def test_progress_of_the_same_people_in_another_order_waits_for_no_circle(running):
    pks = [student.pk for student in running.students] + [UserFactory().pk for _each in range(40)]
    orders = [pks, pks[::-1], pks, pks[::-1], pks, pks[::-1]]

    done = at_once(
        [
            lambda order=order: [
                note_progress(running.row.offer.pk, order, state="done", share=100, at=timezone.now())
                for _each in range(5)
            ]
            for order in orders
        ]
    )

    assert kinds(done) == {"done": 6}


def test_one_list_sent_in_two_orders_at_once_enrols_everybody_once(running):
    listed = [
        SimpleNamespace(name=f"S {n}", email=f"s{n}@example.org", student_number="", group=f"G{n % 4}")
        for n in range(60)
    ]
    orders = [listed, listed[::-1], listed, listed[::-1]]

    done = at_once(
        [
            lambda order=order: people.enrol(running.cohort, order, by=running.lecturer, at=timezone.now())
            for order in orders
        ]
    )

    assert kinds(done) == {"done": 4}
    assert Membership.objects.filter(user__email__startswith="s").count() == 60


def test_two_clicks_ask_one_question_for_class(running):
    done = at_once(
        [
            lambda: class_questions.ask(running.row, author=running.students[0], text="Why?", at=timezone.now())
            for _each in range(6)
        ]
    )

    assert kinds(done) == {"done": 6}
    assert ClassQuestion.objects.count() == 1


def test_two_draws_at_once_are_one_draw_and_leave_everybody_in_a_group(running):
    for _each in range(20):
        MembershipFactory(cohort=running.cohort)

    def deal(number, expected):
        return people.deal_groups(
            running.cohort, groups=number, seed=number, expected=expected, by=running.lecturer, at=timezone.now()
        )

    shown = {number: dealt(running.cohort, groups=number, seed=number).fingerprint for number in (3, 7)}
    done = at_once([partial(deal, number, expected) for number, expected in shown.items()])

    assert kinds(done) == {"done": 1, "StaleGroups": 1}
    assert not Membership.objects.filter(cohort=running.cohort, group=None).exists()


def test_group_that_is_removed_while_it_begins_goes_whole_or_stays_with_its_work(running):
    for _round in range(5):
        group = GroupFactory(cohort=running.cohort)
        student = MembershipFactory(cohort=running.cohort, group=group).user
        remove = partial(people.remove_group, Group.objects.get(pk=group.pk), by=running.lecturer, at=timezone.now())
        begin = partial(attempts.start_attempt, running.row.offer, user=student, group=group, at=timezone.now())

        removed, begun = at_once([remove, begin])

        kept = Group.objects.filter(pk=group.pk).exists()
        assert kinds([removed, begun]) == ({"GroupRefused": 1, "done": 1} if kept else {"done": 1, "NotOpen": 1})
        assert Attempt.objects.filter(group=group.pk).exists() == kept


def move(running, closes_at):
    row = RunOffer.objects.select_related("offer__activity", "run__course").get(pk=running.row.pk)
    return move_offer(
        row,
        opens_at=row.offer.opens_at,
        due_at=row.offer.due_at,
        closes_at=closes_at,
        room="",
        link="",
        recording="",
        seen=window_seen(row.offer),
        by=running.lecturer,
        at=timezone.now(),
    )


# F13: the window moves at the moment when somebody begins.
def test_attempt_begun_while_the_closing_moves_ends_with_it(running):
    for number in range(4):
        closes_at = running.now + timedelta(days=2, minutes=number)
        student = MembershipFactory(cohort=running.cohort).user
        seen = Offer.objects.select_related("activity").get(pk=running.row.offer_id)

        done = at_once(
            [partial(move, running, closes_at), partial(attempts.start_attempt, seen, user=student, at=timezone.now())]
        )
        follow_stragglers(running.row.offer_id, at=timezone.now())

        assert kinds(done) == {"done": 2}
        assert Attempt.objects.get(user=student).ends_at == closes_at


def test_window_moved_while_a_group_hands_in_waits_for_no_circle(running):
    for number in range(6):
        closes_at = running.now + timedelta(days=2, minutes=number)
        Attempt.objects.all().delete()
        Progress.objects.all().delete()
        by = running.students[0]
        begun = attempts.start_attempt(running.row.offer, user=by, group=running.group, at=timezone.now())
        hand_in = partial(attempts.hand_in_work, begun.pk, by=by, text="Ours", at=timezone.now(), revision=0)

        done = at_once([partial(move, running, closes_at), hand_in])

        assert kinds(done) == {"done": 2}
