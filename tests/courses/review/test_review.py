"""Review: the lecturer asks, the DigiCoach reads, comments and decides; both are told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from blendedu.journal.models import Notice
from courses.models import Comment, Design, ReviewRequest, Teaching
from courses.queries.threads import threads_of
from courses.services import review
from courses.services.environments import answer_environments
from tests.factories import (
    NOW,
    ActivityFactory,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vos")


@pytest.fixture
def coach():
    return UserFactory(name="Sanne de Wit")


@pytest.fixture
def design(lecturer, coach):
    course = CourseFactory(code="mkc-101", title="Marketing Communication", lecturer=lecturer, coach=coach)
    made = DesignFactory(course=course)
    PlacementFactory(design=made, activity=ActivityFactory(title="Read chapter 1"))
    return made


@pytest.fixture
def asked(design, lecturer):
    return review.ask_review(design, by=lecturer, note="Is week 1 too heavy?", at=NOW)


PAGE = "/courses/mkc-101/review/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_asking_closes_the_draft_and_tells_the_coach(client, design, lecturer, coach):
    client.force_login(lecturer)

    response = client.post(reverse("courses:review-ask", args=["mkc-101"]), {"note": "Please look"})

    assert (response.status_code, response["Location"]) == (303, PAGE)
    design.refresh_from_db()
    assert design.state == Design.State.IN_REVIEW
    assert list(Notice.objects.values_list("recipient", "title")) == [
        (coach.pk, "Eva Vos asks you to review Marketing Communication")
    ]


def test_asking_twice_makes_one_request(client, asked, lecturer):
    client.force_login(lecturer)

    response = client.post(reverse("courses:review-ask", args=["mkc-101"]), {"note": ""})

    assert response.status_code == 409
    assert ReviewRequest.objects.count() == 1


def test_a_course_without_a_coach_says_what_to_do(client, design, lecturer):
    type(design.course).objects.update(coach=None)
    client.force_login(lecturer)

    response = client.post(reverse("courses:review-ask", args=["mkc-101"]), {"note": ""})

    assert response.status_code == 409
    assert "Ask an administrator to appoint one" in words(response)


def test_an_empty_design_cannot_be_reviewed(client, design, lecturer):
    design.placements.all().delete()
    client.force_login(lecturer)

    response = client.post(reverse("courses:review-ask", args=["mkc-101"]), {"note": ""})

    assert response.status_code == 409
    assert "nothing to review yet" in words(response)


def test_the_coach_approves_and_what_it_was_based_on_is_kept(client, asked, coach, lecturer):
    client.force_login(coach)

    response = client.post(reverse("courses:review-decide", args=["mkc-101", asked.pk]), {"decision": "approve"})

    assert response.status_code == 303
    asked.refresh_from_db()
    asked.design.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.design.state, asked.design.approved_by) == (
        ReviewRequest.State.APPROVED,
        coach,
        Design.State.APPROVED,
        coach,
    )
    assert set(asked.judged) == {"plan_version", "loads", "findings"}
    assert Notice.objects.filter(recipient=lecturer, title="Marketing Communication is approved").count() == 1


def test_asking_for_changes_needs_words(client, asked, coach):
    client.force_login(coach)
    address = reverse("courses:review-decide", args=["mkc-101", asked.pk])

    without = client.post(address, {"decision": "changes", "answer": ""})
    with_words = client.post(address, {"decision": "changes", "answer": "Lighten week 1."})

    assert (without.status_code, with_words.status_code) == (422, 303)
    asked.design.refresh_from_db()
    assert asked.design.state == Design.State.DRAFT


def test_of_a_withdrawal_and_an_approval_the_first_wins(client, asked, coach, lecturer):
    client.force_login(lecturer)
    client.post(reverse("courses:review-withdraw", args=["mkc-101", asked.pk]))
    client.force_login(coach)

    response = client.post(reverse("courses:review-decide", args=["mkc-101", asked.pk]), {"decision": "approve"})

    assert response.status_code == 409
    assert "answered or withdrawn meanwhile" in words(response)
    asked.design.refresh_from_db()
    assert asked.design.state == Design.State.DRAFT


def test_only_the_coach_decides(client, asked, lecturer):
    client.force_login(lecturer)

    response = client.post(reverse("courses:review-decide", args=["mkc-101", asked.pk]), {"decision": "approve"})

    assert response.status_code == 403
    asked.refresh_from_db()
    assert asked.state == ReviewRequest.State.ASKED


def test_a_stranger_finds_no_review_and_a_student_may_not_see_it(client, design):
    run = RunFactory(course=design.course, design=DesignFactory(course=design.course, number=7, state="approved"))
    student = MembershipFactory(cohort=run.cohort).user

    client.force_login(UserFactory())
    stranger = client.get(PAGE)
    client.force_login(student)
    student_sees = client.get(PAGE)

    assert (stranger.status_code, student_sees.status_code) == (404, 403)


def test_the_coach_reads_the_difference_to_the_approved_version(client, design, coach):
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED, approved_at=NOW, approved_by=coach)
    newer = DesignFactory(course=design.course, number=2)
    kept = design.placements.get()
    PlacementFactory(design=newer, key=kept.key, activity=kept.activity, week_number=2)
    PlacementFactory(design=newer, activity=ActivityFactory(title="Quiz: chapter 1"))
    client.force_login(coach)

    response = client.get(PAGE)

    text = words(response)
    assert "What changed since version 1" in text
    assert "Added Quiz: chapter 1" in text
    assert "Moved Read chapter 1 week 1, before → week 2, before" in text


def test_a_comment_on_an_activity_follows_it_to_the_next_version(client, design, coach, lecturer):
    placement = design.placements.get()
    client.force_login(coach)
    client.post(
        reverse("courses:comment-add", args=["mkc-101", 1]),
        {"pin": "activity", "key": str(placement.key), "text": "Which pages?"},
    )
    newer = DesignFactory(course=design.course, number=2, state="archived")
    PlacementFactory(design=newer, key=placement.key, activity=placement.activity, week_number=3)

    response = client.get(PAGE + "?design=2")

    assert "Which pages?" in words(response)
    assert "on version 1" in words(response)
    assert Notice.objects.filter(recipient=lecturer).count() == 1


def test_two_clicks_make_one_comment_and_one_notice(client, design, coach, lecturer):
    client.force_login(coach)

    for _click in range(2):
        client.post(
            reverse("courses:comment-add", args=["mkc-101", 1]), {"pin": "design", "key": "", "text": "Why four?"}
        )

    assert Comment.objects.count() == 1
    assert Notice.objects.filter(recipient=lecturer).count() == 1


def test_an_answer_opens_a_settled_thread_again(client, design, coach, lecturer):
    first = review.add_comment(design, author=coach, pin="design", pin_key="", text="Why?", parent=None, at=NOW)
    review.settle(first, by=lecturer, settled=True, at=NOW)
    client.force_login(lecturer)

    client.post(
        reverse("courses:comment-add", args=["mkc-101", 1]),
        {"pin": "design", "key": "", "parent": first.pk, "text": "Because."},
    )

    first.refresh_from_db()
    assert first.resolved_at is None
    assert first.replies.get().text == "Because."


@pytest.mark.parametrize(
    ("pin", "key"),
    [("activity", "5a3d7f0e-8a5e-4c0e-9a3b-1f1d8c2b7e60"), ("week", "99"), ("week", "x"), ("design", "something")],
)
def test_a_comment_on_something_that_is_not_there_is_not_taken(client, design, coach, pin, key):
    client.force_login(coach)

    response = client.post(
        reverse("courses:comment-add", args=["mkc-101", 1]), {"pin": pin, "key": key, "text": "Hello"}
    )

    assert response.status_code == 404
    assert not Comment.objects.exists()


def test_an_answer_to_a_comment_of_another_course_is_not_taken(client, design, coach):
    other = DesignFactory(course=CourseFactory(coach=UserFactory()))
    foreign = review.add_comment(
        other, author=other.course.coach, pin="design", pin_key="", text="Secret", parent=None, at=NOW
    )
    client.force_login(coach)

    response = client.post(
        reverse("courses:comment-add", args=["mkc-101", 1]),
        {"pin": "design", "key": "", "parent": foreign.pk, "text": "Hello"},
    )

    assert response.status_code == 404


def test_scripts_in_comments_and_titles_are_only_text(client, design, coach):
    design.placements.get().activity.__class__.objects.update(title="<script>alert(1)</script>")
    review.add_comment(
        design, author=coach, pin="design", pin_key="", text="<img src=x onerror=alert(1)>", parent=None, at=NOW
    )
    client.force_login(coach)

    page = client.get(PAGE).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_empty_comment_is_refused_in_place(client, design, coach):
    client.force_login(coach)

    response = client.post(
        reverse("courses:comment-add", args=["mkc-101", 1]), {"pin": "design", "key": "", "text": " "}
    )

    assert response.status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_review_costs_the_same_whatever_it_holds(client, design, coach, count, django_assert_num_queries):
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED, approved_at=NOW, approved_by=coach)
    newer = DesignFactory(course=design.course, number=2)
    for _each in range(count):
        placement = PlacementFactory(design=newer)
        review.add_comment(
            newer, author=coach, pin="activity", pin_key=str(placement.key), text="Hm", parent=None, at=NOW
        )
    client.force_login(coach)
    client.get(PAGE)

    # user, design, version before, both plans (2), comments, policy, requests, runs, roles, unread
    with django_assert_num_queries(11):
        response = client.get(PAGE)

    assert response.content.decode().count('id="comment-') == count


# --- Mentions, and whose answer a thread waits for --------------------------------------------------------------------


def say(design, author, text, *, parent=None, minutes=0):
    at = NOW + timedelta(minutes=minutes)
    return review.add_comment(design, author=author, pin="design", pin_key="", text=text, parent=parent, at=at)


def waiting(design, person, *, designs=False):
    threads = [thread for found in threads_of(design).values() for thread in found]
    return [thread.first.text for thread in threads if thread.waits_for(person, designs=designs)]


def test_who_is_mentioned_gets_one_notice_that_says_so(design, coach, lecturer):
    director = AppointmentFactory(unit=design.course.unit, role="director", user__name="Karin Bos").user

    comment = say(design, coach, "@Karin Bos and @Eva: four hours, is that allowed? @Sanne de Wit @Nobody Known")

    assert set(comment.mentions.all()) == {director, lecturer}
    assert sorted(Notice.objects.values_list("recipient__name", "title")) == [
        ("Eva Vos", "Sanne de Wit mentions you in Marketing Communication"),
        ("Karin Bos", "Sanne de Wit mentions you in Marketing Communication"),
    ]


def test_only_who_may_look_can_be_mentioned(design, coach):
    run = RunFactory(course=design.course, design=design)
    MembershipFactory(cohort=run.cohort, user__name="Joost Smit")
    AppointmentFactory(role="director", user__name="Director Elsewhere")

    comment = say(design, coach, "@Joost Smit @Director Elsewhere")

    assert not comment.mentions.exists()
    assert not Notice.objects.filter(recipient__name__in=["Joost Smit", "Director Elsewhere"]).exists()


def test_who_spoke_in_a_thread_hears_its_answers(design, lecturer):
    director = AppointmentFactory(unit=design.course.unit, role="director", user__name="Karin Bos").user
    first = say(design, director, "Why four hours?")

    say(design, lecturer, "Because.", parent=first, minutes=5)

    assert Notice.objects.filter(recipient=director, title__startswith="Eva Vos commented").count() == 1


def test_a_thread_waits_for_who_is_asked_and_no_longer_when_they_have_answered(design, coach, lecturer):
    first = say(design, coach, "Why four hours?")
    assert waiting(design, lecturer, designs=True) == ["Why four hours?"]
    assert waiting(design, coach) == []

    say(design, lecturer, "Because. @Sanne, is that fine?", parent=first, minutes=5)
    assert waiting(design, lecturer, designs=True) == []
    assert waiting(design, coach) == ["Why four hours?"]

    review.settle(first, by=coach, settled=True, at=NOW)
    assert waiting(design, coach) == []


def test_what_is_asked_of_one_person_waits_for_nobody_else(design, coach, lecturer):
    colleague = UserFactory(name="Chidi Okafor")
    Teaching.objects.create(course=design.course, user=colleague)

    say(design, coach, "@Chidi, is this yours?")

    assert waiting(design, colleague, designs=True) == ["@Chidi, is this yours?"]
    assert waiting(design, lecturer, designs=True) == []


def test_the_page_of_comments_shows_what_needs_my_answer_first(client, design, coach, lecturer):
    placement = design.placements.get()
    review.add_comment(
        design, author=coach, pin="activity", pin_key=str(placement.key), text="Pages?", parent=None, at=NOW
    )
    say(design, lecturer, "A note to all")
    client.force_login(lecturer)

    mine, everything = (words(client.get(f"/courses/mkc-101/comments/?show={kind}")) for kind in ("mine", "all"))

    assert "Pages?" in mine
    assert "Read chapter 1" in mine
    assert "A note to all" not in mine
    assert "A note to all" in everything


def test_a_comment_on_a_card_that_is_gone_names_it_still(client, design, coach, lecturer):
    placement = design.placements.get()
    review.add_comment(
        design, author=coach, pin="activity", pin_key=str(placement.key), text="Pages?", parent=None, at=NOW
    )
    DesignFactory(course=design.course, number=2, state="archived")
    client.force_login(lecturer)

    page, reviewed = client.get("/courses/mkc-101/comments/?show=open"), client.get(PAGE + "?design=2")

    assert "Read chapter 1 · not in this version any more" in words(page)
    assert "Pages?" in words(reviewed)


def test_comments_on_the_shelf_are_read_in_the_review(client, design, coach, lecturer):
    shelved = PlacementFactory(design=design, activity=ActivityFactory(title="Later perhaps"), week=None)
    review.add_comment(
        design, author=coach, pin="activity", pin_key=str(shelved.key), text="Keep it?", parent=None, at=NOW
    )
    client.force_login(lecturer)

    assert "Keep it?" in words(client.get(PAGE))


@pytest.mark.parametrize("count", [1, 45])
def test_the_page_of_comments_costs_the_same_whatever_it_holds(
    client, design, coach, lecturer, count, django_assert_num_queries
):
    for number in range(count):
        say(design, coach, f"Question {number}")
    client.force_login(lecturer)
    client.get("/courses/mkc-101/comments/")

    # user, design, threads, plan (2), versions, runs, roles, unread
    with django_assert_num_queries(9):
        response = client.get("/courses/mkc-101/comments/")

    assert response.content.decode().count('class="thread"') == min(count, 20)


def test_names_to_choose_from_are_for_who_may_comment(client, design, coach, lecturer):
    student = MembershipFactory(cohort=RunFactory(course=design.course, design=design).cohort).user
    answers = []
    for person in (lecturer, student, UserFactory()):
        client.force_login(person)
        answers.append(client.get("/courses/mkc-101/comments/people/"))

    assert [answer.status_code for answer in answers] == [200, 403, 404]
    assert answers[0].json() == {"names": ["Sanne de Wit"]}


@pytest.mark.parametrize(("weight", "words_shown"), [(80, "20% is missing to 100%."), (100, "")])
def test_weights_that_do_not_come_to_100_are_said_before_asking_and_before_approving(
    client, design, lecturer, coach, weight, words_shown
):
    PlacementFactory(design=design, activity=ActivityFactory(assessment="summative", weight=weight))
    client.force_login(lecturer)
    before = words(client.get(PAGE))
    asked = words(client.post(reverse("courses:review-ask", args=["mkc-101"]), {"note": ""}, follow=True))
    client.force_login(coach)

    pages = [before, asked, words(client.get(PAGE))]

    assert ["The weights come to" in page for page in pages] == [bool(words_shown)] * 3
    assert all(words_shown in page for page in pages)


def test_the_coach_reads_what_is_thought_of_the_environments(client, design, lecturer, coach):
    answer_environments(
        design.course,
        used="Only the lecture hall.",
        wanted=["workplace"],
        why_not="No agency yet.",
        connected="",
        version=0,
        by=lecturer,
        at=NOW,
    )
    client.force_login(coach)

    page = words(client.get(PAGE))

    assert "Only the lecture hall." in page
    assert "Workplace No agency yet." in page
