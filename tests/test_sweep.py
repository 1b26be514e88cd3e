"""The sweep: every persona at every address of the product, with the objects of the demo world."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from blendedu.demo.world import World
from tests.sweep_table import NAMES, PERSONAS, ROWS, Places, Row

pytestmark = pytest.mark.django_db

# The tables that reading a page may write: the session itself.
MAY_BE_WRITTEN = ("django_session",)
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)
PAGE_MAX_BYTES = 600_000


def addresses(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every name of the urlconf, with its namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern.url_patterns, inside)
        elif pattern.name:
            yield ":".join([*spaces, pattern.name])


def ours(name: str) -> bool:
    """The pages of the libraries for sign-in and administration have their own tests, here and upstream."""
    return not name.startswith(("account_", "mfa_", "socialaccount_", "admin:"))


def test_every_address_has_a_row() -> None:
    names = {name for name in addresses(get_resolver().url_patterns) if ours(name)}

    assert sorted(names - ROWS.keys()) == [], "Add a row for each of these to tests/sweep_table.py."
    assert sorted(ROWS.keys() - names) == [], "These rows of tests/sweep_table.py name no address any more."


@pytest.mark.parametrize("persona", NAMES)
def test_every_page_answers_as_the_table_says(demo_world: World, persona: str) -> None:
    client = client_of(demo_world, persona)
    places = Places(demo_world)
    wrong = []

    for name, row, address in walk(places):
        with reading_only():
            response = client.get(address)
        expected = row.answers[persona]
        if response.status_code != expected:
            wrong.append(f"{name} {address}: {response.status_code}, not {expected}")
        elif persona == "anonymous" and expected == 302 and "/account/login/" not in response["Location"]:
            wrong.append(f"{name} {address}: sent to {response['Location']} and not to sign in")
        elif "text/html" in response["Content-Type"] and response.status_code != 302:
            wrong += [f"{name} {address}: {problem}" for problem in problems_of(body_of(response))]

    assert "\n".join(wrong) == ""


def test_what_a_stranger_sends_is_refused(demo_world: World) -> None:
    client = client_of(demo_world, "outsider")
    places = Places(demo_world)
    wrong = []

    for name, row, address in walk(places):
        if row.sent_by_outsider is None:
            continue
        with reading_only():
            status = client.post(address, {"title": "x", "text": "x"}).status_code
        if status != row.sent_by_outsider:
            wrong.append(f"{name} {address}: {status}, not {row.sent_by_outsider}")

    assert "\n".join(wrong) == ""


# --- The library pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", NAMES)
def test_nobody_of_the_demo_reaches_the_administration_of_rows(demo_world: World, persona: str) -> None:
    client = client_of(demo_world, persona)

    statuses = {client.get(reverse(f"admin:{name}")).status_code for name in ("index", "people_user_changelist")}

    assert statuses == {302}


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_email", "account_logout", "mfa_index", "socialaccount_connections"],
)
def test_the_pages_of_an_account_are_whole(demo_world: World, name: str) -> None:
    response = client_of(demo_world, "student").get(reverse(name), follow=True)

    assert response.status_code == 200
    assert problems_of(body_of(response)) == []


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_the_pages_before_signing_in_are_whole(demo_world: World, name: str) -> None:
    response = Client().get(reverse(name))

    assert response.status_code == 200
    assert problems_of(body_of(response)) == []


# --- Walking --------------------------------------------------------------------------------------------------------


def client_of(world: World, persona: str) -> Client:
    client = Client()
    name = PERSONAS[persona]
    if name is not None:
        client.force_login(world.people[name])
    return client


def walk(places: Places) -> Iterator[tuple[str, Row, str]]:
    """Every row with its address."""
    for name, rows in ROWS.items():
        for row in rows:
            address = reverse(name, args=row.arguments(places))
            yield name, row, f"{address}?{row.query}" if row.query else address


class Wrote(AssertionError):
    """A page that is only read has written to the database."""


class reading_only:
    """Within this, a statement that changes anything but the session is an error; what it did is taken back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.wrapper = connection.execute_wrapper(self.refuse)
        self.wrapper.__enter__()

    def __exit__(self, *error: Any) -> None:  # Any: as Python leaves a block
        self.wrapper.__exit__(*error)
        transaction.set_rollback(True)
        self.atomic.__exit__(*error)

    @staticmethod
    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # Any: as Django
        found = WRITES.match(sql)
        if found and found[2] not in MAY_BE_WRITTEN:
            raise Wrote(sql[:200])
        return execute(sql, params, many, context)


# --- What makes a page whole -----------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What the sweep wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.title = ""
        self.headings = 0
        self.ids: Counter[str] = Counter()
        self.inline: list[str] = []
        self.assets: list[str] = []
        self.labels_for: set[str] = set()
        self.is_whole = "<html" in html
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        if tag == "h1":
            self.headings += 1
        if tag == "title":
            self._in_title = not self.title
        if identity := given.get("id"):
            self.ids[identity] += 1
        self.inline += [f"{name}=" for name in given if name == "style" or re.match(r"on[a-z]+$|hx-on", name)]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.inline.append(f"<{tag}>")
        if tag in {"script", "img", "source", "video", "audio", "track", "iframe", "embed", "object"}:
            self.assets.append(given.get("src") or given.get("data") or "")
        if tag == "link" and given.get("rel") != "canonical":
            self.assets.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()


def body_of(response: Any) -> str:  # Any: a response of the test client
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers["Content-Type"] == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return str(content.decode())


def problems_of(html: str) -> list[str]:
    """What is wrong with a page, in words; nothing for a page that is whole."""
    page = Page(html)
    problems = [f"the id {name!r} is there {count} times" for name, count in page.ids.items() if count > 1]
    problems += [f"{what} in the page" for what in sorted(set(page.inline))]
    problems += [f"asks another host for {url}" for url in page.assets if re.match(r"(https?:)?//", url)]
    problems += [f"shows {braces}" for braces in ("{{", "{%", "{#") if braces in html]
    if len(html) > PAGE_MAX_BYTES:
        problems.append(f"has {len(html) // 1000} kB of HTML")
    if page.is_whole:
        if page.headings != 1:
            problems.append(f"has {page.headings} h1 headings")
        if not page.lang:
            problems.append("does not say its language")
        if not page.title:
            problems.append("has no title")
    return problems


def test_a_page_that_is_whole_has_no_problems() -> None:
    html = '<html lang="en"><title>Week</title><h1 id="a">Week</h1><script src="/static/app.js"></script></html>'

    assert problems_of(html) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<html lang="en"><title>Week</title></html>', "has 0 h1 headings"),
        ("<html><title>Week</title><h1>Week</h1></html>", "does not say its language"),
        ('<html lang="en"><h1>Week</h1></html>', "has no title"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' is there 2 times"),
        ('<p style="color:red"></p>', "style= in the page"),
        ('<button onclick="go()"></button>', "onclick= in the page"),
        ("<script>go()</script>", "<script> in the page"),
        ('<img src="https://elsewhere.example/x.png">', "asks another host for https://elsewhere.example/x.png"),
        ("<p>{{ title }}</p>", "shows {{"),
    ],
)
def test_a_page_that_is_not_whole_is_found_out(html: str, problem: str) -> None:
    assert problems_of(html) == [problem]
