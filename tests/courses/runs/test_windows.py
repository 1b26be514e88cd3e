"""The page of a run, and moving what it offers: whom it concerns, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attempt, Offer, Progress
from blendedu.journal.models import Entry, Job, Notice
from courses.queries.runs import window_seen
from courses.services import runs
from tests.factories import NOW, ActivityFactory, RunOfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(running):
    activity = ActivityFactory(title="Case study", type_key="session", timing="sync")
    row = RunOfferFactory(run=running.run, activity=activity, moment="together")
    Offer.objects.filter(pk=row.offer_id).update(
        opens_at=datetime(2026, 11, 19, 13, tzinfo=UTC), due_at=datetime(2026, 11, 19, 15, tzinfo=UTC), room="B2.14"
    )
    row.offer.refresh_from_db()
    return row


def moved(row, by, **changes):
    offer = Offer.objects.get(pk=row.offer_id)
    window = {name: getattr(offer, name) for name in ("opens_at", "due_at", "closes_at", "room", "link", "recording")}
    return runs.move_offer(row, seen=window_seen(offer), by=by, at=NOW, **{**window, **changes})


def form_of(row, **changes):
    offer = Offer.objects.get(pk=row.offer_id)
    return {
        "opens_at": "2026-11-16T09:00",
        "due_at": "2026-11-25T23:59",
        "closes_at": "",
        "seen": window_seen(offer),
        **changes,
    }


# --- The page of a run --------------------------------------------------------------------------------------------


def test_page_shows_weeks_with_their_offers_and_how_far_students_are(client, lecturer, running, session, time_machine):
    time_machine.move_to(NOW, tick=False)
    ann, bo, _cy = running.students
    Progress.objects.create(offer=running.offer, user=ann, state="submitted", updated_at=NOW)
    Progress.objects.create(offer=running.offer, user=bo, state="started", updated_at=NOW)
    Attempt.objects.create(offer=running.offer, user=ann, started_at=NOW, submitted_at=NOW, state="submitted")
    client.force_login(lecturer)

    view = client.get(reverse("courses:run", args=["mkc-101", running.run.pk])).context["view"]

    assert (view.students, view.groups, view.standing.week) == (3, 1, 1)
    assert [(week.number, week.is_now, len(week.lines)) for week in view.weeks] == [
        (1, True, 2),
        (2, False, 0),
        (3, False, 0),
    ]
    assert [line.activity.title for line in view.weeks[0].lines] == ["Case study", "Upload the result"]
    counts = view.weeks[0].lines[1].counts
    assert (counts.started, counts.submitted, counts.done, counts.waiting) == (1, 1, 0, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_run_costs_the_same_whatever_it_holds(client, lecturer, running, count, django_assert_num_queries):
    for _each in range(count * 5):
        RunOfferFactory(run=running.run)
    client.force_login(lecturer)

    # Above 8: the page sums students, groups, progress and waiting work beside the plan, the holidays, and whether a
    # later version waits.
    with django_assert_num_queries(11):
        client.get(reverse("courses:run", args=["mkc-101", running.run.pk]))


def test_holiday_between_two_weeks_is_named(client, lecturer, running, time_machine):
    time_machine.move_to(NOW, tick=False)
    running.run.weeks.filter(number=2).update(monday="2027-01-04")
    running.run.weeks.filter(number=3).update(monday="2027-01-11")
    client.force_login(lecturer)

    view = client.get(reverse("courses:run", args=["mkc-101", running.run.pk])).context["view"]

    assert [week.skipped for week in view.weeks] == [(), ("Christmas break",), ()]


# --- Moving -------------------------------------------------------------------------------------------------------


def test_F27_students_are_told_once_with_the_new_date(client, lecturer, running):
    client.force_login(lecturer)
    form = form_of(running.run_offer)

    response = client.post(reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk]), form)
    client.post(reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk]), form)

    assert response.status_code == 303
    notices = Notice.objects.filter(cause__startswith="offer-moved:")
    assert {notice.recipient for notice in notices} == set(running.students)
    assert notices.count() == 3
    assert {notice.title for notice in notices} == {"New date: Upload the result, due Wed 25 Nov, 23:59"}
    assert {notice.body for notice in notices} == {"It was due on Sun 22 Nov, 10:00."}


def test_F27_a_date_that_moves_there_and_back_is_told_each_time(running, lecturer):
    offer = running.offer
    first, second = offer.due_at, offer.due_at + timedelta(days=2)

    for minute, due_at in enumerate((second, first, second)):
        fresh = Offer.objects.get(pk=offer.pk)
        runs.move_offer(
            running.run_offer,
            opens_at=fresh.opens_at,
            due_at=due_at,
            closes_at=None,
            room="",
            link="",
            recording="",
            seen=window_seen(fresh),
            by=lecturer,
            at=NOW + timedelta(minutes=minute),
        )

    assert Notice.objects.filter(recipient=running.students[0]).count() == 3


def test_new_time_and_place_of_a_session_are_told(running, session, lecturer):
    moved(
        session,
        lecturer,
        opens_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        due_at=datetime(2026, 11, 20, 11, tzinfo=UTC),
        room="C1",
    )

    notice = Notice.objects.filter(recipient=running.students[0]).get()
    assert notice.title == "New time: Case study, Fri 20 Nov, 10:00"
    assert notice.body == "It was on Thu 19 Nov, 14:00. Place: C1."


def test_new_room_alone_is_told(running, session, lecturer):
    moved(session, lecturer, room="C1")

    assert Notice.objects.filter(recipient=running.students[0]).get().title == "New place: Case study"


def test_recording_or_opening_alone_tells_nobody(running, session, lecturer):
    assert moved(session, lecturer, recording="https://video.example.org/1")
    assert moved(running.run_offer, lecturer, opens_at=NOW - timedelta(days=1))

    assert not Notice.objects.exists()


def test_saving_without_a_change_changes_nothing(running, lecturer):
    assert not moved(running.run_offer, lecturer)

    assert not Notice.objects.exists()


# F9: a double click sends the form twice; the page one ends on is the answer to the second.
def test_second_click_is_no_quarrel_with_oneself(client, lecturer, running):
    client.force_login(lecturer)
    address = reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk])
    form = form_of(running.run_offer)

    answers = [client.post(address, form, follow=True) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Upload the result: saved." in answers[1].content.decode()
    assert Entry.objects.filter(verb="offer.moved").count() == 1


def test_form_that_is_sent_as_it_was_drawn_changes_nothing(client, lecturer, running):
    client.force_login(lecturer)
    address = reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk])
    drawn = {
        name: f"{timezone.localtime(getattr(running.offer, name)):%Y-%m-%dT%H:%M}" for name in ("opens_at", "due_at")
    }

    page = client.post(address, form_of(running.run_offer, **drawn), follow=True).content.decode()

    assert "Upload the result: nothing was changed." in page
    assert not Entry.objects.filter(verb="offer.moved").exists()


def test_stale_page_is_refused_and_keeps_what_was_typed(client, lecturer, running):
    client.force_login(lecturer)
    stale = form_of(running.run_offer)
    moved(running.run_offer, lecturer, due_at=datetime(2026, 12, 1, 12, tzinfo=UTC))

    response = client.post(reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk]), stale)

    assert response.status_code == 409
    text = response.content.decode()
    assert "Tue 1 Dec, 13:00" in text  # theirs
    assert 'value="2026-11-25T23:59"' in text  # mine
    assert Offer.objects.get(pk=running.offer.pk).due_at == datetime(2026, 12, 1, 12, tzinfo=UTC)
    again = {**stale, "seen": response.context["form"]["seen"].value()}
    assert client.post(response.request["PATH_INFO"], again).status_code == 303


def test_page_says_whom_a_change_concerns(client, lecturer, running):
    ann, bo, _cy = running.students
    Attempt.objects.create(
        offer=running.offer, user=ann, started_at=NOW, submitted_at=NOW, state="submitted", late=True
    )
    Attempt.objects.create(offer=running.offer, user=bo, started_at=NOW)
    client.force_login(lecturer)

    effect = client.get(reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk])).context["effect"]

    assert (effect.students, effect.begun, effect.handed_in, effect.late) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": ""}, "due_at"),
        ({"due_at": "soon"}, "due_at"),
        ({"due_at": "2026-11-01T10:00"}, "due_at"),
        ({"closes_at": "2026-11-20T10:00"}, "closes_at"),
        ({"due_at": "2027-03-28T02:30"}, "due_at"),  # F16: the clock goes forward over it
        ({"due_at": "2027-10-31T02:30"}, "due_at"),  # F16: comes twice
    ],
)
def test_bad_window_is_refused_in_place(client, lecturer, running, changes, field):
    client.force_login(lecturer)

    response = client.post(
        reverse("courses:run-offer", args=["mkc-101", running.run_offer.pk]), form_of(running.run_offer, **changes)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/x", "no address"])
def test_link_of_a_session_is_a_web_address(client, lecturer, session, link):
    client.force_login(lecturer)

    response = client.post(
        reverse("courses:run-offer", args=["mkc-101", session.pk]), form_of(session, room="B1", link=link)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["link"]


# --- Attempts follow ----------------------------------------------------------------------------------------------


def test_late_work_is_in_time_when_the_date_moves_behind_it(running, lecturer):
    ann, bo, _cy = running.students
    in_time, late = (
        Attempt.objects.create(
            offer=running.offer, user=user, started_at=NOW, submitted_at=at, state="submitted", late=is_late
        )
        for user, at, is_late in (
            (ann, running.offer.due_at - timedelta(hours=1), False),
            (bo, running.offer.due_at + timedelta(hours=1), True),
        )
    )

    moved(running.run_offer, lecturer, due_at=running.offer.due_at + timedelta(days=1))
    late.refresh_from_db()
    assert not late.late

    moved(running.run_offer, lecturer, due_at=running.offer.due_at - timedelta(days=2))
    for attempt in (in_time, late):
        attempt.refresh_from_db()
        assert not attempt.late


def test_work_in_progress_ends_with_the_new_closing_time(running, lecturer):
    attempt = Attempt.objects.create(offer=running.offer, user=running.students[0], started_at=NOW)
    closes_at = running.offer.due_at + timedelta(days=1)

    moved(running.run_offer, lecturer, closes_at=closes_at)
    attempt.refresh_from_db()
    assert attempt.ends_at == closes_at
    assert Job.objects.filter(kind="close-attempt", ref=attempt.pk).count() == 1

    moved(running.run_offer, lecturer, closes_at=None)
    attempt.refresh_from_db()
    assert attempt.ends_at is None


def test_time_limit_of_an_attempt_stays_when_the_closing_moves(running, lecturer):
    limited = ActivityFactory(type_key="quiz", config={"limit_minutes": 30})
    row = RunOfferFactory(run=running.run, activity=limited)
    closes_at = row.offer.due_at
    moved(row, lecturer, closes_at=closes_at)
    attempt = Attempt.objects.create(
        offer=row.offer,
        user=running.students[0],
        started_at=closes_at - timedelta(minutes=10),
        ends_at=closes_at,
        config_seen={"limit_minutes": 30},
    )

    moved(row, lecturer, closes_at=closes_at + timedelta(hours=2))

    attempt.refresh_from_db()
    assert attempt.ends_at == closes_at + timedelta(minutes=20)
