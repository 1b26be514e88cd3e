"""Work belongs to those who were in the group when it was handed in, whatever becomes of the group (trust.md F49)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.models import Attempt, AttemptFile, Progress
from blendedu.journal.models import Notice
from courses.queries.gradebook import assessed_offers, former_rows_of, former_students_of, rows_of, students_of
from courses.services import feedback, people
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vos")


@pytest.fixture
def upload(lecturer):
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer), cohort=CohortFactory())
    activity = ActivityFactory(
        type_key="upload", title="Report", grouping="group", assessment="formative", config={"max_points": 10}
    )
    row = RunOfferFactory(run=run, activity=activity, moment="after")
    now = timezone.now()
    row.offer.opens_at, row.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    row.offer.save()
    return row


def member(upload, name, group):
    return MembershipFactory(cohort=upload.run.cohort, user=UserFactory(name=name), group=group)


@pytest.fixture
def group(upload):
    return GroupFactory(cohort=upload.run.cohort, name="Group A")


@pytest.fixture
def team(upload, group):
    """Ann and Bo of Group A have handed in; then a lecturer moves Bo to Group B, and Cy comes to Group A."""
    return [member(upload, name, group) for name in ("Ann", "Bo")]


def hand_in(client, upload, by):
    client.force_login(by.user)
    page = reverse("courses:activity-act", args=["mkc", upload.pk, "save"])
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.7 ours")
    return client.post(page, {"text": "Ours", "files": file, "hand_in": "1", "number": "1", "revision": "0"})


def mix(upload, team, lecturer):
    other = GroupFactory(cohort=upload.run.cohort, name="Group B")
    people.move_members(upload.run.cohort, [team[1].pk], to=other, by=lecturer, at=timezone.now())
    member(upload, "Cy", team[0].group)


def give(attempt, points, lecturer):
    feedback.give(
        attempt,
        points=Decimal(points),
        feedback="Well argued.",
        remark="",
        file=None,
        revision=attempt.revision,
        release=True,
        by=lecturer,
        at=timezone.now(),
    )


def points_in_gradebook(upload):
    offers = assessed_offers(upload.run)
    return {row.name: row.cells[0].points for row in rows_of(students_of(upload.run), offers)}


def test_result_goes_to_those_who_handed_in(client, upload, team, lecturer):
    assert hand_in(client, upload, team[0]).status_code == 303
    mix(upload, team, lecturer)

    give(Attempt.objects.get(), 8, lecturer)

    assert dict(Progress.objects.values_list("user__name", "points")) == {"Ann": Decimal(8), "Bo": Decimal(8)}
    assert sorted(Notice.objects.values_list("recipient__name", flat=True)) == ["Ann", "Bo"]
    assert points_in_gradebook(upload) == {"Ann": Decimal(8), "Bo": Decimal(8), "Cy": None}


def test_who_was_moved_still_sees_the_work_its_files_and_the_feedback(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    mix(upload, team, lecturer)
    give(Attempt.objects.get(), 8, lecturer)
    client.force_login(team[1].user)

    page = client.get(reverse("courses:activity", args=["mkc", upload.pk]))
    file = client.get(reverse("courses:attempt-file", args=["mkc", AttemptFile.objects.get().pk]))

    assert [(one.text, one.group, one.feedback.text) for one in page.context["handed_in"]] == [
        ("Ours", "Group A", "Well argued.")
    ]
    assert file.status_code == 200
    assert "Report" in client.get(reverse("courses:week")).content.decode()


def test_work_outlives_a_new_draw_of_the_groups(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    cohort = upload.run.cohort
    draw = people.people_queries.dealt(cohort, groups=1, seed=7)
    people.deal_groups(cohort, groups=1, seed=7, expected=draw.fingerprint, by=lecturer, at=timezone.now())

    give(Attempt.objects.get(), 8, lecturer)

    assert points_in_gradebook(upload) == {"Ann": Decimal(8), "Bo": Decimal(8)}


def test_who_left_the_run_keeps_the_result_of_their_group(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    people.leave(team[1], by=lecturer, at=timezone.now())
    give(Attempt.objects.get(), 8, lecturer)
    offers = assessed_offers(upload.run)

    left = former_rows_of(former_students_of(upload.run, offers), offers)

    assert [(row.name, row.cells[0].points) for row in left] == [("Bo", Decimal(8))]


def test_lecturer_reads_whose_work_it_is(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    mix(upload, team, lecturer)
    client.force_login(lecturer)

    page = client.get(reverse("courses:feedback-attempt", args=["mkc", Attempt.objects.get().pk]))

    assert page.context["submission"].people == ("Ann", "Bo")


def test_best_result_is_each_persons_own(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    give(Attempt.objects.get(), 9, lecturer)
    mix(upload, team, lecturer)
    hand_in(client, upload, team[1])

    give(Attempt.objects.get(group__name="Group B"), 5, lecturer)

    assert dict(Progress.objects.values_list("user__name", "points")) == {"Ann": Decimal(9), "Bo": Decimal(9)}


# --- Whoever comes later ------------------------------------------------------------------------------------------


def pages_of(client, person, upload):
    """What somebody can see of the work: its page, their week, and the file of it."""
    client.force_login(person.user)
    page = client.get(reverse("courses:activity", args=["mkc", upload.pk]))
    week = client.get(reverse("courses:week")).content.decode()
    file = client.get(reverse("courses:attempt-file", args=["mkc", AttemptFile.objects.order_by("pk")[0].pk]))
    return page, week, file


def test_who_comes_later_sees_that_it_was_handed_in_and_nothing_of_it(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    cy = member(upload, "Cy", team[0].group)
    give(Attempt.objects.get(), 8, lecturer)

    page, week, file = pages_of(client, cy, upload)

    text = page.content.decode()
    assert (page.context["handed_in"], len(page.context["before"]), page.context["is_done"]) == ([], 1, False)
    assert "before you came to the group" in text
    assert "Ask your lecturer whether there is something for you to do." in text
    assert "Ours" not in text
    assert "Well argued." not in text
    assert "report.pdf" not in text
    assert "New feedback" not in week
    assert "8 of 10" not in text + week
    assert file.status_code == 404


def test_who_was_there_sees_it_as_before(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    member(upload, "Cy", team[0].group)
    give(Attempt.objects.get(), 8, lecturer)

    page, week, file = pages_of(client, team[1], upload)

    assert [(one.text, one.feedback.points) for one in page.context["handed_in"]] == [("Ours", Decimal(8))]
    assert page.context["before"] == []
    assert "New feedback" in week
    assert file.status_code == 200


def test_who_comes_while_the_group_works_is_one_of_them(client, upload, team, lecturer):
    client.force_login(team[0].user)
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.7 ours")
    save = reverse("courses:activity-act", args=["mkc", upload.pk, "save"])
    client.post(save, {"text": "Half", "files": file, "number": "1", "revision": "0"})
    cy = member(upload, "Cy", team[0].group)

    page, _week, sent = pages_of(client, cy, upload)
    client.post(save, {"text": "Whole", "hand_in": "1", "number": "1", "revision": str(page.context["revision"])})
    give(Attempt.objects.get(), 8, lecturer)

    assert (page.context["current"].text, sent.status_code) == ("Half", 200)
    assert points_in_gradebook(upload) == {"Ann": Decimal(8), "Bo": Decimal(8), "Cy": Decimal(8)}
    assert [
        one.text for one in client.get(reverse("courses:activity", args=["mkc", upload.pk])).context["handed_in"]
    ] == ["Whole"]


def test_who_comes_later_hands_in_the_next_one_with_the_group(client, upload, team, lecturer):
    upload.offer.activity.config = {"max_points": 10, "attempts_allowed": 2}
    upload.offer.activity.save()
    hand_in(client, upload, team[0])
    cy = member(upload, "Cy", team[0].group)
    client.force_login(cy.user)
    page = client.get(reverse("courses:activity", args=["mkc", upload.pk]))

    save = reverse("courses:activity-act", args=["mkc", upload.pk, "save"])
    client.post(save, {"text": "Second", "hand_in": "1", "number": page.context["number"], "revision": "0"})
    give(Attempt.objects.get(number=2), 6, lecturer)

    assert "Ask your lecturer" not in page.content.decode()
    page, _week, _file = pages_of(client, cy, upload)
    assert [one.text for one in page.context["handed_in"]] == ["Second"]
    assert len(page.context["before"]) == 1
    assert points_in_gradebook(upload)["Cy"] == Decimal(6)


def test_work_of_which_nobody_wrote_down_whose_it_is_is_the_group_s(client, upload, team, lecturer):
    hand_in(client, upload, team[0])
    Attempt.objects.get().makers.clear()
    cy = member(upload, "Cy", team[0].group)

    page, _week, file = pages_of(client, cy, upload)

    assert ([one.text for one in page.context["handed_in"]], file.status_code) == (["Ours"], 200)
