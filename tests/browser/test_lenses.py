"""One plan in five lenses: cards move in each by pointer and by keyboard alone; filters, gaps, previews."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.flows import Windows, fetched
from tests.browser.stage import Place
from tests.browser.test_studio import Studio, address

pytestmark = pytest.mark.browser

LENSES = ("moment", "environment", "type", "timeline", "table")
QUIZ, CASE, WRITE = "Quiz on chapter 1", "Case in class", "Write the case"


def looked(page: Page, lens: str) -> Studio:
    studio = Studio(page)
    expect(page.locator("#board")).to_have_attribute("data-lens", lens)
    expect(studio.card(QUIZ)).to_be_visible()
    return studio


def place_of(page: Page, title: str) -> dict[str, str]:
    """Where a card stands: the week and column of its list."""
    card = page.locator("#board .card").filter(has=page.get_by_role("link", name=title, exact=True))
    said: dict[str, str] = card.evaluate("card => ({...card.closest('[data-week]').dataset})")
    return said


def list_at(page: Page, week: str, column: str) -> Locator:
    return page.locator(f'#board [data-week="{week}"][data-column="{column}"]')


# --- Moving in each lens ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lens", "week", "column", "said"),
    [
        ("environment", "2", "workplace", "“Quiz on chapter 1” is in week 2, workplace. Week total 2 h 50."),
        ("type", "2", "inquiry", "“Quiz on chapter 1” is in week 2, inquiry. Week total 2 h 50."),
        ("timeline", "2", "sync", "“Quiz on chapter 1” is in week 2, together. Week total 2 h 50."),
        ("table", "2", "", "“Quiz on chapter 1” is in week 2, before. Week total 2 h 50."),
    ],
)
def test_a_card_is_dragged_in_each_lens(
    open_as: Windows, board: Place, lens: str, week: str, column: str, said: str
) -> None:
    page = open_as("lecturer", f"{address(board)}?lens={lens}")
    page.set_viewport_size({"width": 1440, "height": 2400})  # what is dragged and where it goes are both in sight
    studio = looked(page, lens)
    goal = list_at(studio.page, week, column)
    goal = goal.locator(".card").first if goal.locator(".card").count() else goal.locator("xpath=..")

    answer = fetched(lambda: studio.card(QUIZ).drag_to(goal), studio.page, "/move/")

    expect(studio.said).to_have_text(said)
    where = place_of(studio.page, QUIZ)
    assert (where["week"], where["column"]) == (week, column)
    expect(studio.page.locator("#board")).to_have_attribute("data-lens", lens)
    expect(studio.page.locator(".would")).to_have_count(0)
    assert 'id="sums"' in answer


@pytest.mark.parametrize(
    ("lens", "keys", "spoken", "said"),
    [
        ("environment", ["ArrowRight", "ArrowDown"], "Week 2, Physical, position 1 of 1", "week 2, physical"),
        ("type", ["ArrowDown", "ArrowLeft"], "Week 2, Inquiry, position", "week 2, inquiry"),
        ("timeline", ["ArrowRight", "ArrowUp"], "Week 2, Together, position 2 of 2", "week 2, together"),
        ("table", ["ArrowDown"] * 3, "Week 2, position 1 of 3", "week 2, before"),
    ],
)
def test_a_card_is_moved_by_keyboard_alone_in_each_lens(
    open_as: Windows, board: Place, lens: str, keys: list[str], spoken: str, said: str
) -> None:
    page = open_as("lecturer", address(board))
    name = {
        "environment": "Weeks and environments",
        "type": "By learning type",
        "timeline": "Timeline",
        "table": "Table",
    }
    page.get_by_role("navigation", name="Views of the board").get_by_role("link", name=name[lens]).press("Enter")
    studio = looked(page, lens)
    card = studio.card(QUIZ)
    card.focus()

    for key in ("Space", *keys):
        page.keyboard.press(key)
    expect(studio.said).to_have_text(re.compile(f"^{re.escape(spoken)}.*Week total 2 h 50$"))
    expect(page.locator("[data-week-total='2'] .would").first).to_have_text(re.compile("2 h 50"))
    page.keyboard.press("Space")

    expect(studio.said).to_have_text(f"“Quiz on chapter 1” is in {said}. Week total 2 h 50.")
    expect(card).to_be_focused()
    expect(page.locator(".would")).to_have_count(0)


@pytest.mark.parametrize(
    ("lens", "key", "said"),
    [
        ("environment", "ArrowRight", "week 2, digital. Week total 2 h 50"),
        ("type", "ArrowLeft", "week 1, inquiry. Week total 4 h 13"),
        ("timeline", "ArrowRight", "week 2, own time. Week total 2 h 50"),
        ("table", "ArrowRight", "week 2, before. Week total 2 h 50"),
    ],
)
def test_alt_and_an_arrow_move_a_card_at_once_in_each_lens(
    open_as: Windows, board: Place, lens: str, key: str, said: str
) -> None:
    studio = looked(open_as("lecturer", f"{address(board)}?lens={lens}"), lens)
    studio.card(QUIZ).focus()

    studio.page.keyboard.press(f"Alt+{key}")

    expect(studio.said).to_have_text(f"“Quiz on chapter 1” is in {said}.")
    expect(studio.card(QUIZ)).to_be_focused()


@pytest.mark.parametrize("lens", LENSES)
def test_a_card_is_moved_with_the_form_in_each_lens(open_as: Windows, board: Place, lens: str) -> None:
    studio = looked(open_as("lecturer", f"{address(board)}?lens={lens}&env=digital"), lens)

    studio.move_by_form(QUIZ, week="Week 2: Messages", moment="After")

    expect(studio.said).to_have_text("“Quiz on chapter 1” is in week 2, after. Week total 2 h 50.")
    expect(studio.card(QUIZ)).to_be_focused()
    assert place_of(studio.page, QUIZ)["week"] == "2"
    assert parse_qs(urlsplit(studio.page.url).query)["lens"] == [lens]
    expect(studio.page.locator("#sifted")).to_contain_text("4 of 7 activities are shown.")


def test_escape_puts_back_in_every_lens_and_takes_the_preview_away(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    for lens in LENSES:
        page.goto(f"{address(board)}?lens={lens}")
        studio = looked(page, lens)
        before = place_of(page, CASE)
        studio.card(CASE).focus()
        for key in ("Space", "ArrowDown", "ArrowDown", "ArrowRight", "Escape"):
            page.keyboard.press(key)
        expect(studio.said).to_have_text("Put back: Case in class.")
        expect(page.locator(".would")).to_have_count(0)
        assert place_of(page, CASE) == before, lens


# --- The address ------------------------------------------------------------------------------------------------------


def test_the_address_follows_lens_and_filter_and_back_returns(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    studio = looked(page, "moment")
    page.get_by_role("link", name="Timeline").click()
    looked(page, "timeline")
    page.locator("#filters summary").click()
    page.get_by_label("Environment", exact=True).select_option(label="Digital")
    expect(page.locator("#sifted")).to_contain_text("4 of 7 activities are shown.")
    expect(studio.card(CASE)).to_be_hidden()
    expect(studio.said).to_have_text("4 of 7 activities are shown.")
    page.get_by_label("Words in the title").press_sequentially("chapter 1")
    expect(page.locator("#sifted")).to_contain_text("2 of 7 activities are shown.")
    expect(page.get_by_label("Words in the title")).to_have_value("chapter 1")
    expect(page.get_by_label("Words in the title")).to_be_focused()
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["lens"], asked["env"], asked["q"]) == (["timeline"], ["digital"], ["chapter 1"])

    page.reload()
    expect(page.locator("#sifted")).to_contain_text("2 of 7 activities are shown.")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("#sifted")).to_be_empty()
    expect(studio.card(CASE)).to_be_visible()
    page.go_back()
    expect(page.locator("#sifted")).to_contain_text("2 of 7 activities are shown.")


def test_a_chip_filters_and_clears_and_the_panel_stays_open(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    studio = looked(page, "moment")
    studio.card("Watch the model").click()
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Watch the model")
    chips = page.get_by_role("list", name="What is missing")

    gap = chips.get_by_role("link", name="planned, not built")
    gap.click()
    expect(page.locator("#sifted")).to_contain_text("of 7 activities are shown.")
    expect(studio.card(QUIZ)).to_be_visible()  # it has no questions yet
    expect(studio.card("Read chapter 2")).to_be_hidden()
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Watch the model")

    gap.click()
    expect(studio.card("Read chapter 2")).to_be_visible()


def test_what_is_selected_in_the_address_is_carried_from_lens_to_lens(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    looked(page, "moment")
    pk = page.locator("#board .card").first.get_attribute("data-pk")
    page.locator("#board .card").first.get_by_role("checkbox").check()

    page.get_by_role("link", name="Table").click()

    looked(page, "table")
    expect(page.locator("#board .card.selected")).to_have_attribute("data-pk", str(pk))
    assert parse_qs(urlsplit(page.url).query)["sel"] == [pk]


# Every lens that an address or a hidden field of the page carries along, but for the links to the lenses themselves.
CARRIED = """() => [...document.querySelectorAll("a[href], input[name=view]")]
    .filter((each) => !each.closest("#lenses"))
    .flatMap((each) => {
        const asked = each.matches("a") ? new URL(each.href).searchParams : new URLSearchParams({ view: each.value });
        return [asked.get("lens"), ...asked.getAll("view").map((view) => new URLSearchParams(view).get("lens"))];
    })
    .filter(Boolean)"""


def test_after_another_lens_everything_on_the_page_carries_it(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    studio = looked(page, "moment")
    studio.card("Watch the model").click()
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Watch the model")
    assert set(page.evaluate(CARRIED)) == {"moment"}

    page.get_by_role("link", name="Table").click()

    looked(page, "table")
    expect(page.locator("a", has_text="Several at once")).to_have_attribute("href", re.compile("lens%3Dtable"))
    expect(studio.share("Digital")).to_have_attribute("href", re.compile("lens%3Dtable"))
    expect(studio.panel.get_by_role("heading", level=2)).to_have_text("Watch the model")
    expect(studio.panel.get_by_role("link", name="Close").first).to_have_attribute("href", re.compile("lens=table"))
    carried = page.evaluate(CARRIED)
    assert set(carried) == {"table"}
    assert len(carried) > 20


# --- The preview ------------------------------------------------------------------------------------------------------


def held_back(page: Page) -> list[Route]:
    """What would be saved waits from now on: the editor saves by itself, sooner than a test can look."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("/here/"):
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/studio/**", hold)
    return waiting


def test_typing_minutes_shows_what_would_be_until_it_is_no_time(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    studio = looked(page, "moment")
    held_back(page)
    studio.card("Read chapter 1").click()
    minutes = studio.panel.get_by_label("Time (optional)")
    expect(minutes).to_have_value("45 min")

    minutes.fill("1h45")

    week = page.locator("[data-week-total='1']")
    expect(week).to_have_text("4 h 13 in total → 5 h 13")
    expect(page.locator("[data-total-of] .would")).to_have_text("→ 7 h 43")
    expect(page.locator("[data-dimension=environment] .blend.would")).to_have_count(1)
    expect(page.locator("[data-value=digital] .would").first).to_have_text(re.compile(r"→ \d+%"))
    expect(studio.said).to_have_text("Week 1: 4 h 13, would be 5 h 13")
    minutes.fill("about an hour")
    expect(page.locator(".would")).to_have_count(0)
    minutes.fill("60-90")
    expect(week).to_have_text("4 h 13 in total → 4 h 43")


def test_the_percentages_of_the_preview_are_those_that_the_server_then_shows(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", address(board))
    studio = looked(page, "moment")
    studio.card("Read chapter 1").click()
    studio.panel.get_by_label("Time (optional)").fill("150")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/field/", hold)  # the answer waits, so that the promise can be read
    studio.panel.get_by_label("Environment").select_option(label="Workplace")

    expect(page.locator("[data-dimension=environment] .blend.would")).to_have_count(1)
    promised = {
        str(each.get_attribute("data-value")): each.locator(".would").inner_text().split()[-1]
        for each in page.locator("[data-dimension=environment] [data-value]").all()
        if each.locator(".would").count()
    }
    assert promised
    for route in held:
        route.continue_()
    expect(studio.panel.locator(".fieldnote.saved")).to_have_count(2)

    for value, percent in promised.items():
        expect(page.locator(f"[data-dimension=environment] [data-value={value}]")).to_contain_text(percent)


# --- Small screens ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lens", LENSES)
def test_a_phone_shows_one_week_at_a_time_in_each_lens(open_as: Windows, board: Place, lens: str) -> None:
    page = open_as("lecturer", f"{address(board)}?lens={lens}", phone=True, has_touch=True)
    studio = looked(page, lens)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(studio.card("Read chapter 2")).to_be_hidden()
    expect(page.get_by_role("button", name="Previous week")).to_be_disabled()

    page.get_by_role("button", name="Next week").tap()
    expect(studio.card("Read chapter 2")).to_be_visible()
    expect(studio.card(QUIZ)).to_be_hidden()
    expect(studio.said).to_have_text("Week 2")

    sweep(page, 60, 320)
    expect(studio.card(QUIZ)).to_be_visible()
    sweep(page, 320, 60)
    expect(studio.card("Read chapter 2")).to_be_visible()


def sweep(page: Page, start: int, end: int) -> None:
    """A finger that goes to the side over the board."""
    page.locator("#board").evaluate(
        """(board, [start, end]) => {
            const touch = (x) => new Touch({ identifier: 1, target: board, clientX: x, clientY: 300 });
            board.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(start)], bubbles: true }));
            board.dispatchEvent(new TouchEvent("touchend", { changedTouches: [touch(end)], bubbles: true }));
        }""",
        [start, end],
    )


def test_on_a_phone_the_tools_are_one_line_with_two_menus(
    open_as: Windows, board: Place, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", address(board), phone=True, has_touch=True)
    looked(page, "moment")
    tools = page.locator(".toolbar")
    assert (tools.bounding_box() or {})["height"] <= 48

    page.get_by_role("button", name="View of the board: By moment").tap()
    assert barriers(page) == []
    page.get_by_role("link", name="Timeline").tap()
    looked(page, "timeline")
    expect(page.get_by_role("link", name="Timeline")).to_be_hidden()
    page.get_by_role("button", name="View of the board: Timeline").focus()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "More":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert barriers(page) == []
    for name in ("Several at once", "Storyboard", "Print", "Take a pattern", "Whole design (JSON)"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Filter", exact=True).locator("xpath=..").tap()
    expect(page.get_by_label("Words in the title")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (tools.bounding_box() or {})["width"] == (page.locator("#filter-form").bounding_box() or {})["width"]


# --- Adding, and for everybody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lens", "cell"), [("environment", "Week 2, Hybrid"), ("timeline", "Week 2, Together"), ("table", "Week 2")]
)
def test_a_quick_line_takes_on_its_cell_in_each_lens(open_as: Windows, board: Place, lens: str, cell: str) -> None:
    studio = looked(open_as("lecturer", f"{address(board)}?lens={lens}"), lens)
    studio.page.get_by_role("link", name=f"Add: {cell}", exact=True).click()
    line = studio.page.get_by_label("Add an activity in one line")
    line.fill("read fields 30m")
    line.press("Enter")

    expect(studio.card("Fields")).to_be_visible()
    where = place_of(studio.page, "Fields")
    assert where["week"] == "2"
    assert where["column"] == {"environment": "hybrid", "timeline": "sync", "table": ""}[lens]


@pytest.mark.parametrize("lens", LENSES[1:])
def test_each_lens_has_no_barrier_that_a_machine_finds(
    open_as: Windows, board: Place, lens: str, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as("lecturer", f"{address(board)}?lens={lens}&timing=async")
    looked(page, lens)

    assert barriers(page) == []


def test_a_week_without_class_is_said_in_its_editor(open_as: Windows, board: Place) -> None:
    page = open_as("lecturer", f"{address(board)}?lens=environment")
    studio = looked(page, "environment")
    page.get_by_role("button", name="Add a week").click()
    page.locator("#week-edit-3").click()
    studio.panel.get_by_label("In this week").select_option(label="No class")
    studio.panel.get_by_role("button", name="Save").click()

    head = page.locator("#week-3")
    expect(head).to_contain_text("No class")
    expect(head).to_have_class("off")
    page.get_by_role("button", name="Undo editing week 3").first.click()
    expect(page.locator("#week-3")).not_to_have_class("off")
