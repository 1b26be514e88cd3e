"""A quiz in a real browser: what students lost on other platforms is not lost here (the numbers F… of trust.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from activities import jobs as kinds
from activities.models import Answer, Attempt
from activities.queries.attempts import answers_of
from blendedu.journal.models import Job
from blendedu.journal.services import jobs
from blendedu.people.models import User
from tests.activities.quizzes import MATCHING, NUMERICAL, SHORT, SINGLE, Sitting, sitting
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Playwright's loop makes Django think that this is asynchronous code, already when the database is made.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "long-enough-for-a-test"
SAVED = re.compile("Every answer is saved, last at")


@pytest.fixture
def quiz(live_server) -> Sitting:
    """A quiz that is open now, with four kinds of question."""
    quiz = sitting(SINGLE, SHORT, NUMERICAL, MATCHING)
    now = timezone.now()
    quiz.offer.opens_at, quiz.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    quiz.offer.save()
    quiz.student.set_password(PASSWORD)
    quiz.student.save()
    return quiz


@pytest.fixture
def signed_in(context: BrowserContext, live_server, quiz: Sitting) -> BrowserContext:
    sign_in(context, live_server.url, quiz.student)
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def tab(signed_in: BrowserContext, live_server, quiz: Sitting) -> Iterator[Page]:
    """The page of an attempt that has just begun."""
    quiz.begin(at=timezone.now())
    return opened(signed_in, live_server, quiz)


def sign_in(context: BrowserContext, url: str, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": url}])


def opened(context: BrowserContext, live_server, quiz: Sitting) -> Page:
    page = context.new_page()
    page.goto(live_server.url + quiz.page)
    expect(page.get_by_role("button", name="Back")).to_be_visible()
    return page


def attempt() -> Attempt:
    return Attempt.objects.get()


def saved() -> dict[str, object]:
    return answers_of(attempt())


def go_to(page: Page, number: int) -> None:
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=f"Question {number}").click()


def choose(page: Page, words: str) -> None:
    page.get_by_role("radio", name=words).check()


def grade() -> None:
    job = Job.objects.get(kind=kinds.GRADE)
    jobs.run(job.pk, job.kind, job.ref, at=timezone.now())


# --- The way through ------------------------------------------------------------------------------------------------


def test_a_quiz_by_keyboard_only_from_start_to_result(signed_in, live_server, quiz):
    page = signed_in.new_page()
    page.goto(live_server.url + quiz.page)

    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_role("radio", name="Who it is for").press("Space")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.get_by_role("heading", name="Question 2 of 4")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Ghent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Question 3 of 4")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("45,9")
    page.keyboard.press("Enter")
    page.get_by_label("Exam dates").press("S")
    page.get_by_role("button", name="Check and hand in").press("Enter")
    expect(page.get_by_text("You answered all 4 questions.")).to_be_visible()
    page.locator("#q-end").get_by_role("button", name="Hand in").press("Enter")

    expect(page.get_by_role("heading", name="Submitted, being graded")).to_be_focused()
    assert saved() | {"match": None} == {"who": "a", "capital": "Ghent", "share": "45,9", "match": None}
    grade()
    expect(page.get_by_role("heading", name="Your result")).to_be_focused()
    expect(page.locator("#unread")).to_contain_text("1 unread")


# F6: the last answer, and handing in at once.
def test_what_was_typed_last_is_handed_in(tab):
    go_to(tab, 2)
    tab.get_by_label("Your answer", exact=True).press_sequentially("Ghent and Bruges")
    go_to(tab, 4)
    tab.get_by_role("button", name="Check and hand in").click()
    tab.locator("[data-hand-in]").click()

    expect(tab.get_by_role("heading", name="Submitted, being graded")).to_be_visible()
    assert saved() == {"capital": "Ghent and Bruges"}


# F9: double and triple clicks.
def test_a_triple_click_hands_in_once(tab):
    tab.get_by_role("link", name="Hand in").click()
    tab.locator("[data-hand-in]").click(click_count=3)

    expect(tab.get_by_role("heading", name="Submitted, being graded")).to_be_visible()
    assert Job.objects.filter(kind=kinds.GRADE).count() == 1


# F7: the server has it, the answer is lost on the way.
def test_a_lost_receipt_is_asked_for_again(tab):
    dropped: list[str] = []

    def drop_once(route: Route) -> None:
        if dropped:
            route.continue_()
            return
        dropped.append(route.fetch().text())
        route.abort()

    tab.route("**/submit/", drop_once)
    tab.get_by_role("link", name="Hand in").click()
    tab.locator("[data-hand-in]").click()

    expect(tab.get_by_role("heading", name="Submitted, being graded")).to_be_visible()
    assert len(dropped) == 1
    assert Attempt.objects.count() == Job.objects.filter(kind=kinds.GRADE).count() == 1


def test_an_answer_that_cannot_be_read_is_shown_before_anything_is_handed_in(tab):
    go_to(tab, 3)
    tab.get_by_label("Your answer, in %").fill("about half")
    tab.get_by_role("link", name="Hand in").click()
    tab.locator("[data-hand-in]").click()

    expect(tab.get_by_role("heading", name="Question 3 of 4")).to_be_visible()
    expect(tab.locator("#problem-share")).to_have_text("Write a number, such as 12.5.")
    assert attempt().state == Attempt.State.OPEN


# --- Nothing is lost ------------------------------------------------------------------------------------------------


def test_after_a_killed_tab_every_answer_is_there(tab, signed_in, live_server, quiz):
    choose(tab, "What it costs")
    go_to(tab, 2)
    tab.get_by_label("Your answer", exact=True).fill("Ghent")
    tab.keyboard.press("Tab")
    expect(tab.get_by_text(SAVED)).to_be_visible()
    tab.close(run_before_unload=False)

    again = opened(signed_in, live_server, quiz)

    expect(again.get_by_role("heading", name="Question 3 of 4")).to_be_visible()  # the first without an answer
    assert saved() == {"who": "b", "capital": "Ghent"}
    go_to(again, 1)
    expect(again.get_by_role("radio", name="What it costs")).to_be_checked()


# F2: typed without a connection, the tab closed, opened again.
def test_what_was_typed_without_a_connection_survives_the_tab(tab, signed_in, live_server, quiz):
    go_to(tab, 2)
    signed_in.set_offline(True)
    tab.get_by_label("Your answer", exact=True).fill("An answer that took long")
    tab.keyboard.press("Tab")
    expect(tab.get_by_text("kept on this device")).to_be_visible()
    tab.close(run_before_unload=False)
    signed_in.set_offline(False)

    opened(signed_in, live_server, quiz)

    wait_until(lambda: saved() == {"capital": "An answer that took long"}, seconds=5, what="the draft to be sent")


# F3: three failed saves, a reload, and the answers were believed to be saved.
def test_answers_that_failed_are_sent_after_a_reload_without_anybody_doing_anything(tab):
    failures: list[int] = []

    def unavailable(route: Route) -> None:
        failures.append(1)
        route.fulfill(status=503, body="")

    tab.route("**/answer/", unavailable)
    choose(tab, "What it costs")
    wait_until(lambda: tab.wait_for_timeout(100) or len(failures) >= 3, seconds=15, what="three failures")
    expect(tab.get_by_text("Not saved yet.")).to_be_visible()
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.reload()
    expect(tab.get_by_role("radio", name="What it costs")).to_be_checked()
    tab.unroute("**/answer/")

    wait_until(lambda: tab.wait_for_timeout(100) or saved() == {"who": "b"}, seconds=5, what="the answer to be sent")
    expect(tab.get_by_text(SAVED)).to_be_visible()
    assert tab.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('quiz:'))") == []


def test_leaving_asks_only_while_something_is_not_saved(tab):
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    choose(tab, "What it costs")
    expect(tab.get_by_text(SAVED)).to_be_visible()
    tab.reload()
    expect(tab.get_by_role("button", name="Back")).to_be_visible()
    assert asked == []

    tab.route("**/answer/", lambda route: route.fulfill(status=503, body=""))
    go_to(tab, 1)
    choose(tab, "Who it is for")
    expect(tab.get_by_text("Not saved yet.")).to_be_visible()
    tab.reload()

    assert asked == ["beforeunload"]


# F45, F46: the session is gone; signing in elsewhere changes the token too.
def test_signing_in_again_in_another_tab_is_enough(tab, signed_in, live_server, quiz):
    Session.objects.all().delete()
    choose(tab, "What it costs")
    expect(tab.get_by_text("You are signed out. Nothing is lost")).to_be_visible()

    with signed_in.expect_page() as other:
        tab.get_by_role("link", name="Sign in again").click()
    page = other.value
    page.get_by_label("E-mail address").fill(quiz.student.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Back")).to_be_visible()
    page.close()
    tab.bring_to_front()

    expect(tab.get_by_text(SAVED)).to_be_visible()
    expect(tab.get_by_role("radio", name="What it costs")).to_be_checked()
    assert saved() == {"who": "b"}


# F5: a walk over the questions with reloads; the server equals the model after each step.
def test_a_walk_with_reloads_leaves_the_server_as_the_student_saw_it(tab):
    model: dict[str, object] = {}
    steps = [("who", "a"), ("capital", "Ghent"), ("who", "b"), ("match", "o2"), ("capital", "Bruges"), ("match", "o1")]

    for number, (key, value) in enumerate(steps):
        go_to(tab, {"who": 1, "capital": 2, "match": 4}[key])
        if key == "who":
            tab.locator(f"[name=q-who][value={value}]").check()
        elif key == "capital":
            tab.get_by_label("Your answer", exact=True).fill(value)
            tab.keyboard.press("Tab")
        else:
            tab.get_by_label("Exam dates").select_option(value=value)
        model[key] = {"p1": value} if key == "match" else value
        wait_until(lambda: tab.wait_for_timeout(50) or saved() == model, seconds=5, what=f"step {number}")
        if number % 2:
            tab.reload()


# --- Two tabs (F1) --------------------------------------------------------------------------------------------------


def test_two_tabs_with_two_answers_to_one_question_show_both(tab, signed_in, live_server, quiz):
    other = opened(signed_in, live_server, quiz)
    for page, words in ((tab, "Ghent"), (other, "Bruges")):
        go_to(page, 2)
        page.get_by_label("Your answer", exact=True).fill(words)
        page.keyboard.press("Tab")
        if page is tab:
            expect(tab.get_by_text(SAVED)).to_be_visible()

    expect(other.get_by_text("Saved there: Ghent. Here: Bruges.")).to_be_visible()
    assert saved() == {"capital": "Ghent"}
    other.get_by_role("button", name="Keep what is here").click()

    expect(other.get_by_text(SAVED)).to_be_visible()
    assert saved() == {"capital": "Bruges"}


def test_of_two_answers_the_other_tabs_can_be_taken(tab, signed_in, live_server, quiz):
    other = opened(signed_in, live_server, quiz)
    choose(tab, "Who it is for")
    expect(tab.get_by_text(SAVED)).to_be_visible()
    choose(other, "What it costs")

    other.get_by_role("button", name="Take what was saved there").click()

    expect(other.get_by_role("radio", name="Who it is for")).to_be_checked()
    assert saved() == {"who": "a"}


def test_two_tabs_on_different_questions_do_not_disturb_each_other(tab, signed_in, live_server, quiz):
    other = opened(signed_in, live_server, quiz)
    choose(tab, "Who it is for")
    expect(tab.get_by_text(SAVED)).to_be_visible()
    go_to(other, 2)
    other.get_by_label("Your answer", exact=True).fill("Ghent")
    other.keyboard.press("Tab")

    expect(other.get_by_text(SAVED)).to_be_visible()
    go_to(other, 1)
    expect(other.get_by_role("radio", name="Who it is for")).to_be_checked()
    assert saved() == {"who": "a", "capital": "Ghent"}
    assert list(Answer.objects.values_list("revision", flat=True)) == [1, 2]


# --- The clock ------------------------------------------------------------------------------------------------------


# F14: at zero what is there is handed in, also what is being typed.
def test_at_zero_the_page_hands_in_what_is_there(tab, quiz):
    Attempt.objects.update(ends_at=timezone.now() + timedelta(seconds=6))
    tab.reload()
    go_to(tab, 2)
    field = tab.get_by_label("Your answer", exact=True)

    while not tab.get_by_role("heading", name="Submitted, being graded").is_visible():
        if field.is_visible():
            field.evaluate(
                "(field) => { field.value += 'x'; field.dispatchEvent(new Event('input', {bubbles: true})) }"
            )
        tab.wait_for_timeout(200)

    assert attempt().submitted_at == attempt().ends_at or attempt().submitted_at < attempt().ends_at
    assert len(str(saved()["capital"])) > 10


# F17: the clock of the device is two hours off, in either direction.
@pytest.mark.parametrize("hours", [-2, 2])
def test_the_countdown_is_the_servers_whatever_the_device_says(signed_in, live_server, quiz, hours):
    quiz.begin(at=timezone.now(), limit_minutes=10)
    page = signed_in.new_page()
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {hours * 3_600_000}")
    page.goto(live_server.url + quiz.page)

    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:5\d) left$"))


def test_five_minutes_and_one_minute_are_said(tab, quiz):
    for seconds, words in ((301.5, "5 minutes left"), (61.5, "One minute left")):
        Attempt.objects.update(ends_at=timezone.now() + timedelta(seconds=seconds))
        tab.reload()
        expect(tab.locator("#live")).to_have_text(words)


# --- For everybody --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_quiz_have_no_barrier_that_a_machine_finds(tab, signed_in, live_server, quiz, scheme):
    found: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        results = Axe().run(page)
        found[name] = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results.response["violations"]]

    for number in (1, 2, 3, 4):
        go_to(tab, number)
        look(tab, f"question {number}")
    go_to(tab, 3)
    tab.get_by_label("Your answer, in %").fill("about half")
    tab.keyboard.press("Tab")
    expect(tab.locator("#problem-share")).to_be_visible()
    look(tab, "a refused answer")
    tab.get_by_label("Your answer, in %").fill("45")
    tab.get_by_role("link", name="Hand in").click()
    look(tab, "before handing in")
    tab.locator("[data-hand-in]").click()
    expect(tab.get_by_role("heading", name="Submitted, being graded")).to_be_visible()
    look(tab, "the receipt")
    grade()
    expect(tab.get_by_role("heading", name="Your result")).to_be_visible()
    look(tab, "the result")

    assert {name: problems for name, problems in found.items() if problems} == {}


def test_without_scripts_the_whole_quiz_is_one_form(browser, live_server, quiz):
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server.url, quiz.student)
    page = context.new_page()
    page.goto(live_server.url + quiz.page)

    page.get_by_role("button", name="Start").click()
    choose(page, "Who it is for")
    page.locator("#i-capital").fill("Ghent")
    page.get_by_role("button", name="Save").click()
    assert saved() == {"who": "a", "capital": "Ghent"}
    page.get_by_role("button", name="Hand in").click()

    expect(page.get_by_role("heading", name="Submitted, being graded")).to_be_visible()
    grade()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    context.close()
