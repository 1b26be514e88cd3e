"""A running course is changed: looked at first, moved, read of by students, taken back; also on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import DISCUSSION, SESSION, Lesson

pytestmark = pytest.mark.browser


def test_class_moves_by_a_week_with_all_that_hangs_on_it_and_is_taken_back(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    lecturer = open_as("lecturer", f"/courses/{lesson.code}/offers/{lesson.offers[DISCUSSION]}/")

    # From the page of the offer: what, by how much, and look at it.
    lecturer.get_by_label("By", exact=True).fill("2")
    lecturer.get_by_role("button", name="See what moves").click()
    # It is open since yesterday: it stays, with the reason, unless more time is given.
    expect(lecturer.get_by_role("heading", name="Stays as it is, because it has begun")).to_be_visible()
    expect(lecturer.get_by_text("it is open already")).to_be_visible()
    lecturer.get_by_label(re.compile("Give more time")).check()
    lecturer.get_by_label("A word to your students").fill("You get two weeks more.")
    assert barriers(lecturer) == []
    lecturer.get_by_role("button", name="Move", exact=True).click()

    expect(lecturer.get_by_role("heading", name="Changes of this run")).to_be_visible()
    expect(lecturer.get_by_text("Moved in the calendar")).to_be_visible()
    assert barriers(lecturer) == []

    student = open_as(lesson.students["Ada"], "/inbox/")
    message = student.get_by_text(f"Changes in {lesson.title}")
    _until(student, message)
    expect(student.get_by_text("You get two weeks more.")).to_be_visible()

    lecturer.get_by_role("button", name="Take back").click()
    expect(lecturer.get_by_text("Taken back").first).to_be_visible()
    _until(student, student.get_by_text(f"The changes in {lesson.title} were taken back"))


def test_session_can_be_moved_on_a_phone(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", f"/courses/{lesson.code}/runs/{lesson.run}/", phone=True)

    page.get_by_role("link", name="Move week 1").click()
    page.get_by_role("button", name="See what moves").click()

    expect(page.get_by_text(SESSION, exact=True).first).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _until(page: Page, found: object) -> None:
    """A worker tells: look again until it has."""
    for _each in range(20):
        if found.count():  # type: ignore[attr-defined]  # a Locator
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(found.first).to_be_visible()  # type: ignore[attr-defined]  # as above
