"""Outcomes by keyboard and pointer, a row of the plan of assessment, and a connection between two activities."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser


@pytest.fixture
def outcomes(open_as: Windows, board: Place) -> Page:
    page = open_as("lecturer", f"/courses/{board.code}/outcomes/")
    expect(page.get_by_role("heading", name="What serves what")).to_be_visible()
    return page


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_the_matrix_is_filled_by_keyboard_alone(outcomes: Page) -> None:
    first = outcomes.locator("outcome-matrix tbody button").first
    first.focus()
    expect(cell(outcomes, "Watch the model LO1 linked")).to_be_focused()

    outcomes.keyboard.press("4")
    expect(cell(outcomes, "Watch the model LO1 level 4 Analyse")).to_be_focused()
    expect(outcomes.locator("#live")).to_have_text("“Watch the model” serves LO1 on level 4, Analyse.")
    outcomes.keyboard.press("ArrowRight")
    outcomes.keyboard.press("Enter")
    expect(cell(outcomes, "Watch the model LO2 linked")).to_be_focused()
    outcomes.keyboard.press("ArrowDown")
    outcomes.keyboard.press("ArrowLeft")
    expect(cell(outcomes, "Read chapter 1 LO1 linked")).to_be_focused()
    outcomes.keyboard.press("x")
    expect(cell(outcomes, "Read chapter 1 LO1 not linked")).to_be_focused()

    outcomes.get_by_role("button", name="Undo taking LO1 off “Read chapter 1”").click()
    expect(cell(outcomes, "Read chapter 1 LO1 linked")).to_be_visible()
    expect(cell(outcomes, "Watch the model LO1 level 4 Analyse")).to_be_visible()


def test_keys_that_follow_each_other_fast_all_count(outcomes: Page) -> None:
    outcomes.locator("outcome-matrix tbody button").first.focus()

    for key in "123456":
        outcomes.keyboard.press(key)

    expect(cell(outcomes, "Watch the model LO1 level 6 Create")).to_be_visible()


def test_the_matrix_is_filled_by_pointer(outcomes: Page) -> None:
    outcomes.locator(".brush label", has_text=re.compile("^3$")).click()
    cell(outcomes, "Watch the model LO2 not linked").click()

    expect(cell(outcomes, "Watch the model LO2 level 3 Apply")).to_be_visible()
    outcomes.reload()
    expect(cell(outcomes, "Watch the model LO2 level 3 Apply")).to_be_visible()


def test_the_verb_proposes_a_level_while_it_is_typed(outcomes: Page) -> None:
    outcomes.get_by_role("textbox", name="Students can").press_sequentially("Judge a campaign by its effect")
    outcomes.locator("#verb").get_by_role("button", name="Take level 5").click()
    expect(outcomes.locator("#id_level")).to_have_value("5")
    outcomes.get_by_role("button", name="Add", exact=True).click()

    expect(outcomes.get_by_text("Level 5 Evaluate", exact=True)).to_be_visible()
    outcomes.keyboard.press("Alt+ArrowUp")
    expect(outcomes.locator("ol.outcomes > li").nth(1)).to_contain_text("Judge a campaign by its effect")


def test_a_row_of_the_plan_is_edited_in_place(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/assessment/")
    page.get_by_role("link", name=re.compile("^Edit ?: Quiz on chapter 1$")).click()
    page.locator("#row-form").get_by_label("Kind").select_option("summative")
    page.locator("#row-form").get_by_label("Weight, per cent").fill("40")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("60% is missing to 100%.")).to_be_visible()
    expect(page.locator("tfoot")).to_contain_text("40%")
    page.get_by_role("button", name="Undo editing “Quiz on chapter 1”").click()
    expect(page.locator("table.plan tfoot")).to_have_count(0)


def test_two_activities_are_connected_by_keyboard(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/environments/")
    page.get_by_label("What students make in").focus()
    page.keyboard.type("Case in class")
    page.keyboard.press("Tab")
    page.keyboard.type("Write the case")
    page.keyboard.press("Tab")
    page.keyboard.type("the notes of the group")
    page.keyboard.press("Enter")

    expect(page.locator("#connections")).to_contain_text("the notes of the group")
    expect(page.locator("#picture-title + svg line")).to_have_count(1)
    expect(page.get_by_role("button", name="Undo connecting")).to_be_visible()


def test_a_card_is_connected_beside_the_board(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/studio/")
    page.locator("#board").get_by_role("link", name="Case in class", exact=True).click()
    page.locator("#panel").get_by_role("link", name="Connections").click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Connections: Case in class")
    panel.get_by_label("is used in").select_option(label="Write the case")
    panel.get_by_role("button", name="Connect", exact=True).click()

    expect(panel.locator("ul.list")).to_contain_text("Write the case")


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("name", ["outcomes", "assessment", "environments"])
def test_the_pages_have_no_barriers(
    open_as: Windows, barriers: Callable[[Page], list[str]], name: str, phone: bool
) -> None:
    page = open_as("lecturer", f"/courses/MKC-101/{name}/", phone=phone)

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
