"""A run: from an approved design, a class list with faulty lines, a calendar with a week off, and groups at random."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place, Stage

pytestmark = pytest.mark.browser

LIST = """Name;E-mail;Student number;Group
Noor Bakker;noor.bakker@{0}.example.org;n1;
Sam Peeters;sam.peeters@{0}.example.org;n2;
Without Address;;n3;
Ines Costa;ines.costa@{0};n4;
Yara Demir;yara.demir@{0}.example.org;n5;
Noor Bakker;noor.bakker@{0}.example.org;n6;
Finn Maes;finn.maes@{0}.example.org;n7;
"""


def choose(page: Page, approved: Place, starts_on: date, content: bytes) -> None:
    """Fill in the form of a new run, up to looking at it."""
    page.goto(f"/courses/{approved.code}/runs/")
    page.get_by_role("link", name="New run").or_(page.get_by_role("link", name="Open a run")).first.click()
    page.get_by_label("Name of the run").fill("Autumn")
    page.get_by_label("Starts on").fill(starts_on.isoformat())
    file = {"name": "class.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Or choose a CSV file").set_input_files(file)  # type: ignore[arg-type]  # as its documents say
    page.get_by_role("button", name="Look at it first").click()


def test_a_run_is_opened_from_a_list_with_faulty_lines_over_a_week_off(
    open_as: Windows, approved: Place, stage: Stage, barriers: Callable[[Page], list[str]]
) -> None:
    week_off = date.fromisoformat(stage.week_off)
    page = open_as("lecturer", provokes=("422",))

    choose(page, approved, week_off - timedelta(days=7), LIST.format(approved.code).encode())

    # Each faulty line is named, and nothing is written yet.
    expect(page.get_by_role("heading", name="Check “Autumn”")).to_be_visible()
    faults = page.get_by_role("group", name="3 lines cannot be read").get_by_role("listitem")
    expect(faults).to_have_count(3)
    for place, line in enumerate(("Line 4:", "Line 5:", "Line 7:")):
        expect(faults.nth(place)).to_contain_text(line)
    expect(page.get_by_text("4 new accounts are made.")).to_be_visible()
    # The week off is skipped: week 2 begins two weeks after week 1.
    calendar = page.locator(".calendar > li")
    expect(calendar.nth(1)).to_have_text("Reading week: no teaching")
    second = week_off + timedelta(days=7)
    expect(calendar.nth(2).locator("summary")).to_contain_text(f"{second.day}")
    assert barriers(page) == []

    page.get_by_role("button", name="Open the run").click()
    expect(page.get_by_role("alert")).to_contain_text("Say that these lines may be left out")
    page.get_by_label("Go on without the 3 lines that cannot be read").check()
    page.get_by_role("button", name="Open the run").click()

    expect(page.get_by_text("4 students, 0 groups")).to_be_visible()
    expect(page.get_by_text("Reading week: no teaching")).to_be_visible()

    # Groups at random: a draw to look at, and then exactly that one.
    page.get_by_role("navigation", name="This run").get_by_role("link", name="Groups").click()
    page.get_by_label("Number", exact=False).last.fill("2")
    page.get_by_role("button", name="Look at a draw").click()
    expect(page.get_by_text("2 groups. Nothing is changed yet.")).to_be_visible()
    drawn = [sorted(card.get_by_role("listitem").all_inner_texts()) for card in page.locator(".group-card").all()]
    page.get_by_role("button", name="Make these groups").click()

    expect(page.get_by_text("2 groups were made.")).to_be_visible()
    made = [sorted(card.locator(".member").all_inner_texts()) for card in page.locator(".group-card").all()]
    assert made == drawn
    assert [len(group) for group in made] == [2, 2]


def test_a_list_that_is_no_list_is_refused_in_place(open_as: Windows, approved: Place, stage: Stage) -> None:
    page = open_as("lecturer", provokes=("422",))

    choose(page, approved, date.fromisoformat(stage.week_off), b"PK\x03\x04 a spreadsheet")

    expect(page.get_by_label("Or choose a CSV file")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This is a spreadsheet.").first).to_be_visible()
    expect(page.get_by_label("Name of the run")).to_have_value("Autumn")
