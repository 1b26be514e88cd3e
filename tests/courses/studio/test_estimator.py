"""The estimator beside the board: it reckons while somebody types, and plans its result as one step."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from activities.models import Activity, Question
from courses.models import Design, Step
from courses.queries.plan import fingerprint
from courses.queries.times import basis_of
from courses.services import plan as services
from tests.courses.studio.worlds import PANEL, board, text_of
from tests.factories import NOW, ActivityFactory, MembershipFactory, PlacementFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db

LIVE = {"HX-Request": "true", "HX-Target": "estimate-result"}
CHAPTER = {"way": "reading", "e-pages": "24", "e-words_per_page": "600", "e-purpose": "understand"}
CHAPTER |= {"e-difficulty": "some_new", "e-speeds": "estimator", "e-extra_percent": "0"}


@pytest.fixture
def world():
    eva, design = board(cards=0)
    placement = PlacementFactory(design=design, activity__title="Chapter 3", activity__minutes=45)
    return eva, placement


def url_of(placement) -> str:
    return reverse("courses:placement-estimate", args=["mkc-101", placement.pk])


def seen_of(placement) -> str:
    return fingerprint(Activity.objects.get(pk=placement.activity_id), [])


def plain(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response)).split())


def use(client, placement, **changed):
    said = CHAPTER | {"seen": seen_of(placement)} | changed
    return client.post(url_of(placement), said, headers=PANEL)


# --- Reckoning ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (CHAPTER, "1 h 20 14,400 words at 180 words per minute. Source: Workload Estimator 2.0"),
        (CHAPTER | {"e-extra_percent": "25"}, "1 h 40 14,400 words at 180 words per minute, and 25% more"),
        (CHAPTER | {"e-speeds": "open_university"}, "3 h 26 14,400 words at 70 words per minute. Source: Open Univ"),
        ({"way": "video", "e-minutes": "6", "e-purpose": "understand"}, "9 min Running time of 6 min, times 1.5"),
        ({"way": "quiz", "e-applied": "10"}, "15 min 10 questions of 1 to 3 minutes"),
        ({"way": "expert", "e-minutes": "20"}, "1 h You need 20 min; students need about three times as long."),
    ],
)
def test_the_result_and_its_formula_show_while_somebody_types(client, world, inputs, said):
    eva, placement = world
    client.force_login(eva)

    response = client.get(url_of(placement), inputs, headers=LIVE)

    assert response.status_code == 200
    assert plain(response).startswith(said)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (CHAPTER | {"e-pages": ""}, "Say how many words or pages there are"),
        (CHAPTER | {"e-pages": "-3"}, "Pages: Ensure this value is greater than or equal to 0."),
        (CHAPTER | {"e-pages": "many"}, "Pages: Enter a whole number."),
        (CHAPTER | {"e-difficulty": "impossible"}, "How new it is: Select a valid choice."),
        (CHAPTER | {"e-pages": "2000", "e-speeds": "open_university"}, "more than an activity can have"),
    ],
)
def test_numbers_that_give_no_time_are_named(client, world, inputs, said):
    eva, placement = world
    client.force_login(eva)

    text = plain(client.get(url_of(placement), inputs, headers=LIVE))

    assert said in text
    assert "Use " not in text


def test_the_panel_opens_with_what_the_activity_knows_of_itself(client, world):
    eva, placement = world
    reading = ActivityFactory(config={"source": "address", "address": "Chapter 3", "pages": 24, "difficulty": "some"})
    clip = ActivityFactory(type_key="clip", config={"seconds": 450})
    quiz = ActivityFactory(type_key="quiz")
    for number, kind in enumerate(["single", "single", "short", "truefalse"]):
        Question.objects.create(activity=quiz, key=f"q{number}", position=number, kind=kind, content={})
    client.force_login(eva)

    said = {}
    for activity in (reading, clip, quiz):
        card = PlacementFactory(design=placement.design, activity=activity)
        said[activity.pk] = client.get(url_of(card), headers=PANEL).context["result"].minutes

    # 24 pages; 7.5 min x 1.5; 2 x 1.5 + 3 + 1.
    assert said == {reading.pk: 80, clip.pk: 11, quiz.pk: 7}


def test_a_card_about_which_nothing_is_known_asks_first(client, world):
    eva, placement = world
    client.force_login(eva)

    response = client.get(url_of(placement), headers=PANEL)

    assert response.context["result"] is None
    assert "Say how many words or pages there are" in text_of(response)
    assert "errorlist" not in text_of(response)


def test_without_script_the_whole_page_comes_with_the_result(client, world):
    eva, placement = world
    client.force_login(eva)

    text = text_of(client.get(url_of(placement), CHAPTER))

    assert "<h1" in text
    assert "Use 1 h 20" in text


# --- Using it -----------------------------------------------------------------------------------------------------


def test_use_plans_the_minutes_and_keeps_how_they_came_about(client, world):
    eva, placement = world
    client.force_login(eva)

    response = use(client, placement)

    assert response.status_code == 200
    row = Activity.objects.get(pk=placement.activity_id)
    assert (row.minutes, row.minutes_basis) == (80, "estimated")
    assert row.estimate == {
        "method": "reading",
        "inputs": {
            "pages": 24,
            "words_per_page": 600,
            "purpose": "understand",
            "difficulty": "some_new",
            "speeds": "estimator",
            "extra_percent": 0,
        },
        "minutes": 80,
        "kind": "table",
        "confidence": "medium",
    }
    assert [step.label for step in Step.objects.all()] == ["estimating “Chapter 3”"]
    assert "time estimated" in text_of(response)
    assert "This is what is planned." in text_of(response)
    assert basis_of(row).startswith("Estimated. 14,400 words at 180 words per minute. (Workload Estimator 2.0")


def test_use_ends_a_range_and_undo_brings_everything_back(client, world):
    eva, placement = world
    Activity.objects.filter(pk=placement.activity_id).update(minutes=75, minutes_low=60, minutes_high=90)
    client.force_login(eva)
    use(client, placement)
    assert Activity.objects.get(pk=placement.activity_id).minutes_low is None

    services.undo(Design.objects.select_related("course").get(pk=placement.design_id), by=eva, at=NOW)

    row = Activity.objects.get(pk=placement.activity_id)
    assert (row.minutes_low, row.minutes, row.minutes_high) == (60, 75, 90)
    assert (row.minutes_basis, row.estimate) == ("entered", {})


def test_a_time_typed_over_an_estimate_counts_as_entered_and_the_estimate_stays_in_sight(client, world):
    eva, placement = world
    client.force_login(eva)
    use(client, placement)
    placement = type(placement).objects.select_related("activity", "design__course").get(pk=placement.pk)

    services.update_activity(placement, values={"minutes": 100}, outcomes=(), seen=seen_of(placement), by=eva, at=NOW)

    row = Activity.objects.get(pk=placement.activity_id)
    assert (row.minutes, row.minutes_basis) == (100, "entered")
    assert basis_of(row) == "Entered by a lecturer; the estimate was 1 h 20."


def test_an_edit_that_leaves_the_time_alone_leaves_its_basis_alone(client, world):
    eva, placement = world
    client.force_login(eva)
    use(client, placement)
    placement = type(placement).objects.select_related("activity", "design__course").get(pk=placement.pk)

    services.update_activity(
        placement, values={"title": "Chapter 4", "minutes": 80}, outcomes=(), seen=seen_of(placement), by=eva, at=NOW
    )

    assert Activity.objects.get(pk=placement.activity_id).minutes_basis == "estimated"


def test_the_server_reckons_again_and_believes_no_minutes(client, world):
    eva, placement = world
    client.force_login(eva)

    use(client, placement, minutes="9", **{"e-minutes": "9"})

    assert Activity.objects.get(pk=placement.activity_id).minutes == 80


def test_numbers_that_give_nothing_cannot_be_used(client, world):
    eva, placement = world
    client.force_login(eva)

    response = use(client, placement, **{"e-pages": "0"})

    assert response.status_code == 422
    assert 'name="e-pages" value="0"' in text_of(response)
    assert not Step.objects.exists()


def test_an_estimate_of_a_card_that_somebody_changed_meanwhile_is_refused_with_the_numbers_kept(client, world):
    eva, placement = world
    seen = seen_of(placement)
    Activity.objects.filter(pk=placement.activity_id).update(title="Chapter 5")
    client.force_login(eva)

    response = use(client, placement, seen=seen)

    assert response.status_code == 409
    assert "Use 1 h 20" in text_of(response)
    assert Activity.objects.get(pk=placement.activity_id).minutes == 45


def test_an_activity_that_an_approved_version_shares_is_copied_first(client, world):
    eva, placement = world
    approved = PlacementFactory(
        design__course=placement.design.course, design__number=2, design__state="approved", activity=placement.activity
    )
    client.force_login(eva)

    use(client, placement)

    assert Activity.objects.get(pk=approved.activity_id).minutes == 45
    placement.refresh_from_db()
    assert placement.activity.minutes == 80


def test_an_approved_version_cannot_be_estimated(client, world):
    eva, placement = world
    Design.objects.filter(pk=placement.design_id).update(state="approved")
    client.force_login(eva)

    assert use(client, placement).status_code == 409
    assert client.get(url_of(placement), headers=PANEL).status_code == 409


def test_only_lecturers_of_the_course_estimate(client, world):
    _eva, placement = world
    run = RunFactory(course=placement.design.course, design=placement.design)
    student, stranger = MembershipFactory(cohort=run.cohort).user, UserFactory()

    for person, status in ((student, 403), (stranger, 404)):
        client.force_login(person)
        assert client.get(url_of(placement)).status_code == status
        assert client.post(url_of(placement), CHAPTER).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_reckoning_costs_the_same_whatever_the_board_holds(client, world, count, django_assert_num_queries):
    eva, placement = world
    for _ in range(count):
        PlacementFactory(design=placement.design)
    client.force_login(eva)

    with django_assert_num_queries(3):  # who asks, the card with its right, its outcomes
        client.get(url_of(placement), CHAPTER, headers=LIVE)


def test_using_an_estimate_keeps_the_budget_of_an_edit(client, world, django_assert_max_num_queries):
    eva, placement = world
    for _ in range(20):
        PlacementFactory(design=placement.design)
    client.force_login(eva)
    seen = seen_of(placement)

    with django_assert_max_num_queries(20):  # as any edit: rights, the change in its transaction, the board again
        response = client.post(url_of(placement), CHAPTER | {"seen": seen}, headers=PANEL)

    assert response.status_code == 200


# --- In the add form ----------------------------------------------------------------------------------------------

ADD = reverse("courses:placement-add", args=["mkc-101"])
OFFER = {"HX-Request": "true", "HX-Target": "estimate-offer"}


def typed(client, kind, **changed):
    """The add form of a type as a browser sends it, with some of it changed."""
    shown = client.get(ADD, {"type": kind}).context
    fields = [*shown["place"], *shown["form"], *shown["offer"].asked, *(shown["form"].settings or ())]
    values = {field.html_name: field.value() for field in fields}
    sent = {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not False and value not in (None, "", [])
    }
    return sent | {"settings_for": kind, "way": shown["offer"].method, "title": "Chapter 4", "minutes": ""} | changed


@pytest.mark.parametrize(
    ("purpose", "difficulty", "pages", "said"),
    [
        (
            "understand",
            "some",
            "24",
            "Estimate: 1 h 20 . 14,400 words at 180 words per minute. Source: Workload",
        ),
        # A cell of the table of pages per hour is an hour: 25, 18 and 13 pages of 600 words.
        ("survey", "many", "25", "Estimate: 1 h . 15,000 words at 250 words per minute"),
        ("understand", "some", "18", "Estimate: 1 h . 10,800 words at 180 words per minute"),
        ("engage", "none", "13", "Estimate: 1 h . 7,800 words at 130 words per minute"),
    ],
)
def test_the_add_form_offers_the_estimate_of_what_was_typed(client, world, purpose, difficulty, pages, said):
    client.force_login(world[0])
    settings = {"set-pages": pages, "set-purpose": purpose, "set-difficulty": difficulty}

    offer = client.post(ADD, typed(client, "reading", reckon="1", **settings), headers=OFFER)

    assert said in plain(offer)
    assert "<form" not in text_of(offer)
    assert not Activity.objects.filter(title="Chapter 4").exists()


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("upload", {"e-words": "500", "e-genre": "argument", "e-drafting": "none"}, "Estimate: 3 h ."),
        ("quiz", {"e-applied": "10"}, "Estimate: 15 min ."),
        ("quiz", {}, "Fill in the numbers, and the time shows here."),
        ("quiz", {"e-applied": "-1"}, "Ensure this value is greater than or equal to 0."),
        ("quiz", {"e-applied": "10", "minutes": "25"}, ""),  # somebody knows better
        ("quiz", {"e-applied": "10", "minutes": "soon"}, ""),
    ],
)
def test_what_the_settings_do_not_say_is_asked_and_a_time_of_ones_own_ends_the_offer(
    client, world, kind, changed, said
):
    client.force_login(world[0])

    offer = client.post(ADD, typed(client, kind, reckon="1", **changed), headers=OFFER)

    assert offer.status_code == 200
    assert said in plain(offer)
    assert bool(plain(offer)) is bool(said)


def test_the_usual_time_of_a_type_is_nobodys_own(client, world):
    client.force_login(world[0])

    shown = client.get(ADD, {"type": "discussion"})

    usual = shown.context["form"]["minutes"].value()
    assert usual
    assert "Estimate: " in plain(shown)
    sent = typed(client, "discussion", reckon="1", minutes=str(usual))
    assert "Estimate: " in plain(client.post(ADD, sent, headers=OFFER))


@pytest.mark.parametrize(("minutes", "basis"), [("80", "estimated"), ("1:00", "entered"), ("80-90", "entered")])
def test_an_estimate_that_is_taken_is_kept_with_its_way(client, world, minutes, basis):
    client.force_login(world[0])
    sent = typed(client, "reading", **{"set-pages": "24", "set-purpose": "understand", "set-difficulty": "some"})

    taken = client.post(ADD, sent | {"use": "1"}, headers=PANEL)
    added = client.post(ADD, sent | {"estimated": "1", "minutes": minutes}, headers=PANEL)

    assert 'value="1 h 20"' in text_of(taken)
    assert 'name="estimated" value="1"' in text_of(taken)
    assert added.status_code == 200
    activity = Activity.objects.get(title="Chapter 4")
    assert activity.minutes_basis == basis
    kept = activity.estimate
    assert (kept["method"], kept["minutes"], kept["kind"]) == ("reading", 80, "table")
    assert (kept["inputs"]["pages"], kept["inputs"]["words_per_page"]) == (24, 600)
    assert Step.objects.get().label == "adding “Chapter 4”"
    said = basis_of(activity)
    assert ("14,400 words at 180 words per minute" in said) is (basis == "estimated")
    assert ("the estimate was 1 h 20" in said) is (basis == "entered")


def test_an_estimate_that_nobody_took_is_not_kept(client, world):
    client.force_login(world[0])
    sent = typed(client, "reading", **{"set-pages": "24"})

    client.post(ADD, sent, headers=PANEL)

    activity = Activity.objects.get(title="Chapter 4")
    assert (activity.minutes, activity.minutes_basis, activity.estimate) == (None, "entered", {})


def test_the_add_form_estimates_without_scripts(client, world):
    client.force_login(world[0])
    sent = typed(client, "reading", **{"set-pages": "24"})

    asked = client.post(ADD, sent | {"reckon": "1"})
    taken = client.post(ADD, sent | {"use": "1"})
    added = client.post(ADD, sent | {"estimated": "1", "minutes": "1 h 20"})

    for page in (asked, taken):
        assert page.status_code == 200
        assert page.context["form"]["title"].value() == "Chapter 4"
        assert page.context["form"].settings["pages"].value() == "24"
    assert "Use 1 h 20" in plain(asked)
    assert taken.context["form"].initial["minutes"].minutes == 80
    assert added.status_code == 303
    assert Activity.objects.get(title="Chapter 4").minutes_basis == "estimated"
