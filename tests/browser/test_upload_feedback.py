"""Students hand in, alone and as a group; the lecturer answers; nobody sees an answer before it is released."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import CASE, ESSAY, Lesson

pytestmark = pytest.mark.browser

NOTES: FilePayload = {"name": "case-notes.txt", "mimeType": "text/plain", "buffer": b"Three segments, one message.\n"}
PICTURE: FilePayload = {"name": "holiday.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
DISGUISED: FilePayload = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(64)}


def work(lesson: Lesson, title: str) -> str:
    return f"/courses/{lesson.code}/do/{lesson.offers[title]}/"


def answers(lesson: Lesson, title: str) -> str:
    return f"/courses/{lesson.code}/offers/{lesson.offers[title]}/feedback/"


def choose(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Add files").set_input_files(list(files))


def hand_in_text(page: Page, words: str) -> None:
    page.get_by_label("Text", exact=True).fill(words)
    page.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(receipt(page)).to_contain_text("in time")


def receipt(page: Page) -> Locator:
    return page.get_by_role("region", name="Handed in")


def notices(page: Page) -> Locator:
    """The lines of the inbox."""
    page.goto("/inbox/")
    return page.get_by_role("region", name="Notices").get_by_role("button")


def test_a_group_hands_in_the_lecturer_answers_and_only_then_the_group_sees_it(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    # A file of the wrong type is refused where it was chosen; the right one, and what is typed, go on.
    ada = open_as(lesson.students["Ada"], work(lesson, CASE), provokes=("422",))
    expect(ada.get_by_text("You work in group Red with Bo")).to_be_visible()
    ada.get_by_label("Text", exact=True).fill("We chose **commuters**.")
    choose(ada, PICTURE)
    problem = ada.locator("#files-error")
    expect(problem).to_contain_text("holiday.png")
    expect(ada.get_by_label("Text", exact=True)).to_have_value("We chose **commuters**.")
    choose(ada, NOTES)
    expect(ada.get_by_role("link", name="case-notes.txt")).to_be_visible()
    expect(problem).to_be_hidden()
    assert barriers(ada) == []
    ada.get_by_role("button", name="Hand in for the group").click()
    expect(receipt(ada)).to_contain_text(re.compile("Handed in .* by Ada.*, in time"))

    bo = open_as(lesson.students["Bo"], work(lesson, CASE))
    expect(receipt(bo)).to_contain_text("by Ada")
    expect(bo.get_by_role("button", name="Hand in for the group")).to_have_count(0)
    cleo = open_as(lesson.students["Cleo"], work(lesson, CASE))
    hand_in_text(cleo, "We chose students.")

    # The lecturer answers both, one after the other.
    emma = open_as("lecturer", answers(lesson, CASE))
    emma.get_by_role("link", name="Red", exact=True).click()
    with emma.expect_download() as download:
        emma.get_by_role("link", name="case-notes.txt").click()
    assert download.value.path().read_bytes() == NOTES["buffer"]
    emma.get_by_label(re.compile("^Points")).fill("8")
    emma.get_by_label(re.compile("^Feedback")).fill("A clear choice of segment.")
    emma.get_by_label(re.compile("^Add a comment")).fill("Say how large it is.")
    emma.get_by_label(re.compile("^The comment is on")).select_option(label="case-notes.txt")
    assert barriers(emma) == []
    emma.get_by_role("button", name="Save and next").click()
    expect(emma.get_by_role("heading", name="Blue")).to_be_visible()
    emma.get_by_label(re.compile("^Points")).fill("6.5")
    emma.get_by_label(re.compile("^Feedback")).fill("Which students?")
    emma.get_by_role("button", name="Save and next").click()
    expect(emma.get_by_text("That was the last one")).to_be_visible()

    # Written is not released.
    for page in (ada, bo):
        page.reload()
        expect(receipt(page)).to_contain_text("Feedback shows here as soon as it is released")
        for words in ("A clear choice", "Say how large", "8 of 10"):
            expect(page.get_by_text(words)).to_have_count(0)
    expect(notices(bo).filter(has_text=CASE)).to_have_count(0)

    emma.get_by_role("button", name="Release all 2 together").click()
    expect(emma.get_by_text("Feedback on 2 submissions is released.")).to_be_visible()

    for page, name in ((ada, "Ada"), (bo, "Bo")):
        page.goto("/week/")
        expect(page.locator("#unread")).to_have_text(re.compile("1 unread"))
        line = notices(page).filter(has_text=CASE)
        expect(line, name).to_have_count(1)
        line.click()
        expect(receipt(page)).to_contain_text("8 of 10 points")
        expect(receipt(page)).to_contain_text("A clear choice of segment.")
        expect(receipt(page).get_by_role("listitem").filter(has_text="case-notes.txt")).to_contain_text(
            "Say how large it is."
        )
    assert barriers(bo) == []
    cleo.reload()
    expect(receipt(cleo)).to_contain_text("6.5 of 10 points")
    expect(cleo.get_by_text("A clear choice")).to_have_count(0)


def test_a_file_that_is_not_what_its_name_says_is_refused_in_place(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Ada"], work(lesson, ESSAY), provokes=("422",))

    choose(page, DISGUISED, NOTES)

    expect(page.locator("#files-error")).to_contain_text("report.pdf")
    expect(page.get_by_role("link", name="case-notes.txt")).to_be_visible()
    expect(page.get_by_role("link", name="report.pdf")).to_have_count(0)


def test_without_scripts_a_file_is_refused_in_place_and_the_text_is_kept(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Dirk"], work(lesson, ESSAY), java_script_enabled=False, provokes=("422",))
    page.get_by_label("Text", exact=True).fill("My essay.")
    choose(page, PICTURE)
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator("#files-error")).to_contain_text("holiday.png")
    expect(page.get_by_label("Text", exact=True)).to_have_value("My essay.")
    choose(page, NOTES)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(receipt(page)).to_contain_text("case-notes.txt")
    expect(receipt(page)).to_contain_text("My essay.")


def test_work_is_released_at_once_and_a_double_click_hands_in_once(open_as: Windows, lesson: Lesson) -> None:
    cleo = open_as(lesson.students["Cleo"], work(lesson, ESSAY))
    cleo.get_by_label("Text", exact=True).fill("A poster made me stop.")
    cleo.get_by_role("button", name="Hand in", exact=True).dblclick()
    expect(receipt(cleo).get_by_role("article")).to_have_count(1)

    emma = open_as("lecturer", answers(lesson, ESSAY))
    expect(emma.get_by_text("1 of 4 handed in")).to_be_visible()
    emma.get_by_role("link", name="Cleo Aydin").click()
    emma.get_by_label(re.compile("^Points")).fill("9")
    emma.get_by_role("button", name="Release now").click()
    expect(emma.get_by_text("Released to Cleo Aydin.")).to_be_visible()

    expect(notices(cleo).filter(has_text=ESSAY)).to_have_count(1)
    cleo.goto(work(lesson, ESSAY))
    expect(receipt(cleo)).to_contain_text("9 of 10 points")


def test_points_above_the_most_are_not_taken_and_what_was_written_stays(open_as: Windows, lesson: Lesson) -> None:
    hand_in_text(open_as(lesson.students["Bo"], work(lesson, ESSAY)), "An advert.")
    emma = open_as("lecturer", answers(lesson, ESSAY))
    emma.get_by_role("link", name="Bo Marin").click()
    points = emma.get_by_label("Points, of 10")
    points.fill("11")
    emma.get_by_label(re.compile("^Feedback")).fill("Very good.")
    emma.get_by_role("button", name="Save", exact=True).click()

    expect(emma.locator("[name=points]:invalid")).to_be_focused()
    expect(emma.get_by_label(re.compile("^Feedback"))).to_have_value("Very good.")
    points.fill("9.5")
    emma.get_by_role("button", name="Save", exact=True).click()
    expect(emma.get_by_text("Bo Marin: saved.")).to_be_visible()
    expect(points).to_have_value("9.5")


def test_two_lecturers_who_answer_one_work_see_each_others_words(open_as: Windows, lesson: Lesson) -> None:
    hand_in_text(open_as(lesson.students["Dirk"], work(lesson, ESSAY)), "A jingle.")
    emma = open_as("lecturer", answers(lesson, ESSAY))
    chidi = open_as("colleague", answers(lesson, ESSAY), provokes=("409",))
    for page in (emma, chidi):
        page.get_by_role("link", name="Dirk Owusu").click()
    emma.get_by_label(re.compile("^Feedback")).fill("Short and clear.")
    emma.get_by_role("button", name="Save", exact=True).click()
    expect(emma.get_by_text("Dirk Owusu: saved.")).to_be_visible()

    chidi.get_by_label(re.compile("^Feedback")).fill("Too short.")
    chidi.get_by_role("button", name="Save", exact=True).click()

    expect(chidi.get_by_role("alert")).to_contain_text("Emma Vos saved feedback here")
    expect(chidi.get_by_role("alert")).to_contain_text("Short and clear.")
    expect(chidi.get_by_label(re.compile("^Feedback"))).to_have_value("Too short.")


# F2: what was typed and not saved is offered again.
def test_what_was_typed_in_a_tab_that_closed_is_offered_again(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Ada"], work(lesson, ESSAY))
    page.get_by_label("Text", exact=True).fill("Half an hour of thinking.")
    expect(page.get_by_text("Kept on this device, not saved yet.")).to_be_visible()
    context = page.context
    page.close()

    again = context.new_page()
    again.goto(work(lesson, ESSAY))
    again.get_by_role("button", name="Take it").click()
    again.get_by_role("button", name="Save", exact=True).click()

    expect(again.get_by_text("Saved", exact=True)).to_be_visible()
    expect(again.get_by_label("Text", exact=True)).to_have_value("Half an hour of thinking.")


# F49: two members of one group.
def test_two_of_one_group_who_write_at_once_see_both_texts(open_as: Windows, lesson: Lesson) -> None:
    cleo = open_as(lesson.students["Cleo"], work(lesson, CASE))
    dirk = open_as(lesson.students["Dirk"], work(lesson, CASE), provokes=("409",))
    cleo.get_by_label("Text", exact=True).fill("Cleo's beginning.")
    cleo.get_by_role("button", name="Save", exact=True).click()
    expect(cleo.get_by_text("Saved", exact=True)).to_be_visible()

    dirk.get_by_label("Text", exact=True).fill("Dirk's beginning.")
    dirk.get_by_role("button", name="Save", exact=True).click()

    expect(dirk.get_by_role("alert")).to_contain_text("Cleo's beginning.")
    expect(dirk.get_by_label("Text", exact=True)).to_have_value("Dirk's beginning.")
    dirk.get_by_label("Text", exact=True).fill("Cleo's and Dirk's beginning.")
    dirk.get_by_role("button", name="Save", exact=True).click()
    expect(dirk.get_by_text("Saved", exact=True)).to_be_visible()
    cleo.reload()
    expect(cleo.get_by_label("Text", exact=True)).to_have_value("Cleo's and Dirk's beginning.")


# WCAG 2.1.4: letters that are typed are letters; what a key does stands in a list below the form.
def test_keys_of_the_feedback_page_do_what_the_list_says(open_as: Windows, lesson: Lesson) -> None:
    for name in ("Cleo", "Dirk"):
        hand_in_text(open_as(lesson.students[name], work(lesson, ESSAY)), f"By {name}.")
    emma = open_as("lecturer", answers(lesson, ESSAY))
    emma.get_by_role("link", name="Cleo Aydin").click()
    points, words = emma.get_by_label(re.compile("^Points")), emma.get_by_label(re.compile("^Feedback"))
    emma.locator("summary", has_text="Keys").click()
    listed = emma.get_by_role("region", name="Keys").get_by_role("row")
    expect(listed).to_have_text(
        [re.compile("What it does"), *map(re.compile, ("and next", "stay here", "Release now"))]
    )

    words.press_sequentially("nsr")
    expect(words).to_have_value("nsr")
    points.fill("9")
    words.press("Control+s")
    expect(emma.get_by_text("Cleo Aydin: saved.")).to_be_visible()
    points.fill("8")
    words.press("Control+Enter")
    expect(emma.get_by_role("heading", name=re.compile("^Dirk"))).to_be_visible()
    points.fill("7")
    words.press("Control+Shift+Enter")
    expect(emma.get_by_text(re.compile("^Released to Dirk"))).to_be_visible()

    emma.goto(answers(lesson, ESSAY))
    expect(emma.get_by_role("row", name=re.compile("^Cleo|Release to Cleo"))).to_contain_text("Not released")
    expect(emma.get_by_role("row", name=re.compile("Dirk"))).to_contain_text("Released")
