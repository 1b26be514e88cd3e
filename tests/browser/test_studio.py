"""The lecturer designs: cards are added, edited, moved, doubled, removed and brought back on the board."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.flows import Windows, fetched
from tests.browser.stage import Place

pytestmark = pytest.mark.browser

BEFORE = ["Watch the model", "Read chapter 1", "Quiz on chapter 1"]


class Studio:
    """A Studio in a window, by the words on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("#panel")
        self.said = page.locator("#live")
        self.sums = page.locator("#sums")

    def cell(self, week: int, column: str) -> Locator:
        return self.page.get_by_role("list", name=f"Week {week}, {column}", exact=True)

    def titles(self, week: int, column: str) -> Locator:
        return self.cell(week, column).locator("a.t")

    def card(self, title: str) -> Locator:
        return self.page.locator("#board").get_by_role("link", name=title, exact=True)

    def total(self, week: int) -> Locator:
        return self.page.locator(f"#week-{week}").get_by_role("link", name="in total")

    def share(self, word: str) -> Locator:
        """A part of the balance: Digital 31%."""
        return self.sums.get_by_role("link", name=re.compile(rf"^{word} "))

    def add(self, week: int, column: str) -> Locator:
        return self.page.get_by_role("link", name=f"Add: Week {week}, {column}", exact=True)

    def menu(self, title: str) -> None:
        """Open the form that moves, copies or removes a card."""
        self.page.get_by_role("link", name=f"Move, copy or remove {title}").click()
        expect(self.panel.get_by_role("heading", level=2)).to_have_text(f"Move, copy or remove: {title}")

    def move_by_form(self, title: str, *, week: str, moment: str) -> None:
        self.menu(title)
        self.panel.get_by_label("Week").select_option(label=week)
        self.panel.get_by_label("Moment").select_option(label=moment)
        self.panel.get_by_role("button", name="Move it there").click()


@pytest.fixture
def studio(open_as: Windows, board: Place) -> Studio:
    return opened(open_as("lecturer", address(board)))


def address(board: Place) -> str:
    return f"/courses/{board.code}/studio/"


def opened(page: Page) -> Studio:
    studio = Studio(page)
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    return studio


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_quick_line_shows_what_it_recognises_and_adds_it_on_enter(studio: Studio) -> None:
    studio.add(2, "Before").click()
    line = studio.page.get_by_label("Add an activity in one line")
    expect(line).to_be_focused()
    line.press_sequentially("watch clip framing 20m alone")

    recognised = studio.page.locator("#parts-cell .chip")
    expect(recognised).to_have_text(["type Clip", "time 20 min", "students work Alone"], ignore_case=True)
    expect(studio.titles(2, "Before")).to_have_text(["Read chapter 2"])
    line.press("Enter")

    expect(studio.titles(2, "Before")).to_have_text(["Read chapter 2", "Framing"])
    expect(studio.said).to_have_text("“Framing” is in week 2, before. Week total 2 h 50.")
    expect(studio.total(2)).to_have_text("2 h 50 in total")
    # The line stays for the next one, and Escape leaves it.
    expect(line).to_be_focused()
    expect(line).to_have_value("")
    line.press("Escape")
    expect(line).to_have_count(0)
    expect(studio.add(2, "Before")).to_be_focused()


def test_a_quick_line_without_a_title_is_refused_where_it_is_typed(open_as: Windows, board: Place) -> None:
    studio = opened(open_as("lecturer", address(board), provokes=("422",)))
    studio.add(1, "After").click()
    line = studio.page.get_by_label("Add an activity in one line")
    line.fill("20m")
    line.press("Enter")

    expect(studio.page.locator("#parts-cell").get_by_role("alert")).to_contain_text("Write what students do")
    expect(line).to_have_value("20m")
    expect(studio.titles(1, "After")).to_have_text(["Write the case"])


def test_an_activity_is_added_with_its_form(studio: Studio) -> None:
    studio.page.get_by_role("link", name="Activity", exact=True).click()
    studio.panel.get_by_role("link", name="Discussion").click()
    studio.panel.get_by_label("Title").fill("Say what surprised you")
    studio.panel.get_by_label("Moment").select_option(label="After")
    studio.panel.get_by_role("button", name="Add to the board").click()

    expect(studio.titles(1, "After")).to_have_text(["Write the case", "Say what surprised you"])
    expect(studio.card("Say what surprised you")).to_be_focused()


# --- Editing ----------------------------------------------------------------------------------------------------------


def test_an_activity_is_edited_beside_the_board_and_the_sums_follow_in_the_same_answer(studio: Studio) -> None:
    studio.card("Read chapter 1").click()
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Read chapter 1")
    before = studio.share("Physical").inner_text()
    studio.panel.get_by_label("Title").fill("Read chapters 1 and 2")
    expect(studio.card("Read chapters 1 and 2")).to_be_visible()
    expect(studio.panel.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    expect(studio.panel.get_by_label("Title")).to_be_focused()
    time = studio.panel.get_by_label("Time (optional)")

    answer = fetched(lambda: time.fill("1:45"), studio.page, "/field/")

    expect(time).to_be_focused()
    expect(studio.total(1)).to_have_text("5 h 13 in total")
    expect(studio.share("Physical")).not_to_have_text(before)
    for part in ("board", "sums", "rhythm", "saved", "live"):
        assert f'id="{part}"' in answer


def test_minutes_that_cannot_be_are_refused_at_their_field_and_nothing_typed_is_lost(
    open_as: Windows, board: Place
) -> None:
    studio = opened(open_as("lecturer", address(board), provokes=("422",)))
    studio.card("Read chapter 1").click()
    studio.panel.get_by_label("Title").fill("A better title")
    studio.panel.get_by_label("Time (optional)").fill("-5")

    minutes = studio.panel.get_by_label("Time (optional)")
    expect(minutes).to_have_attribute("aria-invalid", "true")
    expect(minutes).to_have_value("-5")
    # What was right is saved; what was wrong waits where it was typed.
    expect(studio.card("A better title")).to_be_visible()
    expect(studio.total(1)).to_have_text("4 h 13 in total")


def test_a_title_and_a_time_are_changed_on_the_card_with_the_keys(studio: Studio) -> None:
    keys = studio.page.keyboard
    studio.card("Read chapter 1").focus()
    keys.press("F2")
    keys.type("Read all")
    keys.press("Enter")
    expect(studio.card("Read all")).to_be_focused()

    keys.press("Shift+F2")
    keys.type("1:45")
    keys.press("Tab")  # saves, and goes to the time of the next card
    expect(studio.total(1)).to_have_text("5 h 13 in total")
    expect(studio.page.get_by_label("Time of Quiz on chapter 1")).to_be_focused()
    keys.type("35")
    keys.press("Escape")
    expect(studio.card("Quiz on chapter 1")).to_be_focused()
    keys.press("Control+z")
    expect(studio.total(1)).to_have_text("4 h 13 in total")


def test_a_title_is_changed_on_the_card_with_the_pointer_and_a_refusal_stays_with_what_was_typed(
    open_as: Windows, board: Place
) -> None:
    studio = opened(open_as("lecturer", address(board), provokes=("422",)))
    studio.card("Write the case").dblclick()
    title = studio.page.get_by_label("Title of Write the case")
    title.fill("")
    title.press("Enter")
    expect(studio.page.locator("#board").get_by_role("alert")).to_be_visible()
    title.fill("Write it up")
    title.press("Enter")
    expect(studio.titles(1, "After")).to_have_text(["Write it up"])


def test_several_cards_are_selected_and_changed_with_the_keys_alone(studio: Studio) -> None:
    keys = studio.page.keyboard
    studio.card("Watch the model").focus()
    keys.press("x")
    expect(studio.said).to_have_text("1 selected")
    keys.press("Shift+ArrowDown")
    expect(studio.said).to_have_text("2 selected")
    expect(studio.page).to_have_url(re.compile(r"sel=\d+,\d+"))
    keys.press("e")
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Edit 2 activities")

    studio.panel.get_by_label("Scale the time to, per cent").fill("200")
    expect(studio.page.locator("#bulk-preview")).to_contain_text("2 of 2 activities will change.")
    studio.panel.get_by_role("button", name="Change them").press("Enter")

    expect(studio.total(1)).to_have_text("5 h 06 in total")
    studio.page.reload()
    expect(studio.page.locator("#board .card.selected")).to_have_count(2)
    studio.page.get_by_role("button", name="Undo scaling the time of 2 activities").click()
    expect(studio.total(1)).to_have_text("4 h 13 in total")


def test_several_cards_are_selected_with_the_pointer_and_removed_as_one_step(studio: Studio) -> None:
    studio.page.get_by_role("checkbox", name="Select Watch the model").check()
    studio.card("Quiz on chapter 1").click(modifiers=["Shift"])
    bar = studio.page.get_by_role("region", name="What is selected")
    expect(bar).to_contain_text("3 selected")
    bar.get_by_role("button", name="Remove").click()

    expect(studio.titles(1, "Before")).to_have_count(0)
    expect(bar).to_be_hidden()
    studio.page.get_by_role("region", name="Messages").get_by_role("button", name="Undo").click()
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)


def test_the_keys_are_listed_and_single_ones_can_be_turned_off(studio: Studio) -> None:
    studio.card("Watch the model").focus()
    studio.page.keyboard.press("?")
    dialog = studio.page.get_by_role("dialog")
    dialog.get_by_label("Use single keys").uncheck()
    dialog.get_by_role("button", name="Close").click()

    studio.card("Watch the model").focus()
    studio.page.keyboard.press("x")
    expect(studio.page.locator("#board .card.selected")).to_have_count(0)
    studio.page.keyboard.press("Shift+Space")
    expect(studio.page.locator("#board .card.selected")).to_have_count(1)


# --- Moving -----------------------------------------------------------------------------------------------------------


def test_a_card_is_dragged_to_another_week(studio: Studio) -> None:
    answer = fetched(lambda: studio.card("Quiz on chapter 1").drag_to(studio.cell(2, "After")), studio.page, "/move/")

    expect(studio.titles(2, "After")).to_have_text(["Quiz on chapter 1"])
    expect(studio.titles(1, "Before")).to_have_text(BEFORE[:2])
    expect(studio.total(1)).to_have_text("3 h 53 in total")
    expect(studio.total(2)).to_have_text("2 h 50 in total")
    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 2, after. Week total 2 h 50.")
    assert 'id="sums"' in answer


def test_a_card_may_be_dropped_anywhere_in_a_cell(studio: Studio) -> None:
    below = studio.page.locator("#week-1 .cell").filter(has=studio.cell(1, "After"))
    box = below.bounding_box()
    assert box
    studio.card("Quiz on chapter 1").drag_to(below, target_position={"x": box["width"] / 2, "y": box["height"] - 12})

    expect(studio.titles(1, "After")).to_have_text(["Write the case", "Quiz on chapter 1"])
    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 1, after. Week total 4 h 13.")


def test_a_card_is_moved_with_the_keyboard_and_every_step_is_spoken(studio: Studio) -> None:
    keys = studio.page.keyboard
    card = studio.card("Quiz on chapter 1")
    card.focus()

    keys.press("Space")
    expect(studio.said).to_have_text(re.compile("^Picked up: Quiz on chapter 1"))
    keys.press("ArrowUp")
    expect(studio.said).to_have_text("Week 1, Before, position 2 of 3. Week total 4 h 13")
    keys.press("ArrowRight")
    expect(studio.said).to_have_text("Week 1, Together, position 2 of 2. Week total 4 h 13")
    keys.press("ArrowDown")
    expect(studio.said).to_have_text("Week 2, Together, position 1 of 2. Week total 2 h 50")
    keys.press("Space")

    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 2, together. Week total 2 h 50.")
    expect(studio.titles(2, "Together")).to_have_text(["Quiz on chapter 1", "Visit a company"])
    expect(card).to_be_focused()


def test_alt_and_an_arrow_move_a_card_at_once(studio: Studio) -> None:
    keys = studio.page.keyboard
    card = studio.card("Quiz on chapter 1")
    card.focus()

    keys.press("Alt+ArrowUp")
    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 1, before, position 2 of 3. Week total 4 h 13.")
    expect(studio.titles(1, "Before")).to_have_text(["Watch the model", "Quiz on chapter 1", "Read chapter 1"])
    expect(card).to_be_focused()
    keys.press("Alt+ArrowRight")
    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 1, together. Week total 4 h 13.")
    # What is pressed while an answer is on its way is not lost: below the last one, and into the next week.
    keys.press("Alt+ArrowDown")
    keys.press("Alt+ArrowDown")
    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 2, together, position 2 of 2. Week total 2 h 50.")
    expect(studio.titles(2, "Together")).to_have_text(["Visit a company", "Quiz on chapter 1"])
    expect(card).to_be_focused()

    keys.press("Alt+ArrowRight")
    expect(studio.titles(2, "After")).to_have_text(["Quiz on chapter 1"])
    expect(card).to_be_focused()
    keys.press("Alt+ArrowRight")
    expect(studio.said).to_have_text("No further that way: Quiz on chapter 1.")
    # Space still picks up, and what is held moves with the arrows alone.
    for key in ("Space", "Alt+ArrowLeft", "ArrowLeft", "Space"):
        keys.press(key)
    expect(studio.titles(2, "Together")).to_have_text(["Quiz on chapter 1", "Visit a company"])

    keys.press("?")
    expect(studio.page.get_by_role("dialog")).to_contain_text("Move it at once")


def test_escape_puts_a_card_back_where_it_was(studio: Studio) -> None:
    card = studio.card("Watch the model")
    card.focus()

    for key in ("Space", "ArrowDown", "ArrowRight", "Escape"):
        studio.page.keyboard.press(key)

    expect(studio.said).to_have_text("Put back: Watch the model.")
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    expect(card).to_be_focused()
    studio.page.reload()
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)


def test_a_card_is_moved_with_the_form_and_keeps_the_focus(studio: Studio) -> None:
    studio.move_by_form("Write the case", week="Week 2: Messages", moment="Before")

    expect(studio.titles(2, "Before")).to_have_text(["Read chapter 2", "Write the case"])
    expect(studio.titles(1, "After")).to_have_count(0)
    expect(studio.said).to_have_text("“Write the case” is in week 2, before. Week total 3 h 40.")
    expect(studio.card("Write the case")).to_be_focused()


def test_in_the_lens_of_environments_a_drop_changes_the_environment_and_the_balance(studio: Studio) -> None:
    studio.page.get_by_role("navigation", name="Views of the board").get_by_role(
        "link", name="Weeks and environments"
    ).click()
    expect(studio.titles(1, "Digital")).to_have_text(BEFORE)
    expect(studio.share("Hybrid")).to_have_text("Hybrid 17%")

    studio.card("Read chapter 1").focus()
    for key in ("Space", "ArrowDown", "Space"):
        studio.page.keyboard.press(key)

    expect(studio.titles(1, "Physical")).to_have_text(["Read chapter 1", "Case in class"])
    expect(studio.share("Physical")).to_have_text("Physical 39%")


# --- The balance ------------------------------------------------------------------------------------------------------


def test_the_percentages_add_up_to_a_hundred_and_open_to_their_activities(studio: Studio) -> None:
    shown = [mix.locator("li").all_inner_texts() for mix in studio.sums.locator(".mix > div").all()]
    sums = [sum(int(part.split()[-1][:-1]) for part in parts) for parts in shown if parts[0].endswith("%")]
    assert sums == [100, 100, 100], shown

    studio.share("Hybrid").click()
    dialog = studio.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Hybrid: 1 h 10")
    expect(dialog.get_by_text("17% of 6 h 43")).to_be_visible()
    expect(dialog.locator("tbody tr")).to_have_text([re.compile("Write the case.*1.*1 h 10")])
    dialog.get_by_role("link", name="Write the case").click()

    expect(dialog).to_be_hidden()
    expect(studio.card("Write the case")).to_be_focused()


# --- Copies, and what is taken back -----------------------------------------------------------------------------------


def test_a_card_is_duplicated(studio: Studio) -> None:
    studio.menu("Watch the model")
    studio.panel.get_by_role("button", name="Duplicate").click()

    expect(studio.titles(1, "Before")).to_have_count(4)
    expect(studio.total(1)).to_have_text("4 h 21 in total")


def test_a_removed_card_comes_back_by_the_message_and_by_the_keys(studio: Studio) -> None:
    def remove() -> None:
        studio.menu("Read chapter 1")
        studio.panel.get_by_role("button", name="Remove").click()
        expect(studio.titles(1, "Before")).to_have_text([BEFORE[0], BEFORE[2]])

    remove()
    studio.page.get_by_role("region", name="Messages").get_by_role("button", name="Undo").click()
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    expect(studio.card("Read chapter 1")).to_be_focused()

    remove()
    studio.page.locator("body").press("Control+z")
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    studio.page.locator("body").press("Control+Shift+z")
    expect(studio.titles(1, "Before")).to_have_text([BEFORE[0], BEFORE[2]])


def test_a_step_can_be_taken_back_after_a_reload(studio: Studio) -> None:
    studio.move_by_form("Watch the model", week="Week 2: Messages", moment="After")
    expect(studio.titles(2, "After")).to_have_text(["Watch the model"])
    studio.page.reload()

    studio.page.get_by_role("button", name=re.compile("^Undo")).click()

    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    expect(studio.titles(2, "After")).to_have_count(0)


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_of_two_lecturers_who_move_at_once_the_second_sees_the_fresh_board_and_nothing_is_lost(
    open_as: Windows, board: Place
) -> None:
    emma = opened(open_as("lecturer", address(board)))
    chidi = opened(open_as("colleague", address(board), provokes=("409",)))

    emma.move_by_form("Watch the model", week="Week 2: Messages", moment="Before")
    expect(emma.titles(2, "Before")).to_have_text(["Read chapter 2", "Watch the model"])
    chidi.card("Write the case").drag_to(chidi.cell(2, "After"))

    notice = chidi.page.locator("#studio-notice")
    expect(notice).to_contain_text("Emma Vos changed this plan at")
    expect(chidi.titles(2, "Before")).to_have_text(["Read chapter 2", "Watch the model"])
    expect(chidi.titles(1, "After")).to_have_text(["Write the case"])
    chidi.card("Write the case").drag_to(chidi.cell(2, "After"))
    expect(chidi.titles(2, "After")).to_have_text(["Write the case"])
    expect(notice).to_be_empty()
    emma.page.reload()
    expect(emma.titles(2, "Before")).to_have_text(["Read chapter 2", "Watch the model"])
    expect(emma.titles(2, "After")).to_have_text(["Write the case"])


def test_of_two_lecturers_who_edit_one_card_the_second_keeps_what_was_typed_and_decides(
    open_as: Windows, board: Place
) -> None:
    emma = opened(open_as("lecturer", address(board)))
    chidi = opened(open_as("colleague", address(board), provokes=("409",)))
    for studio, title in ((emma, "Read chapter one"), (chidi, "Read chapter 1, twice")):
        studio.card("Read chapter 1").focus()
        studio.page.keyboard.press("F2")
        studio.page.get_by_label("Title of Read chapter 1").fill(title)

    emma.page.keyboard.press("Enter")
    expect(emma.card("Read chapter one")).to_be_visible()
    chidi.page.keyboard.press("Enter")

    typed = chidi.page.get_by_label("Title of Read chapter one")
    expect(chidi.page.locator("#board").get_by_role("alert")).to_have_text(
        "Emma Vos has changed this to “Read chapter one” meanwhile."
    )
    expect(typed).to_have_value("Read chapter 1, twice")
    typed.press("Enter")
    expect(chidi.card("Read chapter 1, twice")).to_be_visible()


# --- Small screens, and no scripts ------------------------------------------------------------------------------------


def test_a_phone_shows_one_week_at_a_time_and_moves_by_the_form(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board), phone=True, has_touch=True)
    studio = Studio(page)
    expect(studio.cell(1, "Before")).to_be_visible()
    expect(studio.cell(2, "Before")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("navigation", name="Weeks").get_by_role("link", name="Week 2").tap()

    expect(studio.cell(2, "Before")).to_be_visible()
    expect(studio.cell(1, "Before")).to_be_hidden()
    studio.move_by_form("Read chapter 2", week="Week 1: Segments", moment="After")
    expect(studio.titles(1, "After")).to_have_text(["Write the case", "Read chapter 2"])
    expect(studio.cell(1, "After")).to_be_visible()


def test_without_scripts_everything_is_done_with_forms(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board), java_script_enabled=False)
    studio = Studio(page)

    studio.add(2, "Before").click()
    studio.panel.get_by_label("In one line").fill("read fields 30m")
    studio.panel.get_by_role("button", name="Add", exact=True).click()
    expect(studio.titles(2, "Before")).to_have_text(["Read chapter 2", "Fields"])

    studio.move_by_form("Fields", week="Week 1: Segments", moment="Before")
    expect(studio.titles(1, "Before")).to_have_text([*BEFORE, "Fields"])

    studio.card("Fields").click()
    studio.panel.get_by_label("Time (optional)").fill("35")
    studio.panel.get_by_role("button", name="Save").click()
    expect(studio.total(1)).to_have_text("4 h 48 in total")

    studio.menu("Fields")
    studio.panel.get_by_role("button", name="Remove").click()
    expect(studio.titles(1, "Before")).to_have_text(BEFORE)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(studio.titles(1, "Before")).to_have_text([*BEFORE, "Fields"])


# --- For everybody ----------------------------------------------------------------------------------------------------


def test_the_open_editor_and_what_opens_over_the_board_have_no_barrier_that_a_machine_finds(
    studio: Studio, barriers: Callable[[Page], list[str]]
) -> None:
    found = {}
    studio.add(1, "Together").click()
    studio.page.get_by_label("Add an activity in one line").fill("case in class 90m in groups")
    expect(studio.page.locator("#parts-cell .chip")).not_to_have_count(0)
    found["the quick line"] = barriers(studio.page)
    studio.card("Write the case").click()
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Write the case")
    for block in studio.panel.locator("summary").all():
        block.click()
    found["the editor"] = barriers(studio.page)
    studio.menu("Write the case")
    found["the move form"] = barriers(studio.page)
    studio.share("Hybrid").click()
    expect(studio.page.get_by_role("dialog")).to_be_visible()
    found["an explained number"] = barriers(studio.page)

    assert {name: problems for name, problems in found.items() if problems} == {}
