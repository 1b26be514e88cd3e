"""What students do besides quizzes and uploads: watch, read, talk, share, be there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.flows import Windows
from tests.browser.stage import CLIP, DISCUSSION, READING, SESSION, SHARE, Lesson

pytestmark = pytest.mark.browser


def at(lesson: Lesson, title: str) -> str:
    return f"/courses/{lesson.code}/do/{lesson.offers[title]}/"


def play_to(page: Page, seconds: float) -> None:
    """Play the clip from where it is, quickly and without sound, and stop at a second."""
    page.evaluate(
        """async (seconds) => {
            const video = document.querySelector("video");
            video.muted = true;
            video.playbackRate = 6;
            await video.play();
            await new Promise((done) => {
                const look = () => (video.ended || video.currentTime >= seconds ? done() : requestAnimationFrame(look));
                look();
            });
            video.pause();
        }""",
        seconds,
    )


def test_a_clip_plays_with_captions_and_goes_on_where_it_was_left(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_as(lesson.students["Ada"], at(lesson, CLIP))
    expect(page.get_by_text("0% watched")).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/played/")):
        play_to(page, 4.5)
    captions = page.evaluate("[...document.querySelector('video').textTracks[0].activeCues].map((cue) => cue.text)")
    assert captions == ["Ask who should act, and what keeps them from it."]
    expect(page.locator("[data-share-text]")).to_have_text(re.compile(r"^(4|5)\d% watched$"))

    page.reload()
    resume = page.get_by_role("button", name=re.compile("^Resume at 0:0[4-6]"))
    assert barriers(page) == []
    resume.click()
    expect(resume).to_be_hidden()
    assert page.evaluate("document.querySelector('video').currentTime") >= 4
    play_to(page, 10.5)

    expect(page.locator("[data-share-text]")).to_have_text("Watched")
    expect(page.locator("#live")).to_have_text("Watched")
    page.goto("/week/")
    expect(page.locator(".todo > li").filter(has_text=CLIP)).to_contain_text("Done")


def test_a_reading_is_done_when_its_reader_says_so(open_as: Windows, lesson: Lesson) -> None:
    page = open_as(lesson.students["Bo"], at(lesson, READING))
    expect(page.locator(".prose strong").filter(has_text="small")).to_be_visible()

    page.get_by_role("button", name="I have read it").click()

    expect(page.get_by_text("You have read it")).to_be_visible()
    page.get_by_role("button", name="Not after all").click()
    expect(page.get_by_role("button", name="I have read it")).to_be_visible()


def test_a_thread_and_a_reply(open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]) -> None:
    ada = open_as(lesson.students["Ada"], at(lesson, DISCUSSION))
    expect(ada.get_by_text("You have written 0 of 1.")).to_be_visible()
    ada.get_by_label(re.compile("^Subject")).fill("Noise")
    ada.get_by_label("Your contribution").fill("Noise is <script>alert(1)</script> **everywhere**.")
    ada.get_by_role("button", name="Post", exact=True).click()
    expect(ada.get_by_text("Done: you have written once")).to_be_visible()

    cleo = open_as(lesson.students["Cleo"], at(lesson, DISCUSSION))
    thread = cleo.get_by_role("article", name="Thread by Ada Quist")
    expect(thread.locator("strong").filter(has_text="everywhere")).to_be_visible()
    thread.get_by_text("Reply").first.click()
    thread.get_by_label("Your reply").fill("Even here?")
    assert barriers(cleo) == []
    thread.get_by_role("button", name="Post reply").click()

    ada.reload()
    expect(ada.get_by_role("article", name="Thread by Ada Quist").get_by_role("listitem")).to_contain_text("Even here?")


def test_an_example_is_shared_with_its_reason(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    poster: FilePayload = {"name": "poster.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    dirk = open_as(lesson.students["Dirk"], at(lesson, SHARE))
    dirk.get_by_label("What it is").fill("A poster in the tram")
    dirk.get_by_label("Or a file").set_input_files(poster)
    dirk.get_by_label("Why it is a good example").fill("It speaks to who stands.")
    dirk.get_by_role("button", name="Share", exact=True).click()
    expect(dirk.get_by_text("Done: you have shared 1 example")).to_be_visible()

    ada = open_as(lesson.students["Ada"], at(lesson, SHARE), provokes=("422",))
    example = ada.get_by_role("region", name="Examples").get_by_role("listitem").filter(has_text="A poster in the tram")
    expect(example).to_contain_text("Dirk Owusu")
    with ada.expect_download() as download:
        example.get_by_role("link", name="poster.png").click()
    assert download.value.suggested_filename == "poster.png"
    # A script is no link; what was typed stays.
    ada.get_by_label("What it is").fill("An advert")
    ada.get_by_label(re.compile("^Link")).fill("javascript:alert(1)")
    ada.get_by_label("Why it is a good example").fill("I stopped.")
    ada.get_by_role("button", name="Share", exact=True).click()
    expect(ada.get_by_label(re.compile("^Link"))).to_have_attribute("aria-invalid", "true")
    expect(ada.get_by_label("Why it is a good example")).to_have_value("I stopped.")
    assert barriers(ada) == []


def test_a_student_checks_in_and_the_lecturer_has_the_last_word(
    open_as: Windows, lesson: Lesson, barriers: Callable[[Page], list[str]]
) -> None:
    cleo = open_as(lesson.students["Cleo"], at(lesson, SESSION))
    expect(cleo.get_by_text("Room B1.03")).to_be_visible()
    # The link of an online session is there when it can be joined; nobody is sent there by us.
    expect(cleo.get_by_role("link", name="Join online")).to_have_attribute("rel", "noopener noreferrer")
    cleo.get_by_role("button", name="Check in").click()
    expect(cleo.get_by_text("You checked in at")).to_be_visible()
    cleo.get_by_role("textbox", name="Your question for class").fill("What counts as a field?")
    cleo.get_by_role("button", name="Ask", exact=True).click()
    expect(cleo.get_by_text("What counts as a field?")).to_be_visible()

    emma = open_as("lecturer", at(lesson, SESSION))
    expect(emma.get_by_text("What counts as a field?")).to_be_visible()
    present = emma.get_by_role("group", name=re.compile("Cleo Aydin")).get_by_role("radio", name="Present")
    expect(present).to_be_checked()
    emma.get_by_role("group", name=re.compile("Dirk Owusu")).get_by_role("radio", name="Absent").check()
    emma.get_by_role("button", name="Save, everybody else present").click()
    expect(emma.get_by_role("region", name="Who was there")).to_contain_text("Present 3")
    assert barriers(emma) == []

    dirk = open_as(lesson.students["Dirk"], at(lesson, SESSION))
    expect(dirk.get_by_text("Your lecturer noted: Absent")).to_be_visible()
