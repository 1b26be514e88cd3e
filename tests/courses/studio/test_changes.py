"""Working in the Studio: every change by htmx and by plain form, what is refused and how, what it costs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from courses.models import Design, Placement, Step
from courses.services import plan
from tests.courses.studio.worlds import HTMX, PANEL, board, cards_in, text_of
from tests.factories import NOW, OutcomeFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"courses:{name}", args=["mkc-101", *args])


@pytest.fixture
def world(client):
    eva, design = board(cards=2)
    client.force_login(eva)
    return eva, design


def first(design: Design) -> Placement:
    return design.placements.select_related("activity", "week").order_by("position")[0]


def somebody_else_changes(design: Design) -> None:
    sam = UserFactory(name="Sam de Wit")
    fresh = Design.objects.select_related("course").get(pk=design.pk)
    plan.edit_week(fresh, 3, title="Changed by Sam", by=sam, version=fresh.plan_version, at=NOW)


def editor(client: Any, placement: Placement) -> Any:
    """The page with the editor open: a whole page, because only those tell a test their context."""
    return client.get(url("placement", placement.pk))


def edit(client: Any, placement: Placement, headers: Any = PANEL, **changes: Any) -> Any:
    shown = editor(client, placement).context
    form = shown["form"]
    shown_as = {name: form[name].value() for name in form.initial if name in form.fields}
    values = {name: value for name, value in shown_as.items() if value not in (None, "", False, [])}
    if form.settings is not None:
        for bound in form.settings:
            value = bound.value()
            if value not in (None, False):
                values[bound.html_name] = value
        values["settings_for"] = form.kind.key
    values |= {"seen": shown["seen"]} | changes
    return client.post(url("placement", placement.pk), values, headers=headers)


def test_the_editor_keeps_what_a_card_is_for(client, world):
    _eva, design = world
    card = first(design)

    edit(client, card, purpose="contact", tool="Miro", alternative="recording", own_choice="on")

    card.activity.refresh_from_db()
    stored = [getattr(card.activity, name) for name in ("purpose", "tool", "alternative", "own_choice")]
    assert stored == ["contact", "Miro", "recording", True]


# --- Moving -------------------------------------------------------------------------------------------------------


def test_a_move_answers_with_the_board_and_all_that_follows_from_it(client, world):
    _eva, design = world
    card = first(design)

    answer = client.post(
        url("placement-move", card.pk),
        {"week": "2", "moment": "together", "position": "1", "version": "0", "lens": "moment"},
        headers=HTMX,
    )

    assert answer.status_code == 200
    assert cards_in(answer, 2, "together") == ["Card 1"]
    html = text_of(answer)
    for part in ("studio-notice", "rhythm", "sums", "saved", "course-weeks", "live"):
        assert f'id="{part}"' in html
    assert "“Card 1” is in week 2, together. Week total 30 min." in html
    assert "Undo move of “Card 1”" in html
    assert json.loads(answer.headers["HX-Trigger-After-Settle"]) == {"focusOn": {"id": f"a{card.pk}"}}


def test_a_move_within_a_cell_says_the_new_place_too(client, world):
    _eva, design = world
    card = first(design)
    PlacementFactory(design=design, activity__title="Third")
    sent = {"week": "1", "moment": "before", "position": "2", "version": "0"}

    answer = client.post(url("placement-move", card.pk), sent, headers=HTMX)

    assert cards_in(answer, 1, "before") == ["Card 2", "Card 1", "Third"]
    assert "“Card 1” is in week 1, before, position 2 of 3. Week total 1 h 30." in text_of(answer)


def test_a_move_works_without_script(client, world):
    _eva, design = world
    card = first(design)

    shown = client.get(url("placement-move", card.pk))
    answer = client.post(
        url("placement-move", card.pk),
        {"week": "shelf", "moment": "before", "version": shown.context["page"].plan.version},
    )

    assert answer.status_code == 303
    assert answer.url == f"{url('studio')}?design=1&lens=moment#a{card.pk}"
    followed = client.get(answer.url)
    assert cards_in(followed, "shelf", "") == ["Card 1"]
    assert "“Card 1” is on the shelf." in text_of(followed)


@pytest.mark.parametrize(
    ("lens", "sent", "column"),
    [
        ("environment", {"environment": "workplace"}, "workplace"),
        ("type", {"learning_type": "inquiry"}, "inquiry"),
    ],
)
def test_a_move_in_another_lens_changes_what_the_column_says(client, world, lens, sent, column):
    _eva, design = world

    answer = client.post(
        url("placement-move", first(design).pk),
        {"week": "3", "moment": "before", "version": "0", "lens": lens, **sent},
        headers=HTMX,
    )

    assert cards_in(answer, 3, column) == ["Card 1"]
    assert f"is in week 3, {column}." in text_of(answer)


@pytest.mark.parametrize(
    "place",
    [
        {"week": "9"},
        {"week": "0"},
        {"week": "-1"},
        {"week": "x"},
        {"week": ""},
        {"moment": "during"},
        {"position": "-1"},
        {"position": "x"},
        {"environment": "moon"},
        {"learning_type": "magic"},
    ],
)
def test_a_move_to_nowhere_is_refused_in_words(client, world, place):
    _eva, design = world
    card = first(design)

    answer = client.post(
        url("placement-move", card.pk), {"week": "2", "moment": "after", "version": "0", **place}, headers=HTMX
    )

    assert answer.status_code == 422
    assert cards_in(answer, 1, "before") == ["Card 1", "Card 2"]
    assert "This cannot be moved there." in text_of(answer) or "This design has no week 9." in text_of(answer)
    assert Design.objects.get().plan_version == 0


def test_a_move_from_a_stale_board_brings_the_fresh_one_and_says_who_changed_it(client, world):
    _eva, design = world
    somebody_else_changes(design)

    answer = client.post(
        url("placement-move", first(design).pk),
        {"week": "2", "moment": "after", "version": "0", "lens": "moment"},
        headers=HTMX,
    )

    assert answer.status_code == 409
    assert cards_in(answer, 1, "before") == ["Card 1", "Card 2"]
    assert "Changed by Sam" in text_of(answer)
    assert "Sam de Wit changed this plan at 10:00." in text_of(answer)
    assert 'data-version="1"' in text_of(answer)
    assert answer.headers["HX-Retarget"] == "#board"


def test_a_stale_move_without_script_keeps_the_page(client, world):
    _eva, design = world
    somebody_else_changes(design)

    answer = client.post(url("placement-move", first(design).pk), {"week": "2", "moment": "after", "version": "0"})

    assert answer.status_code == 409
    assert "<h1>" in text_of(answer)
    assert "Sam de Wit changed this plan" in text_of(answer)


@pytest.mark.parametrize("version", ["", "x", "-3", None])
def test_a_change_without_a_version_is_refused(client, world, version):
    _eva, design = world
    said = {} if version is None else {"version": version}

    answer = client.post(url("placement-delete", first(design).pk), said, headers=HTMX)

    assert answer.status_code == 409
    assert design.placements.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_move_costs_ten_queries_whatever_the_board_holds(client, count):
    """Person, card with rights, cell, card, step, journal, plan (2), version with load, policy rules.

    Ten is what a move may cost. Savepoints, which stand for the beginning and end of the transaction, ask nothing.
    """
    eva, design = board(cards=count)
    client.force_login(eva)
    client.get(url("studio"))
    card = first(design)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(
            url("placement-move", card.pk),
            {"week": "2", "moment": "after", "position": "1", "version": "0", "lens": "moment"},
            headers=HTMX,
        )

    assert answer.status_code == 200
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) == 10, "\n".join(queries)


# --- Quick add ----------------------------------------------------------------------------------------------------


def test_what_is_recognised_is_shown_before_it_is_added(client, world):
    answer = client.get(url("quick-preview"), {"text": "watch clip cell division 20m alone LO2"}, headers=HTMX)

    shown = re.findall(r'<span class="muted">(.*?)</span> (.*?)</span>', text_of(answer))
    assert shown == [("type", "Clip"), ("time", "20 min"), ("outcome", "LO2"), ("students work", "Alone")]
    assert "Cell division" in text_of(answer)
    assert Activity.objects.count() == 2


def test_a_quick_line_adds_to_its_cell_and_stays(client, world):
    _eva, design = world
    outcome = OutcomeFactory(design=design, number=2)

    answer = client.post(
        url("quick-add"),
        {
            "text": "watch clip cell division 20m alone LO2",
            "week": "2",
            "moment": "before",
            "version": "0",
            "lens": "moment",
        },
        headers=HTMX,
    )

    assert answer.status_code == 200
    assert cards_in(answer, 2, "before") == ["Cell division"]
    assert "quickAdded" in answer.headers["HX-Trigger"]
    added = Placement.objects.select_related("activity").get(week__number=2)
    activity = added.activity
    assert (activity.type_key, activity.minutes, activity.grouping) == ("clip", 20, "alone")
    assert list(added.outcomes.all()) == [outcome]


def test_a_line_without_a_type_becomes_a_session_where_people_meet(client, world):
    client.post(
        url("quick-add"), {"text": "kick-off 1h30", "week": "1", "moment": "together", "version": "0"}, headers=HTMX
    )

    activity = Activity.objects.get(title="Kick-off")
    assert (activity.type_key, activity.minutes, activity.timing, activity.environment) == (
        "session",
        90,
        "sync",
        "physical",
    )


def test_the_column_of_another_lens_fills_in_the_line(client, world):
    client.post(
        url("quick-add"),
        {"text": "read the shop's reports 30m", "week": "1", "environment": "workplace", "version": "0"},
        headers=HTMX,
    )

    assert Activity.objects.get(minutes=30, title__startswith="Read the shop").environment == "workplace"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": ""}, "Write what students do"),
        ({"text": "20m"}, "Write what students do"),
        ({"text": "x" * 161}, "too long"),
        ({"text": "quiz 10000 min"}, "cannot be right"),
        ({"text": "quiz basics -5 min"}, "cannot be right"),
        ({"text": "read it LO9"}, "no LO9"),
        ({"text": "read it", "week": "x"}, "no such week"),
    ],
)
def test_a_line_that_cannot_be_added_says_why_beside_the_line(client, world, sent, words):
    answer = client.post(url("quick-add"), {"week": "1", "moment": "before", "version": "0", **sent}, headers=HTMX)

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#parts-cell"
    assert words in text_of(answer)
    assert Activity.objects.count() == 2


def test_a_line_for_a_week_that_is_gone_is_refused(client, world):
    answer = client.post(
        url("quick-add"), {"text": "read it", "week": "9", "moment": "before", "version": "0"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "This design has no week 9." in text_of(answer)
    assert Activity.objects.count() == 2


def test_a_line_typed_on_a_stale_board_is_not_added(client, world):
    _eva, design = world
    somebody_else_changes(design)

    answer = client.post(
        url("quick-add"), {"text": "read it 5m", "week": "1", "moment": "before", "version": "0"}, headers=HTMX
    )

    assert answer.status_code == 409
    assert "quickAdded" not in answer.headers.get("HX-Trigger", "")
    assert Activity.objects.count() == 2


def test_the_quick_line_works_without_script(client, world):
    shown = client.get(f"{url('placement-add')}?week=2&moment=after")
    assert "Or choose a type" in text_of(shown)

    answer = client.post(
        url("quick-add"), {"text": "essay on pricing 2 h", "week": "2", "moment": "after", "version": "0"}
    )

    assert answer.status_code == 303
    assert cards_in(client.get(answer.url), 2, "after") == ["On pricing"] or cards_in(
        client.get(answer.url), 2, "after"
    ) == ["Essay on pricing"]

    refused = client.post(url("quick-add"), {"text": "", "week": "2", "moment": "after", "version": "1"})
    assert refused.status_code == 422
    assert "<h1>" in text_of(refused)


# --- The add form and the editor ----------------------------------------------------------------------------------


def test_the_add_form_begins_as_its_type_and_cell_say(client, world):
    shown = client.get(f"{url('placement-add')}?type=session&week=2&moment=together")

    form = shown.context["form"]
    assert (form.initial["minutes"], form.initial["timing"], form.initial["grouping"]) == (120, "sync", "class")
    assert shown.context["place"].initial == {"version": 0, "week": "2", "moment": "together"}
    assert "Begins at" in text_of(shown)


def test_an_activity_is_added_with_the_settings_of_its_type(client, world):
    answer = client.post(
        url("placement-add"),
        {
            "type_key": "session",
            "settings_for": "session",
            "title": "Kick-off",
            "minutes": "1h30",
            "learning_type": "discussion",
            "timing": "sync",
            "place": "campus",
            "environment": "physical",
            "grouping": "class",
            "guidance": "lecturer",
            "assessment": "none",
            "feedback_by": "none",
            "required": "on",
            "week": "2",
            "moment": "together",
            "version": "0",
            "set-weekday": "3",
            "set-starts": "13:30",
            "set-room": "B2.14",
        },
        headers=PANEL,
    )

    assert answer.status_code == 200
    assert cards_in(answer, 2, "together") == ["Kick-off"]
    activity = Activity.objects.get(title="Kick-off")
    assert (activity.minutes, activity.config["weekday"], activity.config["room"]) == (90, 3, "B2.14")


@pytest.mark.parametrize("kind", ["dance", ""])
def test_an_unknown_type_is_refused_in_place(client, world, kind):
    answer = client.post(url("placement-add"), {"type_key": kind, "title": "X", "week": "1", "version": "0"})

    assert answer.status_code == 422
    assert "type_key" in answer.context["form"].errors
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("90", 90), ("1:30", 90), ("1h30", 90), ("1.5 h", 90), ("1,5 u", 90), ("0", 0), ("", None)],
)
def test_minutes_are_typed_as_people_write_them(client, world, typed, minutes):
    _eva, design = world

    answer = edit(client, first(design), minutes=typed)

    assert answer.status_code == 200
    assert first(design).activity.minutes == minutes


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": "-5"}, "minutes"),
        ({"minutes": "10,000"}, "minutes"),
        ({"minutes": "abc"}, "minutes"),
        ({"title": ""}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"environment": "moon"}, "environment"),
        ({"weight": "101"}, "weight"),
        ({"second_type": "practice"}, "second_share"),
        ({"second_type": "practice", "second_share": "51"}, "second_share"),
        ({"second_type": "acquisition", "second_share": "10"}, "second_type"),
        ({"group_size": "1"}, "group_size"),
        ({"feedback_days": "-1"}, "feedback_days"),
        ({"title": "nul\x00l"}, "title"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_nothing_is_written(client, world, wrong, field):
    _eva, design = world

    answer = edit(client, first(design), headers={}, **wrong)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert first(design).activity.title == "Card 1"
    assert (Design.objects.get().plan_version, Step.objects.count()) == (0, 0)


def test_an_outcome_of_another_design_is_refused(client, world):
    _eva, design = world
    OutcomeFactory(design=design)

    answer = edit(client, first(design), headers={}, outcomes=[OutcomeFactory().pk])

    assert answer.status_code == 422
    assert "outcomes" in answer.context["form"].errors


def test_a_broken_setting_is_refused_at_its_field(client, world):
    _eva, design = world
    clip = PlacementFactory(design=design, activity__type_key="clip", activity__title="Clip")

    answer = edit(client, clip, headers={}, **{"set-source": "address", "set-address": "https://evil.example/x"})

    assert answer.status_code == 422
    assert "address" in answer.context["form"].settings.errors
    clip.activity.refresh_from_db()
    assert clip.activity.config == {}


def test_saving_keeps_the_editor_open_and_says_so(client, world):
    _eva, design = world
    outcome = OutcomeFactory(design=design)

    answer = edit(client, first(design), title="<b>Bold</b> & co", outcomes=[outcome.pk])

    assert answer.status_code == 200
    assert 'class="panel editor"' in text_of(answer)
    assert "“<b>Bold</b> & co” is saved." in text_of(answer)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in answer.content.decode()
    assert list(first(design).outcomes.all()) == [outcome]


def test_saving_works_without_script(client, world):
    _eva, design = world

    answer = edit(client, first(design), headers={}, title="Plain")

    assert answer.status_code == 303
    assert cards_in(client.get(answer.url), 1, "before") == ["Plain", "Card 2"]


def test_an_editor_that_is_stale_keeps_what_was_typed(client, world):
    _eva, design = world
    card = first(design)
    seen = editor(client, card).context["seen"]
    edit(client, card, title="Written meanwhile")

    answer = edit(client, card, headers={}, title="My careful words", seen=seen)

    assert answer.status_code == 409
    assert 'value="My careful words"' in text_of(answer)
    assert first(design).activity.title == "Written meanwhile"
    again = edit(client, card, title="My careful words", seen=answer.context["seen"])
    assert again.status_code == 200


def test_an_editor_is_not_stale_because_of_a_move_elsewhere(client, world):
    _eva, design = world
    card = first(design)
    seen = editor(client, card).context["seen"]
    somebody_else_changes(design)

    assert edit(client, card, title="Mine", seen=seen).status_code == 200


def test_another_type_brings_its_own_settings_and_keeps_what_was_typed(client, world):
    _eva, design = world

    shown = edit(client, first(design), title="Half typed", type_key="session", refresh="1")

    assert shown.status_code == 200
    assert "Begins at" in text_of(shown)
    assert 'value="Half typed"' in text_of(shown)
    assert first(design).activity.title == "Card 1"


def test_another_type_without_its_settings_is_asked_for_them(client, world):
    _eva, design = world

    answer = edit(client, first(design), type_key="session")

    assert answer.status_code == 422
    assert "These are the settings of the new type." in text_of(answer)
    assert first(design).activity.type_key == "reading"


# --- Duplicate, remove, undo --------------------------------------------------------------------------------------


def test_removing_needs_no_question_because_it_can_be_undone(client, world):
    _eva, design = world
    card = first(design)

    removed = client.post(url("placement-delete", card.pk), {"version": "0"}, headers=HTMX)

    assert cards_in(removed, 1, "before") == ["Card 2"]
    assert "“Card 1” is removed." in text_of(removed)
    assert "blend-toast" in text_of(removed)
    undone = client.post(url("undo"), headers=HTMX)
    assert cards_in(undone, 1, "before") == ["Card 1", "Card 2"]
    assert "Redo removing “Card 1”" in text_of(undone)
    redone = client.post(url("redo"), headers=HTMX)
    assert cards_in(redone, 1, "before") == ["Card 2"]


def test_a_duplicate_gets_the_focus(client, world):
    _eva, design = world

    answer = client.post(url("placement-duplicate", first(design).pk), {"version": "0"}, headers=HTMX)

    assert cards_in(answer, 1, "before") == ["Card 1", "Card 1 (copy)", "Card 2"]
    twin = Placement.objects.get(activity__title="Card 1 (copy)")
    assert json.loads(answer.headers["HX-Trigger-After-Settle"]) == {"focusOn": {"id": f"a{twin.pk}"}}


def test_undo_works_without_script(client, world):
    _eva, design = world
    client.post(url("placement-delete", first(design).pk), {"version": "0"})

    answer = client.post(url("undo"))

    assert answer.status_code == 303
    assert cards_in(client.get(answer.url), 1, "before") == ["Card 1", "Card 2"]


def test_undo_with_nothing_to_undo_says_so(client, world):
    answer = client.post(url("undo"), headers=HTMX)

    assert answer.status_code == 409
    assert "There is nothing to undo." in text_of(answer)


def test_undo_after_somebody_changed_the_same_card_is_refused(client, world):
    _eva, design = world
    card = first(design)
    client.post(url("placement-move", card.pk), {"week": "2", "moment": "after", "version": "0"}, headers=HTMX)
    fresh = Placement.objects.select_related("design__course", "activity", "week").get(pk=card.pk)
    plan.move_placement(fresh, week=3, moment="after", by=UserFactory(), version=1, at=NOW)

    answer = client.post(url("undo"), headers=HTMX)

    assert answer.status_code == 409
    assert cards_in(answer, 3, "after") == ["Card 1"]
    assert "“Card 1” was changed since." in text_of(answer)


# --- Weeks --------------------------------------------------------------------------------------------------------


def test_weeks_are_added_named_and_removed_with_undo(client, world):
    _eva, design = world

    added = client.post(url("week-add"), {"version": "0"}, headers=HTMX)
    assert "4 weeks" in text_of(added)
    named = client.post(url("week-rename", 4), {"version": "1", "title": "  The <i>end</i> "}, headers=PANEL)
    assert design.weeks.get(number=4).title == "The <i>end</i>"
    assert "The &lt;i&gt;end&lt;/i&gt;" in named.content.decode()
    removed = client.post(url("week-remove", 1), {"version": "2"}, headers=PANEL)
    assert cards_in(removed, "shelf", "") == ["Card 1", "Card 2"]
    undone = client.post(url("undo"), headers=HTMX)
    assert cards_in(undone, 1, "before") == ["Card 1", "Card 2"]


def test_a_week_that_does_not_exist_is_not_found_or_refused(client, world):
    assert client.get(url("week-edit", 9), headers=PANEL).status_code == 404
    assert client.post(url("week-rename", 9), {"version": "0", "title": "X"}, headers=PANEL).status_code == 404
    answer = client.post(url("week-remove", 9), {"version": "0"}, headers=PANEL)
    assert answer.status_code == 422
    assert Design.objects.get().plan_version == 0


def test_a_title_of_a_week_that_is_too_long_is_refused_in_place(client, world):
    answer = client.post(url("week-rename", 1), {"version": "0", "title": "x" * 121})

    assert answer.status_code == 422
    assert "title" in answer.context["week_form"].errors


def test_a_stale_week_form_keeps_its_title(client, world):
    _eva, design = world
    somebody_else_changes(design)

    answer = client.post(url("week-rename", 1), {"version": "0", "title": "My words"}, headers=PANEL)

    assert answer.status_code == 409
    assert 'value="My words"' in text_of(answer)
    assert design.weeks.get(number=1).title == "Theme 1"
