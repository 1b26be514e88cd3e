"""What students report stands beside the plan, and is planned with one click, for one card or for all."""

from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from activities.models import Activity
from courses.models import Design, ReportedTime, Step
from courses.queries.studio import LENSES
from courses.queries.times import basis_of
from courses.services import plan as services
from tests.courses.studio.worlds import PANEL, board, text_of
from tests.factories import NOW, AppointmentFactory, MembershipFactory, PlacementFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = reverse("courses:times-reported", args=["mkc-101"])


@pytest.fixture
def world():
    eva, design = board(cards=0)
    return eva, design


def card(design, title, minutes, median, reports):
    key = uuid.uuid4()
    ReportedTime.objects.create(course=design.course, key=key, median=median, reports=reports, changed_at=NOW)
    return PlacementFactory(design=design, key=key, activity__title=title, activity__minutes=minutes)


def use(client, design, *values, version=None):
    said = {"card": values, "version": design.plan_version if version is None else version}
    return client.post(URL, said, headers=PANEL)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response)).split())


def minutes_of(*cards) -> list[int]:
    return [Activity.objects.get(placements=each.pk).minutes for each in cards]


def test_the_card_and_its_panel_say_what_was_planned_and_what_students_report(client, world):
    eva, design = world
    chapter = card(design, "Chapter 3", 60, 90, 12)
    client.force_login(eva)

    on_board = text_of(client.get(reverse("courses:studio", args=["mkc-101"])))
    panel = words(client.get(reverse("courses:placement", args=["mkc-101", chapter.pk]), headers=PANEL))

    assert "planned 1 h, students report 1 h 30, n = 12" in on_board
    assert "Students report another time for 1 activity" in on_board
    assert "Planned 1 h, students report 1 h 30 (n = 12). Use 1 h 30" in panel


@pytest.mark.parametrize("lens", LENSES)
def test_each_card_of_a_run_has_a_band_of_planned_and_actual_in_each_lens(client, world, lens):
    eva, design = world
    for title, median, reports in (("Longer", 90, 12), ("Shorter", 30, 5), ("Same", 60, 9), ("Few", 90, 4)):
        card(design, title, 60, median, reports)
    PlacementFactory(design=design, activity__title="Nobody has done it", activity__minutes=60)
    client.force_login(eva)

    response = client.get(reverse("courses:studio", args=["mkc-101"], query={"lens": lens}))

    pattern = r'<a class="t"[^>]*>([^<]*)</a>(?:(?!class="t").)*?<span class="actual([^"]*)">(.*?)</span>'
    bands = {title: (said, css.strip()) for title, css, said in re.findall(pattern, text_of(response), re.DOTALL)}
    drawn = [""] * 3 if lens == "timeline" else ["b-13 over", "b-10", "b-20"]  # the timeline has a scale for it
    assert bands == {
        "Longer": ("planned 1 h, students report 1 h 30, n = 12", drawn[0]),
        "Shorter": ("planned 1 h, students report 30 min, n = 5", drawn[1]),
        "Same": ("as planned, n = 9", drawn[2]),
        "Few": ("planned 1 h, too few reports", ""),  # what fewer than five say is not shown, not as a length either
    }
    rules = (settings.BASE_DIR / "static/css/looking.css").read_text(encoding="utf-8")
    assert all(f".b-{part} {{ --part: {5 * part}% }}" in rules for part in range(1, 21))


def test_the_timeline_draws_how_long_it_took_on_its_scale(client, world):
    eva, design = world
    longer = card(design, "Longer", 60, 90, 12)
    few = card(design, "Few", 60, 400, 4)
    client.force_login(eva)

    response = client.get(reverse("courses:studio", args=["mkc-101"], query={"lens": "timeline"}))

    boards = response.context["page"].boards
    assert boards.stretches[longer.pk].actual == pytest.approx(100 * 90 / boards.scale.top, abs=1e-3)
    assert boards.stretches[few.pk].actual is None
    assert boards.scale.top < 400
    assert text_of(response).count("<rect x=") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_bands_cost_no_query(client, world, count, django_assert_num_queries):
    eva, design = world
    for number in range(count):
        card(design, f"Card {number}", 60, 90, 12)
    client.force_login(eva)
    client.get(reverse("courses:studio", args=["mkc-101"]))

    with django_assert_num_queries(9):  # as many as a board on which nobody has reported: see test_pages
        response = client.get(reverse("courses:studio", args=["mkc-101"]))

    assert text_of(response).count('class="actual b-13 over"') == count


@pytest.mark.parametrize(
    ("median", "reports", "said", "usable"),
    [
        (90, 4, "4 students have said how long it took: too few to show.", False),
        (90, 5, "students report 1 h 30 (n = 5).", False),
        (90, 7, "students report 1 h 30 (n = 7).", False),
        (90, 8, "students report 1 h 30 (n = 8).", True),
        (60, 30, "students report 1 h (n = 30).", False),
    ],
)
def test_a_median_is_shown_from_five_reports_and_planned_with_from_eight(client, world, median, reports, said, usable):
    eva, design = world
    chapter = card(design, "Chapter 3", 60, median, reports)
    client.force_login(eva)

    panel = words(client.get(reverse("courses:placement", args=["mkc-101", chapter.pk]), headers=PANEL))

    assert said in panel
    assert ("Use 1 h 30" in panel) is usable
    assert reports >= 5 or "1 h 30" not in panel
    # And no cleverer request gets around it.
    assert use(client, design, f"{chapter.pk}:{median}").status_code == (200 if usable else 409)


def test_one_click_plans_the_median_as_one_step(client, world):
    eva, design = world
    chapter = card(design, "Chapter 3", 60, 90, 12)
    client.force_login(eva)

    response = use(client, design, f"{chapter.pk}:90")

    assert response.status_code == 200
    row = Activity.objects.get(placements=chapter.pk)
    assert (row.minutes, row.minutes_basis) == (90, "measured")
    assert row.estimate["inputs"] == {"reports": 12, "planned": 60}
    assert basis_of(row) == "The median of what 12 students report. It was planned with 1 h."
    assert [step.label for step in Step.objects.all()] == ["using the reported time of “Chapter 3”"]


def test_all_chosen_times_are_one_step_that_undo_takes_back(client, world):
    eva, design = world
    cards = [card(design, f"Chapter {n}", 60, 80 + n, 9) for n in range(3)]
    left = card(design, "Chapter 9", 60, 75, 9)
    client.force_login(eva)

    response = use(client, design, *(f"{each.pk}:{80 + n}" for n, each in enumerate(cards)))

    assert response.status_code == 200
    assert minutes_of(*cards, left) == [80, 81, 82, 60]
    assert Step.objects.get().label == "using 3 reported times"
    services.undo(Design.objects.select_related("course").get(pk=design.pk), by=eva, at=NOW)
    assert minutes_of(*cards, left) == [60] * 4


def test_the_list_names_every_card_with_reports(client, world):
    eva, design = world
    card(design, "Chapter 1", 60, 90, 12)
    card(design, "Chapter 2", 60, 60, 12)
    card(design, "Chapter 3", 60, 75, 6)
    card(design, "Chapter 4", 60, 75, 2)
    PlacementFactory(design=design, activity__title="Nobody said")
    client.force_login(eva)

    said = words(client.get(URL, headers=PANEL))

    assert "Chapter 1 week 1 1 h 1 h 30 n = 12" in said
    assert "Chapter 2 week 1 1 h 1 h as planned, n = 12" in said
    assert "Chapter 3 week 1 1 h 1 h 15 n = 6" in said
    assert "Chapter 4 week 1 1 h too few" in said
    assert "Nobody said" not in said


def test_a_board_on_which_nobody_has_reported_says_so(client, world):
    eva, _design = world
    client.force_login(eva)

    assert "No reports yet" in text_of(client.get(URL))


def test_a_figure_that_has_changed_since_is_not_planned(client, world):
    eva, design = world
    chapter = card(design, "Chapter 3", 60, 90, 12)
    client.force_login(eva)

    response = use(client, design, f"{chapter.pk}:85")

    assert response.status_code == 409
    assert "Students have reported more since this list was drawn" in text_of(response)
    assert minutes_of(chapter) == [60]


def test_choosing_nothing_and_a_stale_board_are_refused(client, world):
    eva, design = world
    chapter = card(design, "Chapter 3", 60, 90, 12)
    client.force_login(eva)

    assert use(client, design).status_code == 422
    assert use(client, design, f"{chapter.pk}:90", version=7).status_code == 409
    assert use(client, design, "nonsense").status_code == 409
    assert minutes_of(chapter) == [60]


def test_who_looks_sees_and_who_designs_uses(client, world):
    _eva, design = world
    chapter = card(design, "Chapter 3", 60, 90, 12)
    coach = AppointmentFactory(unit=design.course.unit, role="coach").user
    student = MembershipFactory(cohort=RunFactory(course=design.course, design=design).cohort).user
    for person, look, change in ((coach, 200, 403), (student, 403, 403), (UserFactory(), 404, 404)):
        client.force_login(person)
        assert client.get(URL).status_code == look
        assert use(client, design, f"{chapter.pk}:90").status_code == change


@pytest.mark.parametrize("count", [1, 3])
def test_reports_cost_the_board_nothing(client, world, count, django_assert_max_num_queries):
    eva, design = world
    for number in range(count):
        card(design, f"Chapter {number}", 60, 90, 12)
    client.force_login(eva)

    with django_assert_max_num_queries(12):
        client.get(reverse("courses:studio", args=["mkc-101"]))
