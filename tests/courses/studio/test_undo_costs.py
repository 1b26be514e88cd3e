"""What one step back, or forward, asks of the database: the same for one card as for many.

Person, design with rights, step (chosen and claimed), journal, cards, frame, version with load, policy rules: eight
that every undo has. What remains is what the step itself touches: a look at its rows before they are written, and a
statement for each table that they stand in. Whatever touches one table is a response of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Design, Link, Placement
from courses.outline import Outline, OutlineLink, OutlineOutcome, OutlineWeek
from courses.queries.plan import fingerprint
from courses.services import designs, plan
from tests.courses.exchange.samples import activity
from tests.courses.studio.worlds import HTMX, board
from tests.factories import NOW, OutcomeFactory, PlacementFactory

pytestmark = pytest.mark.django_db

EVERY = 8
CHAPTER = {"way": "reading", "e-pages": "24", "e-words_per_page": "600", "e-purpose": "understand"}
CHAPTER |= {"e-difficulty": "some_new", "e-speeds": "estimator", "e-extra_percent": "0"}
STUDIO = "/courses/mkc-101/studio/"
COUNTS = pytest.mark.parametrize("count", [1, 60])


def fresh() -> Design:
    return Design.objects.select_related("course__unit").order_by("-number")[0]


def sent(client: Client, path: str, **said: Any) -> list[str]:
    """The statements that a request cost; it must have worked."""
    said = {"version": fresh().plan_version, **said}
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"{STUDIO}{path}", said, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]


def cost(client: Client, path: str, **said: Any) -> int:
    return len(sent(client, path, **said))


def state(design: Design) -> list[Sequence[Any]]:
    rows = Placement.objects.filter(design=design).order_by("pk")
    return list(
        rows.values_list("pk", "key", "week__number", "moment", "activity__title", "activity__minutes", "outcomes")
    )


def studio(client: Client, cards: int) -> tuple[Any, Design]:
    eva, design = board(cards=cards, weeks=4)
    client.force_login(eva)
    client.get(STUDIO)
    return eva, design


@COUNTS
def test_a_move_is_undone_and_redone_in_ten(client: Client, count: int) -> None:
    _eva, design = studio(client, count)
    card = design.placements.order_by("pk")[0]
    sent(client, f"placements/{card.pk}/move/", week=3, moment="after", position=1, lens="moment")

    assert [cost(client, "undo/"), cost(client, "redo/"), cost(client, "undo/")] == [EVERY + 2] * 3
    assert Placement.objects.get(pk=card.pk).week == card.week


@COUNTS
def test_a_change_of_many_cards_is_undone_and_redone_in_ten(client: Client, count: int) -> None:
    _eva, design = studio(client, count)
    for number, card in enumerate(design.placements.select_related("activity")):
        card.activity.minutes = number + 1
        card.activity.save()
    before = state(design)
    sel = ",".join(str(row[0]) for row in before)
    assert cost(client, "bulk/", act="edit", sel=sel, environment="hybrid", percent="300") <= 10
    after = state(design)

    assert [cost(client, "undo/"), cost(client, "redo/")] == [EVERY + 2] * 2
    assert state(design) == after != before


@COUNTS
def test_cards_that_were_shifted_are_undone_and_redone_in_ten(client: Client, count: int) -> None:
    _eva, design = studio(client, count)
    before = state(design)
    sent(client, "bulk/", act="edit", sel=",".join(str(row[0]) for row in before), weeks_by="2")

    assert cost(client, "undo/") == EVERY + 2
    assert state(design) == before
    assert cost(client, "redo/") == EVERY + 2


@COUNTS
def test_a_card_that_was_added_is_undone_and_redone_in_ten(client: Client, count: int) -> None:
    _eva, design = studio(client, count)
    before = state(design)
    sent(client, "quick/add/", text="watch clip cells 20m alone", week=1, moment="before", lens="moment")

    assert cost(client, "undo/") == EVERY + 2  # the card with its activity, read; the card
    assert state(design) == before
    assert cost(client, "redo/") == EVERY + 2  # its activity, read; the card


@COUNTS
def test_a_card_that_was_removed_is_undone_in_ten(client: Client, count: int) -> None:
    """With outcomes: the card and what it serves are two tables, and nothing need be read to make them again."""
    _eva, design = studio(client, count)
    card = design.placements.order_by("pk")[0]
    card.outcomes.add(OutcomeFactory(design=design, number=1))
    before = state(design)
    sent(client, f"placements/{card.pk}/delete/")

    assert cost(client, "undo/") == EVERY + 2
    assert state(design) == before
    assert cost(client, "redo/") == EVERY + 3  # read, what it serves, the card


@COUNTS
def test_many_cards_that_were_removed_are_undone_in_as_many_as_one(client: Client, count: int) -> None:
    """Eleven where links come back too: cards, outcomes and links are three tables."""
    _eva, design = studio(client, count + 1)
    cards = list(design.placements.order_by("pk"))
    Link.objects.create(design=design, source=cards[0], target=cards[1])
    for card in cards:
        card.outcomes.add(OutcomeFactory(design=design))
    before = state(design)
    sent(client, "bulk/", act="delete", sel=",".join(str(card.pk) for card in cards))

    assert cost(client, "undo/") == EVERY + 3
    assert (state(design), design.links.count()) == (before, 1)


@COUNTS
def test_an_estimate_is_used_and_undone_in_ten(client: Client, count: int) -> None:
    _eva, design = studio(client, count)
    card = design.placements.select_related("activity").order_by("pk")[0]

    used = sent(client, f"placements/{card.pk}/estimate/", **CHAPTER, seen=fingerprint(card.activity, []))

    assert len(used) == 10, "\n".join(query[:150] for query in used)
    assert Placement.objects.get(pk=card.pk).activity.minutes_basis == "estimated"
    assert [cost(client, "undo/"), cost(client, "redo/")] == [EVERY + 2] * 2


@COUNTS
def test_the_first_edit_of_a_new_version_costs_twelve_and_its_undo_eleven(client: Client, count: int) -> None:
    """An edit is ten; the copy is written (1) and the card is pointed at it (2). An undo has two tables to write.

    It cannot be ten: the activity that an approved version uses may not be touched, so there are two rows more to
    write, in two tables, beside everything that an edit has.
    """
    eva, design = studio(client, count)
    Design.objects.filter(pk=design.pk).update(state="approved", approved_at=NOW, approved_by=eva)
    draft = designs.next_version(Design.objects.select_related("course__unit").get(pk=design.pk), by=eva, at=NOW)
    before = state(draft)
    card = draft.placements.order_by("pk")[0]

    edit = sent(client, f"placements/{card.pk}/field/", field="minutes", value="45", seen="30")

    assert len(edit) == 12, "\n".join(query[:150] for query in edit)
    assert cost(client, "undo/") == EVERY + 3
    assert state(draft) == before


def imported(cards: int) -> Outline:
    outcomes = (
        OutlineOutcome("a9c9f4f0-0000-4000-8000-000000000001", 1, "Do one", None),
        OutlineOutcome("a9c9f4f0-0000-4000-8000-000000000002", 2, "Do two", 3),
    )
    rows = tuple(activity(f"Read {number}", week=number % 3 + 1, minutes=number) for number in range(cards + 1))
    served = tuple((one.key, 2) for one in outcomes)
    rows = tuple(
        type(row)(**{**{name: getattr(row, name) for name in row.__slots__}, "outcomes": served}) for row in rows
    )
    return Outline(
        weeks=tuple(OutlineWeek(number, f"Theme {number}") for number in (1, 2, 3)),
        outcomes=outcomes,
        activities=rows,
        links=(OutlineLink(rows[0].key, rows[1].key, "used"),),
    )


@COUNTS
def test_an_import_is_undone_and_redone_in_as_many_whatever_it_holds(client: Client, count: int) -> None:
    """Cards, outcomes, weeks, links and what is served are five tables, so ten cannot be.

    Neither of the two databases removes from five tables in one statement without rules of its own (a cascade would
    have to stand in the schema), and what is removed is looked at first, or somebody's later work would go with it.
    """
    eva, design = studio(client, 1)
    PlacementFactory(design=design, week_number=2)
    before = (state(design), list(design.weeks.values_list("number", "title")))
    plan.insert_outline(fresh(), imported(count), first_week=3, label="import of x", by=eva, version=None, at=NOW)
    after = state(design)
    assert len(after) == 2 + 2 * (count + 1)  # each serves two outcomes

    undone = sent(client, "undo/")

    assert len(undone) == EVERY + 2 + 5, "\n".join(query[:150] for query in undone)  # cards and frame; five tables
    assert (state(design), list(design.weeks.values_list("number", "title"))) == before
    redone = sent(client, "redo/")
    assert len(redone) == EVERY + 1 + 5, "\n".join(query[:150] for query in redone)  # activities; five tables
    assert state(design) == after


@COUNTS
def test_an_import_in_the_place_of_everything_is_undone_in_as_many_whatever_it_holds(
    client: Client, count: int
) -> None:
    """Five tables are emptied and filled again."""
    eva, design = studio(client, 3)
    OutcomeFactory(design=design, number=1)
    for card in design.placements.all():
        card.outcomes.add(design.outcomes.get())
    before = state(design)
    plan.insert_outline(fresh(), imported(count), replace=True, label="import of x", by=eva, version=None, at=NOW)

    undone = sent(client, "undo/")

    assert len(undone) == EVERY + 2 + 5 + 4, "\n".join(query[:150] for query in undone)
    assert state(design) == before


def test_a_week_that_was_removed_comes_back_without_a_statement_for_each_week_after_it(client: Client) -> None:
    _eva, design = studio(client, 1)
    before = list(design.weeks.values_list("number", "title"))
    sent(client, "weeks/1/remove/")

    undone = sent(client, "undo/")

    assert len(undone) <= EVERY + 6, "\n".join(query[:150] for query in undone)
    assert list(design.weeks.values_list("number", "title")) == before
