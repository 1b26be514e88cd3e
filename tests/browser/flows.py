"""How a browser test sits down as somebody: a window of the browser, signed in, that tells on the page.

Every window is watched: an error in the console (a broken script, something that the content policy stopped), an answer
with a status of 500 and more, and a request to another host fail the test, unless the test says that it provokes it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, WebError, expect

from tests.browser.stage import PERSONAS, Lesson, Place, Stage
from tests.processes import ROOT, Site, environment_of

# Playwright's loop makes Django think that this is asynchronous code, when a later test of this run asks a database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 15_000  # milliseconds, for a machine that does other things too
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WCAG = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
DESK, PHONE = {"width": 1440, "height": 1200}, {"width": 390, "height": 844}


class Windows:
    """Opens windows of the browser, and remembers what went wrong in any of them."""

    def __init__(self, browser: Browser, site: Site, stage: Stage) -> None:
        self.browser, self.site, self.stage = browser, site, stage
        self.contexts: list[BrowserContext] = []
        self.expected: list[str] = []
        self.problems: list[str] = []

    def __call__(
        self,
        who: str,
        path: str = "",
        *,
        phone: bool = False,
        provokes: tuple[str, ...] = (),
        **options: Any,  # as Playwright takes them
    ) -> Page:
        """A window of its own, as somebody (a word of PERSONAS or an address), at a page.

        `provokes` are pieces of what the console will say because the test asks for it, such as "409".
        """
        self.expected += provokes
        context = self.browser.new_context(
            base_url=self.site.url, viewport=PHONE if phone else DESK, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        self._watch(context)
        if who:
            session = self.stage.sessions[PERSONAS.get(who, who)]
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.site.url}])
        page = context.new_page()
        page.goto(path)
        return page

    def _watch(self, context: BrowserContext) -> None:
        home = urlsplit(self.site.url).netloc

        def console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.problems.append(f"console: {message.text} ({message.location['url']})")

        def error(raised: WebError) -> None:
            self.problems.append(f"script: {raised.error}")

        def request(asked: Request) -> None:
            address = urlsplit(asked.url)
            if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != home:
                self.problems.append(f"another host: {asked.url}")

        def response(answer: Response) -> None:
            if answer.status >= 500:
                self.problems.append(f"{answer.status}: {answer.url}")

        context.on("console", console)
        context.on("weberror", error)
        context.on("request", request)
        context.on("response", response)

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    @property
    def unexpected(self) -> list[str]:
        return [problem for problem in self.problems if not any(words in problem for words in self.expected)]


@pytest.fixture(scope="session")
def stage(demo_site: Site, request: pytest.FixtureRequest) -> Stage:
    """The boards and classes of these tests, built beside the demo world of the running site.

    As many as the tests of this run ask for: a number written down would be too small one day.
    """
    asked = Counter(name for item in request.session.items for name in getattr(item, "fixturenames", ()))
    wanted = f"main({asked['board']}, {asked['approved']}, {asked['lesson']})"
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", f"from tests.browser.stage import main; {wanted}"],
        cwd=ROOT,
        env=environment_of(demo_site.data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return Stage.of(told.stdout)


@pytest.fixture
def open_as(browser: Browser, demo_site: Site, stage: Stage) -> Iterator[Windows]:
    """Opens a window as somebody; after the test nothing may have gone wrong in any window."""
    expect.set_options(timeout=PATIENCE)
    windows = Windows(browser, demo_site, stage)
    yield windows
    windows.close()
    if windows.unexpected:
        pytest.fail("\n".join(windows.unexpected))


@pytest.fixture
def board(stage: Stage) -> Place:
    """A course with a draft that nobody else works on."""
    return stage.boards.pop()


@pytest.fixture
def approved(stage: Stage) -> Place:
    """A course with an approved design and no run."""
    return stage.approved.pop()


@pytest.fixture
def lesson(stage: Stage) -> Lesson:
    """A course that runs for four students, with an activity of each type."""
    return stage.lessons.pop()


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """What axe finds on a page, in light and in dark, of the rules of WCAG 2.2 at level AA."""
    axe = Axe()

    def found(page: Page) -> list[str]:
        said = []
        page.evaluate(axe.axe_script)
        # COST: what a theme changes is colour, so in the dark only that is looked at.
        for scheme, rules in (("light", WCAG), ("dark", CONTRAST)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
            results = page.evaluate("rules => axe.run(document, rules)", rules)
            for each in results["violations"]:
                said += [f"{scheme}: {each['id']}: {node['html'][:160]}" for node in each["nodes"]]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        return said

    return found


def fetched(change: Callable[[], object], page: Page, part: str) -> str:
    """The body of the one answer to what a change sends to an address with `part` in it."""
    with page.expect_response(lambda response: part in response.url) as answer:
        change()
    return answer.value.text()
