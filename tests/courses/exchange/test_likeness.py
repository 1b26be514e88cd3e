"""A design beside a pattern: chosen, compared, and completed one activity at a time."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.exchange import design_json
from courses.models import Design, Outcome, Pattern, Placement, Step, Week
from courses.queries.outline import outline_of
from courses.services import patterns
from courses.services.plan import undo
from tests.courses.studio.worlds import board, text_of
from tests.factories import NOW, CourseFactory, PlacementFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/courses/mkc-101/patterns/compare/"


@pytest.fixture
def flipped() -> Pattern:
    patterns.load_shipped(at=NOW)
    return Pattern.objects.get(title="Flipped week")


def compare(client: Client, pattern: Pattern | str, week: int | str = 1, **more: Any) -> Any:
    key = pattern if isinstance(pattern, str) else pattern.key
    return client.get(URL, {"pattern": key, "week": week, **more})


def take(client: Client, pattern: Pattern, card: str, *, week: int = 1, version: int | str = 0, **more: Any) -> Any:
    return client.post(URL, {"pattern": pattern.key, "week": week, "card": card, "version": version, **more})


def section(answer: Any, name: str) -> str:
    found = re.search(rf'<section class="panel" aria-labelledby="{name}">(.*?)</section>', text_of(answer), re.DOTALL)
    assert found is not None
    return found[1]


def key_of(pattern: Pattern, title: str) -> str:
    return next(each["key"] for each in pattern.content["activities"] if each["title"] == title)


def titles(design: Design) -> list[tuple[int | None, str]]:
    rows = Placement.objects.filter(design=design).order_by("week__number", "position", "pk")
    return list(rows.values_list("week__number", "activity__title"))


def test_the_weeks_are_told_apart_from_the_pattern(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=0, weeks=3)
    PlacementFactory(
        design=design,
        week_number=2,
        activity__title="Clip: the core idea",
        activity__type_key="clip",
        activity__minutes=12,
    )
    PlacementFactory(design=design, week_number=2, moment="after", activity__title="Excursion to the harbour")
    client.force_login(eva)

    answer = compare(client, flipped, week=2)

    assert answer.status_code == 200
    assert "in week 2" in text_of(answer)
    assert "Minutes: 8 min → 12 min" in section(answer, "there")
    assert "same type, same title" in section(answer, "there")
    assert "Excursion to the harbour" in section(answer, "own")
    assert section(answer, "missing").count("Take it") == 4
    assert "Clip: the core idea" not in section(answer, "missing")


def test_what_only_stands_where_it_would_is_a_guess_and_can_be_taken_all_the_same(
    client: Client, flipped: Pattern
) -> None:
    eva, design = board(cards=0, weeks=1)
    PlacementFactory(
        design=design, activity__title="Segmenting", activity__type_key="clip", activity__learning_type="acquisition"
    )
    client.force_login(eva)

    page = compare(client, flipped)

    assert "Perhaps" in section(page, "there")
    assert section(page, "there").count("Take it") == 1
    assert section(page, "missing").count("Take it") == 4
    take(client, flipped, key_of(flipped, "Clip: the core idea"))
    assert "Perhaps" not in section(compare(client, flipped), "there")


def test_one_click_takes_a_missing_activity_and_undo_takes_it_out(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=1, weeks=1)
    client.force_login(eva)
    title = "Apply it: one page on a case of your own"

    answer = take(client, flipped, key_of(flipped, title), week=2)

    assert answer.status_code == 303
    assert titles(design) == [(1, "Card 1"), (2, title)]
    assert Outcome.objects.filter(design=design).count() == 1
    assert Step.objects.get().label == f"“{title}” of pattern “Flipped week”"
    shown = client.get(answer["Location"])
    assert title in section(shown, "there")
    assert section(shown, "missing").count("Take it") == 4
    undo(Design.objects.select_related("course__unit").get(), by=eva, at=NOW)
    assert (titles(design), design.weeks.count(), design.outcomes.count()) == ([(1, "Card 1")], 1, 0)


def test_taking_one_after_the_other_makes_it_whole(client: Client, flipped: Pattern) -> None:
    eva, _design = board(cards=0, weeks=1)
    client.force_login(eva)

    for version, each in enumerate(flipped.content["activities"]):
        assert take(client, flipped, each["key"], version=version).status_code == 303

    page = compare(client, flipped)
    assert "These weeks have everything that the pattern has." in section(page, "missing")
    assert "Changed" not in section(page, "there")


def test_a_taken_activity_brings_no_titles_of_weeks(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=0, weeks=1)
    client.force_login(eva)
    design.weeks.update(title="")
    flipped.content["weeks"][0]["title"] = "A week of the pattern"
    flipped.save()

    take(client, flipped, flipped.content["activities"][0]["key"])

    assert Week.objects.get(design=design).title == ""


def test_a_stale_page_takes_nothing_and_says_so_in_place(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=0, weeks=1)
    client.force_login(eva)
    Design.objects.update(plan_version=3)

    answer = take(client, flipped, flipped.content["activities"][0]["key"])

    assert answer.status_code == 409
    assert "The design was changed meanwhile." in text_of(answer)
    assert 'name="version" value="3"' in text_of(answer)
    assert titles(design) == []


def test_an_approved_version_is_compared_and_never_written(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=1, weeks=1, state="approved")
    client.force_login(eva)

    page = compare(client, flipped)
    answer = take(client, flipped, flipped.content["activities"][0]["key"])

    assert "Only a draft can take them." in section(page, "missing")
    assert "Take it" not in section(page, "missing")
    assert answer.status_code == 409
    assert titles(design) == [(1, "Card 1")]


@pytest.mark.parametrize(
    ("card", "version"),
    [("", 0), ("0b7e0f4c-129c-463d-ce4b-6abab004ff74", 0), ("x" * 400, 0), ("x", 0), ("x", ""), ("x", "-1")],
)
def test_what_is_not_in_the_pattern_cannot_be_taken(
    client: Client, flipped: Pattern, card: str, version: int | str
) -> None:
    eva, design = board(cards=0, weeks=1)
    client.force_login(eva)

    answer = take(client, flipped, card, version=version)

    assert answer.status_code == 422
    assert titles(design) == []


def test_a_week_too_far_is_told_in_place_and_nothing_is_half_written(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    fortnight = Pattern.objects.get(title="Buddy fortnight")
    eva, design = board(cards=0, weeks=1)
    client.force_login(eva)
    late = next(each["key"] for each in fortnight.content["activities"] if each["week"] == 2)

    answer = take(client, fortnight, late, week=60)

    assert answer.status_code == 422
    assert "this would reach week 61" in text_of(answer)
    assert (design.weeks.count(), titles(design)) == (1, [])


# --- What may be missing --------------------------------------------------------------------------------------------


def test_without_a_pattern_there_is_only_the_choice(client: Client, flipped: Pattern) -> None:
    eva, _design = board(cards=1)
    client.force_login(eva)

    page = client.get(URL)

    assert page.status_code == 200
    assert f'<option value="{flipped.key}">Flipped week</option>' in text_of(page)
    assert "Balance side by side" not in text_of(page)


def test_a_pattern_that_is_gone_is_told_in_place(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)
    Pattern.objects.filter(pk=flipped.pk).update(withdrawn_at=NOW)

    page = compare(client, flipped)
    answer = take(client, flipped, flipped.content["activities"][0]["key"])

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "not in the library any more" in text_of(page)
    assert "not in the library any more" in text_of(answer)
    assert titles(design) == [(1, "Card 1")]


@pytest.mark.parametrize(
    "asked",
    [
        {"pattern": "x"},
        {"pattern": ""},
        {"pattern": "\x00"},
        {"week": "0"},
        {"week": "61"},
        {"design": "9"},
        {"design": "x"},
    ],
)
def test_a_choice_that_cannot_be_is_told_in_place(client: Client, flipped: Pattern, asked: dict[str, str]) -> None:
    eva, _design = board(cards=1)
    client.force_login(eva)

    page = client.get(URL, {"pattern": flipped.key, "week": "1", **asked})

    assert page.status_code == 422
    assert 'class="errorlist"' in text_of(page)


def test_a_pattern_of_another_faculty_is_not_there(client: Client) -> None:
    eva, _design = board(cards=1)
    _other, theirs = board_of_others()
    client.force_login(eva)

    page = compare(client, theirs)

    assert page.status_code == 422
    assert "A secret of engineers" not in text_of(page)


def board_of_others() -> tuple[Any, Pattern]:
    unit = UnitFactory(name="Engineering")
    author = UserFactory()
    return author, Pattern.objects.create(
        title="A secret of engineers", content={}, author=author, unit=unit, shared_at=NOW
    )


def test_a_type_that_is_not_installed_is_told_taken_on_the_shelf_and_found_there(client: Client) -> None:
    eva, design = board(cards=0, weeks=1)
    key = str(uuid.uuid4())
    content = design_json.document(outline_of(design)) | {
        "activities": [{"key": key, "title": "Enter the room", "type": "vr", "week": 1, "minutes": 20}]
    }
    pattern = Pattern.objects.create(title="Old", content=content, shared_at=NOW)
    client.force_login(eva)

    page = compare(client, pattern)
    answer = take(client, pattern, key)

    assert "“vr”, which is not installed" in text_of(page)
    assert "on the shelf, 20 min" in section(page, "missing")
    assert answer.status_code == 303
    assert titles(design) == [(None, "Enter the room")]
    assert "Enter the room" in section(client.get(answer["Location"]), "there")


@pytest.mark.parametrize("content", [{}, [], "x", {"format": "blendedu-design", "version": 9}])
def test_a_pattern_that_cannot_be_read_is_told(client: Client, content: Any) -> None:
    eva, _design = board(cards=1)
    pattern = Pattern.objects.create(title="Broken", content=content, shared_at=NOW)
    client.force_login(eva)

    page = compare(client, pattern)

    assert page.status_code == 200
    assert "cannot be read any more" in text_of(page)
    assert take(client, pattern, "x").status_code == 422


def test_a_design_without_weeks_lacks_everything(client: Client, flipped: Pattern) -> None:
    eva, design = board(cards=0, weeks=1)
    design.weeks.all().delete()
    client.force_login(eva)

    page = compare(client, flipped)

    assert "has no weeks yet" in text_of(page)
    assert section(page, "missing").count("Take it") == 5
    assert take(client, flipped, flipped.content["activities"][0]["key"]).status_code == 303
    assert design.placements.get().week is not None


def test_a_course_without_design_has_nothing_to_compare(client: Client, flipped: Pattern) -> None:
    eva = UserFactory()
    CourseFactory(lecturer=eva, code="mkc-101")
    client.force_login(eva)

    page = compare(client, flipped)

    assert page.status_code == 200
    assert "This course has no design yet" in text_of(page)
    assert take(client, flipped, flipped.content["activities"][0]["key"]).status_code == 422
    assert not Design.objects.exists()


# --- Who may, and what it costs -------------------------------------------------------------------------------------


def test_a_coach_looks_and_takes_nothing(client: Client, flipped: Pattern) -> None:
    _eva, design = board(cards=1)
    coach = UserFactory()
    design.course.coach = coach
    design.course.save()
    client.force_login(coach)

    page = compare(client, flipped)

    assert "Lecturers of this course can take them" in section(page, "missing")
    assert take(client, flipped, flipped.content["activities"][0]["key"]).status_code == 403


def test_a_stranger_finds_no_course(client: Client, flipped: Pattern) -> None:
    board(cards=1)
    stranger = UserFactory()
    CourseFactory(lecturer=stranger)
    client.force_login(stranger)

    assert compare(client, flipped).status_code == 404
    assert take(client, flipped, "x").status_code == 404


def test_every_way_leads_there(client: Client, flipped: Pattern) -> None:
    eva, _design = board(cards=1)
    client.force_login(eva)
    address = f"{URL}?pattern={flipped.key}&week=1"

    library = reverse("courses:patterns-of-course", args=["mkc-101"])
    places = [library, f"/patterns/{flipped.key}/", reverse("courses:pattern-insert", args=["mkc-101", flipped.key])]

    assert [address in text_of(client.get(place)) for place in places] == [True] * 3
    assert URL in text_of(client.get(reverse("courses:versions", args=["mkc-101"])))
    compared = client.get(reverse("courses:version-compare", args=["mkc-101"]), {"from": 1, "to": 1})
    assert f"{URL}?design=1" in text_of(compared)


@pytest.mark.parametrize("count", [1, 40])
def test_comparing_costs_the_same_whatever_there_is(client: Client, flipped: Pattern, count: int) -> None:
    eva, _design = board(cards=count, weeks=2)
    client.force_login(eva)

    with CaptureQueriesContext(connection) as asked:
        page = compare(client, flipped)

    assert page.status_code == 200
    # Person, course with rights; versions; units of the person (2); chosen pattern; plan (2); runs; menu (2); patterns.
    assert len(asked) == 12, "\n".join(query["sql"][:120] for query in asked)
