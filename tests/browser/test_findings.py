"""The review speaks and is answered: the full list, a reason that the coach reads, limits that the Studio follows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser

NO_CHOICE = "Students choose nowhere how they show what they can"
NO_REFLECTION = "No moment to look back in weeks 1 to 2"
REASON = "The form of the case is given by the company."


def findings_of(board: Place) -> str:
    return f"/courses/{board.code}/findings/"


def finding(page: Page, headline: str) -> Locator:
    return page.locator(".findings > li").filter(has=page.get_by_role("heading", name=headline))


def state(page: Page, words: str) -> Locator:
    """A list of findings with how many are in it: Worth a look 13."""
    return page.get_by_role("navigation", name="By state").get_by_role("link", name=re.compile(f"^{words} "))


def count(page: Page, words: str) -> int:
    return int(state(page, words).inner_text().rsplit(maxsplit=1)[1])


def decide_otherwise(found: Locator) -> Locator:
    found.get_by_text("Decide otherwise").click()
    return found.get_by_label("We decided otherwise, because …")


def test_a_hint_is_answered_in_place_and_the_coach_reads_the_reason(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    emma = open_as("lecturer", findings_of(board), provokes=("422",))
    expect(emma.get_by_role("heading", name="What the review found in version 1")).to_be_visible()
    expect(emma.locator("h3", has_text="Norms and good practice")).to_be_visible()
    expect(emma.locator("h3", has_text="Rules of thumb")).to_be_visible()
    was = count(emma, "Worth a look")
    assert emma.locator(".findings > li").count() == was
    assert barriers(emma) == []

    # What is typed beside another finding stays, whatever happens here.
    elsewhere = decide_otherwise(finding(emma, NO_REFLECTION))
    elsewhere.fill("We look back in the tutor hour")
    found = finding(emma, NO_CHOICE)
    reason = decide_otherwise(found)
    found.get_by_role("button", name="Keep this answer").click()
    expect(found.get_by_text("Say why: the next reader will ask.")).to_be_visible()
    expect(reason).to_be_focused()
    expect(reason).to_have_attribute("aria-invalid", "true")
    expect(emma.locator("#live")).to_have_text("Say why: the next reader will ask.")
    assert barriers(emma) == []

    reason.fill(REASON)
    emma.keyboard.press("Tab")
    emma.keyboard.press("Enter")
    expect(found.get_by_text(REASON)).to_be_visible()
    expect(found.get_by_role("button", name="Take the answer back")).to_be_focused()
    expect(emma.locator("#live")).to_contain_text("Answered.")
    expect(state(emma, "Answered")).to_have_text("Answered 1")
    expect(state(emma, "Worth a look")).to_have_text(f"Worth a look {was - 1}")
    expect(elsewhere).to_have_value("We look back in the tutor hour")

    # The coach reads it where the design is reviewed, and cannot answer.
    sanne = open_as("coach", f"/courses/{board.code}/review/")
    expect(sanne.get_by_text(REASON)).to_be_visible()
    sanne.goto(f"{findings_of(board)}?state=answered")
    expect(finding(sanne, NO_CHOICE)).to_contain_text("Emma Vos")
    expect(sanne.get_by_text("Decide otherwise")).to_have_count(0)
    expect(sanne.get_by_role("button", name="Take the answer back")).to_have_count(0)


def test_an_answer_is_taken_back_once(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", findings_of(board))
    decide_otherwise(finding(emma, NO_CHOICE)).fill(REASON)
    finding(emma, NO_CHOICE).get_by_role("button", name="Keep this answer").click()
    expect(finding(emma, NO_CHOICE).get_by_text(REASON)).to_be_visible()
    chidi = open_as("colleague", f"{findings_of(board)}?state=answered", provokes=("409",))

    finding(emma, NO_CHOICE).get_by_role("button", name="Take the answer back").press("Enter")
    expect(finding(emma, NO_CHOICE).locator("summary", has_text="Decide otherwise")).to_be_focused()
    expect(state(emma, "Answered")).to_have_text("Answered 0")

    finding(chidi, NO_CHOICE).get_by_role("button", name="Take the answer back").click()
    expect(finding(chidi, NO_CHOICE).get_by_role("alert")).to_contain_text("This answer was taken back already.")


def test_an_answer_is_kept_without_scripts(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", findings_of(board), java_script_enabled=False, provokes=("422",))

    found = finding(emma, NO_CHOICE)
    decide_otherwise(found)
    found.get_by_role("button", name="Keep this answer").click()
    expect(found.get_by_text("Say why: the next reader will ask.")).to_be_visible()
    found.get_by_label("We decided otherwise, because …").fill(REASON)
    found.get_by_role("button", name="Keep this answer").click()

    expect(emma.get_by_role("status").filter(has_text="Answered.")).to_be_visible()
    expect(finding(emma, NO_CHOICE).get_by_text(REASON)).to_be_visible()


def test_a_limit_of_the_department_is_tried_set_followed_by_the_studio_and_reset(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    emma = open_as("lecturer", f"/courses/{board.code}/studio/")
    hint = emma.locator("#sums .findings > li").filter(has_text="Less planned than the credits stand for")
    expect(hint).to_be_visible()

    anouk = open_as("administrator", "/institution/settings/", provokes=("422", "409"))
    anouk.get_by_role("link", name="Review rules : Department of Commercial Economics").click()
    anouk.locator("#C01").get_by_role("link").first.click()
    address = anouk.url
    preview = anouk.locator("#preview")
    lower, lowest = anouk.get_by_label("Fine from"), anouk.get_by_label("Worth a look from")
    assert barriers(anouk) == []

    # It is tried while it is typed; what cannot be is said there, and refused in place with what was typed.
    lower.fill("0.05")
    expect(preview).to_contain_text("These limits cannot be tried yet:")
    anouk.get_by_role("button", name="Set these limits").click()
    summary = anouk.locator(".errorsummary")
    expect(summary).to_contain_text("These limits contradict each other")
    expect(summary).to_be_focused()
    expect(lower).to_have_value("0.05")
    assert barriers(anouk) == []
    lowest.fill("0.04")
    expect(preview).to_contain_text(re.compile("[1-9][0-9]* courses? would be judged otherwise."))
    second = open_as("administrator", address, provokes=("409",))
    anouk.get_by_label("Why").fill("Halves of courses are tried here.")
    anouk.get_by_role("button", name="Set these limits").press("Enter")
    expect(anouk.locator("#live")).to_have_text("These limits hold now.")
    expect(anouk.get_by_role("button", name="Set these limits")).to_be_focused()
    expect(anouk.get_by_text("Halves of courses are tried here.").first).to_be_visible()

    # A page that was drawn before sets nothing, and keeps what was typed.
    second.get_by_label("Why").fill("I was first.")
    second.get_by_role("button", name="Set these limits").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody else changed these limits meanwhile.")
    expect(second.get_by_label("Why")).to_have_value("I was first.")

    emma.reload()
    expect(emma.locator("#sums .findings").first).to_be_visible()
    expect(hint).to_have_count(0)
    emma.goto(f"{findings_of(board)}?state=kept")
    expect(emma.locator("#C01")).to_contain_text("set by Department of Commercial Economics")

    anouk.get_by_role("button", name="Reset").click()
    expect(anouk.locator("#live")).to_have_text("Nothing of its own is set here any more.")
    emma.goto(f"/courses/{board.code}/studio/")
    expect(hint).to_be_visible()
