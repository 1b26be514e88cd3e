"""Two lecturers at one design: they see each other, a card has one editor, a session takes lines from both."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser


def studio(board: Place) -> str:
    return f"/courses/{board.code}/studio/"


def open_card(page: Page, title: str) -> None:
    page.locator("#board").get_by_role("link", name=title, exact=True).click()
    expect(page.locator("#panel").get_by_role("heading", level=2)).to_contain_text(title)


def test_a_card_has_one_editor_at_a_time_and_is_handed_over(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", studio(board))
    chidi = open_as("colleague", studio(board))
    expect(emma.locator("#together .people")).to_contain_text("Chidi Okafor")

    with emma.expect_response(lambda answer: answer.url.endswith("/lock/")):
        open_card(emma, "Read chapter 1")
    # On the card, and in the panel with its values but without a field to type in.
    card = chidi.locator(".card").filter(has_text="Read chapter 1")
    expect(card.locator(".holder")).to_have_text("Emma Vos edits this")
    open_card(chidi, "Read chapter 1")
    expect(chidi.locator("#panel")).to_contain_text("Emma Vos edits this card.")
    expect(chidi.locator("#panel").get_by_label("Title")).to_have_count(0)

    chidi.get_by_role("button", name="Ask for it").click()
    expect(emma.get_by_text("Chidi Okafor asks for “Read chapter 1”.")).to_be_visible()
    emma.get_by_role("button", name="Hand over").click()

    expect(chidi.locator("#panel").get_by_label("Title").first).to_have_value("Read chapter 1")
    expect(emma.locator("#panel").get_by_text("Chidi Okafor edits this now.")).to_be_visible()
    chidi.locator("#panel").get_by_role("link", name="Close").first.click()
    expect(chidi.locator("#panel > *")).to_have_count(0)


def test_a_board_draws_itself_again_when_somebody_moved_a_card(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", studio(board))
    chidi = open_as("colleague", studio(board))
    chidi.get_by_role("link", name="Move, copy or remove Watch the model").click()
    panel = chidi.locator("#panel")
    panel.get_by_label("Week").select_option(label="Week 2: Messages")
    panel.get_by_role("button", name="Move it there").click()

    after = emma.get_by_role("list", name="Week 2, Before", exact=True)

    expect(after.get_by_role("link", name="Watch the model", exact=True)).to_be_visible()


def test_while_a_panel_is_open_the_board_waits_for_a_click(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", studio(board))
    open_card(emma, "Read chapter 1")
    chidi = open_as("colleague", studio(board))
    chidi.get_by_role("link", name="Move, copy or remove Watch the model").click()
    chidi.locator("#panel").get_by_role("button", name="Remove").click()

    said = emma.locator("#together .stale")
    expect(said).to_contain_text("Chidi Okafor: removing “Watch the model”.")
    expect(emma.locator("#board").get_by_role("link", name="Watch the model", exact=True)).to_have_count(1)
    said.get_by_role("link", name="Show it").click()

    expect(emma.locator("#board").get_by_role("link", name="Watch the model", exact=True)).to_have_count(0)
    expect(emma.locator("#panel").get_by_role("heading", level=2)).to_contain_text("Read chapter 1")


def test_a_team_fills_a_design_from_two_screens(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    emma = open_as("lecturer", studio(board), provokes=("409",))
    emma.get_by_role("button", name="More").click()
    emma.get_by_role("link", name="Storyboard").click()
    emma.get_by_label("Minutes on the timer").fill("15")
    emma.get_by_role("button", name="Begin the session").click()
    expect(emma.get_by_role("timer")).to_have_text(re.compile(r"^1[45]:\d\d$"))

    chidi = open_as("colleague", f"/courses/{board.code}/storyboard/", phone=True, provokes=("409",))
    chidi.get_by_label("Week").select_option("2")
    line = chidi.get_by_label("What do students do?")
    line.fill("watch clip framing 20m")
    line.press("Enter")
    expect(line).to_have_value("")
    expect(line).to_be_focused()
    # It is on the other screen within seconds, without a reload.
    expect(emma.locator("#story").get_by_text("Framing")).to_be_visible(timeout=6_000)
    assert barriers(emma) == []
    assert barriers(chidi) == []

    emma.get_by_role("button", name="Pause adding").click()
    expect(chidi.get_by_text("Adding is paused", exact=True)).to_be_visible()
    line.fill("discuss the framing 30m")
    line.press("Enter")
    expect(chidi.get_by_role("alert")).to_contain_text("Adding is paused for a moment. Your line is kept here")
    expect(line).to_have_value("discuss the framing 30m")
    emma.get_by_role("button", name="Go on").click()
    expect(chidi.get_by_text("Adding is open", exact=True)).to_be_visible()
    line.press("Enter")
    expect(emma.locator("#story").get_by_text("The framing")).to_be_visible(timeout=6_000)

    emma.get_by_role("button", name="End the session").click()
    expect(emma.locator("#board").get_by_role("link", name="Framing", exact=True)).to_be_visible()


def test_a_name_is_offered_while_a_comment_is_typed(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    emma = open_as("lecturer", f"/courses/{board.code}/review/?pin=design&key=")
    text = emma.get_by_label("Comment", exact=True)
    text.press_sequentially("Can you look, @san")
    expect(emma.get_by_role("option", name="Sanne de Wit")).to_be_visible()
    text.press("Enter")
    expect(text).to_have_value("Can you look, @Sanne de Wit ")
    emma.get_by_role("button", name="Comment", exact=True).click()
    expect(emma.get_by_text("Can you look, @Sanne de Wit")).to_be_visible()

    sanne = open_as("coach", f"/courses/{board.code}/comments/")
    expect(sanne.get_by_text("Can you look, @Sanne de Wit")).to_be_visible()
    assert barriers(sanne) == []


def test_versions_are_compared_as_a_list_and_on_the_board(
    open_as: Windows, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", "/courses/MKC-101/versions/")
    assert barriers(page) == []
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("From version . to version ."))).to_be_visible()
    assert barriers(page) == []

    page.get_by_role("link", name="On the board").click()

    expect(page.locator(".diff .card.added").first).to_be_visible()
    assert barriers(page) == []
