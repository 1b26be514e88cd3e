"""A design is changed while its course runs: next version, review, preview, publication, and taken back within the day.

Once by pointer and as a reviewed change, once by keyboard and as a small one. What students handed in stays all along.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import DISCUSSION, ESSAY, READING, SHARE, Lesson

pytestmark = pytest.mark.browser

REWRITTEN = "Essay on one segment"
WORDS = "Commuters have one need in common."


def studio_of(lesson: Lesson) -> str:
    return f"/courses/{lesson.code}/studio/"


def run_of(lesson: Lesson) -> str:
    return f"/courses/{lesson.code}/runs/{lesson.run}/"


def hand_in_essay(open_as: Windows, lesson: Lesson) -> Page:
    """Ada hands in her essay under the first version."""
    ada = open_as(lesson.students["Ada"], essay_of(lesson))
    ada.get_by_label("Text", exact=True).fill(WORDS)
    ada.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(ada.get_by_role("region", name="Handed in")).to_contain_text(WORDS)
    return ada


def essay_of(lesson: Lesson) -> str:
    return f"/courses/{lesson.code}/do/{lesson.offers[ESSAY]}/"


def told(page: Page, words: str) -> Locator:
    """The lines of the inbox that say this, once a worker wrote them."""
    page.goto("/inbox/")
    found = (
        page.get_by_role("region", name="Notices").get_by_role("button").filter(has_text=re.compile(re.escape(words)))
    )
    for _each in range(30):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return found


def activity(page: Page, title: str) -> Locator:
    """The line of an activity on the page of a student's course."""
    return page.locator(".todo > li").filter(has=page.get_by_role("link", name=title, exact=True))


def open_all_weeks(page: Page, lesson: Lesson) -> None:
    page.goto(f"/courses/{lesson.code}/")
    for week in page.locator("details.week-block:not([open]) > summary").all():
        week.click()


def test_a_reviewed_change_goes_to_the_run_is_read_of_and_is_taken_back(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    ada = hand_in_essay(open_as, lesson)
    open_all_weeks(ada, lesson)
    due_at_first = activity(ada, DISCUSSION).inner_text()

    # The version that runs is closed; the next one begins with one button, and is changed.
    emma = open_as("lecturer", studio_of(lesson))
    expect(emma.get_by_text("Version 1 is closed and stays as it is.")).to_be_visible()
    emma.get_by_role("button", name="Make version 2").click()
    panel, cards = emma.locator("#panel"), emma.locator("#board")
    emma.get_by_role("button", name="Add a week").click()
    expect(emma.locator("#week-2")).to_be_visible()
    cards.get_by_role("link", name=ESSAY, exact=True).click()
    panel.get_by_label("Title").fill(REWRITTEN)
    expect(cards.get_by_role("link", name=REWRITTEN, exact=True)).to_be_visible()
    emma.get_by_role("link", name=f"Move, copy or remove {DISCUSSION}").click()
    panel.get_by_label("Week").select_option(label="Week 2")
    panel.get_by_role("button", name="Move it there").click()
    week_two = emma.get_by_role("list", name="Week 2, After", exact=True)
    expect(week_two.get_by_role("link", name=DISCUSSION, exact=True)).to_be_visible()
    emma.get_by_role("link", name=f"Move, copy or remove {SHARE}").click()
    panel.get_by_role("button", name="Remove").click()
    expect(cards.get_by_role("link", name=SHARE, exact=True)).to_have_count(0)

    # It is asked for and approved; the run goes on as it was until somebody publishes to it.
    emma.goto(f"/courses/{lesson.code}/review/")
    emma.get_by_label(re.compile("What should the DigiCoach look at")).fill("Is one essay enough?")
    emma.get_by_role("button", name="Ask DigiCoach to review").click()
    sanne = open_as("coach", f"/courses/{lesson.code}/review/")
    expect(sanne.get_by_role("row", name=re.compile(f"Changed.*{REWRITTEN}"))).to_be_visible()
    sanne.get_by_role("button", name="Approve version 2").click()
    expect(sanne.get_by_text("Approved by Sanne de Wit")).to_be_visible()
    open_all_weeks(ada, lesson)
    expect(activity(ada, ESSAY)).to_be_visible()

    # Everything that would happen, before it does: dates, who has begun, who is told.
    emma.goto(run_of(lesson))
    expect(emma.get_by_text("Version 2 is approved and waits.")).to_be_visible()
    emma.get_by_role("link", name="See what changes").click()
    expect(emma.get_by_role("heading", name=re.compile("^Publish version 2 to"))).to_be_visible()
    stays = emma.get_by_role("region", name="Stays as it is, because it has begun")
    expect(stays.get_by_text(DISCUSSION, exact=True)).to_be_visible()
    expect(stays.get_by_text(re.compile("the plan would say"))).to_be_visible()
    expect(emma.get_by_role("region", name="New content")).to_contain_text(
        re.compile(f"{REWRITTEN}.*1 has handed in or done it: Ada Quist", re.S)
    )
    expect(emma.get_by_role("region", name="Left out")).to_contain_text(SHARE)
    expect(emma.get_by_role("region", name="Weeks")).to_contain_text("Week 2: new, from")
    expect(emma.get_by_text("4 students are told, once")).to_be_visible()
    assert barriers(emma) == []
    emma.get_by_label(re.compile("Give more time")).check()
    emma.get_by_label("A word to your students").fill("One essay, and a week more for the discussion.")
    emma.get_by_role("button", name="Publish to this run").click()
    expect(emma.get_by_text("The run follows version 2 now.")).to_be_visible()
    expect(emma.get_by_role("heading", name="From version 1 to version 2")).to_be_visible()

    # Ada reads of it in one message, sees the new state, and her work is what it was.
    expect(told(ada, f"Changes in {lesson.title}")).to_have_count(1)
    expect(ada.get_by_text("One essay, and a week more for the discussion.")).to_be_visible()
    open_all_weeks(ada, lesson)
    expect(activity(ada, ESSAY)).to_have_count(0)
    expect(activity(ada, SHARE)).to_have_count(0)
    assert activity(ada, DISCUSSION).inner_text() != due_at_first
    activity(ada, REWRITTEN).get_by_role("link", name=REWRITTEN).click()
    expect(ada.get_by_role("region", name="Handed in")).to_contain_text(WORDS)

    # Taken back within the day: as it was, told once, and still with the work.
    emma.get_by_role("button", name="Take back").click()
    expect(emma.get_by_text("Taken back").first).to_be_visible()
    expect(emma.get_by_role("button", name="Take back")).to_have_count(0)
    expect(told(ada, f"The changes in {lesson.title} were taken back")).to_have_count(1)
    expect(told(ada, f"Changes in {lesson.title}")).to_have_count(1)
    open_all_weeks(ada, lesson)
    expect(activity(ada, SHARE)).to_be_visible()
    expect(activity(ada, REWRITTEN)).to_have_count(0)
    assert activity(ada, DISCUSSION).inner_text() == due_at_first
    activity(ada, ESSAY).get_by_role("link", name=ESSAY).click()
    expect(ada.get_by_role("region", name="Handed in")).to_contain_text(WORDS)


def test_a_small_change_goes_to_the_run_and_back_with_the_keys(open_as: Windows, lesson: Lesson) -> None:
    ada = hand_in_essay(open_as, lesson)
    emma = open_as("lecturer", studio_of(lesson))
    keys = emma.keyboard

    press(emma.get_by_role("button", name="Make version 2"))
    card = emma.locator("#board").get_by_role("link", name=READING, exact=True)
    card.focus()
    keys.press("F2")
    keys.type("Read: one field")
    keys.press("Enter")
    expect(emma.locator("#board").get_by_role("link", name="Read: one field", exact=True)).to_be_focused()
    press(emma.get_by_role("link", name="Review", exact=True))
    expect(emma.get_by_text("This is a small change.")).to_be_visible()
    press(emma.get_by_role("button", name="Publish as a small change"))
    expect(emma.get_by_text(re.compile("Approved by Emma Vos"))).to_be_visible()

    emma.goto(run_of(lesson))
    press(emma.get_by_role("link", name="See what changes"))
    expect(emma.get_by_role("region", name="New content")).to_contain_text("was “Read: the field”")
    publish = emma.get_by_role("button", name="Publish to this run")
    emma.get_by_label("A word to your students").focus()
    keys.press("Tab")
    expect(publish).to_be_focused()
    keys.press("Enter")
    expect(emma.get_by_text("The run follows version 2 now.")).to_be_visible()
    expect(told(ada, f"Changes in {lesson.title}")).to_have_count(1)
    open_all_weeks(ada, lesson)
    expect(activity(ada, "Read: one field")).to_be_visible()

    press(emma.get_by_role("button", name="Take back"))
    expect(emma.get_by_text("Taken back").first).to_be_visible()
    expect(told(ada, f"The changes in {lesson.title} were taken back")).to_have_count(1)
    open_all_weeks(ada, lesson)
    expect(activity(ada, READING)).to_be_visible()
    ada.goto(essay_of(lesson))
    expect(ada.get_by_role("region", name="Handed in")).to_contain_text(WORDS)


def press(control: Locator) -> None:
    """With the key that presses buttons and follows links."""
    control.focus()
    expect(control).to_be_focused()
    control.press("Enter")
