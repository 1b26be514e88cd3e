"""The DigiCoach reviews: the lecturer asks, the coach comments and approves, the lecturer sees it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import Place

pytestmark = pytest.mark.browser


def ask(page: Page, words: str) -> None:
    page.get_by_label(re.compile("What should the DigiCoach look at")).fill(words)
    page.get_by_role("button", name="Ask DigiCoach to review").click()


def test_a_design_is_asked_about_commented_on_and_approved(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", f"/courses/{board.code}/review/")
    ask(emma, "Is week 2 too empty?")
    expect(emma.get_by_text("Sanne de Wit decides. Until then the version is not changed.")).to_be_visible()

    sanne = open_as("coach", "/inbox/")
    sanne.get_by_role("button", name=board.title).first.click()
    expect(sanne.get_by_text("Emma Vos asked for a review")).to_be_visible()
    expect(sanne.get_by_text("Is week 2 too empty?")).to_be_visible()
    sanne.get_by_role("link", name=re.compile("^Comment ?: Write the case$")).click()
    sanne.get_by_label("Comment", exact=True).fill("Could the **first draft** be due in week 1?")
    sanne.get_by_role("button", name="Comment", exact=True).click()
    card = sanne.locator(".review-cards > li").filter(has_text="Write the case")
    expect(card.get_by_text("Could the first draft be due in week 1?")).to_be_visible()
    sanne.get_by_label(re.compile("Your answer")).last.fill("Two calm weeks. Approved.")
    sanne.get_by_role("button", name="Approve version 1").click()
    expect(sanne.get_by_text("Approved by Sanne de Wit")).to_be_visible()

    emma.goto("/inbox/")
    emma.get_by_role("button", name=re.compile(f"{board.title}.*approved|approved.*{board.title}", re.I)).first.click()
    expect(emma.get_by_text("Approved by Sanne de Wit")).to_be_visible()
    expect(emma.get_by_text("Could the first draft be due in week 1?")).to_be_visible()
    expect(emma.get_by_role("link", name="Begin a run")).to_be_visible()


def test_a_design_in_review_is_not_changed_until_the_request_is_withdrawn(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"/courses/{board.code}/review/")
    ask(page, "")

    page.get_by_role("link", name="Open the board").click()
    expect(page.get_by_text("This version is with the DigiCoach.")).to_be_visible()
    expect(page.get_by_role("button", name="Add a week")).to_have_count(0)
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("button", name="Withdraw the request").click()
    page.get_by_role("link", name="Open the board").click()

    expect(page.get_by_role("button", name="Add a week")).to_be_visible()


def test_changes_are_asked_for_with_words(open_as: Windows, board: Place) -> None:
    emma = open_as("lecturer", f"/courses/{board.code}/review/")
    ask(emma, "")
    sanne = open_as("coach", f"/courses/{board.code}/review/", provokes=("422",))

    sanne.get_by_role("button", name="Ask for changes").click()
    expect(sanne.get_by_role("alert")).to_contain_text("Say what should change, so that the lecturer can do it.")
    sanne.get_by_label(re.compile("Your answer")).last.fill("Week 2 asks for nothing after class.")
    sanne.get_by_role("button", name="Ask for changes").click()

    emma.reload()
    expect(emma.get_by_role("button", name="Ask DigiCoach to review")).to_be_visible()
    emma.get_by_text("1 request so far").click()
    expect(emma.get_by_text("Week 2 asks for nothing after class.")).to_be_visible()
