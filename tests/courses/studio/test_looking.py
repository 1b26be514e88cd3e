"""How somebody looks at a plan: lens, filter, selection and order, in the address and through every change."""

from __future__ import annotations

import json
import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Design, Link, Placement, ReportedTime, Week
from courses.queries.studio import LENSES, Look
from courses.queries.studio.looking import FILTERS
from courses.services import plan as services
from tests.courses.studio.worlds import HTMX, PANEL, board, text_of
from tests.factories import NOW, OutcomeFactory, PlacementFactory

MOMENTS = ("before", "together", "after")
ENVIRONMENTS = ("digital", "physical", "workplace", "hybrid")


def studio(**query):
    return reverse("courses:studio", args=["mkc-101"], query=query or None)


def shown(response):
    """The titles of the cards that the filter leaves, in the order of the page."""
    found = re.findall(r'class="card ([^"]*)"[^>]*>.*?<a class="t"[^>]*>(.*?)</a>', text_of(response), re.DOTALL)
    return [title for css, title in found if "out" not in css.split()]


@pytest.fixture
def world(client, db):
    """Four cards that differ in everything that a filter asks."""
    eva, design = board(cards=0)
    outcome = OutcomeFactory(design=design, number=4)
    cards = {
        "Clip": {"environment": "digital", "timing": "async", "learning_type": "acquisition", "minutes": 8},
        "Visit": {"environment": "workplace", "timing": "sync", "learning_type": "practice", "minutes": 240},
        "Talk": {
            "environment": "physical",
            "timing": "sync",
            "learning_type": "discussion",
            "minutes": 60,
            "guidance": "lecturer",
        },
        "Clip of the visit": {
            "environment": "digital",
            "timing": "async",
            "learning_type": "production",
            "minutes": None,
        },
    }
    made = {}
    for place, (title, facts) in enumerate(cards.items()):
        kind = "clip" if title == "Clip" else "upload"
        values = {f"activity__{name}": value for name, value in facts.items()}
        made[title] = PlacementFactory(
            design=design, week_number=1 + place % 2, activity__title=title, activity__type_key=kind, **values
        )
    made["Talk"].outcomes.add(outcome)
    client.force_login(eva)
    return eva, design, made


# --- Reading an address ---------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(("lens", *FILTERS, "sort", "sel", "view", "other")), st.text(max_size=80)))
def test_whatever_an_address_says_is_read_and_never_an_error(asked):
    look = Look.read(asked)

    assert look.lens in LENSES
    assert Look.read(look.pairs()).pairs() == look.pairs()
    assert Look.read({"view": look.view}).pairs() == look.pairs()


def test_what_makes_no_sense_is_left_out_and_named(client, world):
    response = client.get(studio(lens="moon", env="mars", timing="never", sel="12,x", outcome="9", gap="C99", kind="?"))

    page = response.context["page"]
    assert response.status_code == 200
    assert page.look.pairs() == {"lens": "moment"}
    assert set(page.ignored.split(", ")) == {
        "lens=moon",
        "env=mars",
        "timing=never",
        "outcome=9",
        "gap=C99",
        "kind=?",
        "sel=12",
    }
    assert "does not know, so it is left out: lens=moon" in text_of(response)


def test_a_card_of_another_design_cannot_be_selected(client, world):
    _eva, _design, made = world
    foreign = PlacementFactory()

    page = client.get(studio(sel=f"{made['Clip'].pk},{foreign.pk}")).context["page"]

    assert page.look.sel == (made["Clip"].pk,)
    assert page.ignored == f"sel={foreign.pk}"


# --- Filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"env": "digital"}, ["Clip", "Clip of the visit"]),
        ({"kind": "clip"}, ["Clip"]),
        ({"ltype": "practice"}, ["Visit"]),
        ({"timing": "sync"}, ["Visit", "Talk"]),
        ({"guidance": "lecturer"}, ["Talk"]),
        ({"guidance": "none", "timing": "async"}, ["Clip", "Clip of the visit"]),
        ({"outcome": "4"}, ["Talk"]),
        ({"outcome": "none"}, ["Clip", "Visit", "Clip of the visit"]),
        ({"q": "VISIT clip"}, ["Clip of the visit"]),
        ({"gap": "minutes"}, ["Clip of the visit"]),
        ({"env": "digital", "timing": "sync"}, []),
    ],
)
@pytest.mark.parametrize("lens", LENSES)
def test_each_filter_leaves_the_same_cards_in_each_lens(client, world, lens, asked, left):
    response = client.get(studio(lens=lens, **asked))

    assert sorted(shown(response)) == sorted(left)
    page = response.context["page"]
    assert (page.shown_count, page.all_count) == (len(left), 4)
    assert ("No activity fits this filter." in text_of(response)) == (not left)


def test_sums_stay_those_of_the_whole_design(client, world):
    response = client.get(studio(env="workplace"))

    assert response.context["page"].minutes == 308
    html = text_of(response)
    assert "1 of 4 activities is shown. Totals and balance are those of the whole design." in html
    assert "1 more, not shown" in html
    assert parse_qsl(urlsplit(response.context["page"].clear_url).query) == [("design", "1"), ("lens", "moment")]


def test_a_chip_filters_to_the_cards_that_a_gap_is_about_and_clears_it_again(client, world):
    chips = {chip.text: chip for chip in client.get(studio(lens="table")).context["page"].chips}

    response = client.get(chips["1 without minutes"].url)

    assert shown(response) == ["Clip of the visit"]
    current = next(chip for chip in response.context["page"].chips if chip.current)
    assert current.text == "1 without minutes"
    assert "gap" not in dict(parse_qsl(urlsplit(current.url).query))


def test_what_is_planned_and_not_built_has_a_chip(client, world):
    _eva, design, _made = world
    PlacementFactory(design=design, activity__type_key="reading", activity__config={"source": "text", "text": "Read."})

    chip = next(chip for chip in client.get(studio()).context["page"].chips if "not built" in chip.text)

    assert chip.text == "4 planned, not built"
    assert sorted(shown(client.get(chip.url))) == ["Clip", "Clip of the visit", "Talk", "Visit"]


def test_the_filter_of_a_finding_shows_its_words(client, world):
    page = client.get(studio()).context["page"]
    hint = next(hint for hint in (*page.hints.first, *page.hints.others) if hint.placement_ids)

    response = client.get(studio(gap=hint.rule))

    assert response.context["page"].shown == set(hint.placement_ids)
    assert hint.headline in [chip.text for chip in response.context["page"].chips if chip.current]


# --- Through a change -----------------------------------------------------------------------------------------------


def test_lens_filter_and_selection_stay_after_a_change(client, world):
    _eva, _design, made = world
    view = f"lens=environment&env=digital&sel={made['Clip'].pk}"
    url = reverse("courses:placement-move", args=["mkc-101", made["Clip"].pk])

    answer = client.post(
        url, {"week": "3", "moment": "before", "environment": "digital", "version": "0", "view": view}, headers=HTMX
    )

    page = answer.context["page"]
    assert (page.lens, page.look.env, page.look.sel) == ("environment", "digital", (made["Clip"].pk,))
    assert f'data-view="{view}"' in text_of(answer)
    assert sorted(shown(answer)) == ["Clip", "Clip of the visit"]
    html = text_of(answer)
    for part in ("lenses", "gaps", "filters", "sifted"):
        assert f'id="{part}" hx-swap-oob="true"' in html


def test_without_script_a_change_comes_back_to_the_same_look(client, world):
    _eva, _design, made = world
    url = reverse("courses:placement-delete", args=["mkc-101", made["Clip"].pk])

    answer = client.post(url, {"version": "0", "view": "lens=table&timing=async&sort=-minutes"})

    assert answer.status_code == 303
    assert dict(parse_qsl(urlsplit(answer.url).query)) == {
        "design": "1",
        "lens": "table",
        "timing": "async",
        "sort": "-minutes",
    }


def test_a_card_that_was_just_worked_on_is_shown_whatever_the_filter_says(client, world):
    _eva, _design, made = world
    url = reverse("courses:placement-move", args=["mkc-101", made["Clip"].pk])
    sent = {"week": "1", "moment": "before", "environment": "hybrid", "version": "0"}

    answer = client.post(url, sent | {"view": "lens=environment&env=digital"}, headers=HTMX)

    assert "Clip" in shown(answer)


def test_another_look_by_htmx_brings_the_board_and_its_address(client, world):
    answer = client.get(studio(lens="timeline", timing="sync"), headers=HTMX)
    typed = client.get(studio(q="clip"), headers=HTMX | {"HX-Trigger": "filter-form"})

    assert answer.headers["HX-Push-Url"] == studio(design=1, lens="timeline", timing="sync")
    assert "2 of 4 activities are shown." in text_of(answer)
    assert "<h1" not in text_of(answer)
    assert typed.headers["HX-Replace-Url"] == studio(design=1, lens="moment", q="clip")
    assert 'id="filter-form"' not in text_of(typed)  # what is being typed is not replaced


def carriers(response):
    """Everything that carries a lens along: addresses and hidden fields, each as often as it is there."""
    return Counter(
        re.findall(
            r'<(?:a|form|input|select)\b[^>]*?\b((?:href|action|value|hx-get)="[^"]*lens[^"]*")', text_of(response)
        )
    )


@pytest.mark.parametrize("lens", [lens for lens in LENSES if lens != "moment"])
@pytest.mark.parametrize("number", [1, 2])
def test_whatever_carries_the_look_comes_with_another_lens(client, world, lens, number):
    eva, design, made = world
    Design.objects.filter(pk=design.pk).update(number=number)
    asked = {"lens": lens, "env": "digital", "sel": made["Clip"].pk}
    services.move_placement(made["Clip"], week=3, moment="after", by=eva, version=0, at=NOW)

    whole = carriers(client.get(studio(**asked)))
    swapped = carriers(client.get(studio(**asked), headers=HTMX))

    assert whole == swapped
    assert any("/bulk/" in each for each in whole)
    assert any("/balance/" in each for each in whole)


def test_whatever_carries_the_look_comes_with_a_change(client, world):
    _eva, design, made = world
    Design.objects.filter(pk=design.pk).update(number=2)
    url = reverse("courses:placement-move", args=["mkc-101", made["Clip"].pk])
    sent = {"week": "3", "moment": "before", "version": "0", "view": f"lens=table&sel={made['Talk'].pk}"}

    moved = client.post(url, sent, headers=HTMX)

    assert carriers(moved) == carriers(client.get(moved.context["page"].url)) != Counter()


# --- The lenses -----------------------------------------------------------------------------------------------------


def test_weeks_and_environments_have_totals_at_the_edges(client, world):
    page = client.get(studio(lens="environment")).context["page"]

    assert [(lane.key, lane.minutes) for lane in page.boards.lanes] == [
        ("digital", 8),
        ("physical", 60),
        ("workplace", 240),
        ("hybrid", 0),
    ]
    assert [row.minutes for row in page.rows] == [68, 240, 0]
    assert sum(lane.minutes for lane in page.boards.lanes) == sum(row.minutes for row in page.rows) == page.minutes


def test_the_height_of_a_card_follows_the_root_of_its_minutes(client, world):
    html = text_of(client.get(studio(lens="environment")))

    roots = {int(root) for root in re.findall(r"class=\"card [^\"]* r-(\d+)\"", html)}
    assert roots == {0, 2, 7, 15}  # none, 8, 60 and 240 minutes
    rules = (settings.BASE_DIR / "static/css/lenses.css").read_text(encoding="utf-8")
    assert all(f".r-{root} " in rules for root in range(3, 25))


def test_a_week_over_the_limit_says_so_with_words(client, world):
    _eva, design, _made = world
    for _ in range(3):
        PlacementFactory(design=design, week_number=3, activity__minutes=900)

    html = text_of(client.get(studio(lens="environment")))

    assert "Week 3 is heavy: 45 h" in html
    assert 'aria-label="over the limit"' in html


def test_the_timeline_is_true_to_minutes(client, world):
    _eva, design, made = world
    PlacementFactory(
        design=design,
        week_number=1,
        activity__title="Read",
        activity__timing="async",
        activity__minutes=60,
        activity__minutes_low=30,
        activity__minutes_high=90,
    )

    boards = client.get(studio(lens="timeline")).context["page"].boards

    clip, visit, talk = (boards.stretches[made[title].pk] for title in ("Clip", "Visit", "Talk"))
    assert visit.width / talk.width == pytest.approx(4, rel=1e-3)
    assert visit.width == pytest.approx(100 * 240 / boards.scale.top, abs=1e-3)
    assert clip.x == 0
    read = boards.stretches[Placement.objects.get(activity__title="Read").pk]
    assert read.x == pytest.approx(clip.x + clip.width, abs=1e-3)
    assert (read.low, read.reach) == pytest.approx((read.x + read.width / 2, read.width), abs=2e-3)


def test_a_move_in_the_timeline_changes_the_timing_as_one_step(client, world):
    eva, design, made = world
    url = reverse("courses:placement-move", args=["mkc-101", made["Talk"].pk])

    answer = client.post(
        url, {"week": "2", "moment": "before", "timing": "async", "version": "0", "view": "lens=timeline"}, headers=HTMX
    )

    assert "“Talk” is in week 2, own time. Week total 5 h." in text_of(answer)
    moved = Placement.objects.get(pk=made["Talk"].pk)
    assert (moved.activity.timing, moved.week.number) == ("async", 2)
    design.refresh_from_db()
    services.undo(design, by=eva, at=NOW)
    back = Placement.objects.get(pk=made["Talk"].pk)
    assert (back.activity.timing, back.week.number) == ("sync", 1)


def test_an_unknown_timing_is_refused(client, world):
    _eva, _design, made = world
    url = reverse("courses:placement-move", args=["mkc-101", made["Talk"].pk])

    answer = client.post(url, {"week": "2", "moment": "before", "timing": "never", "version": "0"}, headers=HTMX)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Clip", "Talk", "Visit", "Clip of the visit"]),
        ("minutes", ["Clip of the visit", "Clip", "Talk", "Visit"]),
        ("-minutes", ["Visit", "Talk", "Clip", "Clip of the visit"]),
        ("title", ["Clip", "Clip of the visit", "Talk", "Visit"]),
        ("env", ["Clip", "Clip of the visit", "Talk", "Visit"]),
        ("-guidance", ["Talk", "Clip", "Visit", "Clip of the visit"]),
    ],
)
def test_the_table_is_sorted_by_the_address(client, world, sort, order):
    assert shown(client.get(studio(lens="table", sort=sort))) == order


def test_guidance_is_a_cell_of_the_table_that_is_changed_in_place(client, world):
    _eva, _design, made = world
    talk = made["Talk"]
    table = studio(lens="table")

    html = text_of(client.get(table))
    head = next(head for head in client.get(table).context["page"].boards.heads if head.inline == "guidance")
    answer = client.post(
        reverse("courses:placement-field", args=["mkc-101", talk.pk]),
        {"field": "guidance", "value": "mentor", "seen": "lecturer", "view": "lens=table"},
        headers={"HX-Request": "true", "HX-Target": "field-report"},
    )

    assert head.name == "Guidance"
    assert re.search(rf'id="p{talk.pk}"[^>]* data-guidance="lecturer"', html)
    assert html.count("<td>With the lecturer</td>") == 1
    assert "<td>With a mentor</td>" in text_of(answer)
    assert "Saved: Guidance of “Talk”." in text_of(answer)
    talk.activity.refresh_from_db()
    assert talk.activity.guidance == "mentor"


def test_the_head_of_a_column_sorts_by_it_and_then_the_other_way_round(client, world):
    first = next(h for h in client.get(studio(lens="table")).context["page"].boards.heads if h.is_number)
    second = next(h for h in client.get(first.url).context["page"].boards.heads if h.is_number)

    assert (first.order, second.order) == ("", "ascending")
    assert dict(parse_qsl(urlsplit(second.url).query))["sort"] == "-minutes"


def test_connections_are_drawn_between_environments_and_listed(client, world):
    _eva, design, made = world
    Link.objects.create(design=design, source=made["Clip"], target=made["Talk"], note="The example")
    Link.objects.create(design=design, source=made["Visit"], target=made["Clip"])

    response = client.get(studio(lens="environment"))

    drawn = response.context["page"].boards.connections
    assert drawn.said == "Digital to Physical: 1; Workplace to Digital: 1"
    assert [(line.source.title, line.target.title, line.backwards) for line in drawn.lines] == [
        ("Clip", "Talk", False),
        ("Visit", "Clip", True),
    ]
    assert "The example" in text_of(response)
    assert "used before it is made" in text_of(response)


# --- Weeks without class --------------------------------------------------------------------------------------------


def test_a_week_without_class_is_one_step_that_undo_takes_back(client, world):
    eva, design, _made = world
    url = reverse("courses:week-rename", args=["mkc-101", 3])

    answer = client.post(url, {"version": "0", "title": "Spring break", "kind": "off"}, headers=PANEL)

    week = Week.objects.get(design=design, number=3)
    assert (week.title, week.teaching) == ("Spring break", False)
    assert "Undo editing week 3" in text_of(answer)
    row = next(row for row in answer.context["page"].rows if row.number == 3)
    assert (row.teaching, row.is_off) == (False, True)
    assert "No class" in text_of(answer)
    design.refresh_from_db()
    services.undo(design, by=eva, at=NOW)
    week.refresh_from_db()
    assert (week.title, week.teaching) == ("Theme 3", True)


def test_a_week_without_class_that_holds_work_is_not_drawn_narrow(client, world):
    _eva, design, _made = world
    Week.objects.filter(design=design).update(teaching=False)

    rows = client.get(studio(lens="environment")).context["page"].rows

    assert [row.is_off for row in rows] == [False, False, True]


def test_renaming_a_week_leaves_its_kind_alone(client, world):
    _eva, design, _made = world
    Week.objects.filter(design=design, number=2).update(teaching=False)

    client.post(reverse("courses:week-rename", args=["mkc-101", 2]), {"version": "0", "title": "Exam"}, headers=PANEL)

    week = Week.objects.get(design=design, number=2)
    assert (week.title, week.teaching) == ("Exam", False)


# --- Empty, broken, full --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("lens", LENSES)
def test_an_empty_plan_says_what_to_do_first(client, lens):
    eva, design = board(cards=0)
    client.force_login(eva)
    assert "Nothing is planned yet." in text_of(client.get(studio(lens=lens)))

    Week.objects.filter(design=design).delete()
    assert client.get(studio(lens=lens)).status_code == 200


@pytest.mark.parametrize("lens", LENSES)
def test_a_type_that_is_gone_and_a_card_without_a_week_are_shown_in_each_lens(client, world, lens):
    _eva, design, made = world
    type(made["Clip"].activity).objects.filter(pk=made["Clip"].activity_id).update(type_key="hologram", config={"x": 1})
    Week.objects.filter(design=design, number=2).delete()

    response = client.get(studio(lens=lens))

    assert sorted(shown(response)) == ["Clip", "Clip of the visit", "Talk", "Visit"]
    assert ("hologram", "hologram") in [
        (choice.value, choice.label) for each in response.context["page"].filters for choice in each.choices
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("lens", LENSES)
def test_two_hundred_cards_stay_small_in_each_lens(client, lens, django_assert_max_num_queries):
    eva, design = board(cards=0, weeks=20)
    for number in range(200):
        PlacementFactory(
            design=design,
            week_number=number % 20 + 1,
            moment=MOMENTS[number % 3],
            activity__title=f"Activity {number} about segmenting an audience",
            activity__grouping="group",
            activity__environment=ENVIRONMENTS[number % 4],
            activity__timing=("async", "sync")[number % 2],
            activity__minutes=60,
            activity__minutes_low=45,
            activity__minutes_high=90,
        )
    ReportedTime.objects.bulk_create(
        ReportedTime(course=design.course, key=key, median=90, reports=12, changed_at=NOW)
        for key in design.placements.values_list("key", flat=True)
    )
    client.force_login(eva)
    client.get(studio())

    with django_assert_max_num_queries(12):
        whole = client.get(studio(lens=lens))
    with django_assert_max_num_queries(10):
        looked = client.get(studio(lens=lens, env="digital"), headers=HTMX)
    card = design.placements.first()
    sent = {"week": "5", "moment": "after", "version": "0", "view": f"lens={lens}&env=digital&sel={card.pk}"}
    with django_assert_max_num_queries(14):  # the ten of the move, and the frame: session, person, design, right
        moved = client.post(reverse("courses:placement-move", args=["mkc-101", card.pk]), sent, headers=HTMX)

    assert len(whole.content) < 250_000
    assert len(looked.content) < 250_000
    assert moved.status_code == 200
    assert len(moved.content) < 250_000
    assert json.loads(moved.headers["HX-Trigger-After-Settle"]) == {"focusOn": {"id": f"a{card.pk}"}}
