"""The pages of changing a run: what they show, who may see them, and what they answer when something is wrong."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Attempt, Offer, Progress
from courses.models import Course, Publication, RunOffer
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
from tests.factories import MembershipFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    time_machine.move_to(AT, tick=False)
    return running_course()


@pytest.fixture
def url(world):
    return lambda name, *more: reverse(f"courses:{name}", args=["mkc-101", *(more or [world.run.pk])])


@pytest.fixture
def waiting(world):
    """Version 2 moves an upload by a week, leaves one out and brings one."""
    second = second_version(world)
    to_week(second, "Upload 3", 4)
    card(second, "Upload 4").delete()
    PlacementFactory(design=second, week_number=3, activity=upload("Peer look"), moment="after")
    return second


def titles(shown):
    return [each.line.title for each in shown]


# --- A version that waits -----------------------------------------------------------------------------------------


def test_run_says_which_version_it_follows_and_what_waits(client, world, url, waiting):
    client.force_login(world.lecturer)

    response = client.get(url("run"))

    words = " ".join(response.content.decode().split())
    assert "follows version 1" in words
    assert "Version 2 is approved and waits." in words
    assert "1 date moves" in words
    assert response.context["waiting"].effect.dates_moved == 1


def test_preview_shows_everything_before_anything_is_done(client, world, url, waiting):
    Progress.objects.create(offer=offer(world, "Text 1"), user=world.students[0], updated_at=AT)
    edit(waiting, "Text 1", title="Text one")
    client.force_login(world.lecturer)
    before = rows_of(world.run)

    preview = client.get(url("run-publish")).context["preview"]

    assert titles(preview.moved) == ["Upload 3"]
    assert preview.moved[0].line.feedback_moves
    assert (titles(preview.new), titles(preview.gone)) == (["Peer look"], ["Upload 4"])
    assert [(each.line.title, each.people.names) for each in preview.edited] == [("Text one", ("Student 0",))]
    assert preview.students == len(world.students)
    assert rows_of(world.run) == before


def test_confirming_publishes_and_leads_to_where_it_is_taken_back(client, world, url, waiting):
    client.force_login(world.lecturer)
    seen = client.get(url("run-publish")).context["change"].seen

    response = client.post(url("run-publish"), {"version": 2, "seen": seen, "note": "Sorry!"})

    assert (response.status_code, response.url) == (303, url("run-changes"))
    publication = Publication.objects.get()
    assert (publication.note, fresh(world.run).design) == ("Sorry!", waiting)
    history = client.get(response.url)
    assert [each.can_undo for each in history.context["published"]] == [True]

    undone = client.post(url("publication-undo", publication.pk), follow=True)

    assert fresh(world.run).design == world.first
    assert "taken back" in undone.content.decode()


def test_two_clicks_publish_once(client, world, url, waiting):
    client.force_login(world.lecturer)
    seen = client.get(url("run-publish")).context["change"].seen

    for _click in range(2):
        response = client.post(url("run-publish"), {"version": 2, "seen": seen})
        assert response.status_code == 303

    assert Publication.objects.count() == 1


def test_preview_that_is_not_true_any_more_is_shown_anew(client, world, url, waiting):
    client.force_login(world.lecturer)
    seen = client.get(url("run-publish")).context["change"].seen
    Progress.objects.create(offer=offer(world, "Upload 3"), user=world.students[0], updated_at=AT)

    response = client.post(url("run-publish"), {"version": 2, "seen": seen, "note": "Kept words"})

    assert response.status_code == 409
    assert titles(response.context["preview"].kept) == ["Upload 3"]
    assert "Kept words" in response.content.decode()
    assert not Publication.objects.exists()


def test_note_that_is_too_long_stays_in_its_field(client, world, url, waiting):
    client.force_login(world.lecturer)
    seen = client.get(url("run-publish")).context["change"].seen

    response = client.post(url("run-publish"), {"version": 2, "seen": seen, "note": "x" * 501})

    assert response.status_code == 422
    assert "x" * 501 in response.content.decode()


def test_more_time_is_given_to_what_has_begun_when_the_lecturer_says_so(client, world, url):
    second = second_version(world)
    to_week(second, "Upload 1", 2)
    begun = offer(world, "Upload 1")
    Progress.objects.create(offer=begun, user=world.students[0], updated_at=AT)
    client.force_login(world.lecturer)
    page = client.get(url("run-publish"))
    (kept,) = page.context["preview"].kept

    client.post(url("run-publish"), {"version": 2, "seen": page.context["change"].seen, "extend": [kept.line.key]})

    after = Offer.objects.get(pk=begun.pk)
    assert (after.opens_at, after.due_at) == (begun.opens_at, begun.due_at + timedelta(weeks=1))


def test_without_a_version_that_waits_the_page_says_what_to_do(client, world, url):
    client.force_login(world.lecturer)

    response = client.get(url("run-publish"))

    assert response.status_code == 200
    assert "No version waits for this run" in response.content.decode()


def test_undo_of_yesterday_is_refused_in_place(client, world, url, waiting, time_machine):
    publication = publish(world, waiting)
    time_machine.move_to(AT + timedelta(hours=25), tick=False)
    client.force_login(world.lecturer)

    response = client.post(url("publication-undo", publication.pk))

    assert response.status_code == 409
    assert "A day has passed" in response.content.decode()


# --- Shifts -------------------------------------------------------------------------------------------------------


def test_class_moves_by_a_week_in_few_clicks(client, world, url):
    row = RunOffer.objects.get(offer=offer(world, "Class 4"))
    before = offer(world, "Class 4").opens_at
    client.force_login(world.lecturer)
    asked = {"offer": row.pk, "scope": "one", "number": 1, "unit": "weeks", "way": "later"}

    page = client.get(url("run-shift"), asked)
    response = client.post(url("run-shift"), {**asked, "seen": page.context["change"].seen, "note": ""})

    assert sorted(titles(page.context["preview"].moved)) == ["Class 4", "Text 4", "Upload 4"]
    assert response.status_code == 303
    assert offer(world, "Class 4").opens_at == before + timedelta(weeks=1)
    assert dict(world.run.weeks.values_list("number", "monday"))[5]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"week": 4}, 200),
        ({"week": 4, "scope": "week", "number": 1, "unit": "weeks", "way": "later"}, 200),
        ({"week": 4, "scope": "onwards", "number": 3, "unit": "days", "way": "later"}, 422),
        ({"week": 4, "scope": "onwards", "number": 1, "unit": "weeks", "way": "earlier"}, 422),
        ({"week": 4, "scope": "one", "number": 1, "unit": "weeks", "way": "later"}, 422),
        ({"week": 4, "scope": "week", "number": 0, "unit": "weeks", "way": "later"}, 422),
        ({"week": 4, "scope": "week", "number": "many", "unit": "weeks", "way": "later"}, 422),
        ({"week": 4, "scope": "week", "number": 60, "unit": "weeks", "way": "later"}, 422),
        ({"week": 99}, 404),
        ({"week": "x"}, 404),
        ({"offer": 99999999}, 404),
        ({}, 404),
    ],
)
def test_shift_says_what_is_wrong_with_what_was_asked(client, world, url, asked, status):
    client.force_login(world.lecturer)

    assert client.get(url("run-shift"), asked).status_code == status


def test_shift_of_a_foreign_offer_is_not_found(client, world, url):
    other = RunOffer.objects.get(offer=offer(world, "Class 4"))
    Course.objects.filter(pk=world.course.pk).update(code="other")
    second = running_course()
    client.force_login(second.lecturer)

    response = client.get(reverse("courses:run-shift", args=["mkc-101", second.run.pk]), {"offer": other.pk})

    assert response.status_code == 404


def test_window_of_what_was_withdrawn_cannot_be_set(client, world, waiting):
    gone = RunOffer.objects.get(offer=offer(world, "Upload 4"))
    publish(world, waiting)
    client.force_login(world.lecturer)

    assert client.get(reverse("courses:run-offer", args=["mkc-101", gone.pk])).status_code == 404


def test_what_was_withdrawn_is_on_no_page_of_a_student(client, world, waiting):
    gone = RunOffer.objects.get(offer=offer(world, "Upload 4"))
    student = world.students[0]
    client.force_login(student)
    fourth = reverse("courses:week") + "?of=2026-12-07"
    assert "Upload 4" in client.get(fourth).content.decode()

    publish(world, waiting)

    for address in (fourth, reverse("courses:week"), reverse("courses:overview", args=["mkc-101"])):
        assert "Upload 4" not in client.get(address).content.decode()
    page = client.get(reverse("courses:activity", args=["mkc-101", gone.pk])).content.decode()
    assert "This is not part of the course any more" in page


def test_gradebook_feedback_and_week_go_on_after_a_publication(client, world, waiting):
    handed_in = offer(world, "Upload 1")
    Offer.objects.filter(pk=handed_in.pk).update(opens_at=AT - timedelta(days=1))
    Attempt.objects.create(
        offer=handed_in, user=world.students[0], started_at=AT, submitted_at=AT, state="submitted", text="Mine"
    )
    Progress.objects.create(offer=handed_in, user=world.students[0], state="submitted", updated_at=AT)
    edit(waiting, "Upload 1", title="Upload one", assessment="formative")
    publish(world, waiting)
    row = RunOffer.objects.get(offer=handed_in)

    client.force_login(world.lecturer)
    gradebook = client.get(reverse("courses:gradebook", args=["mkc-101", world.run.pk]))
    feedback = client.get(reverse("courses:feedback", args=["mkc-101", row.pk]))
    client.force_login(world.students[0])
    page = client.get(reverse("courses:activity", args=["mkc-101", row.pk]))

    assert "Upload one" in gradebook.content.decode()
    assert "Peer look" in gradebook.content.decode()
    assert "Upload 4" not in gradebook.content.decode()
    assert feedback.status_code == 200
    assert "Student 0" in feedback.content.decode()
    assert "Mine" in page.content.decode()


# --- Rights -------------------------------------------------------------------------------------------------------

PEOPLE = {"lecturer": 200, "coach": 403, "student": 403, "stranger": 404}


@pytest.mark.parametrize(("who", "status"), PEOPLE.items())
@pytest.mark.parametrize("name", ["run-publish", "run-shift"])
def test_only_lecturers_change_a_run(client, world, url, waiting, who, status, name):
    client.force_login(person(world, who))

    assert client.get(url(name), {"week": 4}).status_code == status


@pytest.mark.parametrize(("who", "status"), [("coach", 403), ("student", 403), ("stranger", 404)])
def test_only_lecturers_publish_and_take_back(client, world, url, waiting, who, status):
    publication = publish(world, waiting)
    client.force_login(person(world, who))

    assert client.post(url("publication-undo", publication.pk)).status_code == status
    assert client.post(url("run-publish"), {"version": 2}).status_code == status
    assert fresh(world.run).design == waiting


@pytest.mark.parametrize(("who", "status"), [("lecturer", 200), ("coach", 200), ("student", 403), ("stranger", 404)])
@pytest.mark.parametrize("name", ["run-changes", "run-ready", "design-ready"])
def test_staff_look_at_what_was_changed_and_what_is_not_built(client, world, url, who, status, name):
    client.force_login(person(world, who))

    response = client.get(url(name, 1) if name == "design-ready" else url(name))

    assert response.status_code == status


def person(world, who):
    if who == "coach":
        Course.objects.filter(pk=world.course.pk).update(coach=world.coach)
    return {
        "lecturer": world.lecturer,
        "coach": world.coach,
        "student": world.students[0],
        "stranger": UserFactory(),
    }[who]


# --- Costs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(client, world, url, waiting, count):
    for number in range(count):
        to_week(waiting, f"Text {number + 2}", 4)
        PlacementFactory(design=waiting, week_number=2, activity=upload(f"More {number}"), moment="after")
        MembershipFactory(cohort=world.cohort)
    client.force_login(world.lecturer)
    shift = {"week": 4, "scope": "week", "number": 1, "unit": "weeks", "way": "later"}
    asked = {
        "run": (url("run"), {}),
        "publish": (url("run-publish"), {}),
        "shift": (url("run-shift"), shift),
        "changes": (url("run-changes"), {}),
        "ready": (url("run-ready"), {}),
        "design": (url("design-ready", 2), {}),
    }

    cost = {}
    for name, (address, query) in asked.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(address, query)
        cost[name] = len(queries)

    # Above 8: a run beside two versions of its design, and whom it concerns.
    assert cost == {"run": 12, "publish": 12, "shift": 11, "changes": 5, "ready": 7, "design": 6}
