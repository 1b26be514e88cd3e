"""The matrix of activities and outcomes, the order of outcomes, their levels: set in place, one step each."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from courses.models import Alignment, Design, Outcome, Placement, Step
from courses.queries.plan import plan_of
from courses.services import plan
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    OutcomeFactory,
    PlacementFactory,
    RunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/courses/mkc-101/outcomes/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lecturer():
    return UserFactory()


@pytest.fixture
def design(lecturer):
    return DesignFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer, coach=UserFactory()))


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def align(client, placement, outcome, was="n", then="0", *, to="", headers=None):
    cell = f"{placement.pk}-{outcome.pk}-{was}-{then}"
    return client.post(
        reverse("courses:outcome-align", args=["mkc-101"]), {"cell": cell, "to": to}, headers=headers or {}
    )


def move(client, outcome, way, version=0):
    return client.post(reverse("courses:outcome-move", args=["mkc-101", outcome.pk]), {"way": way, "version": version})


def levels(placement) -> dict[int, int | None]:
    return dict(Alignment.objects.filter(placement=placement).values_list("outcome__number", "level"))


# --- Cells --------------------------------------------------------------------------------------------------------


def test_a_click_links_the_next_sets_the_level_of_the_outcome_the_last_takes_the_link_away(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1, level=4)
    placement = PlacementFactory(design=design)
    client.force_login(lecturer)
    seen = []

    for _click in range(3):
        [cell] = re.findall(r'name="cell" value="([^"]+)"', client.get(PAGE).content.decode())
        response = client.post(reverse("courses:outcome-align", args=["mkc-101"]), {"cell": cell, "to": ""})
        seen.append(levels(placement))

    assert seen == [{1: None}, {1: 4}, {}]
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}?#matrix")
    assert Step.objects.count() == 3
    assert outcome.number == 1


def test_what_is_chosen_above_the_matrix_is_set_at_once(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1)
    placement = PlacementFactory(design=design)
    client.force_login(lecturer)

    response = align(client, placement, outcome, to="5")

    assert levels(placement) == {1: 5}
    assert response["Location"] == f"{PAGE}?to=5#matrix"


def test_a_cell_in_place_answers_with_itself_and_what_follows(client, design, lecturer):
    one, other = (OutcomeFactory(design=design, number=number) for number in (1, 2))
    placement = PlacementFactory(design=design, activity=ActivityFactory(title="Read", minutes=60))
    placement.outcomes.add(one)
    client.force_login(lecturer)

    response = align(client, placement, other, to="2", headers=HTMX)
    said = response.content.decode()

    assert response.status_code == 200
    assert f'value="{placement.pk}-{other.pk}-2-n"' in said
    assert "“Read” serves LO2 on level 2, Understand." in unescape(said)
    # The hour is shared now, so what is said of the first outcome changes with it.
    assert {f'id="figures-{one.pk}"' in said, f'id="figures-{other.pk}"' in said} == {True}
    assert said.count("30 min") >= 2
    assert "<html" not in said


def test_undo_takes_a_cell_back_by_name(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1)
    placement = PlacementFactory(design=design, activity=ActivityFactory(title="Read"))
    client.force_login(lecturer)
    align(client, placement, outcome, to="3")

    undone = client.post(reverse("courses:step-undo", args=["mkc-101", "outcomes"]), follow=True)

    assert levels(placement) == {}
    assert "Undone: linking “Read” with LO1." in text_of(undone)
    client.post(reverse("courses:step-redo", args=["mkc-101", "outcomes"]))
    assert levels(placement) == {1: 3}


def test_a_cell_that_somebody_else_set_meanwhile_is_not_overwritten(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1)
    placement = PlacementFactory(design=design)
    Alignment.objects.create(placement=placement, outcome=outcome, level=5)
    client.force_login(lecturer)

    response = align(client, placement, outcome, was="n", to="2")

    assert response.status_code == 409
    assert levels(placement) == {1: 5}
    assert "Somebody changed the design meanwhile" in text_of(response)


def test_what_others_do_in_other_cells_is_no_conflict(client, design, lecturer):
    one, other = (OutcomeFactory(design=design, number=number) for number in (1, 2))
    placement = PlacementFactory(design=design)
    client.force_login(lecturer)

    first = align(client, placement, one)
    second = align(client, placement, other)

    assert (first.status_code, second.status_code) == (303, 303)
    assert levels(placement) == {1: None, 2: None}


@pytest.mark.parametrize("cell", ["", "1", "1-1-n", "1-1-7-0", "x-1-n-0", "1-1-n-0-0", "9" * 16 + "-1-n-0"])
def test_what_is_no_cell_is_refused(client, design, lecturer, cell):
    client.force_login(lecturer)

    response = client.post(reverse("courses:outcome-align", args=["mkc-101"]), {"cell": cell})

    assert response.status_code == 422


def test_an_activity_or_an_outcome_of_another_design_is_refused(client, design, lecturer):
    outcome, placement = OutcomeFactory(design=design), PlacementFactory(design=design)
    foreign = OutcomeFactory(), PlacementFactory()
    client.force_login(lecturer)

    assert align(client, placement, foreign[0]).status_code == 422
    assert align(client, foreign[1], outcome).status_code == 422
    assert not Alignment.objects.exists()


def test_an_approved_version_keeps_its_cells(client, design, lecturer):
    outcome, placement = OutcomeFactory(design=design), PlacementFactory(design=design)
    Design.objects.update(state=Design.State.APPROVED)
    client.force_login(lecturer)

    assert align(client, placement, outcome).status_code == 409
    assert not Alignment.objects.exists()
    assert 'name="cell"' not in client.get(PAGE).content.decode()


def test_a_course_without_a_design_is_begun_in_the_studio(client, lecturer):
    CourseFactory(code="new-101", lecturer=lecturer)
    client.force_login(lecturer)

    found = [
        client.get(reverse(f"courses:{page}", args=["new-101"])) for page in ("outcomes", "assessment", "environments")
    ]

    assert {(each.status_code, each["Location"]) for each in found} == {(302, "/courses/new-101/studio/")}
    assert client.get(reverse("courses:assessment", args=["new-101"]), {"design": "9"}).status_code == 404


def test_only_lecturers_set_cells_and_students_do_not_see_them(client, design):
    outcome, placement = OutcomeFactory(design=design), PlacementFactory(design=design)
    student = UserFactory()
    MembershipFactory(user=student, cohort=RunFactory(course=design.course, design=design).cohort)
    found = []
    for person in (design.course.coach, student, UserFactory()):
        client.force_login(person)
        found.append((client.get(PAGE).status_code, align(client, placement, outcome).status_code))

    assert found == [(200, 403), (403, 403), (404, 404)]


def test_several_cells_are_one_step(design, lecturer):
    outcomes = [OutcomeFactory(design=design, number=number) for number in (1, 2)]
    placements = [PlacementFactory(design=design) for _each in range(2)]
    fresh = Design.objects.select_related("course").get(pk=design.pk)
    turns = {(p.pk, o.pk): plan.Turn(None, 2) for p in placements for o in outcomes}

    changed = plan.set_alignments(fresh, turns, by=lecturer, at=NOW)
    plan.undo(changed.design, by=lecturer, at=NOW)

    assert Step.objects.count() == 1
    assert not Alignment.objects.exists()


# --- Order --------------------------------------------------------------------------------------------------------


def test_outcomes_change_places_and_undo_puts_them_back(client, design, lecturer):
    outcomes = [OutcomeFactory(design=design, number=number, text=f"Do {number}") for number in (1, 2, 5)]
    client.force_login(lecturer)

    def order() -> list[tuple[int, str]]:
        return list(Outcome.objects.order_by("number").values_list("number", "text"))

    moved = move(client, outcomes[2], "up")
    after = order()
    client.post(reverse("courses:step-undo", args=["mkc-101", "outcomes"]))
    undone = order()
    client.post(reverse("courses:step-redo", args=["mkc-101", "outcomes"]))

    assert moved["Location"] == f"{PAGE}#up-{outcomes[2].pk}"
    # The numbers stay; whoever stands second has the second number.
    assert after == [(1, "Do 1"), (2, "Do 5"), (5, "Do 2")]
    assert undone == [(1, "Do 1"), (2, "Do 2"), (5, "Do 5")]
    assert order() == after


def test_the_first_outcome_cannot_go_higher(client, design, lecturer):
    first = OutcomeFactory(design=design, number=1)
    OutcomeFactory(design=design, number=2)
    client.force_login(lecturer)

    move(client, first, "up")

    assert not Step.objects.exists()


def test_a_move_from_a_stale_page_is_refused(client, design, lecturer):
    first, _second = (OutcomeFactory(design=design, number=number) for number in (1, 2))
    Design.objects.update(plan_version=3)
    client.force_login(lecturer)

    assert move(client, first, "down").status_code == 409
    assert move(client, first, "sideways", version=3).status_code == 422
    assert not Step.objects.exists()


# --- Verbs and levels ---------------------------------------------------------------------------------------------


def test_the_verb_proposes_a_level_while_it_is_typed(client, design, lecturer):
    client.force_login(lecturer)
    address = reverse("courses:outcome-verb", args=["mkc-101"])

    clear = text_of(client.get(address, {"text": "Judge a campaign"}))
    vague = text_of(client.get(address, {"text": "Understand campaigns"}))
    none = text_of(client.get(address, {"text": "Campaigns"}))

    assert "Level 5, Evaluate" in clear
    assert "Nobody can see “understand”" in vague
    assert "No verb of the lists at the beginning" in none


def test_an_outcome_without_level_offers_that_of_its_verb(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1, text="Design a message")
    client.force_login(lecturer)

    page = text_of(client.get(PAGE))
    client.post(
        reverse("courses:outcome-edit", args=["mkc-101", outcome.pk]),
        {"version": 0, "text": outcome.text, "level": "6"},
    )

    assert "“design” says level 6, Create." in page
    assert "says level" not in text_of(client.get(PAGE))


def test_levels_that_do_not_fit_are_named_with_the_activities(client, design, lecturer):
    outcome = OutcomeFactory(design=design, number=1, text="Judge a campaign", level=5)
    exam = PlacementFactory(design=design, activity=ActivityFactory(title="Exam", assessment="summative", weight=100))
    Alignment.objects.create(placement=exam, outcome=outcome, level=1)
    client.force_login(lecturer)

    page = text_of(client.get(PAGE))

    assert "The outcome is on level 5, its assessment reaches level 1." in page
    assert "LO1: first feedback after it counts, in “Exam”." in page
    assert "1 activity serves it" in page


# --- Minutes ------------------------------------------------------------------------------------------------------


def test_minutes_are_shared_or_touched_and_say_so(client, design, lecturer):
    outcomes = [OutcomeFactory(design=design, number=number) for number in (1, 2)]
    PlacementFactory(design=design, activity=ActivityFactory(minutes=60)).outcomes.add(*outcomes)
    client.force_login(lecturer)

    shared, touched = text_of(client.get(PAGE)), text_of(client.get(PAGE, {"minutes": "touch"}))

    assert "LO1 30 min 50%" in shared
    assert "The course 1 h 100%" in shared
    assert "LO1 1 h 100%" in touched
    assert "200% of the course. Sums above 100%." in touched
    assert "Sums above" not in shared


# --- Size ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def large(design):
    outcomes = [OutcomeFactory(design=design, number=number) for number in range(1, 41)]
    placements = [
        PlacementFactory(
            design=design,
            week_number=1 + number % 3,
            activity=ActivityFactory(title=f"A rather long title of an activity, number {number}", minutes=45),
        )
        for number in range(200)
    ]
    Alignment.objects.bulk_create(
        Alignment(placement=placement, outcome=outcome, level=3)
        for placement in placements
        for outcome in outcomes[:20]
    )
    return design


def test_two_hundred_activities_and_forty_outcomes_fit(client, large, lecturer, django_assert_num_queries):
    client.force_login(lecturer)
    client.get(PAGE)

    with django_assert_num_queries(9):
        response = client.get(PAGE)

    assert len(response.content) < 250_000
    last = client.get(PAGE, {"page": "99"})
    assert last.status_code == 200
    assert 'name="cell"' in last.content.decode()


def test_setting_one_cell_of_many_stays_cheap(client, large, lecturer, django_assert_num_queries):
    placement, outcome = Placement.objects.first(), Outcome.objects.get(number=40)
    client.force_login(lecturer)

    # user, design, savepoint (2), card, outcome, links, step, entry, plan (2), version
    with django_assert_num_queries(12):
        response = align(client, placement, outcome, headers=HTMX)

    assert response.status_code == 200
    assert len(response.content) < 60_000


def test_a_week_shows_only_its_own_activities(client, design, lecturer):
    OutcomeFactory(design=design, number=1)
    for number in (1, 2):
        PlacementFactory(design=design, week_number=number, activity=ActivityFactory(title=f"Of week {number}"))
    client.force_login(lecturer)

    page = client.get(PAGE, {"week": "2"}).content.decode()

    assert re.findall(r'<th scope="row" id="r\d+">([^<]+)</th>', page) == ["Of week 2"]
    assert "Nothing is planned in this week." in text_of(client.get(PAGE, {"week": "3"}))


def test_the_plan_reads_what_the_matrix_wrote(client, design, lecturer):
    outcome, placement = OutcomeFactory(design=design, number=1), PlacementFactory(design=design)
    client.force_login(lecturer)

    align(client, placement, outcome, to="4")

    fresh = Design.objects.select_related("course").get(pk=design.pk)
    [card] = plan_of(fresh).activities
    assert card.level_for(outcome.pk) == 4
