"""Pictures of every main page as each persona, at three widths, light and dark, and of the states easily forgotten.

    make shots                    everything, into shots/ (not kept in the repository)
    make shots ONLY=studio        only pages with this in their name
    make shots README=1           only the few pictures of the README, into docs/images/

Beside the pictures it says which pages are wider than the window, and what the browser complained about.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tools.browser import find

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"
IMAGES = ROOT / "docs" / "images"
WIDTHS = {390: 844, 820: 1180, 1440: 1000}
SCHEMES = ("light", "dark")
README = {"studio": 1280, "week": 1280, "activity-quiz-running": 1100, "policy": 1280, "programme-load": 1280}
LARGEST = 150_000  # bytes of a picture in the README
START_SECONDS = 120
LONG = "Introduction to Intercultural Communication and Stakeholder-Management in Internationalisation-Programmes"

# What the demo world does not show by itself: somebody gave a course, an activity and a group the longest of titles.
STRETCH = f"""
from courses.models import Course, Placement
from activities.models import Activity
Course.objects.filter(code="SAL-102").update(title={LONG!r})
card = Placement.objects.filter(design__course__code="SAL-102")[0]
Activity.objects.filter(pk=card.activity_id).update(title={LONG!r} + " (Donaudampfschifffahrtsgesellschaft)")
"""


# A full board, an empty one, and one that something happened to: its types are gone, and so is a week with its cards.
BOARDS = """
import datetime
from activities.models import Activity
from blendedu.people.models import User
from courses.models import Course, Design, Link, Placement, Week
ground = Course.objects.get(code="SAL-102")
now = datetime.datetime.now(datetime.UTC)
emma = User.objects.get(email="lecturer@example.org")
for code, title, weeks, cards in (
    ("FULL-1", "A full board", 20, 200), ("EMPTY-1", "An empty board", 6, 0), ("BROKEN-1", "A broken board", 4, 12)
):
    course = Course.objects.create(code=code, title=title, unit=ground.unit, coach=ground.coach, credits=5)
    course.lecturers.add(emma)
    design = Design.objects.create(course=course, number=1, changed_at=now, changed_by=emma)
    rows = Week.objects.bulk_create(Week(design=design, number=n + 1, teaching=n % 8 != 7) for n in range(weeks))
    made = []
    for n in range(cards):
        activity = Activity.objects.create(
            type_key=("hologram" if code == "BROKEN-1" else "reading", "quiz", "session")[n % 3],
            title=f"Activity {n + 1} about segmenting an audience", minutes=None if n % 11 == 0 else 15 + n * 7 % 180,
            learning_type=("acquisition", "practice", "discussion", "production", "inquiry", "collaboration")[n % 6],
            timing=("async", "sync")[n % 2], environment=("digital", "physical", "workplace", "hybrid")[n // 2 % 4],
        )
        made.append(Placement.objects.create(
            design=design, activity=activity, week=rows[n % weeks], moment=("before", "together", "after")[n % 3],
            position=n * 1024,
        ))
    if made:
        Link.objects.create(design=design, source=made[0], target=made[5], note="The notes")
        Link.objects.create(design=design, source=made[7], target=made[2])
    if code == "BROKEN-1":
        rows[1].delete()
"""
LENSES = ("moment", "environment", "type", "timeline", "table")


@dataclass(frozen=True)
class Site:
    """A product that runs on a database of its own."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(  # noqa: S603 -- commands of this file
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)
        return done.stdout


@contextlib.contextmanager
def running(data: Path) -> Iterator[Site]:
    """Start the product with its demo world, as `make run` does, on a free port and a folder that is thrown away."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    left_out = {"DATABASE_URL", "REDIS_URL", "BLENDEDU_ENV", "MAKELEVEL", "MAKEFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"BLENDEDU_DATA": str(data), "BLENDEDU_STATIC": str(data / "static")}
    url = f"http://127.0.0.1:{port}"
    with (data / "said.txt").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 -- a command of this file
            [sys.executable, "manage.py", "runlocal", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        _wait(process, url, data / "said.txt")
        yield Site(url, environment)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], url: str, said: Path) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 -- ours
            return
        time.sleep(0.2)
    sys.exit(f"The site did not start:\n{said.read_text(errors='replace')}")


class Album:
    """Takes the pictures, one browser context per person and colour scheme."""

    def __init__(self, browser: Browser, site: Site, folder: Path) -> None:
        self.browser, self.site, self.folder = browser, site, folder
        self.contexts: dict[tuple[str, str], BrowserContext] = {}
        self.sessions: dict[str, Any] = {}  # Any: cookies, as Playwright keeps them
        self.remarks: list[str] = []
        self.looking_at = ""
        self.taken = 0

    def page_of(self, who: str, scheme: str) -> Page:
        if (who, scheme) not in self.contexts:
            context = self.browser.new_context(
                base_url=self.site.url,
                color_scheme=scheme,  # type: ignore[arg-type]  # one of SCHEMES
                reduced_motion="reduce",
            )
            context.on("console", self._heard)
            if who:
                context.add_cookies([{"name": "sessionid", "value": self.session(who), "url": self.site.url}])
            self.contexts[who, scheme] = context
            context.new_page()
        return self.contexts[who, scheme].pages[0]

    def session(self, who: str) -> str:
        """Sign in once as this person, through the page that everybody uses."""
        if who not in self.sessions:
            password = json.loads(self.site.manage("shell", "--no-imports", "-c", _PASSWORD))
            context = self.browser.new_context(base_url=self.site.url)
            page = context.new_page()
            page.goto("/account/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", password)
            page.locator("#sign-in").evaluate("form => form.requestSubmit()")
            page.wait_for_url(lambda url: "/account/login/" not in url)
            cookies = {cookie.get("name"): cookie.get("value") for cookie in context.cookies()}
            self.sessions[who] = cookies["sessionid"]
            context.close()
        return str(self.sessions[who])

    def take(self, name: str, who: str, address: str, status: int) -> None:
        """Six pictures of one page: three widths, two colour schemes."""
        for scheme in SCHEMES:
            page = self.page_of(who, scheme)
            self._go(page, name, address, status)
            self._all_widths(page, f"{name}-{{width}}-{scheme}")

    def take_one(self, name: str, who: str, address: str, width: int) -> Path:
        """One picture for the README: what fits on a screen, in light."""
        page = self.page_of(who, "light")
        page.set_viewport_size({"width": width, "height": min(900, width * 5 // 8)})
        self._go(page, name, address, 200)
        self._keep(page, name, width, full_page=False)
        return self.folder / f"{name}.png"

    def take_refused(self, name: str, who: str, address: str, form: str) -> None:
        """A form that was sent with nothing in it."""
        for scheme in SCHEMES:
            page = self.page_of(who, scheme)
            self._go(page, name, address, 200)
            self.looking_at = ""  # the browser says in its console that it was answered 422
            with page.expect_navigation():
                page.locator(form).evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
            self._all_widths(page, f"{name}-{{width}}-{scheme}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and self.looking_at:
            self.remarks.append(f"{self.looking_at}: {message.text}")

    def _go(self, page: Page, name: str, address: str, status: int) -> None:
        self.looking_at = name if status == 200 else ""
        answer = page.goto(address, wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
        if answer is not None and answer.status != status:
            self.remarks.append(f"{name}: answered {answer.status}, not {status}")

    def _all_widths(self, page: Page, name: str) -> None:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            self._keep(page, name.format(width=width), width, full_page=True)

    def _keep(self, page: Page, name: str, width: int, *, full_page: bool) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.remarks.append(f"{name}: {wide} px wide in a window of {width}")
        page.screenshot(path=self.folder / f"{name}.png", full_page=full_page, animations="disabled", caret="hide")
        self.taken += 1


_PASSWORD = "import json; from blendedu.demo import PASSWORD; print(json.dumps(PASSWORD))"  # noqa: S105 -- of the demo


def main() -> None:
    place = find()
    if place is None:
        sys.exit("No browser of the Chromium family was found. Set CHROMIUM, or install the package chromium.")
    for_readme, only = bool(os.environ.get("README")), os.environ.get("ONLY", "")
    folder = IMAGES if for_readme else SHOTS
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as site, sync_playwright() as playwright:
        pages = json.loads(site.manage("demo", "--pages"))
        site.manage("shell", "--no-imports", "-c", STRETCH)
        site.manage("shell", "--no-imports", "-c", BOARDS)
        browser = playwright.chromium.launch(executable_path=place, args=arguments)
        album = Album(browser, site, folder)
        if for_readme:
            _for_readme(album, pages)
        else:
            _all(album, pages, only)
        browser.close()
    for remark in dict.fromkeys(album.remarks):
        print(remark)
    print(f"{album.taken} pictures in {folder.relative_to(ROOT)}/")


def _all(album: Album, pages: list[dict[str, Any]], only: str) -> None:  # Any: as the command prints them
    for each in pages:
        if only in each["name"]:
            album.take(**each)
    coach = "coach@example.org"
    for name, address in (
        ("long-title-course", "/courses/SAL-102/"),
        ("long-title-studio", "/courses/SAL-102/studio/"),
        ("long-title-list", "/courses/"),
    ):
        if only in name:
            album.take(name, coach, address, 200)
    for state in ("full", "empty", "broken"):
        for lens in LENSES:
            name = f"studio-{state}-{lens}"
            if only in name:
                album.take(name, "lecturer@example.org", f"/courses/{state.upper()}-1/studio/?lens={lens}", 200)
    if only in "error-422":
        album.take_refused("error-422", "administrator@example.org", "/institution/policy/new/", "#rule-form")


def _for_readme(album: Album, pages: list[dict[str, Any]]) -> None:  # Any: as the command prints them
    by_name = {each["name"]: each for each in pages}
    for name, width in README.items():
        each = by_name[name]
        path = album.take_one(name, each["who"], each["address"], width)
        if path.stat().st_size > LARGEST:
            album.remarks.append(f"{path.name}: {path.stat().st_size // 1000} kB, more than {LARGEST // 1000}")


if __name__ == "__main__":
    main()
