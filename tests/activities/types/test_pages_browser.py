"""Clips and uploads in a real browser: what the plain forms cannot show, and what must never run or be lost."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from activities.models import Attempt, AttemptFile, Material, Post, Progress
from blendedu.people.models import Membership, User
from tests.activities.seats import Place, place
from tests.factories import GroupFactory
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Playwright's loop makes Django think that this is asynchronous code, already when the database is made.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CLIPS = Path(__file__).parents[3] / "blendedu" / "demo" / "clips"
PDF = {"name": "case.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 the case"}
NO_PDF = {"name": "page.pdf", "mimeType": "application/pdf", "buffer": b"<html><script>alert(1)</script>"}
CANARY = b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title='CANARY'</script></svg>"


def here(type_key: str, config: dict | None = None, **fields) -> Place:
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "due_at": now + timedelta(days=1)}
    return place(type_key, config, offer=window, **fields)


def open_as(context: BrowserContext, live_server, person: User, path: str) -> Page:
    client = Client()
    client.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(live_server.url + path)
    return page


def clip() -> Place:
    made = here("clip", {"source": "file", "seconds": 12, "captions": "file"})
    for kind, name, content_type in (
        ("clip", "framing-a-message.webm", "video/webm"),
        ("captions", "framing-a-message.en.vtt", "text/vtt; charset=utf-8"),
    ):
        content = (CLIPS / name).read_bytes()
        Material.objects.create(
            activity=made.activity,
            kind=kind,
            file=ContentFile(content, name=name),
            name=name,
            size=len(content),
            content_type=content_type,
            language="en" if kind == "captions" else "",
        )
    return made


def played_to(page: Page) -> float:
    # The page's policy lets nothing be evaluated inside of it, so waiting is done from here.
    return float(page.evaluate("document.querySelector('video').currentTime"))


def test_a_clip_plays_with_captions_and_tells_what_was_seen(context, live_server):
    made = clip()
    page = open_as(context, live_server, made.student, made.url)

    page.evaluate("document.querySelector('video').play()")
    wait_until(lambda: played_to(page) > 2.2, seconds=10)
    page.evaluate("document.querySelector('video').pause()")

    expect(page.locator("[data-share-text]")).to_have_text(re.compile(r"^[2-9]\d% watched$|^Watched$"))
    assert page.evaluate("document.querySelector('video').textTracks[0].cues.length") == 3
    ((starts, ends),) = Progress.objects.get().played
    assert (starts, ends >= 3) == (0, True)


def test_a_clip_that_is_left_while_it_plays_is_resumed_there(context, live_server):
    made = clip()
    page = open_as(context, live_server, made.student, made.url)
    page.evaluate("document.querySelector('video').play()")
    wait_until(lambda: played_to(page) > 2.2, seconds=10)
    seen = int(played_to(page))  # a busy machine looks later than at 2.2, and the clip plays on until the page is gone

    page.goto(live_server.url + "/week/")
    wait_until(lambda: Progress.objects.filter(position__gte=seen).exists(), seconds=5)
    page.goto(live_server.url + made.url)
    resume = page.get_by_role("button", name=re.compile(r"^Resume at 0:\d\d$"))
    resumes_at = int(resume.inner_text().strip()[-2:])
    resume.click()

    assert seen <= resumes_at < 12
    wait_until(lambda: played_to(page) >= resumes_at, seconds=10)
    expect(page.locator("[data-resume-offer]")).to_be_hidden()


def test_nothing_is_asked_of_another_host_before_the_click(context, live_server):
    made = here("clip", {"source": "address", "address": "https://vimeo.com/76979871"})
    asked: list[str] = []
    context.route(
        "https://player.vimeo.com/**", lambda route: (asked.append(route.request.url), route.fulfill(body=""))
    )
    page = open_as(context, live_server, made.student, made.url)
    page.wait_for_load_state("networkidle")
    before = list(asked)

    page.get_by_role("button", name="Load the clip from player.vimeo.com").click()
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("title", "The activity")
    wait_until(lambda: asked, seconds=5)

    assert (before, asked) == ([], ["https://player.vimeo.com/video/76979871?dnt=1"])
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "allow-top-navigation")


def test_a_text_survives_a_closed_tab_and_files_do_not_disturb_it(context, live_server):
    made = here("upload")
    page = open_as(context, live_server, made.student, made.url)
    page.get_by_role("textbox", name="Text").fill("Typed and not saved")
    page.get_by_label("Add files").set_input_files([PDF, NO_PDF])
    expect(page.get_by_role("link", name="case.pdf")).to_be_visible()
    expect(page.locator("#files-error")).to_contain_text("is not really a .pdf file")
    expect(page.get_by_role("textbox", name="Text")).to_have_value("Typed and not saved")

    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(live_server.url + made.url)
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Hand in").click()

    expect(page.locator(".receipt")).to_contain_text("in time")
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.text) == (Attempt.State.SUBMITTED, "Typed and not saved")
    assert [file.name for file in attempt.files.all()] == ["case.pdf"]
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:'))") == []


def test_two_of_a_group_who_write_at_once_both_keep_their_words(context, live_server):
    made = here("upload", grouping="group")
    amina = made.another_student()
    Membership.objects.update(group=GroupFactory(cohort=made.run.cohort, name="Teal"))
    page = open_as(context, live_server, made.student, made.url)
    other = Client()
    other.force_login(amina)
    other.post(made.act("save"), {"number": 1, "revision": 0, "text": "What Amina wrote"})

    page.get_by_role("textbox", name="Text").fill("What Joost wrote")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".conflict")).to_be_focused()
    expect(page.locator(".conflict")).to_contain_text("What Amina wrote")
    expect(page.get_by_role("textbox", name="Text")).to_have_value("What Joost wrote")
    page.get_by_role("button", name="Save").click()
    wait_until(lambda: Attempt.objects.get().text == "What Joost wrote", seconds=5)


def test_a_file_with_a_script_never_runs_for_whoever_opens_it(context, live_server):
    made = here("upload")
    attempt = Attempt.objects.create(
        offer=made.offer,
        user=made.student,
        state=Attempt.State.SUBMITTED,
        started_at=timezone.now(),
        submitted_at=timezone.now(),
        submitted_by=made.student,
    )
    handed_in = AttemptFile.objects.create(
        attempt=attempt,
        file=ContentFile(CANARY, name="x"),
        name="drawing.svg",
        size=len(CANARY),
        content_type="image/svg+xml",
        sha256="",
        uploaded_by=made.student,
        uploaded_at=timezone.now(),
    )
    shown = Material.objects.create(
        activity=made.activity,
        kind="clip",
        file=ContentFile(CANARY, name="y"),
        name="y.svg",
        size=1,
        content_type="image/svg+xml",
    )
    page = open_as(context, live_server, made.lecturer, made.url)

    for address in (f"/courses/mkc-101/files/{handed_in.pk}/", f"/courses/mkc-101/material/{shown.pk}/"):
        with page.expect_download() as download:
            page.evaluate("address => { location.href = address }", address)
        assert Path(download.value.path()).read_bytes() == CANARY
        assert "CANARY" not in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_can_be_used_by_everybody(context, live_server, scheme, width):
    made = clip()
    page = open_as(context, live_server, made.student, made.url)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for type_key, config in (
        ("clip", {}),
        ("reading", {"text": "A *frame* decides.", "pages": 3}),
        ("session", {"agenda": "1. Case"}),
        ("upload", {}),
        ("discussion", {}),
        ("shareboard", {}),
    ):
        made.activity.type_key = type_key
        made.activity.config = made.activity.config if type_key == "clip" else config
        made.activity.save()
        if type_key in {"discussion", "shareboard"}:
            Post.objects.get_or_create(
                offer=made.offer,
                author=made.student,
                title="A poster",
                text="It speaks",
                link="https://example.org/",
                defaults={"created_at": timezone.now()},
            )
        page.goto(live_server.url + made.url)

        found = Axe().run(page).response["violations"]

        assert [(type_key, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), type_key
