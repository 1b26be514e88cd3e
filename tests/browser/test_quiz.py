"""A student does a quiz on a phone, and a real worker grades it: nothing given is lost, and nothing is counted twice.

The quiz page by itself, question by question, is tested in tests/activities/types/test_quiz_browser.py; here it is met
as students meet it, with everything running.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from blendedu.demo import PASSWORD
from tests.browser.flows import Windows
from tests.browser.stage import QUIZ, Lesson
from tests.processes import wait_until

pytestmark = pytest.mark.browser

SAVED = re.compile("^Every answer is saved, last at")


def quiz_of(lesson: Lesson) -> str:
    return f"/courses/{lesson.code}/do/{lesson.offers[QUIZ]}/"


def begun(page: Page) -> Page:
    """The page of the quiz, with the attempt begun."""
    page.get_by_role("button", name="Start").click()
    expect(heading(page, 1)).to_be_visible()
    return page


def heading(page: Page, number: int) -> Locator:
    return page.get_by_role("heading", name=f"Question {number} of 3")


def go_to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=name).click()


def state(page: Page) -> Locator:
    """What is said about saving."""
    return page.locator("[data-status]")


def answer(page: Page, words: str = "People with the same needs") -> None:
    go_to(page, "Question 1")
    page.get_by_role("radio", name=words).check()


def write(page: Page, words: str) -> None:
    go_to(page, "Question 2")
    page.get_by_label("Your answer", exact=True).fill(words)


def hand_in(page: Page, *, clicks: int = 1) -> None:
    go_to(page, "Hand in")
    page.locator("#q-end").get_by_role("button", name="Hand in").click(click_count=clicks)


# --- The way through --------------------------------------------------------------------------------------------------


def test_from_my_week_to_the_graded_result_on_a_phone_without_reloading(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as(lesson.students["Ada"], "/week/", phone=True, has_touch=True)
    expect(page.locator("#unread")).to_have_text("Inbox, nothing unread")
    page.get_by_role("link", name=QUIZ).tap()
    begun(page)
    answer(page)
    write(page, "feedback")
    go_to(page, "Question 3")
    page.get_by_label("Your answer, in %").fill("25")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(SAVED)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.evaluate("window.sameDocument = true")
    hand_in(page, clicks=3)

    expect(page.get_by_role("heading", name="Your result: 2 of 4 points")).to_be_focused()
    for words in ("Yes: needs come first.", "So it is called.", "2 of 3 questions right"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("#unread")).to_contain_text("1 unread")
    # Clicked three times, it is one attempt of two.
    expect(page.get_by_text("One attempt left; the best one counts.")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    assert barriers(page) == []

    page.goto("/inbox/")
    expect(page.get_by_role("region", name="Notices").get_by_role("button")).to_have_count(1)
    page.goto("/week/")
    expect(page.locator(".todo > li").filter(has_text=QUIZ)).to_contain_text("Done")


def test_the_lecturer_sees_one_attempt(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Bo"], quiz_of(lesson)))
    answer(page, "Everybody under thirty")
    hand_in(page, clicks=2)
    expect(page.get_by_role("heading", name="Your result: 0 of 4 points")).to_be_visible()

    lecturer = open_as("lecturer", f"/courses/{lesson.code}/offers/{lesson.offers[QUIZ]}/feedback/")

    row = lecturer.get_by_role("row").filter(has_text="Bo Marin")
    expect(row).to_contain_text("0 / 4")
    expect(row).not_to_contain_text("attempt 2")
    expect(lecturer.get_by_text("1 of 4 handed in")).to_be_visible()


def test_the_whole_quiz_with_the_keyboard_alone(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Cleo"], "/week/")
    keys = page.keyboard

    def tab_to(wanted: Locator) -> None:
        for _ in range(80):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            keys.press("Tab")
        raise AssertionError(f"The Tab key does not come to {wanted}.")

    tab_to(page.get_by_role("link", name=QUIZ))
    keys.press("Enter")
    tab_to(page.get_by_role("button", name="Start"))
    keys.press("Enter")
    expect(heading(page, 1)).to_be_visible()
    tab_to(page.get_by_role("radio").first)
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    chosen = page.get_by_role("radio").first
    expect(chosen).to_be_checked()
    tab_to(page.get_by_role("button", name="Next"))
    keys.press("Enter")
    expect(heading(page, 2)).to_be_focused()
    keys.press("Tab")
    keys.type("feedback")
    keys.press("Enter")
    expect(heading(page, 3)).to_be_focused()
    keys.press("Tab")
    keys.type("26")
    keys.press("Enter")
    expect(page.get_by_text("You answered all 3 questions.")).to_be_visible()
    tab_to(page.locator("#q-end").get_by_role("button", name="Hand in"))
    keys.press("Enter")

    expect(page.get_by_role("heading", name=re.compile("^Your result: [34] of 4 points$"))).to_be_focused()


# --- Nothing is lost (the numbers F… are those of the trust document) -------------------------------------------------


def test_after_a_killed_tab_every_answer_is_there(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Ada"], quiz_of(lesson)))
    answer(page)
    write(page, "feedback")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(SAVED)
    page.context.close()

    again = open_as(lesson.students["Ada"], quiz_of(lesson))

    expect(heading(again, 3)).to_be_visible()  # the first without an answer
    go_to(again, "Question 1")
    expect(again.get_by_role("radio", name="People with the same needs")).to_be_checked()
    go_to(again, "Question 2")
    expect(again.get_by_label("Your answer", exact=True)).to_have_value("feedback")


# F1: what a stale tab holds never overwrites what another one saved.
def test_a_stale_tab_is_shown_both_answers(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Ada"], quiz_of(lesson), provokes=("409",)))
    other = page.context.new_page()
    other.goto(quiz_of(lesson))
    write(page, "feedback")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(SAVED)

    write(other, "an echo")
    other.keyboard.press("Tab")

    expect(other.get_by_text("Saved there: feedback. Here: an echo.")).to_be_visible()
    other.get_by_role("button", name="Take what was saved there").click()
    expect(other.get_by_label("Your answer", exact=True)).to_have_value("feedback")
    page.reload()
    go_to(page, "Question 2")
    expect(page.get_by_label("Your answer", exact=True)).to_have_value("feedback")


# F2, F3: without a connection an answer is kept, and sent as soon as there is one.
def test_what_is_answered_without_a_connection_is_sent_when_it_is_back(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Ada"], quiz_of(lesson), provokes=("ERR_INTERNET_DISCONNECTED",)))
    page.context.set_offline(True)
    answer(page)
    write(page, "feedback")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("kept on this device")

    page.context.set_offline(False)

    expect(state(page)).to_have_text(SAVED)
    again = open_as(lesson.students["Ada"], quiz_of(lesson))
    go_to(again, "Question 1")
    expect(again.get_by_role("radio", name="People with the same needs")).to_be_checked()
    go_to(again, "Question 2")
    expect(again.get_by_label("Your answer", exact=True)).to_have_value("feedback")


# F6: what was typed last, and handed in at once.
def test_what_was_typed_last_is_graded(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Dirk"], quiz_of(lesson)))
    write(page, "")
    page.get_by_label("Your answer", exact=True).press_sequentially("feedback")
    hand_in(page)

    expect(page.get_by_role("heading", name="Your result: 1 of 4 points")).to_be_visible()


# F45, F46: signed out in another tab; signing in there again is enough.
def test_an_answer_given_while_signed_out_is_saved_after_signing_in_again(open_as: Windows, lesson: Lesson) -> None:
    page = begun(open_as(lesson.students["Bo"], quiz_of(lesson), provokes=("401",)))
    elsewhere = page.context.new_page()
    elsewhere.goto("/week/")
    elsewhere.get_by_role("button", name="Bo Marin: your account").click()
    elsewhere.get_by_role("button", name="Sign out").click()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()

    answer(page)
    expect(state(page)).to_contain_text("You are signed out. Nothing is lost")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    login = opened.value
    login.get_by_label("E-mail address").fill(lesson.students["Bo"])
    login.get_by_label("Password", exact=True).fill(PASSWORD)
    login.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(heading(login, 1)).to_be_visible()
    login.close()
    page.bring_to_front()

    expect(state(page)).to_have_text(SAVED)
    page.reload()
    go_to(page, "Question 1")
    expect(page.get_by_role("radio", name="People with the same needs")).to_be_checked()


def test_without_scripts_the_quiz_is_one_form(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Dirk"], quiz_of(lesson), java_script_enabled=False)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("radio", name="People with the same needs").check()
    page.get_by_label("Your answer", exact=True).fill("feedback")
    page.get_by_role("button", name="Hand in").click()

    result = page.get_by_role("heading", name="Your result: 2 of 4 points")
    expect(page.get_by_role("link", name="Look again").or_(result)).to_be_visible()
    wait_until(lambda: page.goto(quiz_of(lesson)) and result.is_visible(), what="the result")
