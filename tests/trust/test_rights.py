"""Whose number may stand in an address (trust.md F42): people, roles and objects of the neighbours."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from activities import registry
from activities.models import Attempt, AttemptFile, Material, Post
from blendedu.demo.world import World
from blendedu.people.models import Appointment, Membership, Unit
from blendedu.people.services import place_unit
from courses.models import Design, Run, RunOffer, Teaching
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    CohortFactory,
    CourseFactory,
    DesignFactory,
    GroupFactory,
    MembershipFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)
from tests.sweep_table import Places
from tests.test_sweep import client_of, reading_only, walk

pytestmark = pytest.mark.django_db

# Numbers of these addresses count versions and weeks of a course; each course has its own 2.
COUNTED = {
    "courses:design-next",
    "courses:comment-add",
    "courses:week-edit",
    "courses:week-rename",
    "courses:week-remove",
}


OF_A_PLAN = {
    f"courses:{name}" for name in ("outcome-edit", "outcome-remove", "outcome-move", "link-edit", "link-remove")
}


@pytest.mark.parametrize(("persona", "who"), [("lecturer", "lecturer"), ("student", "Joost Smit"), ("coach", "coach")])
def test_an_object_is_found_under_its_own_course_only(demo_world: World, persona: str, who: str) -> None:
    # The same person has the same rights in both courses; only the number belongs to the other one.
    other = Run.objects.exclude(course__code="MKC-101").filter(course__code="STAT-101").get()
    person = demo_world.people[who]
    if persona == "lecturer":
        Teaching.objects.get_or_create(course=other.course, user=person)
    elif persona == "coach":
        type(other.course).objects.filter(pk=other.course.pk).update(coach=person)
    else:
        Membership.objects.get_or_create(cohort=other.cohort, user=person)
    client = client_of(demo_world, persona)
    found = []

    for name, row, address in walk(Places(demo_world)):
        arguments = row.arguments(Places(demo_world))
        if arguments[:1] != ("MKC-101",) or len(arguments) < 2 or name in COUNTED:
            continue
        if not any(isinstance(argument, int) for argument in arguments):
            continue
        foreign = address.replace("/MKC-101/", f"/{other.course.code}/")
        with reading_only():
            statuses = {client.get(foreign).status_code, client.post(foreign, {"text": "x"}).status_code}
        # What belongs to a plan is looked for within the design of the board, and refused in words.
        refused = {403, 409, 422} if name in OF_A_PLAN else {404}
        if statuses - refused - {405} or not statuses & refused:
            found.append(f"{name} {foreign}: {statuses}")

    assert "\n".join(found) == ""


# --- Two runs of one course -------------------------------------------------------------------------------------------


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vos")


@pytest.fixture
def unit():
    return place_unit(Unit(name="School"))


@pytest.fixture
def course(unit, lecturer):
    return CourseFactory(code="mkc", unit=unit, lecturer=lecturer)


def run_of(course, name):
    cohort = CohortFactory(unit=course.unit, name=name)
    number = course.designs.count() + 1
    design = DesignFactory(course=course, number=number, state=Design.State.APPROVED)
    run = RunFactory(course=course, design=design, cohort=cohort, name=name)
    run.group = GroupFactory(cohort=cohort, name=f"Group of {name}")
    run.student = MembershipFactory(cohort=cohort, user=UserFactory(name=f"Student of {name}"), group=run.group).user
    return run


def offered(run, type_key, **fields):
    config = {"link": "https://meet.example.org/x"} if type_key == "session" else {}
    row = RunOfferFactory(run=run, activity=ActivityFactory(type_key=type_key, config=config, **fields))
    now = timezone.now()
    row.offer.opens_at, row.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    row.offer.save()
    return row


@pytest.fixture
def mine(course):
    return run_of(course, "A")


@pytest.fixture
def theirs(course):
    return run_of(course, "B")


TYPES = [known.key for known in registry.every()]


@pytest.mark.parametrize("type_key", TYPES)
def test_student_of_another_run_of_the_course_is_refused(client, mine, theirs, type_key):
    row = offered(theirs, type_key)
    client.force_login(mine.student)
    page = reverse("courses:activity", args=["mkc", row.pk])
    known = registry.get(type_key)

    with reading_only():
        statuses = [client.get(page).status_code]
        statuses += [client.post(f"{page}{action}/", {"text": "x"}).status_code for action in known.actions]
        statuses += [client.get(f"{page}{look}/").status_code for look in known.looks]
        statuses.append(client.post(reverse("courses:class-question", args=["mkc", row.pk])).status_code)

    # A student of the course has a tie to it: a refusal and no secret.
    assert set(statuses) == {403}


def file_of(row, **owner):
    attempt = Attempt.objects.create(
        offer=row.offer, state="submitted", started_at=timezone.now(), submitted_at=timezone.now(), **owner
    )
    by = owner.get("user") or Membership.objects.filter(group=owner["group"]).first().user
    return AttemptFile.objects.create(
        attempt=attempt,
        file=ContentFile(b"x", name="x"),
        name="x.pdf",
        size=1,
        content_type="application/pdf",
        sha256="0",
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )


def test_files_of_other_students_groups_and_runs_are_not_found(client, mine, theirs):
    row = offered(mine, "upload")
    mate = MembershipFactory(cohort=mine.cohort).user
    group = GroupFactory(cohort=mine.cohort)
    MembershipFactory(cohort=mine.cohort, group=group)
    files = [
        file_of(row, user=mate),
        file_of(row, group=group),
        file_of(offered(theirs, "upload"), user=theirs.student),
    ]
    client.force_login(mine.student)

    statuses = [client.get(reverse("courses:attempt-file", args=["mkc", file.pk])).status_code for file in files]

    assert statuses == [404, 404, 404]


def test_material_of_another_run_is_found_by_nobody_but_its_students_and_staff(client, mine, theirs, lecturer):
    row = offered(theirs, "clip")
    material = Material.objects.create(
        activity=row.offer.activity,
        kind="clip",
        file=ContentFile(b"x", name="x"),
        name="x.mp4",
        size=1,
        content_type="video/mp4",
    )
    address = reverse("courses:material", args=["mkc", material.pk])
    seen = {}

    for person in (mine.student, theirs.student, lecturer, UserFactory(name="Stranger")):
        client.force_login(person)
        seen[person.name] = client.get(address).status_code

    assert seen == {"Student of A": 403, "Student of B": 200, "Eva Vos": 200, "Stranger": 404}


def test_material_of_what_is_not_open_yet_is_refused(client, mine):
    row = offered(mine, "clip")
    row.offer.opens_at = timezone.now() + timedelta(hours=1)
    row.offer.save()
    material = Material.objects.create(
        activity=row.offer.activity,
        kind="clip",
        file=ContentFile(b"x", name="x"),
        name="x.mp4",
        size=1,
        content_type="video/mp4",
    )
    client.force_login(mine.student)

    assert client.get(reverse("courses:material", args=["mkc", material.pk])).status_code == 403


def test_what_is_shared_before_the_board_opens_is_not_found(client, mine, lecturer):
    row = offered(mine, "shareboard")
    row.offer.opens_at = timezone.now() + timedelta(hours=1)
    row.offer.save()
    post = Post.objects.create(
        offer=row.offer,
        author=lecturer,
        title="x",
        by_lecturer=True,
        created_at=timezone.now(),
        file=ContentFile(b"canary", name="x"),
        file_name="x.pdf",
        file_size=6,
        file_type="application/pdf",
    )
    address = reverse("courses:activity-act", args=["mkc", row.pk, "file"])
    client.force_login(mine.student)

    assert client.get(address, {"post": post.pk}).status_code == 404


def test_members_groups_and_comments_of_another_run_are_not_found(client, mine, theirs, lecturer):
    work = file_of(offered(mine, "upload"), user=mine.student).attempt
    other = file_of(offered(theirs, "upload"), user=theirs.student).attempt
    remark = other.remarks.create(author=lecturer, text="x", created_at=timezone.now())
    member = Membership.objects.get(user=theirs.student)
    client.force_login(lecturer)
    run = ["mkc", mine.pk]

    statuses = [
        client.post(reverse("courses:member-leave", args=[*run, member.pk])).status_code,
        client.post(reverse("courses:group-rename", args=[*run, theirs.group.pk]), {"name": "x"}).status_code,
        client.post(reverse("courses:group-remove", args=[*run, theirs.group.pk])).status_code,
        client.post(reverse("courses:remark-remove", args=["mkc", work.pk, remark.pk])).status_code,
    ]
    moved = client.post(reverse("courses:groups-move", args=run), {"members": [member.pk], "to": mine.group.pk})

    assert (statuses, moved.status_code) == ([404] * 4, 409)
    member.refresh_from_db()
    assert member.group == theirs.group


def test_feedback_of_another_offer_is_not_released(client, mine, theirs, lecturer):
    other = file_of(offered(theirs, "upload"), user=theirs.student).attempt
    Attempt.objects.filter(pk=other.pk).update(state="graded", points=5)
    row = offered(mine, "upload")
    client.force_login(lecturer)

    client.post(reverse("courses:feedback-release", args=["mkc", row.pk]), {"attempt": [other.pk]})

    other.refresh_from_db()
    assert other.released_at is None


def test_comment_cannot_be_on_a_file_of_other_work(client, mine, theirs, lecturer):
    work = file_of(offered(mine, "upload"), user=mine.student).attempt
    other = file_of(offered(theirs, "upload"), user=theirs.student)
    client.force_login(lecturer)

    response = client.post(
        reverse("courses:feedback-attempt", args=["mkc", work.pk]),
        {"remark": "x", "file": other.pk, "revision": 0, "feedback": ""},
    )

    assert (response.status_code, work.remarks.count()) == (422, 0)


# --- People who are no longer what they were ----------------------------------------------------------------------


def test_who_left_a_run_finds_nothing_of_it(client, mine):
    row = offered(mine, "upload")
    file = file_of(row, group=mine.group)
    Membership.objects.filter(user=mine.student).delete()
    client.force_login(mine.student)
    page = reverse("courses:activity", args=["mkc", row.pk])

    statuses = [
        client.get(page).status_code,
        client.post(f"{page}save/", {"text": "x"}).status_code,
        client.get(reverse("courses:overview", args=["mkc"])).status_code,
    ]

    assert (statuses, file.attempt.text) == ([404] * 3, "")


def test_lecturer_who_was_removed_finds_nothing(client, course, mine, lecturer):
    work = file_of(offered(mine, "upload"), user=mine.student)
    Teaching.objects.filter(user=lecturer).delete()
    client.force_login(lecturer)

    addresses = [
        reverse("courses:studio", args=["mkc"]),
        reverse("courses:feedback-attempt", args=["mkc", work.attempt.pk]),
        reverse("courses:attempt-file", args=["mkc", work.pk]),
        reverse("courses:gradebook-export", args=["mkc", mine.pk]),
    ]

    assert [client.get(address).status_code for address in addresses] == [404] * 4


def test_account_that_is_closed_is_out_at_its_next_request(client, mine):
    client.force_login(mine.student)
    client.get(reverse("courses:week"))
    type(mine.student).objects.filter(pk=mine.student.pk).update(is_active=False)

    response = client.get(reverse("courses:week"))

    assert (response.status_code, response["Location"].startswith("/account/login/")) == (302, True)


@pytest.mark.parametrize("role", [Appointment.Role.DIRECTOR, Appointment.Role.ADMINISTRATOR, Appointment.Role.COACH])
def test_appointment_in_a_sibling_whose_number_begins_alike_gives_nothing(client, lecturer, role):
    # /70/ is not above /701/, though the text begins alike.
    root = Unit.objects.create(name="Root", path="/70/")
    cousin = Unit.objects.create(name="Cousin", path="/701/")
    course = CourseFactory(code="mkc", unit=cousin, lecturer=lecturer)
    person = AppointmentFactory(unit=root, role=role).user
    client.force_login(person)

    assert client.get(reverse("courses:overview", args=[course.code])).status_code == 404


def test_appointment_below_a_course_gives_nothing_above(client, lecturer):
    top = place_unit(Unit(name="Top"))
    below = place_unit(Unit(name="Below", parent=top))
    course = CourseFactory(code="mkc", unit=top, lecturer=lecturer)
    person = AppointmentFactory(unit=below, role=Appointment.Role.DIRECTOR).user
    client.force_login(person)

    assert client.get(reverse("courses:overview", args=[course.code])).status_code == 404


def test_appointment_as_lecturer_of_a_unit_opens_no_course(client, course):
    person = AppointmentFactory(unit=course.unit, role=Appointment.Role.LECTURER).user
    client.force_login(person)

    assert client.get(reverse("courses:overview", args=["mkc"])).status_code == 404


# --- Staff who only look --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_key", TYPES)
def test_coach_looks_at_an_activity_without_acting_and_without_what_students_left(client, course, mine, type_key):
    row = offered(mine, type_key)
    Post.objects.create(offer=row.offer, author=mine.student, title="canary", text="canary", created_at=timezone.now())
    Attempt.objects.create(offer=row.offer, user=mine.student, started_at=timezone.now(), text="canary")
    course.coach = UserFactory()
    course.save()
    client.force_login(course.coach)
    page = reverse("courses:activity", args=["mkc", row.pk])
    known = registry.get(type_key)

    shown = client.get(page)
    with reading_only():
        acted = {client.post(f"{page}{action}/", {"text": "x"}).status_code for action in known.actions}
        looked = {client.get(f"{page}{look}/", {"post": 1, "attempt": 1}).status_code for look in known.looks}

    assert shown.status_code == 200
    assert "canary" not in shown.content.decode()
    assert acted | looked == {403}


@pytest.mark.parametrize("type_key", TYPES)
@pytest.mark.parametrize(("opens", "due", "closes"), [(1, 2, None), (-3, -2, -1)])
def test_nothing_is_taken_outside_of_the_window(client, mine, type_key, opens, due, closes):
    # F18: one rule for every type.
    row = offered(mine, type_key)
    now = timezone.now()
    row.offer.opens_at, row.offer.due_at = now + timedelta(days=opens), now + timedelta(days=due)
    row.offer.closes_at = now + timedelta(days=closes) if closes else None
    row.offer.save()
    client.force_login(mine.student)
    page = reverse("courses:activity", args=["mkc", row.pk])
    known = registry.get(type_key)
    sent = {"text": "x", "title": "x", "link": "https://example.org", "played": "[[0, 5]]", "length": 9, "hand_in": "1"}

    with reading_only():
        statuses = {action: client.post(f"{page}{action}/", sent).status_code for action in known.actions}

    assert set(statuses.values()) <= {403, 404, 409}, statuses
    assert RunOffer.objects.filter(pk=row.pk).exists()
