"""Publishing a later version to a run: what moves, what stays, who is told, and taking it back (behaviour.md, C4)."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from activities.models import Attempt, Offer, Post, Progress
from activities.services import attempts
from blendedu.journal import work
from blendedu.journal.models import Job, Notice
from blendedu.people.models import Membership, User
from courses import jobs
from courses.cascade import Fate, Scope, Shift
from courses.models import Design, Placement, Publication, RunOffer, Week
from courses.queries.publishing import change_by, change_to, preview_of, publications_of
from courses.queries.runs import window_seen
from courses.services import publishing, runs
from tests.courses.publishing.worlds import (
    AT,
    card,
    edit,
    fresh,
    offer,
    publish,
    rows_of,
    running_course,
    second_version,
    to_week,
    upload,
)
from tests.factories import DesignFactory, PlacementFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def world():
    return running_course()


def begin(world, title, *, at=AT, student=0, state=Progress.State.STARTED):
    Progress.objects.create(offer=offer(world, title), user=world.students[student], state=state, updated_at=at)


def work_off(kind, ref):
    work.of(kind)(ref, AT)


# --- What happens to offers ---------------------------------------------------------------------------------------


def test_class_that_moves_takes_its_preparation_and_follow_up_along(world):
    second = second_version(world)
    to_week(second, "Class 3", 4)
    opened, read = offer(world, "Class 3"), offer(world, "Text 3")

    publish(world, second)

    assert offer(world, "Class 3").opens_at == opened.opens_at + WEEK
    # Without a class in week 3 its preparation is due on Wednesday, as the calendar says of a week without one.
    assert offer(world, "Text 3").due_at == read.due_at - timedelta(hours=14, minutes=1)
    assert RunOffer.objects.get(offer=opened).week_number == 4
    assert fresh(world.run).design_id == second.pk


def test_offers_outlive_versions(world):
    second = second_version(world)
    edit(second, "Upload 3", title="Upload three", points=20)
    before = offer(world, "Upload 3")

    publish(world, second)

    row = RunOffer.objects.select_related("offer__activity").get(offer=before)
    assert (row.offer.activity.title, row.offer.activity.points) == ("Upload three", 20)
    assert row.placement == card(second, "Upload three")
    assert {placement.design_id for placement in Placement.objects.filter(run_offers__run=world.run)} == {second.pk}


def test_new_activity_gets_an_offer_and_a_gone_one_is_withdrawn(world):
    second = second_version(world)
    card(second, "Upload 4").delete()
    PlacementFactory(design=second, week_number=3, activity=upload("Peer look"), moment="after")
    gone = offer(world, "Upload 4")

    publish(world, second)

    assert offer(world, "Peer look").opens_at == offer(world, "Upload 3").opens_at
    gone.refresh_from_db()
    assert gone.withdrawn_at == AT
    assert not gone.is_open(gone.opens_at)


@pytest.mark.parametrize("touch", ["progress", "attempt", "post"])
def test_what_students_touched_keeps_its_dates_and_never_goes(world, touch):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    card(second, "Upload 4").delete()
    for title in ("Upload 3", "Upload 4"):
        if touch == "progress":
            begin(world, title)
        elif touch == "attempt":
            Attempt.objects.create(offer=offer(world, title), user=world.students[0], started_at=AT)
        else:
            Post.objects.create(offer=offer(world, title), author=world.students[0], text="Hello", created_at=AT)
    before = {title: window_seen(offer(world, title)) for title in ("Upload 3", "Upload 4")}

    publication = publish(world, second)

    assert {title: window_seen(offer(world, title)) for title in before} == before
    assert offer(world, "Upload 4").withdrawn_at is None
    assert {line["title"]: line["fate"] for line in publication.changes["lines"]} == {
        "Upload 3": "kept",
        "Upload 4": "kept",
    }


def test_attempt_keeps_the_paper_and_the_settings_it_was_begun_under(world):
    begun = offer(world, "Upload 1")
    Offer.objects.filter(pk=begun.pk).update(opens_at=AT - WEEK)
    begun.refresh_from_db()
    attempt = attempts.start_attempt(begun, user=world.students[0], at=AT, config_seen={"max_points": 10})
    second = second_version(world)
    edit(second, "Upload 1", config={"max_points": 20})

    publish(world, second)

    attempt.refresh_from_db()
    assert attempt.config_seen == {"max_points": 10}
    assert attempt.offer.activity.config == {"max_points": 20}
    # And it can be handed in, in time, as before.
    done = attempts.hand_in_work(attempt.pk, by=world.students[0], text="Mine", at=AT, revision=0)
    assert (done.state, done.late) == ("submitted", False)


def test_nobody_becomes_late_by_a_publication(world):
    second = second_version(world)
    begin(world, "Upload 1")
    week_one = offer(world, "Upload 1")
    to_week(second, "Class 1", 2)

    publish(world, second)

    week_one.refresh_from_db()
    assert week_one.due_at == offer(world, "Upload 1").due_at


def test_window_that_was_moved_by_hand_stays_while_the_plan_says_the_same(world):
    row = RunOffer.objects.select_related("run__course", "offer__activity").get(offer=offer(world, "Class 4"))
    later = row.offer.opens_at + timedelta(days=1)
    runs.move_offer(
        row,
        opens_at=later,
        due_at=later + timedelta(hours=2),
        closes_at=None,
        room="C1",
        link="",
        recording="",
        seen=window_seen(row.offer),
        by=world.lecturer,
        at=AT,
    )
    second = second_version(world)
    to_week(second, "Upload 2", 3)

    publish(world, second)

    assert (offer(world, "Class 4").opens_at, offer(world, "Class 4").room) == (later, "C1")


def test_more_weeks_and_fewer(world):
    second = second_version(world)
    fifth = Week.objects.create(design=second, number=5)
    Placement.objects.filter(pk=card(second, "Upload 4").pk).update(week=fifth)
    publication = publish(world, second)
    longer = rows_of(world.run)

    publishing.undo(publication, by=world.lecturer, at=AT)

    assert [number for number, _monday in longer["weeks"]] == [1, 2, 3, 4, 5]
    assert longer["run"][1] == world.run.ends_on + WEEK
    assert fresh(world.run).ends_on == world.run.ends_on


def test_offer_that_came_back_is_the_same_offer(world):
    second = second_version(world)
    card(second, "Upload 4").delete()
    withdrawn = offer(world, "Upload 4")
    key = RunOffer.objects.get(offer=withdrawn).placement.key
    publish(world, second)
    third = second_version(moved_on(world))
    PlacementFactory(design=third, key=key, week_number=3, activity=withdrawn.activity, moment="after")

    publish(world, third)

    withdrawn.refresh_from_db()
    assert withdrawn.withdrawn_at is None
    assert RunOffer.objects.get(offer=withdrawn).week_number == 3


def moved_on(world):
    """The world after a publication."""
    world.run = fresh(world.run)
    return world


# --- Refusals -----------------------------------------------------------------------------------------------------


def test_only_an_approved_later_version_of_the_course_is_published(world):
    second = second_version(world)
    seen = change_to(fresh(world.run), second, at=AT).seen
    Design.objects.filter(pk=second.pk).update(state=Design.State.DRAFT)
    with pytest.raises(publishing.NotPublishable):
        publishing.publish(world.run, second, seen=seen, by=world.lecturer, at=AT)

    with pytest.raises(publishing.NothingToPublish):
        publishing.publish(world.run, world.first, seen=seen, by=world.lecturer, at=AT)

    other = DesignFactory(number=2, state=Design.State.APPROVED)
    with pytest.raises(publishing.NotPublishable):
        publishing.publish(world.run, other, seen=seen, by=world.lecturer, at=AT)
    assert not Publication.objects.exists()


def test_preview_from_before_a_change_is_refused_whole(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    seen = change_to(fresh(world.run), second, at=AT).seen
    begin(world, "Upload 3")
    before = rows_of(world.run)

    with pytest.raises(publishing.StaleChange) as stale:
        publishing.publish(fresh(world.run), second, seen=seen, by=world.lecturer, at=AT)

    assert rows_of(world.run) == before
    assert stale.value.change.cascade.of(Fate.KEPT)


def test_second_click_finds_nothing_to_publish(world):
    second = second_version(world)
    run = fresh(world.run)
    seen = change_to(run, second, at=AT).seen
    publishing.publish(run, second, seen=seen, by=world.lecturer, at=AT)

    with pytest.raises(publishing.NothingToPublish):
        publishing.publish(run, second, seen=seen, by=world.lecturer, at=AT)

    assert Publication.objects.count() == 1


# --- Telling ------------------------------------------------------------------------------------------------------


def test_students_get_one_message_that_lists_what_changes_for_them(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    card(second, "Upload 4").delete()
    PlacementFactory(design=second, week_number=3, activity=upload("Peer look"), moment="after")
    edit(second, "Text 4", title="Text four")
    begin(world, "Text 2")
    publication = publish(world, second, note="Because of the strike.")

    work_off(jobs.TELL_CHANGE, publication.pk)
    work_off(jobs.TELL_CHANGE, publication.pk)

    notices = Notice.objects.filter(cause=f"run-changed:{publication.pk}")
    assert notices.count() == len(world.students)
    lines = notices.first().body.split("\n")
    assert lines[0] == "Because of the strike."
    assert {line.split(":")[0] for line in lines[1:-1]} == {"Moved", "Left out", "New", "Changed"}
    assert not any("Text 2" in line for line in lines)


def test_nobody_is_told_when_nothing_changes_for_students(world):
    second = second_version(world)

    publish(world, second)

    assert not Job.objects.filter(kind=jobs.TELL_CHANGE).exists()


def test_change_that_is_taken_back_before_anybody_was_told_is_never_told(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    publication = publish(world, second)
    publishing.undo(publication, by=world.lecturer, at=AT)

    work_off(jobs.TELL_CHANGE, publication.pk)
    work_off(jobs.TELL_UNDONE, publication.pk)

    assert not Notice.objects.filter(cause__contains="run-change").exists()


def test_whoever_was_told_is_told_once_more_that_it_was_taken_back(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    publication = publish(world, second)
    work_off(jobs.TELL_CHANGE, publication.pk)
    publishing.undo(publication, by=world.lecturer, at=AT + timedelta(minutes=5))

    work_off(jobs.TELL_UNDONE, publication.pk)

    told = Notice.objects.filter(cause=f"run-change-undone:{publication.pk}")
    assert {notice.recipient for notice in told} == set(world.students)
    assert told.first().body == "Everything is again as it was before."


# --- Taking back --------------------------------------------------------------------------------------------------


def test_undo_leaves_what_students_have_done_since_and_names_it(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    to_week(second, "Upload 2", 4)
    publication = publish(world, second)
    moved = window_seen(offer(world, "Upload 3"))
    begin(world, "Upload 3", at=AT + timedelta(hours=1))

    undone = publishing.undo(publication, by=world.lecturer, at=AT + timedelta(hours=2))

    assert undone.stayed == (("Upload 3", "worked"),)
    assert window_seen(offer(world, "Upload 3")) == moved
    assert RunOffer.objects.get(offer=offer(world, "Upload 2")).week_number == 2


def test_undo_leaves_what_a_colleague_has_moved_since(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    publication = publish(world, second)
    later = offer(world, "Upload 3").due_at + timedelta(days=1)
    Offer.objects.filter(pk=offer(world, "Upload 3").pk).update(due_at=later)

    undone = publishing.undo(publication, by=world.lecturer, at=AT)

    assert undone.stayed == (("Upload 3", "changed"),)
    assert offer(world, "Upload 3").due_at == later


@pytest.mark.parametrize(("after", "works"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
def test_undo_is_for_a_day(world, after, works):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    publication = publish(world, second)

    if works:
        publishing.undo(publication, by=world.lecturer, at=AT + after)
    else:
        with pytest.raises(publishing.CannotUndo):
            publishing.undo(publication, by=world.lecturer, at=AT + after)

    assert (fresh(world.run).design_id == world.first.pk) == works


def test_only_the_last_change_is_taken_back_and_only_once(world):
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    one = publish(world, second)
    third = second_version(moved_on(world))
    to_week(third, "Text 3", 4)
    two = publish(world, third)

    with pytest.raises(publishing.CannotUndo):
        publishing.undo(one, by=world.lecturer, at=AT)
    publishing.undo(two, by=world.lecturer, at=AT)
    with pytest.raises(publishing.CannotUndo):
        publishing.undo(two, by=world.lecturer, at=AT)
    publishing.undo(one, by=world.lecturer, at=AT)

    assert fresh(world.run).design_id == world.first.pk
    assert [(each.publication.pk, each.can_undo) for each in publications_of(world.run, at=AT)] == [
        (two.pk, False),
        (one.pk, False),
    ]


TITLES = [f"{kind} {week}" for kind in ("Text", "Class", "Upload") for week in range(1, 5)]
MOVES = st.tuples(st.just("move"), st.sampled_from(TITLES), st.integers(1, 5))
EDITS = st.tuples(st.just("edit"), st.sampled_from(TITLES), st.integers(10, 90))
GOES = st.tuples(st.just("go"), st.sampled_from(TITLES), st.just(0))
COMES = st.tuples(st.just("come"), st.sampled_from(TITLES), st.integers(1, 5))


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(st.one_of(MOVES, EDITS, GOES, COMES), min_size=1, max_size=8),
    begun=st.sets(st.sampled_from(TITLES), max_size=3),
    shift=st.tuples(st.integers(1, 4), st.sampled_from([7, 14])),
)
def test_publish_then_undo_restores_every_row(steps, begun, shift):
    with rolled_back():
        world = running_course()
        for title in begun:
            begin(world, title)
        before = rows_of(world.run)
        second = second_version(world)
        Week.objects.create(design=second, number=5)
        for verb, title, number in steps:
            take_step(second, verb, title, number)

        publication = publish(world, second)
        published = rows_of(world.run)
        later = fresh(world.run)
        moving = Shift(Scope.ONWARDS, shift[0], shift[1])
        shifted = publishing.move(later, moving, seen=change_by(later, moving, at=AT).seen, by=world.lecturer, at=AT)
        held = RunOffer.objects.filter(offer__progress__isnull=False)
        assert windows_of(before, held) == windows_of(rows_of(world.run), held)

        publishing.undo(shifted, by=world.lecturer, at=AT)
        assert rows_of(world.run) == published
        publishing.undo(publication, by=world.lecturer, at=AT)
        assert rows_of(world.run) == before


def windows_of(rows, offers):
    """When these open, are due and close, by the number of their place in the run."""
    pks = set(offers.values_list("pk", flat=True))
    times = [1 + publishing.OFFER.index(name) for name in ("opens_at", "due_at", "closes_at")]
    return {row[0]: [row[place] for place in times] for row in rows["offers"] if row[0] in pks}


def take_step(design, verb, title, number):
    placement = Placement.objects.filter(design=design, activity__title=title).first()
    if verb == "come":
        PlacementFactory(design=design, week_number=number, activity=upload(f"New {title}"), moment="after")
    elif placement is None:
        return
    elif verb == "move":
        to_week(design, title, number)
    elif verb == "edit":
        edit(design, title, minutes=number)
    else:
        placement.delete()


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Size ---------------------------------------------------------------------------------------------------------


def test_two_thousand_students_and_sixty_offers_cost_a_bounded_number_of_queries():
    world = running_course(weeks=20, students=1)
    people = User.objects.bulk_create(
        User(email=f"s{n}@example.org", name=f"Student {n}", password=make_password(None)) for n in range(2000)
    )
    Membership.objects.bulk_create(Membership(cohort=world.cohort, user=person) for person in people)
    touched = [offer(world, f"Text {week}") for week in range(1, 4)]
    Progress.objects.bulk_create(
        Progress(offer=each, user=person, state="done", updated_at=AT) for each in touched for person in people
    )
    second = second_version(world)
    for week in range(4, 20):
        to_week(second, f"Upload {week}", week + 1)
    edit(second, "Text 1", minutes=50)

    with CaptureQueriesContext(connection) as seen:
        preview = preview_of(change_to(fresh(world.run), second, at=AT))
    with CaptureQueriesContext(connection) as published:
        publication = publish(world, second)
    with CaptureQueriesContext(connection) as told:
        work_off(jobs.TELL_CHANGE, publication.pk)
    with CaptureQueriesContext(connection) as undone:
        publishing.undo(publication, by=world.lecturer, at=AT)

    (edited,) = preview.edited
    assert (preview.students, edited.people.handed_in, len(edited.people.names)) == (2001, 2000, 8)
    # A preview reads; publishing reads twice (once for `seen`, in this test), and writes in a few statements; telling
    # writes notices in handfuls; undoing reads and writes.
    assert [len(seen) <= 9, len(published) <= 32, len(told) <= 40, len(undone) <= 24] == [True] * 4, [
        len(each) for each in (seen, published, told, undone)
    ]
    assert Notice.objects.filter(cause=f"run-changed:{publication.pk}").count() == 2001
