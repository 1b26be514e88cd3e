"""The administrator tries a rule and announces it, the lecturer meets it in the Studio; the director sees the load."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from blendedu.kit.minutes import parse_minutes
from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser

RULE = "At most a tenth of the time is hybrid"


def minutes_in(text: str) -> int:
    """The minutes that a figure of the table says: `36 h 44, 10 h 44 over the ceiling` is 36 h 44."""
    said = re.match(r"(\d+ h(?: \d+)?|\d+ min)", text.strip())
    return parse_minutes(said[1]) or 0 if said else 0


def test_a_rule_is_tried_announced_and_met_in_the_studio(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    anouk = open_as("administrator", "/institution/policy/")
    preview = anouk.locator("#preview")

    # Trying it on the page of all rules shows at once which courses would break it; nothing is written.
    anouk.get_by_label("Measure").select_option(label="Time in the hybrid environment")
    anouk.get_by_label("Limit is").select_option(label="at most")
    anouk.get_by_label("Limit", exact=True).fill("10")
    expect(preview).to_contain_text(re.compile(r"[1-9]\d* courses would break this rule"))
    expect(anouk.locator("#live")).to_contain_text("courses would break this rule")
    ten = preview.locator("#preview-sum").inner_text()
    anouk.get_by_label("Limit", exact=True).fill("100")
    expect(preview.locator("#preview-sum")).to_have_text(re.compile("^0 courses would break this rule"))
    anouk.get_by_label("Limit", exact=True).fill("10")
    expect(preview.locator("#preview-sum")).to_have_text(ten)
    assert barriers(anouk) == []

    anouk.get_by_role("button", name="Try it and write the rule").click()
    anouk.get_by_label("Name of the rule").fill(RULE)
    anouk.get_by_label(re.compile("^Why")).fill("Rooms for it are few.")
    anouk.get_by_label("Required", exact=True).check()
    expect(preview.locator("#preview-sum")).to_have_text(ten)
    assert barriers(anouk) == []
    anouk.get_by_role("button", name="Announce the rule").click()
    expect(anouk.get_by_role("heading", level=1)).to_have_text(RULE)

    # Its breaking and its keeping show in the Studio, in the answer to the change.
    emma = open_as("lecturer", f"/courses/{board.code}/studio/")
    hint = emma.locator("#sums .findings > li").filter(has_text=RULE)
    expect(hint.first).to_contain_text("17% now")
    emma.locator("#board").get_by_role("link", name="Write the case", exact=True).click()
    emma.locator("#panel").get_by_label("Environment").select_option(label="Digital")
    expect(emma.locator("#sums .findings > li.c-bad").filter(has_text=RULE)).to_have_count(0)
    emma.get_by_text(re.compile("rules? of policy kept")).click()
    expect(emma.locator("#sums .findings > li.c-good").filter(has_text=RULE)).to_be_visible()

    # The next version leaves the first as it was; a withdrawn rule is met no more.
    anouk.get_by_role("link", name="Change the rule").click()
    anouk.get_by_label("Limit", exact=True).fill("20")
    expect(preview).to_contain_text(re.compile("[1-9][0-9]* newly keep it"))
    anouk.get_by_role("button", name="Announce the rule").click()
    expect(anouk.get_by_text("version 2").first).to_be_visible()
    anouk.get_by_text("Withdraw the rule").click()
    anouk.get_by_role("button", name="Withdraw it today").click()
    expect(anouk.get_by_text(f"“{RULE}” is withdrawn.")).to_be_visible()
    emma.reload()
    expect(emma.locator("#sums").get_by_text(RULE)).to_have_count(0)


def test_a_limit_that_cannot_be_is_refused_at_its_field(open_as: Windows) -> None:
    page = open_as("administrator", "/institution/policy/new/", provokes=("422",))
    page.get_by_label("Measure").select_option(label="Time in the digital environment")
    page.get_by_label("Name of the rule").fill("Everything twice")

    page.get_by_label("Limit", exact=True).fill("200")

    expect(page.locator("#preview")).to_contain_text("A share is at most 100%.")
    expect(page.get_by_role("button", name="Announce the rule")).to_have_count(0)
    expect(page.get_by_label("Name of the rule")).to_have_value("Everything twice")


def test_the_director_sees_the_load_of_parallel_courses_and_what_makes_it(
    open_as: Windows, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("director", "/programmes/")
    page.get_by_role("link", name="Commercial Economics, year 1").first.click()
    page.get_by_role("navigation", name="This programme").get_by_role("link", name="Study load").click()
    table = page.get_by_role("table").first
    heavy = heaviest(table)

    # The hours of the week are those of its courses, and it says that they are too many.
    total = table.locator("tfoot td").nth(heavy)
    parts = [row.locator("td").nth(heavy).inner_text() for row in table.locator("tbody tr").all()]
    assert minutes_in(total.inner_text()) == sum(minutes_in(part) for part in parts)
    expect(total).to_contain_text("over the ceiling")
    expect(page.get_by_text(f"Week {heavy + 1} is heavy").first).to_be_visible()
    expect(table.locator("tbody td").filter(has_text="deadline").first).to_be_visible()

    # A figure opens to the activities that make it, without leaving the page.
    page.evaluate("window.sameDocument = true")
    total.get_by_role("link").click()
    explained = page.locator("#explained")
    expect(explained.get_by_role("heading")).to_contain_text(f"week {heavy + 1}")
    expect(explained.locator("tfoot td").last).to_have_text(re.match(r"[^,!]*", total.inner_text())[0].strip())
    minutes = [minutes_in(text) for text in explained.locator("tbody td:last-child").all_inner_texts()]
    assert sum(minutes) == minutes_in(total.inner_text())
    expect(explained.get_by_role("listitem").filter(has_text="is due on").first).to_be_visible()
    expect(page.locator("#live")).to_contain_text(f"{len(minutes)} activities")
    assert page.evaluate("window.sameDocument") is True
    assert barriers(page) == []


def heaviest(table: Locator) -> int:
    figures = [minutes_in(text) for text in table.locator("tfoot td").all_inner_texts()]
    return figures.index(max(figures))
