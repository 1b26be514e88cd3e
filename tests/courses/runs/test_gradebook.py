"""The gradebook: what counts, what it costs for many, and what leaves it as a file."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from activities.models import Activity, Attempt, Offer, Progress
from blendedu.people.models import Membership, User
from courses.exchange import cells
from courses.models import RunOffer
from courses.queries.gradebook import Cell, assessed_offers, columns_of, rows_of, students_of
from tests.factories import NOW, ActivityFactory, MembershipFactory, PlacementFactory, RunOfferFactory, UserFactory

pytestmark = pytest.mark.django_db


def attempt(running, user=None, **more):
    more = {"state": "submitted", "submitted_at": NOW, **more}
    return Attempt.objects.create(offer=running.offer, user=user, started_at=NOW, **more)


def cells_of(running):
    offers = assessed_offers(running.run)
    return {row.name: row.cells[0] for row in rows_of(students_of(running.run), offers)}


def test_only_assessed_activities_are_columns(running):
    RunOfferFactory(run=running.run, activity=ActivityFactory(title="Read chapter 1"))
    RunOfferFactory(run=running.run, activity=ActivityFactory(title="Discuss", assessment="summative"))

    titles = [row.offer.activity.title for row in assessed_offers(running.run)]

    assert sorted(titles) == ["Discuss", "Upload the result"]


def test_cells_say_points_and_where_work_stands(running):
    ann, bo, cy = running.students
    waiting = attempt(running, ann, late=True)
    released = attempt(running, bo, state="graded", points=Decimal("7.50"), max_points=Decimal(10), released_at=NOW)
    Progress.objects.create(offer=running.offer, user=cy, state="started", updated_at=NOW)

    assert cells_of(running) == {
        "Ann Peeters": Cell("submitted", True, None, None, waiting.pk),
        "Bo Li": Cell("released", False, Decimal("7.50"), Decimal("10.00"), released.pk),
        "Cy Young": Cell("open"),
    }


def test_group_work_counts_for_each_member(running):
    attempt(running, group=running.group, state="graded", points=Decimal(8), released_at=NOW)

    found = cells_of(running)

    assert [found[name].points for name in ("Ann Peeters", "Bo Li", "Cy Young")] == [Decimal(8), Decimal(8), None]


def test_best_released_attempt_counts(running):
    ann = running.students[0]
    for number, points in enumerate((6, 9, 4), start=1):
        attempt(running, ann, number=number, state="graded", points=Decimal(points), released_at=NOW)

    assert cells_of(running)["Ann Peeters"].points == Decimal(9)


def test_who_left_is_on_a_page_of_their_own_and_in_the_file(client, lecturer, running):
    ann = running.students[0]
    attempt(running, ann, state="graded", points=Decimal(6), released_at=NOW)
    running.members[0].delete()
    client.force_login(lecturer)
    address = reverse("courses:gradebook", args=["mkc-101", running.run.pk])

    assert [row.name for row in client.get(address).context["rows"]] == ["Bo Li", "Cy Young"]
    assert [row.name for row in client.get(address, {"show": "left"}).context["rows"]] == ["Ann Peeters"]
    file = client.get(reverse("courses:gradebook-export", args=["mkc-101", running.run.pk])).content.decode()
    assert [row[0] for row in cells.read(file)] == ["Name", "Bo Li", "Cy Young", "Ann Peeters"]


def test_gradebook_without_assessed_activities_says_so(client, lecturer, running):
    Activity.objects.filter(pk=running.offer.activity_id).update(type_key="reading", assessment="none")
    client.force_login(lecturer)

    response = client.get(reverse("courses:gradebook", args=["mkc-101", running.run.pk]))

    assert "Nothing is assessed in this run" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?page=999", "?page=x", "?show=left", "?show=%3Cb%3E"])
def test_gradebook_answers_whatever_the_address_asks(client, lecturer, running, query):
    client.force_login(lecturer)

    assert client.get(reverse("courses:gradebook", args=["mkc-101", running.run.pk]) + query).status_code == 200


# --- Many ---------------------------------------------------------------------------------------------------------


def fill(running, *, students, offers):
    """That many students and uploads, with a released attempt and its progress for every pair."""
    people = User.objects.bulk_create(
        User(email=f"many{n}@example.org", name=f"Many {n:04}", password="!") for n in range(students)
    )
    Membership.objects.bulk_create(Membership(cohort=running.cohort, user=person) for person in people)
    for number in range(offers):
        activity = ActivityFactory(type_key="upload", title=f"Upload {number}", config={"max_points": 10})
        offer = Offer.objects.create(activity=activity, cohort=running.cohort, opens_at=NOW, due_at=NOW, closes_at=None)
        RunOffer.objects.create(
            run=running.run,
            offer=offer,
            placement=PlacementFactory(design=running.run.design, activity=activity),
            week_number=1,
            moment="after",
        )
        Attempt.objects.bulk_create(
            Attempt(
                offer=offer,
                user=person,
                started_at=NOW,
                submitted_at=NOW,
                state="graded",
                released_at=NOW,
                points=Decimal(7),
            )
            for person in people
        )
        Progress.objects.bulk_create(
            Progress(offer=offer, user=person, state="done", share=100, points=Decimal(7), updated_at=NOW)
            for person in people
        )


@pytest.mark.parametrize(("students", "offers"), [(1, 1), (3, 3), (250, 4)])
def test_F51_gradebook_costs_the_same_whatever_it_holds(
    client, lecturer, running, students, offers, django_assert_num_queries
):
    fill(running, students=students, offers=offers)
    client.force_login(lecturer)

    # Four for person, menu and bell; the run; offers, waiting work, holidays, number of students, students, progress,
    # who made group work, attempts.
    with django_assert_num_queries(12):
        response = client.get(reverse("courses:gradebook", args=["mkc-101", running.run.pk]))

    assert len(response.context["rows"]) == min(100, students + 3)
    assert len(response.context["columns"]) == offers + 1


def test_F51_the_gradebook_itself_asks_at_most_eight_times(running, django_assert_num_queries):
    fill(running, students=30, offers=5)

    with django_assert_num_queries(7):
        offers = assessed_offers(running.run)
        columns_of(running.run, offers, at=NOW)
        rows_of(students_of(running.run)[:100], offers)


@pytest.mark.parametrize("students", [1, 60])
def test_F51_export_costs_the_same_whatever_it_holds(client, lecturer, running, students, django_assert_num_queries):
    fill(running, students=students, offers=2)
    client.force_login(lecturer)

    with django_assert_num_queries(10):
        response = client.get(reverse("courses:gradebook-export", args=["mkc-101", running.run.pk]))

    assert len(cells.read(response.content.decode())) == students + 4


# --- The file -----------------------------------------------------------------------------------------------------


def test_F44_formulas_are_neutralised_and_come_back_exactly(client, lecturer, running):
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\tTab", "\rReturn", "'=1+1", "'s-Graaf, An", 'Quote "d"']
    for name in names:
        MembershipFactory(cohort=running.cohort, user=UserFactory(name=name), student_number=f"={name}"[:40])
    running.offer.activity.title = "=HYPERLINK(1)"
    running.offer.activity.save()
    attempt(running, running.students[0], state="graded", points=Decimal("7.50"), max_points=10, late=True)
    client.force_login(lecturer)

    response = client.get(reverse("courses:gradebook-export", args=["mkc-101", running.run.pk]))

    text = response.content.decode()
    raw = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert not [cell for row in raw for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    rows = cells.read(text)
    assert {row[0] for row in rows[1:]} == {*names, "Ann Peeters", "Bo Li", "Cy Young"}
    assert rows[0][4:] == ["=HYPERLINK(1) (of 10)", "=HYPERLINK(1): state"]
    (ann,) = (row for row in rows if row[0] == "Ann Peeters")
    assert ann[3:] == ["Group A", "7.5", "feedback not released, late"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="mkc-101-autumn-2026.csv"'
    assert "no-store" in response["Cache-Control"]
