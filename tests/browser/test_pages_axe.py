"""Every main page of every persona, looked at by axe: on a desk in light, on a phone in dark."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from blendedu.demo import PASSWORD, pages
from tests.processes import ROOT, Site, environment_of

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PEOPLE = {
    "nobody": "",
    "student": pages.STUDENT,
    "student-at-a-quiz": pages.AT_A_QUIZ,
    "lecturer": pages.LECTURER,
    "coach": pages.COACH,
    "director": pages.DIRECTOR,
    "administrator": pages.ADMINISTRATOR,
    "newcomer": pages.NEWCOMER,
}


@pytest.fixture(scope="module")
def main_pages(demo_site: Site) -> list[dict[str, Any]]:
    """The main pages, as the running site's own database has them."""
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--pages"],
        cwd=ROOT,
        env=environment_of(demo_site.data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.fixture
def window(browser: Browser, demo_site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=demo_site.url, viewport=DESK, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_every_persona_has_main_pages(main_pages: list[dict[str, Any]]) -> None:
    assert {each["who"] for each in main_pages} == set(PEOPLE.values())


@pytest.mark.parametrize("persona", PEOPLE)
def test_the_main_pages_have_no_barriers(persona: str, window: Page, main_pages: list[dict[str, Any]]) -> None:
    sign_in(window, PEOPLE[persona])
    found = []

    for each in main_pages:
        if each["who"] == PEOPLE[persona]:
            answer = window.goto(each["address"].lstrip("/"))
            assert answer is not None
            assert answer.status == each["status"], each["name"]
            found += [f"{each['name']}, {problem}" for problem in barriers(window)]

    assert "\n".join(found) == ""


def sign_in(window: Page, email: str) -> None:
    if email:
        window.goto("account/login/")
        window.fill("input[name=login]", email)
        window.fill("input[name=password]", PASSWORD)
        window.locator("#sign-in").evaluate("form => form.requestSubmit()")
        window.wait_for_url(lambda url: "/account/login/" not in url)


def barriers(window: Page) -> list[str]:
    """What axe finds at WCAG 2.2 level AA and among its best practices, and whether the page is wider than it."""
    found = []
    window.evaluate(Axe().axe_script)
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        window.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        window.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # light or dark
        results = window.evaluate("options => axe.run(document, options)", OPTIONS)
        for each in results["violations"]:
            found += [f"{scheme}: {each['id']}: {node['html'][:160]}" for node in each["nodes"]]
        wide = window.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            found.append(f"{scheme}: {wide} px wide in a window of {size['width']}")
    return found
