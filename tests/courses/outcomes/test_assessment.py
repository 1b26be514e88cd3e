"""The plan of assessment and feedback: rows edited in place, weights that come to 100, silence that is measured."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from activities.models import Activity
from courses.models import Design, Placement, Run, RunOffer, Step
from courses.queries.plan import fingerprint, outcome_ids_of
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    HolidayFactory,
    MembershipFactory,
    OfferFactory,
    OutcomeFactory,
    PlacementFactory,
    RunFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/courses/mkc-101/assessment/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vermeulen")


@pytest.fixture
def design(lecturer):
    return DesignFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer, coach=UserFactory()), weeks=4)


@pytest.fixture
def exam(design):
    return PlacementFactory(
        design=design,
        week_number=4,
        moment="after",
        activity=ActivityFactory(title="Exam", type_key="upload", assessment="summative", weight=80),
    )


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def row(placement, **said):
    """What the open row of a card sends."""
    fresh = Placement.objects.select_related("activity", "week").get(pk=placement.pk)
    week = str(fresh.week.number) if fresh.week else "shelf"
    return {
        "assessment": fresh.activity.assessment,
        "assessment_form": "",
        "weight": fresh.activity.weight,
        "week": week,
        "moment": fresh.moment,
        "feedback_by": fresh.activity.feedback_by,
        "feedback_days": "",
        "outcomes": outcome_ids_of(fresh),
        "seen": fingerprint(fresh.activity, outcome_ids_of(fresh)),
        "at": f"{week}:{fresh.moment}",
        **said,
    }


def save(client, placement, said, headers=None):
    address = reverse("courses:assessment-edit", args=["mkc-101", placement.pk])
    return client.post(address, said, headers=headers or {})


# --- Rows ---------------------------------------------------------------------------------------------------------


def test_a_row_saves_everything_as_one_step_that_undo_takes_back(client, design, exam, lecturer):
    outcome = OutcomeFactory(design=design, number=1)
    client.force_login(lecturer)
    said = row(
        exam,
        assessment_form="exam",
        weight=60,
        week="3",
        moment="together",
        feedback_by="lecturer",
        feedback_days=10,
        feedback_elaborated="on",
        outcomes=[outcome.pk],
    )

    saved = save(client, exam, said)
    now = Placement.objects.select_related("activity", "week").get(pk=exam.pk)
    kept = (now.activity.weight, now.activity.assessment_form, now.week.number, now.moment, outcome_ids_of(now))
    undone = client.post(reverse("courses:step-undo", args=["mkc-101", "assessment"]), follow=True)
    back = Placement.objects.select_related("activity", "week").get(pk=exam.pk)

    assert (saved.status_code, saved["Location"]) == (303, f"{PAGE}#edit-{exam.pk}")
    assert kept == (60, "exam", 3, "together", [outcome.pk])
    assert (now.activity.feedback_by, now.activity.feedback_days, now.activity.feedback_elaborated) == (
        "lecturer",
        10,
        True,
    )
    assert Step.objects.count() == 1
    assert "Undone: editing “Exam”." in text_of(undone)
    assert (back.activity.weight, back.week.number, back.moment, outcome_ids_of(back)) == (80, 4, "after", [])


def test_a_row_opens_in_place(client, design, exam, lecturer):
    client.force_login(lecturer)

    page = client.get(PAGE, {"edit": exam.pk}, headers=HTMX).content.decode()

    ids = re.findall(r' id="([^"]+)"', page)
    assert 'id="row-form"' in page
    assert len(ids) == len(set(ids))
    assert "<html" not in page
    assert 'name="at" value="4:after"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weight": 101}, "less than or equal to 100"),
        ({"weight": 20, "assessment": "formative"}, "Only what counts for the result has a weight"),
        ({"week": "9"}, "not one of the available choices"),
        ({"feedback_days": -1}, "greater than or equal to 0"),
        ({"assessment": "guessed"}, "not one of the available choices"),
        ({"outcomes": [99999]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_saved_is_said_in_the_row_and_kept(client, design, exam, lecturer, wrong, words):
    OutcomeFactory(design=design)
    client.force_login(lecturer)

    response = save(client, exam, row(exam, **{"feedback_by": "peer", **wrong}))

    assert response.status_code == 422
    assert words in text_of(response)
    assert '<option value="peer" selected' in response.content.decode()
    assert not Step.objects.exists()


def test_a_row_that_somebody_else_changed_meanwhile_keeps_what_was_typed(client, design, exam, lecturer):
    client.force_login(lecturer)
    said = row(exam, weight=55)
    Activity.objects.filter(pk=exam.activity_id).update(title="Examination")

    first = save(client, exam, said)
    page = first.content.decode()
    [seen] = re.findall(r'name="seen" value="([^"]+)"', page)
    second = save(client, exam, {**said, "seen": seen})

    assert first.status_code == 409
    assert "Somebody changed the design meanwhile" in text_of(first)
    assert 'value="55"' in page
    assert second.status_code == 303


def test_a_card_that_somebody_moved_meanwhile_is_not_moved_back(client, design, exam, lecturer):
    client.force_login(lecturer)
    said = row(exam, week="2")
    Placement.objects.filter(pk=exam.pk).update(week=design.weeks.get(number=1))

    assert save(client, exam, said).status_code == 409
    assert save(client, exam, row(exam, weight=70)).status_code == 303
    assert Placement.objects.get(pk=exam.pk).week.number == 1


def test_an_approved_version_keeps_its_plan(client, design, exam, lecturer):
    Design.objects.update(state=Design.State.APPROVED)
    client.force_login(lecturer)

    assert save(client, exam, row(exam, weight=70)).status_code == 409
    assert "Edit" not in client.get(PAGE, {"edit": exam.pk}).content.decode()


def test_an_assessment_is_added_from_here(client, design, lecturer):
    client.force_login(lecturer)
    said = {
        "version": 0,
        "title": "Case report",
        "type_key": "upload",
        "assessment": "summative",
        "assessment_form": "report",
        "weight": 40,
        "week": "2",
        "moment": "after",
    }
    address = reverse("courses:assessment-add", args=["mkc-101"])

    made = client.post(address, said)
    stale = client.post(address, {**said, "title": "Another"})
    bad = client.post(address, {**said, "version": 1, "title": ""})

    [placement] = Placement.objects.select_related("activity", "week")
    assert made.status_code == 303
    assert (placement.activity.title, placement.activity.weight, placement.week.number) == ("Case report", 40, 2)
    assert (stale.status_code, bad.status_code) == (409, 422)
    assert 'value="Another"' in stale.content.decode()


# --- Weights and silence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (20, "The weights come to 100%."),
        (0, "The weights come to 80%. 20% is missing to 100%."),
        (50, "The weights come to 130%. That is 30% more than 100%."),
    ],
)
def test_the_sum_of_the_weights_is_said(client, design, exam, lecturer, weight, words):
    PlacementFactory(design=design, activity=ActivityFactory(assessment="summative", weight=weight))
    client.force_login(lecturer)

    assert words in text_of(client.get(PAGE))


def test_nothing_assessed_says_what_to_do(client, design, lecturer):
    client.force_login(lecturer)

    assert "Nothing is assessed yet" in text_of(client.get(PAGE))


def test_the_meter_says_how_long_nobody_says_anything(client, design, exam, lecturer):
    outcome = OutcomeFactory(design=design, number=3)
    exam.outcomes.add(outcome)
    client.force_login(lecturer)
    before = text_of(client.get(PAGE))
    quiz = ActivityFactory(title="Quiz", assessment="formative", feedback_by="automatic")
    PlacementFactory(design=design, week_number=2, activity=quiz).outcomes.add(outcome)

    after = text_of(client.get(PAGE))

    assert "27 days (3.9 weeks) is the longest stretch without any feedback, from week 1 to week 4." in before
    assert "First feedback after it counts" in before
    assert "18 days (2.6 weeks)" in after  # from Wednesday of week 2 to the last Sunday
    assert "First feedback after it counts" not in after


def test_a_run_gives_days_and_skips_its_holidays(client, design, exam, lecturer):
    Design.objects.update(state=Design.State.APPROVED)
    HolidayFactory(term=TermFactory(unit=design.course.unit), starts_on=date(2026, 12, 14), ends_on=date(2026, 12, 20))
    design.course.unit.path = f"/{design.course.unit.pk}/"
    design.course.unit.save()
    run = RunFactory(course=design.course, design=Design.objects.get(), ends_on=date(2026, 12, 13))
    exam.activity.feedback_by, exam.activity.feedback_days = "lecturer", 2
    exam.activity.save()
    offer = OfferFactory(activity=exam.activity, cohort=run.cohort, due_at=NOW.replace(month=12, day=11))
    RunOffer.objects.create(run=run, offer=offer, placement=exam, week_number=4, moment="after")
    client.force_login(lecturer)

    page = text_of(client.get(PAGE))

    assert Run.objects.count() == 1
    assert "Week 4, after Fri 11 Dec" in page
    assert "by Tue 22 Dec" in page


# --- Rights and cost ----------------------------------------------------------------------------------------------


def test_lecturers_write_staff_read_students_see_nothing(client, design, exam):
    student = UserFactory()
    MembershipFactory(user=student, cohort=RunFactory(course=design.course, design=design).cohort)
    found = []
    for person in (design.course.coach, student, UserFactory()):
        client.force_login(person)
        found.append((client.get(PAGE).status_code, save(client, exam, row(exam)).status_code))

    assert found == [(200, 403), (403, 403), (404, 404)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, design, lecturer, count, django_assert_num_queries):
    for number in range(count):
        card = ActivityFactory(assessment="summative", weight=10, feedback_by="lecturer")
        PlacementFactory(design=design, activity=card).outcomes.add(OutcomeFactory(design=design, number=number + 1))
    RunFactory(course=design.course, design=design)
    client.force_login(lecturer)
    client.get(PAGE)

    # user, design, plan (2), steps, weeks of the run, its deadlines, holidays, runs, roles, unread
    with django_assert_num_queries(11):
        client.get(PAGE)


def test_two_hundred_assessments_fit(client, design, lecturer):
    for number in range(200):
        card = ActivityFactory(title=f"A rather long title, number {number}", assessment="formative")
        PlacementFactory(design=design, week_number=1 + number % 4, activity=card)
    client.force_login(lecturer)

    assert len(client.get(PAGE).content) < 250_000
