"""Saving by field and editing many cards, as pages do it: by htmx and by form, what is refused, what it costs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from courses.models import Course, Design, Placement, Step
from courses.services import plan
from tests.courses.studio.worlds import HTMX, PANEL, board, cards_in, text_of
from tests.factories import NOW, CourseFactory, DesignFactory, OutcomeFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db

FIELD = {"HX-Request": "true", "HX-Target": "field-report"}


def url(name: str, *args: Any) -> str:
    return reverse(f"courses:{name}", args=["mkc-101", *args])


@pytest.fixture
def world(client):
    eva, design = board(cards=3)
    client.force_login(eva)
    return eva, design


def first(design: Design) -> Placement:
    return design.placements.select_related("activity", "design__course", "week").order_by("position")[0]


def told(answer: Any) -> dict[str, tuple[str, str]]:
    """What the page was told of each field: how it went, and in which words."""
    found = re.findall(r'<p data-field="(.*?)" data-state="(.*?)".*?>(.*?)</p>', text_of(answer), re.DOTALL)
    return {name: (state, note) for name, state, note in found}


def send(client: Any, placement: Placement, field: str, value: str, seen: str, headers: Any = FIELD) -> Any:
    return client.post(
        url("placement-field", placement.pk), {"field": field, "value": value, "seen": seen}, headers=headers
    )


# --- One field ----------------------------------------------------------------------------------------------------


def test_a_field_is_saved_and_the_board_follows_out_of_band(client, world):
    _eva, design = world

    answer = send(client, first(design), "minutes", "1:30", "30")

    assert answer.status_code == 200
    assert told(answer)["minutes"][0] == "saved"
    assert told(answer)["minutes"][1].startswith("Saved ")
    assert 'id="board"' in text_of(answer)
    assert "Saved: Time of “Card 1”." in text_of(answer)
    assert "Undo changing “Time” of “Card 1”" in text_of(answer)
    assert first(design).activity.minutes == 90


def test_a_range_is_saved_in_place(client, world):
    _eva, design = world

    send(client, first(design), "minutes", "60-90", "30")

    activity = first(design).activity
    assert (activity.minutes_low, activity.minutes_high) == (60, 90)
    assert send(client, first(design), "minutes", "45", "60-90").status_code == 200
    assert first(design).activity.minutes_low is None


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("title", "", "Card 1"),
        ("title", "x" * 161, "Card 1"),
        ("minutes", "abc", "30"),
        ("minutes", "-5", "30"),
        ("environment", "moon", "digital"),
        ("weight", "130", "0"),
        ("nonsense", "1", ""),
        ("config", "{}", ""),
        ("", "1", ""),
    ],
)
def test_what_cannot_be_saved_says_so_at_its_field_and_moves_nothing(client, world, field, value, seen):
    _eva, design = world

    answer = send(client, first(design), field, value, seen)

    assert answer.status_code == 422
    assert "wrong" in {state for state, _note in told(answer).values()}
    assert 'id="board"' not in text_of(answer)
    assert (Design.objects.get().plan_version, Step.objects.count()) == (0, 0)


def test_two_fields_that_only_make_sense_together_are_saved_together(client, world):
    _eva, design = world
    alone = send(client, first(design), "second_type", "practice", "")
    assert alone.status_code == 422
    assert told(alone)["second_share"][0] == "wrong"

    answer = client.post(
        url("placement-field", first(design).pk),
        {
            "field": ["second_type", "second_share"],
            "second_type": "practice",
            "second_share": "20",
            "seen-second_type": "",
            "seen-second_share": "0",
        },
        headers=FIELD,
    )

    assert answer.status_code == 200
    activity = first(design).activity
    assert (activity.second_type, activity.second_share) == ("practice", 20)
    assert Step.objects.count() == 1


def test_what_follows_from_a_field_is_told_too(client, world):
    _eva, design = world
    Activity.objects.filter(pk=first(design).activity_id).update(grouping="group", group_size=4)

    answer = send(client, first(design), "grouping", "alone", "group")

    assert told(answer)["group_size"][0] == "fresh"


def test_a_setting_of_the_type_is_a_field_of_its_own(client, world):
    _eva, design = world
    session = PlacementFactory(
        design=design, activity__type_key="session", activity__config={"weekday": 2, "starts": "10:00", "room": "B1"}
    )

    answer = send(client, session, "set-room", "B2.14", "B1")

    assert answer.status_code == 200, told(answer)
    session.activity.refresh_from_db()
    assert session.activity.config == {"weekday": 2, "starts": "10:00", "room": "B2.14"}


def test_a_box_that_is_not_ticked_any_more_is_saved(client, world):
    _eva, design = world

    answer = client.post(
        url("placement-field", first(design).pk), {"field": "required", "seen-required": "true"}, headers=FIELD
    )

    assert answer.status_code == 200, told(answer)
    assert first(design).activity.required is False


def test_outcomes_are_saved_by_field(client, world):
    _eva, design = world
    outcome = OutcomeFactory(design=design)

    answer = client.post(
        url("placement-field", first(design).pk),
        {"field": "outcomes", "outcomes": [outcome.pk], "seen-outcomes": ""},
        headers=FIELD,
    )

    assert answer.status_code == 200, told(answer)
    assert list(first(design).outcomes.all()) == [outcome]


def test_a_field_that_somebody_else_changed_shows_theirs_and_keeps_yours(client, world):
    _eva, design = world
    sam = UserFactory(name="Sam de Wit")
    plan.edit_fields(first(design), values={"title": "By Sam"}, seen={"title": "Card 1"}, by=sam, at=NOW)

    answer = send(client, first(design), "title", "By Eva", "Card 1")

    assert answer.status_code == 409
    assert told(answer)["title"] == ("taken", "Sam de Wit has changed this to “By Sam” meanwhile.")
    assert 'data-seen="By Sam" data-value="By Sam"' in text_of(answer)
    assert cards_in(answer, 1, "before") == ["By Sam", "Card 2", "Card 3"]
    assert send(client, first(design), "title", "By Eva", "By Sam").status_code == 200
    assert first(design).activity.title == "By Eva"


def test_another_field_of_the_same_card_is_no_conflict(client, world):
    _eva, design = world
    sam = UserFactory()
    plan.edit_fields(first(design), values={"title": "By Sam"}, seen={"title": "Card 1"}, by=sam, at=NOW)

    assert send(client, first(design), "minutes", "45", "30").status_code == 200
    assert first(design).activity.title == "By Sam"


def test_a_field_is_saved_without_script(client, world):
    _eva, design = world

    answer = send(client, first(design), "title", "Plain", "Card 1", headers={})
    assert answer.status_code == 303
    assert cards_in(client.get(answer.url), 1, "before")[0] == "Plain"

    refused = send(client, first(design), "title", "", "Plain", headers={})
    assert refused.status_code == 422
    assert "<h1>" in text_of(refused)
    taken = send(client, first(design), "title", "Mine", "Long ago", headers={})
    assert taken.status_code == 409
    assert 'value="Mine"' in text_of(taken)


def test_a_type_is_changed_from_the_table_only_where_nothing_is_lost(client, world):
    _eva, design = world
    assert send(client, first(design), "type_key", "discussion", "reading").status_code == 200
    assert first(design).activity.type_key in {"discussion"}
    told_card = design.placements.get(activity__title="Card 2")
    Activity.objects.filter(pk=told_card.activity_id).update(config={"source": "text", "text": "Read this."})

    answer = send(client, told_card, "type_key", "discussion", "reading")

    assert answer.status_code == 422
    assert "it has settings that Discussion does not know" in told(answer)["type_key"][1]
    assert send(client, first(design), "type_key", "dance", "discussion").status_code == 422


def test_an_approved_design_is_not_changed_by_field(client, world):
    _eva, design = world
    Design.objects.update(state=Design.State.APPROVED)

    assert send(client, first(design), "title", "New", "Card 1").status_code == 409
    assert first(design).activity.title == "Card 1"


@pytest.mark.parametrize("count", [1, 30])
def test_a_field_costs_ten_queries_whatever_the_board_holds(client, count):
    eva, design = board(cards=count)
    client.force_login(eva)
    client.get(url("studio"))

    with CaptureQueriesContext(connection) as asked:
        answer = send(client, first_uncounted(design), "minutes", "45", "30")

    assert answer.status_code == 200
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= 10 + 1, "\n".join(queries)  # and the one in which this test finds the card


def first_uncounted(design: Design) -> Placement:
    return design.placements.order_by("position")[0]


def test_the_editor_says_what_each_field_held(client, world):
    _eva, design = world

    shown = client.get(url("placement", first(design).pk))

    assert shown.context["seen_by_field"]["minutes"] == "30"
    assert shown.context["seen_by_field"]["title"] == "Card 1"
    assert f'data-saves="{url("placement-field", first(design).pk)}"' in text_of(shown)


# --- Many cards ---------------------------------------------------------------------------------------------------


def many(client: Any, design: Design, act: str, headers: Any = PANEL, sel: str | None = None, **said: Any) -> Any:
    chosen = sel if sel is not None else ",".join(str(pk) for pk in design.placements.values_list("pk", flat=True))
    version = Design.objects.get(pk=design.pk).plan_version
    return client.post(url("bulk"), {"act": act, "sel": chosen, "version": version, **said}, headers=headers)


def test_without_a_selection_the_form_is_a_list_to_choose_from(client, world):
    _eva, design = world

    shown = client.get(url("bulk"))
    assert text_of(shown).count('name="sel"') >= 3
    chosen = client.get(url("bulk"), {"sel": [card.pk for card in design.placements.all()]})

    assert "Edit 3 activities" in text_of(chosen)


def test_values_that_differ_say_mixed_and_stay(client, world):
    _eva, design = world
    Activity.objects.filter(pk=first(design).activity_id).update(environment="workplace")

    form = client.get(url("bulk"), {"sel": ",".join(str(card.pk) for card in design.placements.all())}).context[
        "bulk_form"
    ]
    assert form.fields["environment"].choices[0] == ("", "Mixed: stays as it is")
    assert form.fields["timing"].initial == "async"
    answer = many(client, design, "edit", environment="", timing="async", grouping="pair")

    assert answer.status_code == 200
    assert "3 of 3 activities are changed." in text_of(answer)
    assert first(design).activity.environment == "workplace"
    assert set(design.placements.values_list("activity__grouping", flat=True)) == {"pair"}


def test_a_preview_says_how_many_will_change_and_writes_nothing(client, world):
    _eva, design = world
    Activity.objects.filter(pk=first(design).activity_id).update(minutes=None)

    answer = many(client, design, "preview", headers={"HX-Request": "true", "HX-Target": "bulk-preview"}, percent="150")

    assert "2 of 3 activities will change." in text_of(answer)
    assert "it has no minutes yet" in text_of(answer)
    assert "<h2" not in text_of(answer)
    assert Design.objects.get().plan_version == 0
    plain = many(client, design, "preview", headers={}, percent="150")
    assert plain.status_code == 200
    assert "2 of 3 activities will change." in text_of(plain)
    nonsense = many(client, design, "preview", headers={}, percent="0")
    assert nonsense.status_code == 422


def test_what_would_leave_the_design_is_named_and_nothing_is_shifted(client, world):
    _eva, design = world

    answer = many(client, design, "edit", weeks_by="9")

    assert answer.status_code == 422
    assert "“Card 1”, “Card 2”, “Card 3” would leave the design" in text_of(answer)
    assert 'value="9"' in text_of(answer)
    shelved = many(client, design, "edit", weeks_by="9", beyond="shelf")
    assert cards_in(shelved, "shelf", "") == ["Card 1", "Card 2", "Card 3"]


def test_a_change_of_many_from_a_stale_board_keeps_the_wish(client, world):
    _eva, design = world
    sam = UserFactory(name="Sam de Wit")
    plan.edit_week(design, 1, title="By Sam", by=sam, version=0, at=NOW)

    answer = client.post(
        url("bulk"), {"act": "edit", "sel": str(first(design).pk), "version": "0", "percent": "150"}, headers=PANEL
    )

    assert answer.status_code == 409
    assert "Sam de Wit changed this plan" in text_of(answer)
    assert 'value="150"' in text_of(answer)
    assert first(design).activity.minutes == 30


def test_many_are_removed_with_one_undo_in_a_message(client, world):
    _eva, design = world

    answer = many(client, design, "delete", headers=HTMX)

    assert cards_in(answer, 1, "before") == []
    assert "3 activities are removed." in text_of(answer)
    assert "blend-toast" in text_of(answer)
    undone = client.post(url("undo"), headers=HTMX)
    assert cards_in(undone, 1, "before") == ["Card 1", "Card 2", "Card 3"]


def test_many_go_to_the_shelf_without_script(client, world):
    _eva, design = world

    answer = many(client, design, "shelve", headers={})

    assert answer.status_code == 303
    assert cards_in(client.get(answer.url), "shelf", "") == ["Card 1", "Card 2", "Card 3"]


def test_many_are_copied_to_a_course_that_the_person_may_design(client, world):
    eva, design = world
    mine = DesignFactory(course=CourseFactory(code="mine", title="My other course", lecturer=eva))
    theirs = DesignFactory(course=CourseFactory(code="theirs"))

    answer = many(client, design, "copy", course="mine")

    assert "3 activities are copied to “My other course”." in text_of(answer)
    assert mine.placements.count() == 3
    refused = many(client, design, "copy", course="theirs")
    assert refused.status_code == 422
    assert theirs.placements.count() == 0


@pytest.mark.parametrize("sel", ["", "abc", "999999", "9" * 4000])
def test_a_selection_of_nothing_is_refused_and_shows_the_list(client, world, sel):
    _eva, design = world

    answer = many(client, design, "edit", sel=sel, headers={}, percent="150")

    assert answer.status_code == 422
    assert Activity.objects.filter(minutes=30).count() == design.placements.count()


@pytest.mark.parametrize(("name", "status"), [("stranger", 404), ("coach", 403)])
def test_only_lecturers_change_many(client, world, name, status):
    _eva, design = world
    other = UserFactory()
    if name == "coach":
        Course.objects.filter(pk=design.course_id).update(coach=other)
    client.force_login(other)

    assert client.get(url("bulk")).status_code == status
    assert many(client, design, "delete").status_code == status
    assert send(client, first(design), "title", "X", "Card 1").status_code == status
    assert design.placements.count() == 3


@pytest.mark.parametrize("said", [{"environment": "hybrid"}, {"percent": "150"}, {"weeks_by": "1"}])
def test_a_change_of_two_hundred_cards_costs_ten_queries(client, said):
    eva, design = board(cards=0)
    for number in range(200):
        PlacementFactory(design=design, activity__title=f"Card {number}", activity__minutes=number % 50 + 1)
    client.force_login(eva)
    client.get(url("studio"))
    sel = ",".join(str(pk) for pk in design.placements.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(url("bulk"), {"act": "edit", "sel": sel, "version": "0", **said}, headers=HTMX)

    assert answer.status_code == 200
    assert Step.objects.count() == 1
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= 10, "\n".join(query[:200] for query in queries)
