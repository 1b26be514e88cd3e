"""Where designs come from, in a browser: a pasted table, a file of another tool, a pattern, a finished example."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser

TABLE = "Week\tWhat\tX\n1\tRead the brief\t45\n2\tInterview a client\t90\n"
LDJ = {
    "name": "Interviews",
    "outcomes": [{"verb": "Formulate", "details": "Formulate open questions"}],
    "activities": [
        {
            "title": "Before the visit",
            "slas": [
                {"type": "Read Watch Listen", "duration": "25", "onlineActivity": "true", "description": "Watch two"}
            ],
        }
    ],
}


def test_a_table_is_pasted_corrected_taken_and_undone(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/imports/")
    assert barriers(page) == []

    page.get_by_label("Table", exact=True).fill(TABLE)
    page.get_by_role("button", name="Read the table").click()
    expect(page.get_by_text("“X” is left out.")).to_be_visible()
    page.get_by_label("Column 3: X").select_option("Time")
    page.get_by_role("button", name="Read it again with these columns").click()
    expect(page.get_by_text("“X” is left out.")).to_have_count(0)
    expect(page.get_by_role("region", name="The first lines of the table")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Take it").click()

    expect(page.get_by_role("link", name="Interview a client", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo import of “Pasted table”")).click()
    expect(page.get_by_role("link", name="Interview a client", exact=True)).to_have_count(0)


def test_a_learning_designer_file_is_looked_at_by_keyboard_and_taken(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/imports/")

    page.get_by_label("File", exact=True).set_input_files(
        {"name": "interviews.ldj", "mimeType": "application/json", "buffer": json.dumps(LDJ).encode()}
    )
    page.get_by_role("button", name="Read the file").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="interviews.ldj")).to_be_visible()
    expect(page.get_by_text("The file does not say which activity serves which outcome")).to_be_visible()
    page.get_by_role("button", name="Take it").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Watch two", exact=True)).to_be_visible()


def test_a_pattern_is_found_and_taken_from_the_studio(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/studio/")

    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Take a pattern").click()
    page.get_by_label("Search").fill("buddy")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 pattern", exact=True)).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Buddy fortnight", exact=True).click()
    assert barriers(page) == []
    page.get_by_label("Begins in week").fill("2")
    page.get_by_role("button", name="Take it").click()

    expect(page.get_by_role("link", name="Ask your buddy three questions", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo pattern “Buddy fortnight”")).click()
    expect(page.get_by_role("link", name="Ask your buddy three questions", exact=True)).to_have_count(0)


def test_a_course_without_design_shows_every_beginning_on_a_phone(
    open_as: Windows, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", "/courses/BRA-103/studio/", phone=True)

    expect(page.get_by_role("heading", name="This course has no design yet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
    page.get_by_role("link", name="Choose a design").click()
    expect(page.get_by_role("heading", name="Which design do you begin from?")).to_be_visible()
    page.goto("/courses/BRA-103/copy/MKC-101/2/")
    expect(page.get_by_role("button", name="Begin with this")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
