"""The lecturer asks how long a text takes, by keyboard alone, and plans the answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.flows import Windows
from tests.browser.stage import Place
from tests.browser.test_studio import address, opened

pytestmark = pytest.mark.browser


def test_a_text_is_estimated_and_planned_by_keyboard_alone(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/studio/")
    panel = page.locator("#panel")
    card = page.locator("#board").get_by_role("link", name="Read chapter 1", exact=True)
    card.focus()
    page.keyboard.press("Enter")
    estimate = panel.get_by_role("link", name="Estimate…")
    estimate.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()

    # From the heading on: the way, then the words, then the pages.
    way = panel.get_by_label("What students do")
    for _ in range(4):
        page.keyboard.press("Tab")
        if way.evaluate("control => control === document.activeElement"):
            break
    expect(way).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_label("Words", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("24")

    result = panel.locator("#estimate-result")
    expect(result).to_contain_text("14,400 words at 180 words per minute.")
    expect(panel.get_by_label("Pages", exact=True)).to_be_focused()  # what comes in below takes nothing away

    use = result.get_by_role("button", name="Use 1 h 20")
    for _ in range(12):
        page.keyboard.press("Tab")
        if use.evaluate("button => button === document.activeElement"):
            break
    expect(use).to_be_focused()
    page.keyboard.press("Enter")

    expect(result).to_contain_text("This is what is planned.")
    expect(card.locator("xpath=..").locator(".m")).to_have_text("1 h 20")
    expect(page.get_by_role("button", name=re.compile("Undo estimating"))).to_be_visible()


def test_a_time_is_understood_while_it_is_typed(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/studio/")
    panel = page.locator("#panel")
    page.locator("#board").get_by_role("link", name="Read chapter 1", exact=True).click()
    time = panel.get_by_label("Time", exact=False).first
    time.fill("1h-1h30")
    expect(panel.locator(".said")).to_contain_text("60–90 min; sums count 1 h 15")

    time.fill("90-60")
    expect(panel.locator(".said")).to_contain_text("A range goes from the shorter time to the longer one")


def test_the_add_form_estimates_what_was_typed_and_keeps_how(open_as: Windows, board: Place) -> None:
    studio = opened(open_as("lecturer", address(board)))
    studio.page.get_by_role("link", name="Activity", exact=True).click()
    studio.panel.get_by_role("link", name="Reading").click()
    studio.panel.get_by_label("Title").fill("Read chapter 3")
    studio.panel.get_by_text("Estimate the time").click()
    pages = studio.panel.locator("[name=e-pages]")

    pages.press_sequentially("24")
    expect(studio.panel.locator("#estimate-offer")).to_contain_text("Estimate: 1 h 20")
    expect(pages).to_be_focused()
    # Leaving the field must not draw the button anew under the focus.
    studio.panel.get_by_role("button", name="Use 1 h 20").focus()
    studio.page.wait_for_timeout(500)
    studio.page.keyboard.press("Enter")
    expect(studio.panel.get_by_label("Time (optional)")).to_have_value("1 h 20")
    expect(studio.panel.get_by_text("The estimate is 1 h 20")).to_be_focused()
    studio.panel.get_by_label("Title").press("Enter")  # adds, and does not estimate again

    card = studio.card("Read chapter 3")
    expect(card).to_be_focused()
    card.click()
    expect(studio.panel.get_by_text("Estimated. 14,400 words at 180 words per minute")).to_be_visible()
