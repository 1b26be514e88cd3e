"""Feedback on work: drafted, saved by two without loss, released, and never seen before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from activities.models import Attempt, AttemptFile, Progress, Remark
from blendedu.journal.models import Entry, Notice
from courses.models import Teaching
from courses.queries.feedback import Stage, work_list
from tests.factories import NOW, ActivityFactory, MembershipFactory, RunOfferFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3a"


def handed_in(offer, *, user=None, group=None, number=1, **more):
    more = {"state": "submitted", "submitted_at": NOW, "max_points": Decimal(10), **more}
    return Attempt.objects.create(offer=offer, user=user, group=group, number=number, started_at=NOW, **more)


def with_file(attempt, *, name="Poster.pdf", by=None, **more):
    return AttemptFile.objects.create(
        attempt=attempt,
        file=ContentFile(b"%PDF-1.7 hello", name="x"),
        name=name,
        size=14,
        content_type="application/pdf",
        sha256="0" * 64,
        uploaded_by=by or attempt.user,
        uploaded_at=NOW,
        **more,
    )


@pytest.fixture
def works(running):
    """One submission of each student, Ann's first."""
    return [handed_in(running.offer, user=student, text=f"Work of {student.name}") for student in running.students]


@pytest.fixture
def grade(client, lecturer):
    client.force_login(lecturer)

    def post(attempt, **changes):
        form = {"points": "7.5", "feedback": "Well argued.", "remark": "", "revision": 0, "then": "stay", **changes}
        return client.post(reverse("courses:feedback-attempt", args=["mkc-101", attempt.pk]), form)

    return post


def listed(running):
    return {line.name: line for line in work_list(running.offer).lines}


# --- The list -----------------------------------------------------------------------------------------------------


def test_list_says_where_everybody_s_work_stands(running):
    ann, bo, cy = running.students
    handed_in(running.offer, user=ann, late=True)
    handed_in(running.offer, user=bo, state="graded", points=Decimal(8))
    MembershipFactory(cohort=running.cohort, user=UserFactory(name="Di Done"))
    handed_in(
        running.offer, user=running.cohort.memberships.get(user__name="Di Done").user, state="graded", released_at=NOW
    )
    Attempt.objects.create(offer=running.offer, user=cy, started_at=NOW)

    lines = listed(running)

    assert {name: line.stage for name, line in lines.items()} == {
        "Ann Peeters": Stage.TO_DO,
        "Bo Li": Stage.DRAFT,
        "Cy Young": Stage.MISSING,
        "Di Done": Stage.RELEASED,
    }
    assert lines["Ann Peeters"].late
    assert lines["Cy Young"].begun


def test_group_work_is_one_line_and_those_without_a_group_stand_alone(running):
    running.offer.activity.grouping = "group"
    handed_in(running.offer, group=running.group)

    lines = listed(running)

    assert list(lines) == ["Group A", "Cy Young"]
    assert lines["Group A"].people == ("Ann Peeters", "Bo Li")


def test_last_attempt_of_a_student_is_the_one_to_answer(running):
    ann = running.students[0]
    handed_in(running.offer, user=ann, number=1, state="graded", released_at=NOW)
    second = handed_in(running.offer, user=ann, number=2)

    line = listed(running)["Ann Peeters"]

    assert (line.attempt_id, line.number, line.stage) == (second.pk, 2, Stage.TO_DO)


def test_F49_work_of_who_left_is_still_listed(running, works):
    running.members[0].delete()

    assert listed(running)["Ann Peeters"].left


def test_F49_work_of_a_group_whose_members_moved_away_is_still_listed(running):
    running.offer.activity.grouping = "group"
    handed_in(running.offer, group=running.group)
    running.cohort.memberships.update(group=None)

    assert list(listed(running)) == ["Group A", "Ann Peeters", "Bo Li", "Cy Young"]


def test_list_filters_by_stage(client, lecturer, running, works):
    client.force_login(lecturer)
    Attempt.objects.filter(pk=works[1].pk).update(state="graded")
    address = reverse("courses:feedback", args=["mkc-101", running.run_offer.pk])

    drafts = client.get(address, {"stage": "draft"}).context
    nonsense = client.get(address, {"stage": "<b>"}).context

    assert [line.name for line in drafts["page"]] == ["Bo Li"]
    assert [(word, count) for word, _query, count, _chosen in drafts["filters"]] == [
        ("All", 3),
        ("To do", 2),
        ("Not released", 1),
        ("Released", 0),
        ("Nothing handed in", 0),
    ]
    assert len(nonsense["page"]) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_it_holds(client, lecturer, running, count, django_assert_num_queries):
    for _each in range(count * 10):
        handed_in(running.offer, user=MembershipFactory(cohort=running.cohort).user)
    client.force_login(lecturer)

    with django_assert_num_queries(8):
        client.get(reverse("courses:feedback", args=["mkc-101", running.run_offer.pk]))


def test_turnaround_stands_against_the_plan(client, lecturer, running, works, time_machine):
    # Due on Sunday the 22nd; Tuesday the 1st is the seventh working day after it.
    time_machine.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False)
    client.force_login(lecturer)

    response = client.get(reverse("courses:feedback", args=["mkc-101", running.run_offer.pk]))

    assert "7 of 10 working days used, promised by Fri 4 Dec" in response.content.decode()


def test_turnaround_of_late_work_starts_when_it_came(client, lecturer, running, time_machine):
    handed_in(running.offer, user=running.students[0], late=True, submitted_at=datetime(2026, 11, 30, 9, tzinfo=UTC))
    time_machine.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False)
    client.force_login(lecturer)

    turnaround = client.get(reverse("courses:feedback", args=["mkc-101", running.run_offer.pk])).context["turnaround"]

    assert (turnaround.used, turnaround.open) == (1, True)


def test_activity_without_work_says_so(client, lecturer, running):
    row = RunOfferFactory(run=running.run, activity=ActivityFactory(type_key="reading"))
    client.force_login(lecturer)

    response = client.get(reverse("courses:feedback", args=["mkc-101", row.pk]))

    assert "Nothing is handed in here" in response.content.decode()


# --- One submission -----------------------------------------------------------------------------------------------


def test_submission_shows_work_clean_and_where_it_stands(client, lecturer, running, works):
    Attempt.objects.filter(pk=works[1].pk).update(text="**Bold** <script>alert(1)</script> [x](javascript:alert(1))")
    with_file(works[1], name="Poster <b>.pdf")
    with_file(works[1], name="taken-away.pdf", removed_at=NOW)
    client.force_login(lecturer)

    response = client.get(reverse("courses:feedback-attempt", args=["mkc-101", works[1].pk]))

    submission, text = response.context["submission"], response.content.decode()
    assert (submission.place, submission.total, submission.previous_id, submission.next_id) == (
        2,
        3,
        works[0].pk,
        works[2].pk,
    )
    assert "<strong>Bold</strong>" in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "Poster &lt;b&gt;.pdf" in text
    assert "taken-away" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_submission_costs_the_same_whatever_it_holds(
    client, lecturer, running, works, count, django_assert_num_queries
):
    for number in range(count):
        handed_in(running.offer, user=running.students[0], number=number + 2)
        Remark.objects.create(
            attempt=works[0], author=lecturer, text="So", created_at=NOW, file=with_file(works[0], name=f"{number}.pdf")
        )
    client.force_login(lecturer)

    # Above 8: the work, its files and comments, other attempts, the order of all submissions, files to choose from.
    with django_assert_num_queries(11):
        client.get(reverse("courses:feedback-attempt", args=["mkc-101", works[0].pk]))


def test_saving_keeps_a_draft_that_students_do_not_see(client, grade, running, works):
    response = grade(works[0], feedback=f"{CANARY} words", remark=f"{CANARY} comment", points="7.5")

    works[0].refresh_from_db()
    assert response.status_code == 303
    assert (works[0].points, works[0].state, works[0].released_at) == (Decimal("7.50"), "graded", None)
    assert Remark.objects.get().text == f"{CANARY} comment"
    assert not Notice.objects.exists()
    client.force_login(running.students[0])
    for address in (
        reverse("courses:activity", args=["mkc-101", running.run_offer.pk]),
        reverse("courses:week"),
        reverse("journal:inbox"),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert CANARY not in page.content.decode()
        assert "7.5" not in page.content.decode()


def test_releasing_shows_it_and_tells_the_student_once(client, grade, running, works):
    grade(works[0], feedback=f"{CANARY} words", then="release")
    grade(works[0], feedback=f"{CANARY} corrected", then="release", revision=1)

    client.force_login(running.students[0])
    page = client.get(reverse("courses:activity", args=["mkc-101", running.run_offer.pk])).content.decode()
    assert f"{CANARY} corrected" in page
    assert Notice.objects.filter(recipient=running.students[0]).count() == 1
    assert not Notice.objects.exclude(recipient=running.students[0]).exists()


def test_group_feedback_is_for_every_member(grade, running):
    work = handed_in(running.offer, group=running.group)

    grade(work, then="release")

    assert {notice.recipient for notice in Notice.objects.all()} == set(running.students[:2])
    assert set(Progress.objects.values_list("user", "points")) == {
        (student.pk, Decimal("7.50")) for student in running.students[:2]
    }


def test_save_and_next_goes_to_the_next_that_waits(grade, works):
    Attempt.objects.filter(pk=works[1].pk).update(state="graded")

    first = grade(works[0], then="next")
    last = grade(works[2], then="next")

    assert first.url == reverse("courses:feedback-attempt", args=["mkc-101", works[2].pk])
    assert last.url == reverse("courses:feedback", args=["mkc-101", works[0].offer.run_offer.pk])


def test_next_goes_round_so_that_nobody_is_passed_over(grade, works):
    assert grade(works[2], then="next").url == reverse("courses:feedback-attempt", args=["mkc-101", works[0].pk])


@pytest.mark.parametrize("points", ["-1", "10.5", "11", "NaN", "1e9", "abc", "7.555"])
def test_points_lie_between_nothing_and_the_most(grade, works, points):
    response = grade(works[0], points=points, feedback="Kept words")

    works[0].refresh_from_db()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["points"]
    assert "Kept words" in response.content.decode()
    assert (works[0].points, works[0].feedback) == (None, "")


@pytest.mark.parametrize("points", ["0", "10", "10.00", "7.25", ""])
def test_points_in_range_are_taken(grade, works, points):
    assert grade(works[0], points=points).status_code == 303


def test_saving_nothing_at_all_says_what_is_missing(grade, works):
    response = grade(works[0], points="", feedback="  ")

    assert response.status_code == 422
    assert "Give points or write a sentence first" in response.content.decode()


def test_comment_on_a_file_of_other_work_is_refused(grade, works):
    with_file(works[0])
    foreign = with_file(works[1])

    assert grade(works[0], remark="Look", file=foreign.pk).status_code == 422
    assert not Remark.objects.exists()


def test_comment_on_a_file_is_kept_with_it(grade, works):
    file = with_file(works[0])

    grade(works[0], remark="Page 2", file=file.pk)

    assert (Remark.objects.get().file, Remark.objects.get().text) == (file, "Page 2")


def test_F28_two_graders_lose_nothing(client, grade, running, works):
    other = UserFactory(name="Tom Other")
    Teaching.objects.create(course=running.course, user=other)
    grade(works[0], feedback="Words of Eva", points="6")
    client.force_login(other)

    conflict = grade(works[0], feedback="Words of Tom", points="9", remark="Comment of Tom", revision=0)

    text = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Eva Vos saved feedback here" in text
    assert "Words of Eva" in text
    assert "Words of Tom" in text
    assert "Comment of Tom" in text
    works[0].refresh_from_db()
    assert (works[0].feedback, works[0].points) == ("Words of Eva", Decimal("6.00"))
    assert not Remark.objects.exists()
    again = grade(works[0], feedback="Both", points="8", revision=conflict.context["form"]["revision"].value())
    works[0].refresh_from_db()
    assert again.status_code == 303
    assert works[0].feedback == "Both"


def test_F28_grading_one_after_another_loses_no_word(grade, running, lecturer):
    for number in range(40):
        user = MembershipFactory(cohort=running.cohort, user=UserFactory(name=f"S {number:03}")).user
        handed_in(running.offer, user=user)
    first = Attempt.objects.get(user__name="S 000")

    address, seen = reverse("courses:feedback-attempt", args=["mkc-101", first.pk]), []
    while "work" in address:
        attempt = Attempt.objects.get(pk=int(address.rstrip("/").rsplit("/", 1)[1]))
        seen.append(attempt.user.name)
        address = grade(attempt, feedback=f"For {attempt.user.name}", then="next").url

    assert seen == [f"S {number:03}" for number in range(40)]
    assert all(attempt.feedback == f"For {attempt.user.name}" for attempt in Attempt.objects.select_related("user"))


def test_correction_after_the_release_reaches_progress(grade, running, works):
    grade(works[0], points="6", then="release")
    grade(works[0], points="8", revision=1)

    assert Progress.objects.get(user=running.students[0]).points == Decimal("8.00")
    saved = Entry.objects.filter(verb="feedback.saved").order_by("pk")
    assert [entry.details for entry in saved] == [
        {"points": "6", "before": None},
        {"points": "8", "before": "6.00"},
    ]


def test_own_comment_is_taken_back_and_a_colleague_s_stays(client, grade, lecturer, works):
    mine = Remark.objects.create(attempt=works[0], author=lecturer, text="Mine", created_at=NOW)
    theirs = Remark.objects.create(attempt=works[0], author=UserFactory(), text="Theirs", created_at=NOW)
    client.force_login(lecturer)

    # F9: the second of two clicks on one's own is no error.
    for remark, status in ((mine, 303), (theirs, 404), (mine, 303)):
        address = reverse("courses:remark-remove", args=["mkc-101", works[0].pk, remark.pk])
        assert client.post(address).status_code == status

    assert list(Remark.objects.all()) == [theirs]
    assert Entry.objects.filter(verb="feedback.remark-removed").count() == 1


# --- Releasing together -------------------------------------------------------------------------------------------


def test_all_drafts_are_released_together_and_only_those(client, lecturer, running, works):
    Attempt.objects.filter(pk__in=[works[0].pk, works[1].pk]).update(state="graded", points=5)
    client.force_login(lecturer)
    address = reverse("courses:feedback-release", args=["mkc-101", running.run_offer.pk])

    response = client.post(address, {"all": "1"}, follow=True)
    client.post(address, {"all": "1"})

    assert "Feedback on 2 submissions is released." in response.content.decode()
    assert list(Attempt.objects.filter(released_at__isnull=False).order_by("pk")) == works[:2]
    assert {notice.recipient for notice in Notice.objects.all()} == set(running.students[:2])
    assert Notice.objects.count() == 2


def test_ticked_drafts_alone_are_released(client, lecturer, running, works):
    Attempt.objects.update(state="graded", points=5)
    elsewhere = handed_in(
        RunOfferFactory(run=running.run, activity=ActivityFactory(type_key="upload")).offer,
        user=running.students[0],
        state="graded",
    )
    client.force_login(lecturer)

    client.post(
        reverse("courses:feedback-release", args=["mkc-101", running.run_offer.pk]),
        {"attempt": [works[1].pk, elsewhere.pk, "x"]},
    )

    assert list(Attempt.objects.filter(released_at__isnull=False)) == [works[1]]


def test_nothing_ticked_releases_nothing(client, lecturer, running, works):
    Attempt.objects.update(state="graded")
    client.force_login(lecturer)

    client.post(reverse("courses:feedback-release", args=["mkc-101", running.run_offer.pk]))

    assert not Attempt.objects.filter(released_at__isnull=False).exists()


# --- Files --------------------------------------------------------------------------------------------------------


def fetch(client, user, file):
    client.force_login(user)
    return client.get(reverse("courses:attempt-file", args=["mkc-101", file.pk]))


def test_file_is_sent_to_be_saved_and_never_run(client, lecturer, works):
    file = with_file(works[0], name='Zoë "x"; a\\b.pdf')

    response = fetch(client, lecturer, file)

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7 hello"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Zo%C3%AB%20%22x%22")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    assert file.file.name.startswith("attempts/")
    assert "Zo" not in file.file.name


def test_file_that_calls_itself_a_page_is_sent_as_bytes(client, lecturer, works):
    file = with_file(works[0], name="page.html")
    AttemptFile.objects.filter(pk=file.pk).update(content_type="text/html")

    assert fetch(client, lecturer, file)["Content-Type"] == "application/octet-stream"


def test_own_file_and_the_group_s_can_be_fetched_by_students(client, running, works):
    ann, bo, cy = running.students
    own = with_file(works[0])
    shared = with_file(handed_in(running.offer, group=running.group), by=ann)

    assert [fetch(client, user, own).status_code for user in (ann, bo, cy)] == [200, 404, 404]
    assert [fetch(client, user, shared).status_code for user in (ann, bo, cy)] == [200, 200, 404]


def test_file_of_work_in_progress_is_for_its_student_alone(client, lecturer, running):
    ann = running.students[0]
    open_work = Attempt.objects.create(offer=running.offer, user=ann, started_at=NOW)
    file = with_file(open_work)

    assert [fetch(client, user, file).status_code for user in (ann, lecturer)] == [200, 404]


def test_file_that_was_taken_away_is_gone_for_everybody(client, lecturer, running, works):
    file = with_file(works[0], removed_at=NOW)

    assert [fetch(client, user, file).status_code for user in (running.students[0], lecturer)] == [404, 404]


def test_file_is_not_fetched_by_strangers_or_staff_who_do_not_teach(client, coach, works):
    file = with_file(works[0])

    assert [fetch(client, user, file).status_code for user in (UserFactory(), coach)] == [404, 403]


def test_file_that_is_lost_on_the_disk_is_not_an_error(client, lecturer, works):
    file = with_file(works[0])
    file.file.storage.delete(file.file.name)

    assert fetch(client, lecturer, file).status_code == 404


def test_file_under_another_course_s_address_is_not_found(client, lecturer, works):
    file = with_file(works[0])
    client.force_login(lecturer)

    assert client.get(reverse("courses:attempt-file", args=["other", file.pk])).status_code == 404


def test_F27_late_release_still_tells(client, lecturer, running, works, time_machine):
    time_machine.move_to(NOW + timedelta(days=40), tick=False)
    Attempt.objects.filter(pk=works[0].pk).update(state="graded", points=5)
    client.force_login(lecturer)

    client.post(reverse("courses:feedback-release", args=["mkc-101", running.run_offer.pk]), {"all": "1"})

    assert Notice.objects.get().created_at == NOW + timedelta(days=40)
