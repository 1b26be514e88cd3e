"""Looking at the Studio: the board, its lenses, what explains a number, rights, versions, size and cost."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from courses import sources
from courses.balance import weigh
from courses.models import Design
from courses.queries.plan import plan_of
from tests.courses.studio.worlds import HTMX, board, cards_in, text_of
from tests.factories import (
    NOW,
    ActivityFactory,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    OutcomeFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def studio(code: str = "mkc-101", **query: Any) -> str:
    return reverse("courses:studio", args=[code], query=query or None)


# --- The board ----------------------------------------------------------------------------------------------------


def test_the_board_shows_weeks_by_moments(client):
    eva, design = board(cards=0)
    PlacementFactory(design=design, week_number=1, moment="before", activity__title="Clip")
    PlacementFactory(design=design, week_number=2, moment="together", activity__title="Kick-off")
    PlacementFactory(design=design, week=None, activity__title="Later")
    client.force_login(eva)

    response = client.get(studio())

    assert cards_in(response, 1, "before") == ["Clip"]
    assert cards_in(response, 2, "together") == ["Kick-off"]
    assert cards_in(response, "shelf", "") == ["Later"]
    assert response.context["page"].minutes == 60


@pytest.mark.parametrize(
    ("lens", "column"), [("moment", "after"), ("environment", "workplace"), ("type", "practice"), ("nonsense", "after")]
)
def test_each_lens_shows_the_same_plan(client, lens, column):
    eva, design = board(cards=0)
    activity = ActivityFactory(title="Visit", environment="workplace", learning_type="practice")
    PlacementFactory(design=design, week_number=2, moment="after", activity=activity)
    client.force_login(eva)

    response = client.get(studio(lens=lens))

    assert cards_in(response, 2, column) == ["Visit"]


def test_a_card_says_what_is_drawn(client):
    eva, design = board(cards=0)
    placement = PlacementFactory(
        design=design,
        activity=ActivityFactory(
            title="Upload the case",
            minutes=90,
            type_key="upload",
            learning_type="production",
            grouping="group",
            group_size=4,
            feedback_by="lecturer",
            environment="hybrid",
        ),
    )
    placement.outcomes.add(OutcomeFactory(design=design, number=2))
    client.force_login(eva)

    card = next(row for row in client.get(studio()).context["page"].rows if row.number == 1).slots[0].cards[0]

    assert (card.icon, card.type_label, card.minutes, card.learning_type) == ("upload", "Upload", 90, "Production")
    assert card.facts.startswith("hybrid · groups of 4 · ")
    assert card.facts.endswith("feedback from lecturer · LO2")
    assert card.css.split()[:2] == ["env-hybrid", "async"]
    assert card.sign == "Hybrid, own time"


def test_cards_that_a_hint_is_about_are_outlined(client):
    eva, design = board(cards=0)
    bare = PlacementFactory(design=design, activity__type_key="clip", activity__title="No captions")
    PlacementFactory(design=design, activity__type_key="reading", activity__title="Fine", week_number=2)
    client.force_login(eva)

    response = client.get(studio())

    assert re.search(rf'class="card [^"]*note" id="p{bare.pk}"', text_of(response))


def test_html_in_a_title_is_shown_and_not_run(client):
    eva, design = board(cards=0)
    PlacementFactory(design=design, activity__title="<script>alert(1)</script>")
    client.force_login(eva)

    html = client.get(studio()).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_card_of_a_type_that_is_gone_is_still_shown(client):
    eva, design = board(cards=0)
    placement = PlacementFactory(design=design, activity__title="Old")
    type(placement.activity).objects.filter(pk=placement.activity_id).update(type_key="hologram")
    client.force_login(eva)

    assert cards_in(client.get(studio()), 1, "before") == ["Old"]
    panel = client.get(reverse("courses:placement", args=["mkc-101", placement.pk]), headers=HTMX)
    assert "not installed" in text_of(panel)


def test_a_course_without_a_design_is_asked_for_its_weeks(client):
    eva = UserFactory()
    CourseFactory(lecturer=eva, code="new")
    client.force_login(eva)

    assert "This course has no design yet" in text_of(client.get(studio("new")))
    answer = client.post(reverse("courses:design-start", args=["new"]), {"weeks": "5"})

    assert (answer.status_code, answer.url) == (303, studio("new"))
    design = Design.objects.get()
    assert (design.number, design.state, design.weeks.count(), design.load["minutes"]) == (1, "draft", 5, 0)


@pytest.mark.parametrize("weeks", ["0", "-1", "61", "many", ""])
def test_a_design_needs_a_sensible_number_of_weeks(client, weeks):
    eva = UserFactory()
    CourseFactory(lecturer=eva, code="new")
    client.force_login(eva)

    answer = client.post(reverse("courses:design-start", args=["new"]), {"weeks": weeks})

    assert answer.status_code == 422
    assert not Design.objects.exists()


# --- Rights and versions ------------------------------------------------------------------------------------------


def test_a_stranger_learns_nothing(client):
    board()
    client.force_login(UserFactory())

    assert client.get(studio()).status_code == 404


def test_a_student_may_not_look_at_a_design(client):
    _eva, design = board()
    run = RunFactory(course=design.course, design=design)
    student = MembershipFactory(cohort=run.cohort).user
    client.force_login(student)

    assert client.get(studio()).status_code == 403


def test_staff_look_at_a_draft_but_cannot_change_it(client):
    _eva, design = board()
    director = AppointmentFactory(role="director", unit=design.course.unit).user
    client.force_login(director)
    placement = design.placements.get()

    response = client.get(studio())

    assert cards_in(response, 1, "before") == ["Card 1"]
    assert "data-editable" not in text_of(response)
    assert 'class="add"' not in text_of(response)
    details = client.get(reverse("courses:placement", args=["mkc-101", placement.pk]), headers=HTMX)
    assert "<form" not in text_of(details)


EVERY_CHANGE = [
    ("quick-add", None),
    ("placement-add", None),
    ("placement", "pk"),
    ("placement-move", "pk"),
    ("placement-duplicate", "pk"),
    ("placement-delete", "pk"),
    ("week-add", None),
    ("week-rename", "week"),
    ("week-remove", "week"),
    ("undo", None),
    ("redo", None),
]


@pytest.mark.parametrize(("name", "about"), EVERY_CHANGE)
def test_only_lecturers_of_the_course_change_its_design(client, name, about):
    _eva, design = board()
    key = {None: [], "pk": [design.placements.get().pk], "week": [1]}[about]
    url = reverse(f"courses:{name}", args=["mkc-101", *key])

    client.force_login(AppointmentFactory(role="administrator", unit=design.course.unit).user)
    assert client.post(url, {"version": "0"}).status_code == 403
    client.force_login(UserFactory())
    assert client.post(url, {"version": "0"}).status_code == 404


@pytest.mark.parametrize(("name", "about"), EVERY_CHANGE)
def test_an_approved_design_is_never_changed(client, name, about):
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    key = {None: [], "pk": [design.placements.get().pk], "week": [1]}[about]
    client.force_login(eva)

    answer = client.post(
        reverse(f"courses:{name}", args=["mkc-101", *key]),
        {"version": "0", "week": "1", "moment": "after", "text": "read it 5 min", "title": "Changed"},
        headers=HTMX,
    )

    assert answer.status_code in {404, 409, 422}
    fresh = Design.objects.get()
    assert (fresh.plan_version, fresh.weeks.first().title, fresh.placements.get().moment) == (0, "Theme 1", "before")


def test_an_approved_design_offers_its_next_version(client):
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    client.force_login(eva)

    assert "Make version 2" in text_of(client.get(studio()))
    answer = client.post(reverse("courses:design-next", args=["mkc-101", 1]))

    assert (answer.status_code, answer.url) == (303, studio())
    assert cards_in(client.get(studio()), 1, "before") == ["Card 1"]
    assert "data-editable" in text_of(client.get(studio()))
    assert "data-editable" not in text_of(client.get(studio(design=1)))
    assert "Open version 2" in text_of(client.get(studio(design=1)))


def test_asking_twice_for_the_next_version_makes_one(client):
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    client.force_login(eva)

    for _ in range(2):
        client.post(reverse("courses:design-next", args=["mkc-101", 1]))

    assert list(Design.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("number", ["9", "0", "-1", "x", "99999999999999999999"])
def test_a_version_that_does_not_exist_is_not_found(client, number):
    eva, _design = board()
    client.force_login(eva)

    assert client.get(studio(design=number)).status_code == 404


def test_a_card_of_another_course_is_not_found(client):
    eva, _design = board()
    foreign = PlacementFactory()
    client.force_login(eva)

    for name in ("placement", "placement-move"):
        assert client.get(reverse(f"courses:{name}", args=["mkc-101", foreign.pk])).status_code == 404
        assert client.post(reverse(f"courses:{name}", args=["mkc-101", foreign.pk])).status_code == 404


def test_the_header_says_which_version_runs_for_how_many(client, time_machine):
    time_machine.move_to(NOW)
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    design.refresh_from_db()
    run = RunFactory(course=design.course, design=design)
    MembershipFactory.create_batch(2, cohort=run.cohort)
    RunOfferFactory(run=run, placement=design.placements.get(), activity=design.placements.get().activity)
    client.force_login(eva)

    html = text_of(client.get(studio()))

    assert "Version 1, approved" in html
    assert "Version 1 running for 2 students" in html
    assert "Preview as student" in html


# --- Numbers that explain themselves ------------------------------------------------------------------------------


def test_every_percentage_opens_to_exactly_what_makes_it(client):
    eva, design = board(cards=0)
    for minutes, environment in ((50, "digital"), (30, "physical"), (20, "physical"), (None, "physical")):
        PlacementFactory(design=design, activity__minutes=minutes, activity__environment=environment)
    client.force_login(eva)
    page = client.get(studio()).context["page"]

    for mix in page.mixes:
        dimension_total = 0
        for share in mix.shares:
            explanation = client.get(share.url).context["explanation"]
            assert sum(row.minutes for row in explanation.rows) == explanation.minutes
            dimension_total += explanation.minutes
        assert dimension_total == page.minutes == 100

    physical = client.get(page.mixes[0].shares[1].url)
    assert physical.context["explanation"].percent == 50
    assert len(physical.context["explanation"].unestimated) == 1
    assert "Hybrid is an environment of its own" in text_of(physical)


def test_an_explanation_is_a_whole_page_without_script(client):
    eva, _design = board(cards=2)
    client.force_login(eva)

    page = client.get(
        reverse("courses:balance-explain", args=["mkc-101"], query={"dimension": "total", "value": "all"})
    )

    assert page.status_code == 200
    assert "<h1>" in text_of(page)
    assert page.context["explanation"].minutes == 60


@pytest.mark.parametrize(
    ("dimension", "value"), [("mood", "good"), ("environment", "moon"), ("week", "9"), ("week", "x"), ("", "")]
)
def test_a_number_that_no_plan_has_is_not_found(client, dimension, value):
    eva, _design = board()
    client.force_login(eva)

    asked = {"dimension": dimension, "value": value}
    answer = client.get(reverse("courses:balance-explain", args=["mkc-101"], query=asked))

    assert answer.status_code == 404


def test_a_hint_says_its_ground_and_its_activities(client):
    eva, design = board(cards=0)
    clip = PlacementFactory(design=design, activity__type_key="clip", activity__title="No captions")
    client.force_login(eva)
    hint = next(hint for hint in client.get(studio()).context["page"].hints.first if clip.pk in hint.placement_ids)

    answer = client.get(reverse("courses:finding", args=["mkc-101", hint.rule]))

    assert [card.title for card in answer.context["concerned"]] == ["No captions"]
    assert hint.ground in text_of(answer)
    assert client.get(reverse("courses:finding", args=["mkc-101", "C99"])).status_code == 404


@pytest.fixture
def extra_source(monkeypatch):
    """Register a source for one test."""

    def add(source, name="Policy"):
        monkeypatch.setattr(sources, "_sources", dict(sources._sources))
        sources.register(source, name=name)

    return add


def test_a_source_that_fails_is_named_and_breaks_nothing(client, extra_source, caplog):
    def policy(design, plan, balance):
        raise RuntimeError("The policy is on fire")

    extra_source(policy)
    eva, _design = board()
    client.force_login(eva)

    response = client.get(studio())

    assert cards_in(response, 1, "before") == ["Card 1"]
    page = response.context["page"]
    headlines = [hint.headline for hint in (*page.hints.first, *page.hints.others)]
    assert "Policy could not be checked just now" in headlines
    assert "The policy is on fire" in caplog.text


def test_sources_are_asked_with_design_plan_and_balance(extra_source):
    asked = SimpleNamespace()

    def policy(design, plan, balance):
        asked.values = (design, plan, balance)
        return []

    extra_source(policy)
    _eva, design = board()
    plan = plan_of(design)
    balance = weigh(plan)

    assert sources.findings_about(design, plan, balance)
    assert asked.values == (design, plan, balance)


# --- The tools above the board ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2])
def test_every_tool_is_there_without_scripts(client, number):
    """A menu is opened by the browser itself (`popovertarget`), and everything in it is a link or a form."""
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(number=number)
    client.force_login(eva)

    html = text_of(client.get(studio()))

    menu = html[html.index('id="more-menu" popover') : html.index('id="filters"')]
    linked = re.findall(r'<a [^>]*href="/courses/mkc-101/([^"?]*)', menu)
    first = [*(["versions/"] if number > 1 else []), "studio/bulk/", "storyboard/", "paper/"]
    assert linked[: len(first)] == first
    assert len({*linked[len(first) :]}) == 8  # patterns, import, share, and five files
    assert ('name="design" data-submit-on-change' in menu) is (number > 1)
    for menu_id in ("more-menu", "lens-list"):
        assert html.count(f'popovertarget="{menu_id}"') == html.count(f'id="{menu_id}"') == 1


def test_who_may_only_look_is_offered_nothing_that_changes(client):
    _eva, design = board()
    client.force_login(AppointmentFactory(role="director", unit=design.course.unit).user)

    html = text_of(client.get(studio()))

    for gone in ("studio/bulk/", "storyboard/", "/import/", "data-keys-help", 'id="undo"'):
        assert gone not in html
    assert "/paper/" in html


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_whatever_it_holds(client, count, django_assert_num_queries):
    """Person, design, roles and unread notices of the frame, plan (2), runs, steps, policy rules."""
    eva, design = board(cards=count, weeks=count)
    for number in range(1, count + 1):
        OutcomeFactory(design=design, number=number).placements.set(design.placements.all())
    client.force_login(eva)
    client.get(studio())  # the session comes from the cache from now on

    with django_assert_num_queries(9):
        response = client.get(studio())

    assert len(cards_in(response, 1, "before")) == count


def test_a_large_board_stays_small(client):
    eva, design = board(cards=0, weeks=20)
    moments = ("before", "together", "after")
    for number in range(200):
        PlacementFactory(
            design=design,
            week_number=number % 20 + 1,
            moment=moments[number % 3],
            activity__title=f"Activity {number} about segmenting an audience",
            activity__grouping="group",
            activity__environment=("digital", "physical", "workplace", "hybrid")[number % 4],
            activity__timing=("async", "sync")[number % 2],
        )
    client.force_login(eva)

    for lens in ("moment", "environment", "type"):
        assert len(client.get(studio(lens=lens)).content) < 250_000


def test_pages_show_the_saved_design_of_a_draft_beside_an_approved_one(client):
    eva, design = board()
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    DesignFactory(course=design.course, number=2, weeks=2)
    client.force_login(eva)

    assert client.get(studio()).context["design"].number == 2
    assert client.get(studio(design=1)).context["design"].number == 1
