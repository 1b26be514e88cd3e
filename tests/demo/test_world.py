"""What is in the demo world, and what it shows."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities import registry
from activities.models import Attempt, AttemptFile, Offer, Question
from activities.uploads import check
from blendedu.demo import PASSWORD, accounts
from blendedu.demo.world import World
from blendedu.journal.models import Job, Notice
from blendedu.people.models import User
from blendedu.people.queries import groups_of
from courses.balance import loads, weigh
from courses.models import Comment, Course, Design, ReviewRequest, Storyboard
from courses.queries.plan import plan_of
from courses.queries.versions import version_lines
from courses.sources import findings_about
from institution.models import PolicyRule
from institution.queries import rule_book

pytestmark = pytest.mark.django_db


def draft(demo_world: World) -> Design:
    return Design.objects.select_related("course__unit").get(pk=demo_world.designs["MKC-101/4"].pk)


# --- What is in it --------------------------------------------------------------------------------------------------


def test_every_type_of_activity_is_offered_to_students(demo_world: World) -> None:
    offered = set(Offer.objects.values_list("activity__type_key", flat=True))

    assert offered == {kind.key for kind in registry.every()}


def test_every_kind_of_question_is_asked(demo_world: World) -> None:
    chapter_2 = Question.objects.filter(activity__title="Quiz: Chapter 2")

    assert len(set(chapter_2.values_list("content__text", flat=True))) == 10
    assert set(chapter_2.values_list("kind", flat=True)) == {
        "single",
        "multiple",
        "truefalse",
        "short",
        "numerical",
        "matching",
    }


def test_the_module_fits_its_credits(demo_world: World) -> None:
    plan = plan_of(draft(demo_world))

    assert plan.minutes_for_credits() == (125 * 60, 150 * 60)
    assert sum(activity.counted_minutes for activity in plan.placed) == 131 * 60


def test_the_draft_has_one_heavy_week_and_one_outcome_that_nothing_assesses(demo_world: World) -> None:
    design = draft(demo_world)
    plan = plan_of(design)

    found = [each for each in findings_about(design, plan, weigh(plan)) if each.state in {"alert", "warn"}]

    assert {each.rule for each in found} >= {
        "C13",  # the new outcome
        "C17",  # some meetings begin as if nobody had prepared
        "C23",  # quizzes in three weeks of seven
        "C30",  # three marks in five credits
        "C31",  # two of them in the last week
        "C44",  # nobody asks the students
    }
    assert not {each.rule for each in found} & {"C01", "C02", "C05", "C14", "C16", "C19", "C37", "C42", "C47"}
    assert {each.params["title"] for each in found if each.rule.startswith("policy")} == {
        "At most 24 study hours in any week of a course"
    }


def test_what_runs_keeps_the_policy(demo_world: World) -> None:
    design = Design.objects.select_related("course__unit").get(pk=demo_world.designs["MKC-101/2"].pk)
    plan = plan_of(design)

    found = findings_about(design, plan, weigh(plan))

    assert [each.rule for each in found if each.rule.startswith("policy") and each.state != "ok"] == []


def test_every_design_stands_where_the_story_says(demo_world: World) -> None:
    states = {
        f"{code}/{number}": state
        for code, number, state in Design.objects.values_list("course__code", "number", "state")
        if code in {"MKC-101", "STAT-101", "ACW-101", "BRA-103"}
    }

    assert states == {
        "MKC-101/1": "archived",
        "MKC-101/2": "approved",
        "MKC-101/3": "approved",
        "MKC-101/4": "draft",
        "STAT-101/1": "approved",
        "ACW-101/1": "in_review",
    }
    assert ReviewRequest.objects.filter(state="asked").count() == 1
    assert Comment.objects.filter(design=demo_world.designs["MKC-101/4"], resolved_at=None, parent=None).count() == 3


def test_stored_loads_are_those_of_the_plans(demo_world: World) -> None:
    for design in Design.objects.select_related("course"):
        assert design.load == json.loads(json.dumps(loads(plan_of(design)))), str(design)


def test_there_are_rules_in_force_one_that_advises_and_one_that_comes(demo_world: World) -> None:
    book = rule_book([demo_world.people.units["meridian"]], on=timezone.localdate(demo_world.now))

    assert sorted(rule.force for rule in book.in_force) == ["advised", "required", "required", "required"]
    assert [rule.title for rule in book.coming] == ["At least one activity in professional practice"]
    assert PolicyRule.objects.filter(superseded_by__isnull=False).count() == 1


def test_twenty_four_students_work_in_six_groups(demo_world: World) -> None:
    cohort = demo_world.people.cohort

    assert cohort.memberships.count() == 24
    assert [group.memberships.count() for group in groups_of(cohort)] == [4] * 6


def test_student_work_is_at_every_stage(demo_world: World) -> None:
    essays = Attempt.objects.filter(offer__activity__title="Kick-off essay")
    stages = {
        "waits": essays.filter(state="submitted").count(),
        "written": essays.filter(state="graded", released_at=None).count(),
        "released": essays.filter(released_at__isnull=False).count(),
    }

    assert stages == {"waits": 10, "written": 3, "released": 7}
    assert Attempt.objects.filter(state="open", user__name="Lin Chen").count() == 1
    assert Attempt.objects.filter(offer__activity__type_key="quiz", state="submitted").count() == 0


def test_the_student_of_the_drawing_has_nine_of_ten(demo_world: World) -> None:
    attempt = Attempt.objects.get(offer__activity__title="Quiz: Basics", user__name="Joost Smit")

    assert (attempt.points, attempt.max_points) == (9, 10)


def test_what_was_handed_in_can_be_opened(demo_world: World) -> None:
    for file in AttemptFile.objects.all():
        content = file.file.read()

        assert len(content) == file.size
        assert check(file.name, file.size, content[:512], accepted=("pdf", "text"), max_bytes=100_000) == file.name


def test_what_is_due_is_done_and_nobody_is_mailed_again(demo_world: World) -> None:
    assert Job.objects.filter(state="waiting", due_at__lte=demo_world.now).count() == 0
    assert Job.objects.filter(state="failed").count() == 0
    assert Notice.objects.filter(mail__in=["due", "digest"]).count() == 0
    assert Notice.objects.filter(recipient__name="Joost Smit", read_at=None).count() == 3


def test_nothing_happened_later_than_now(demo_world: World) -> None:
    assert not Attempt.objects.filter(started_at__gt=demo_world.now).exists()
    assert not Attempt.objects.filter(submitted_at__gt=demo_world.now).exists()
    assert not Notice.objects.filter(created_at__gt=demo_world.now).exists()
    assert not Design.objects.filter(changed_at__gt=demo_world.now).exists()


def test_everybody_has_an_address_that_reaches_nobody(demo_world: World) -> None:
    for user in User.objects.all():
        assert re.fullmatch(r"[a-z.-]+@example\.org", user.email), user.email
        assert user.is_demo
        assert not user.is_staff


def test_one_account_per_persona_can_be_signed_in_with(demo_world: World, client: Any) -> None:
    for account in accounts():
        assert client.login(username=account.email, email=account.email, password=account.password), account

    assert [account.role for account in accounts()] == [
        "Lecturer",
        "Student",
        "DigiCoach",
        "Programme director",
        "Administrator",
    ]


def test_the_sign_in_page_offers_the_personas(demo_world: World, client: Any) -> None:
    page = client.get("/account/login/").content.decode()

    assert [account.email for account in accounts() if account.email not in page] == []


# --- Who can be signed in as -----------------------------------------------------------------------------------------


def test_without_demo_nobody_is_offered(demo_world: World, settings: Any, client: Any) -> None:
    settings.BLENDEDU_DEMO = False

    assert accounts() == []
    assert PASSWORD not in client.get("/account/login/").content.decode()


def test_the_command_prints_one_line_per_persona(demo_world: World) -> None:
    said = StringIO()

    call_command("demo", "--accounts", stdout=said)

    lines = said.getvalue().splitlines()
    assert lines[0] == "Sign in as:"
    assert [line.split("  ")[1] for line in lines[1:]] == [account.role for account in accounts()]


def test_two_hints_are_answered_and_limits_are_set_by_department_and_programme(demo_world: World) -> None:
    course = Course.objects.get(code="MKC-101")

    assert set(course.answered) == {"C30", "C32"}
    assert {rule: said["from"] for rule, said in course.framework["limits"].items()} == {
        "C02": "Commercial Economics, year 1",
        "C26": "Department of Commercial Economics",
    }


def test_approvals_say_under_which_policy_they_were_given(demo_world: World) -> None:
    lines = {
        f"{line.design.course.code}/{line.design.number}": line
        for course in Course.objects.all()
        for line in version_lines(course)
        if line.design.state == Design.State.APPROVED
    }

    assert [key for key, line in lines.items() if not line.is_recorded] == []
    # One rule was superseded after version 2 was approved.
    later = {key: [policy for policy in lines[key].policies if "version 2" in policy] for key in lines}
    assert later["MKC-101/2"] == []
    assert len(later["MKC-101/3"]) == 1


def test_a_mention_waits_a_team_is_at_work_and_a_week_has_no_class(demo_world: World) -> None:
    lecturer = demo_world.people.staff["lecturer"]
    session = Storyboard.objects.get(ended_at=None)

    assert Comment.objects.filter(mentions=lecturer, resolved_at=None, replies=None).count() == 1
    assert (session.design.course.code, session.design.state) == ("SAL-102", "draft")
    assert [week.teaching for week in session.design.weeks.order_by("number")][-2:] == [True, False]


def test_clips_are_judged_by_how_long_they_last(demo_world: World) -> None:
    design = demo_world.designs["MKC-101/2"]
    lengths = {card.title: (card.minutes, card.clip_seconds) for card in plan_of(design).activities if card.is_clip}

    assert lengths["Framing a message"] == (7, 12)
    assert None not in {seconds for _minutes, seconds in lengths.values()}
