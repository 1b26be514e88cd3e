"""Time on the board: how it is typed, what was understood, and that ranges are shown wherever time is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from activities.models import Activity
from courses.models import Course, Design, Step
from courses.queries.plan import fingerprint
from courses.services import plan as services
from tests.courses.studio.worlds import HTMX, PANEL, board, text_of
from tests.factories import NOW, ActivityFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    eva, design = board(cards=0)
    ranged = ActivityFactory(title="Group case", minutes=75, minutes_low=60, minutes_high=90, timing="sync")
    placement = PlacementFactory(design=design, week_number=1, moment="together", activity=ranged)
    return eva, design, placement


def edit(placement, **values):
    activity = Activity.objects.get(pk=placement.activity_id)
    names = (
        "title type_key learning_type timing environment grouping guidance place assessment feedback_by second_type "
        "assessment_form purpose alternative tool"
    )
    said = {name: getattr(activity, name) for name in names.split()} | {
        "required": "on",
        "settings_for": activity.type_key,
        "set-source": "text",
        "set-purpose": "understand",
        "set-difficulty": "some",
        "seen": fingerprint(activity, []),
    }
    return said | values


def post_edit(client, placement, **values):
    url = reverse("courses:placement", args=["mkc-101", placement.pk])
    return client.post(url, edit(placement, **values), headers=PANEL)


# --- What was understood ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.5 h", "1 h 30"),
        ("60-90", "60\u201390 min; sums count 1 h 15"),
        ("2 th", "1 h 30"),
        ("90-60", "A range goes from the shorter time to the longer one, for example 60-90."),
        ("", ""),
    ],
)
def test_what_was_understood_is_said_while_typing(client, world, typed, said):
    eva, design, _placement = world
    Course.objects.filter(pk=design.course_id).update(framework={"hour": 45})
    client.force_login(eva)

    response = client.get(reverse("courses:time-read", args=["mkc-101"]), {"minutes": typed}, headers=HTMX)

    text = text_of(response)
    assert said in text
    assert bool(said) == bool(text.strip())


def test_a_stranger_learns_nothing_about_a_course_by_typing(client, world):
    client.force_login(UserFactory())

    assert client.get(reverse("courses:time-read", args=["mkc-101"])).status_code == 404


# --- Typing a range -----------------------------------------------------------------------------------------------


def test_the_editor_shows_a_range_and_takes_another(client, world):
    eva, _design, placement = world
    client.force_login(eva)
    opened = client.get(reverse("courses:placement", args=["mkc-101", placement.pk]), headers=PANEL)
    assert 'value="60\u201390 min"' in text_of(opened)

    response = post_edit(client, placement, minutes="1h-1h40")

    assert response.status_code == 200
    row = Activity.objects.get(pk=placement.activity_id)
    assert (row.minutes_low, row.minutes, row.minutes_high) == (60, 80, 100)


def test_one_number_ends_a_range_and_undo_brings_it_back(client, world):
    eva, design, placement = world
    client.force_login(eva)

    post_edit(client, placement, minutes="80")

    row = Activity.objects.get(pk=placement.activity_id)
    assert (row.minutes_low, row.minutes, row.minutes_high) == (None, 80, None)
    services.undo(Design.objects.select_related("course").get(pk=design.pk), by=eva, at=NOW)
    row.refresh_from_db()
    assert (row.minutes_low, row.minutes, row.minutes_high) == (60, 75, 90)


@pytest.mark.parametrize("typed", ["90-60", "-5", "10,000", "an afternoon", "60-10000"])
def test_a_time_that_cannot_be_is_refused_in_place_and_nothing_is_written(client, world, typed):
    eva, _design, placement = world
    client.force_login(eva)

    response = post_edit(client, placement, minutes=typed)

    assert response.status_code == 422
    assert f'value="{typed}"' in text_of(response)
    assert 'aria-invalid="true"' in text_of(response)
    assert not Step.objects.exists()
    assert Activity.objects.get(pk=placement.activity_id).minutes == 75


@pytest.mark.parametrize(
    ("line", "low", "minutes", "high"),
    [
        ("read the chapter 60-90 min alone", 60, 75, 90),
        ("read the chapter 1h-1h30", 60, 75, 90),
        ("read the chapter 2 th", None, 90, None),
        ("read the chapter 1-2 h", 60, 90, 120),
        ("read pages 60-90 45m", None, 45, None),
    ],
)
def test_a_quick_line_may_hold_a_range(client, world, line, low, minutes, high):
    eva, design, _placement = world
    Course.objects.filter(pk=design.course_id).update(framework={"hour": 45})
    client.force_login(eva)
    cell = {"week": "1", "moment": "before", "version": design.plan_version, "text": line}

    response = client.post(reverse("courses:quick-add", args=["mkc-101"]), cell, headers=HTMX)

    assert response.status_code == 200
    row = Activity.objects.latest("pk")
    assert (row.minutes_low, row.minutes, row.minutes_high) == (low, minutes, high)


def test_a_range_backwards_in_a_quick_line_is_refused(client, world):
    eva, design, _placement = world
    client.force_login(eva)
    cell = {"week": "1", "moment": "before", "version": design.plan_version, "text": "read it 90-60 min"}

    response = client.post(reverse("courses:quick-add", args=["mkc-101"]), cell, headers=HTMX)

    assert response.status_code == 422
    assert "the shorter time of a range first" in text_of(response)


# --- Where it is shown --------------------------------------------------------------------------------------------


def test_the_studio_shows_the_range_on_the_card_in_the_week_and_in_the_sum(client, world):
    eva, design, _placement = world
    PlacementFactory(design=design, week_number=2, activity__minutes=45)
    client.force_login(eva)

    text = text_of(client.get(reverse("courses:studio", args=["mkc-101"])))

    assert '<span class="m" data-seen="60-90">60\u201390 min</span>' in text
    assert "1 h 15 (60\u201390 min) in total" in text
    assert "2 h (1 h 45 \u2013 2 h 15)" in text
    assert 'class="whisker"' in text


def test_a_plan_without_ranges_shows_none(client):
    eva, _design = board(cards=2)
    client.force_login(eva)

    text = text_of(client.get(reverse("courses:studio", args=["mkc-101"])))

    assert "whisker" not in text
    assert "\u2013" not in text.split('id="sums"')[1].split("Worth a look")[0].replace("\u2013</td>", "")


def test_time_together_is_also_said_in_teaching_hours(client, world):
    eva, design, _placement = world
    PlacementFactory(design=design, week_number=2, activity=ActivityFactory(minutes=24 * 60 - 75, timing="sync"))
    Course.objects.filter(pk=design.course_id).update(framework={"hour": 45})
    client.force_login(eva)

    text = text_of(client.get(reverse("courses:studio", args=["mkc-101"])))

    assert "together = 32 teaching hours of 45 min" in text


def test_an_activity_without_minutes_is_named_beside_the_sum(client, world):
    eva, design, _placement = world
    PlacementFactory(design=design, activity=ActivityFactory(title="Nobody knows how long", minutes=None))
    client.force_login(eva)

    page = client.get(reverse("courses:studio", args=["mkc-101"])).context["page"]

    assert [card.title for card in page.unestimated] == ["Nobody knows how long"]
    assert page.minutes == 75
