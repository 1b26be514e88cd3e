"""Nothing that is sent breaks a page: every form of the product, found in its pages, filled with what no browser sends.

The forms are read from the pages of the demo world, so a new form is here without a line of its own. What no page
holds as a form, because a script sends it or it stands behind another click, has its fields in FIELDS; an address that
takes something and is in neither fails the test of the addresses. Each field in turn
gets something that it was not made for, while the others keep what the page gave them: so the nonsense comes as deep
as it can. The answer may be any refusal, but never a crash, and a refusal leaves the database as it was.

Here every field meets some of the nonsense, and every nonsense some field. FUZZ=all lets each meet each: 12,000 forms.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.urls import resolve, reverse
from django.utils.http import urlencode

from activities import registry
from blendedu.demo.world import World
from tests.sweep_table import Places, programme_outcome
from tests.test_sweep import MAY_BE_WRITTEN, WRITES, body_of, client_of, ours, walk

pytestmark = pytest.mark.django_db

# Whoever has many forms sends them on the database that production uses, which is also the one that minds.
ON_POSTGRES = pytest.mark.services
SENDERS = ("student", *(pytest.param(name, marks=ON_POSTGRES) for name in ("lecturer", "coach", "administrator")))
EVERYTHING = os.environ.get("FUZZ") == "all"
NONSENSE = {
    "nothing": "",
    "a null byte": "a\x00b",
    "a huge number": "9" * 400,
    "a number beyond the database": str(2**63),
    "a negative number": "-1",
    "a digit that is none": "²",
    "not a number": "NaN",
    "infinity": "1e9999",
    "a long text": "x" * 100_000,
    "markup": "<script>alert(1)</script>\u202e\u0000",
    "the first day": "0001-01-01T00:00",
    "the last day": "9999-12-31T23:59",
    "no day": "2026-02-31",
    "broken JSON": '{"a": [',
    "JSON without end": "[" * 5000,
    "a path": "../../../etc/passwd",
    "a formula": "=HYPERLINK(1)",
    "lines": "a\r\nBcc: b@example.org\r\n\r\nc",
    "half a list": 'name;e-mail\nA;a@example.org;;\x00\n;;;;;;;\n"',
}
BODIES = {
    "nothing at all": ("application/x-www-form-urlencoded", b""),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"title=\xff\xfe&text=%ff%00&attempt=%ed%a0%80"),
    "JSON": ("application/json", b'{"title": "x", "text": "\\ud800"}'),
    "a form without an end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="t"\r\n',
    ),
    "a form without a boundary": ("multipart/form-data", b"title=x"),
    "a form in no known letters": ("application/x-www-form-urlencoded; charset=klingon", b"title=x"),
    "a file under an odd name": (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="../\xff\x00.pdf"\r\n\r\n%PDF-\x00\r\n'
            b"--x--\r\n"
        ),
    ),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(3000))),
    "too much": ("application/x-www-form-urlencoded", b"text=" + b"x" * 3_000_000),
}


FILES = {
    "an empty file": ("a.pdf", b""),
    "a page": ("a.html", b"<script>alert(1)</script>"),
    "a page that says it is a picture": ("a.png", b"<svg onload=alert(1)>"),
    "a name with a path": ("..\\..\\/a\r\nX: y.pdf", b"%PDF-1.7 x"),
    "a name without letters": ("\u202e.\u0000", b"%PDF-1.7 x"),
    "bytes as a list": ("a.csv", b"\xff\xfe\x00name;mail\x00\n" * 50),
    "captions that are none": ("a.vtt", b"WEBVTT\n\n99:99 --> x\n\x00"),
    "a video that is none": ("a.mp4", b"\x00\x00\x00\x20ftypisom" + b"\xff" * 4000),
}
# What any page is asked with, in its address.
ASKED = (
    *("page", "design", "number", "of", "edit", "add", "type", "week", "moment", "pin", "key", "q", "stage", "show"),
    *(
        "dimension",
        "value",
        "text",
        "lens",
        "view",
        "env",
        "ltype",
        "timing",
        "outcome",
        "gap",
        "sort",
        "sel",
        "term",
        "cohort",
        "course",
        "post",
        "attempt",
        "run",
        "by",
        "seed",
        "title",
    ),
    *("expected", "measure", "bound", "limit", "unit", "credits_from", "environment", "learning_type", "kind", "next"),
)


# What scripts send, and forms that a page shows only after something else was done: address, fields as they would be.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "courses:card-lock": {"do": "take"},
    "courses:finding-answer-withdraw": {"design": "4", "state": "answered", "class": ""},
    "courses:here": {"design": "4", "version": "1", "editing": "1", "active": "on", "seen": ""},
    "courses:link-edit": {"note": "Used in class", "version": "1"},
    "courses:material-back": {"token": "1"},
    "courses:pattern-compare": {"pattern": "1", "week": "1", "design": "4", "card": "1", "version": "1"},
    "courses:placement-estimate": {"minutes": "20", "seconds": "5", "pages": "4", "purpose": "study", "seen": ""},
    "courses:placement-field": {"field": "minutes", "value": "90", "seen": "", "version": "1", "view": ""},
    "courses:publication-undo": {},
    "courses:question-add": {"kind": "single", "text": "Why?", "points": "1", "seen": ""},
    "courses:question-back": {"token": "1"},
    "courses:redo": {"version": "1"},
    "courses:review-publish": {"version": "1"},
    "courses:review-withdraw": {},
    "courses:step-redo": {"step": "1", "version": "1"},
    "courses:storyboard-add": {"text": "watch a clip 20m", "week": "1", "moment": "before"},
    "courses:storyboard-lead": {},
    "courses:version-restore": {"version": "1"},
    # These take nothing but their address.
    **{
        name: {}
        for name in (
            *("home", "journal:inbox-read", "journal:notice-open", "institution:rule-withdraw"),
            *("programmes:outcome-remove", "courses:comment-settle", "courses:design-next", "courses:group-remove"),
            *("courses:link-remove", "courses:material-remove", "courses:member-leave", "courses:pattern-withdraw"),
            *("courses:question-remove", "courses:questions-minutes", "courses:remark-remove", "courses:step-undo"),
        )
    },
}


class Draw:
    """Which nonsense is next: a few for each field, going round, so that all of it is sent somewhere."""

    def __init__(self, few: int) -> None:
        self._few = few
        self._rounds: dict[int, Iterator[Any]] = {}
        self._known: set[tuple[object, ...]] = set()

    def some(self, things: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The next few of these things, or all of them."""
        if EVERYTHING:
            return iter(things.items())
        return islice(self._rounds.setdefault(id(things), cycle(things.items())), self._few)

    def is_new(self, *what: object) -> bool:
        """Whether this was not drawn for yet: the same field of the same address need not be tried in every form."""
        known = what in self._known
        self._known.add(what)
        return EVERYTHING or not known

    def one(self, names: Mapping[str, Any]) -> list[str]:
        """The first name, or all of them."""
        return list(names)[: None if EVERYTHING else 1]


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    on_page: bool = False  # a page shows it as a form, with its fields

    @property
    def kind(self) -> tuple[object, ...]:
        """What tells it from other forms: where it goes, by name, and with which fields."""
        match = resolve(self.action)
        return (match.view_name, match.kwargs.get("action"), *sorted({*self.fields, *self.files}))

    def sendings(self, draw: Draw) -> Iterator[tuple[str, dict[str, object]]]:
        """What to send, and in words what is wrong with it."""
        if self.fields:
            yield "as it stands", self.sent({})
        for name in dict.fromkeys([*self.fields, *(name for name, _value in self.buttons)]):
            if not draw.is_new(*self.kind[:2], name):
                continue
            for words, value in draw.some(NONSENSE):
                yield f"{name}: {words}", self.sent({name: [value]})
        for name in draw.one(self.fields):
            yield f"without {name}", {key: value for key, value in self.sent({}).items() if key != name}
            yield f"{name}: three times", self.sent({name: [*self.fields[name], "zzz", "zzz"]})
        for name in self.files:
            for words, (given, body) in draw.some(FILES):
                yield f"{name}: {words}", self.sent({name: SimpleUploadedFile(given, body)})

    def sent(self, instead: Mapping[str, object]) -> dict[str, object]:
        first = dict(self.buttons[:1])
        return {**{name: [value] for name, value in first.items()}, **self.fields, **instead}


class Forms(HTMLParser):
    """The forms of a page that send something."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address.partition("?")[0]
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select: str = ""
        self._text: str = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if posted := given.get("hx-post"):
            self.found.append(Form(posted))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action") or self.address, on_page=True)
            self.found.append(self._form)
        if self._form is None or not (name := given.get("name", "")):
            if self._form is not None and tag == "option" and self._select and "selected" in given:
                self._form.fields[self._select] = [given.get("value", "")]
            return
        values = self._form.fields.setdefault(name, []) if tag != "button" else []
        kind = given.get("type", "text")
        if tag == "button" or kind == "submit":
            self._form.buttons.append((name, given.get("value", "")))
        elif kind == "file":
            self._form.files.add(name)
            del self._form.fields[name]
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = name
        elif kind not in {"checkbox", "radio"} or "checked" in given:
            values.append(given.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text:
            self._form.fields[self._text].append(data.removeprefix("\n"))
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._text = ""


def pages_of(places: Places) -> Iterator[str]:
    """Every page of the sweep, and the forms that only a query opens."""
    for _name, _row, address in walk(places):
        yield address
    for known in registry.every():
        yield reverse("courses:placement-add", args=["MKC-101"]) + f"?type={known.key}&week=2&moment=before"
    assessed = places.placement("Campaign plan").pk
    yield reverse("courses:assessment", args=["MKC-101"]) + f"?edit={assessed}"
    programme, aim = programme_outcome(places)
    yield reverse("programmes:map", args=[programme]) + f"?edit={aim}"
    yield reverse("programmes:map", args=[programme]) + f"?remove={aim}"


def forms_of(client: Client, places: Places) -> list[Form]:
    """One form of each kind that this person is shown, and one without fields for every address of the product."""
    found: dict[tuple[object, ...], Form] = {}
    for address in dict.fromkeys(pages_of(places)):
        response = client.get(address)
        if response.status_code == 200 and "text/html" in response["Content-Type"]:
            for form in Forms(body_of(response), address).found:
                if "logout" in form.action:
                    continue
                found.setdefault(form.kind, form)
        path = address.partition("?")[0]
        for fields in ({}, FIELDS.get(resolve(path).view_name, {})):
            form = Form(path, {name: [value] for name, value in fields.items()})
            found.setdefault(form.kind, form)
    return list(found.values())


class Watched:
    """Within this, everything that is written is taken back at the end, and what was written is known."""

    def __enter__(self) -> Watched:
        self.written: list[str] = []
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:  # Any: as Python leaves a block
        self._wrapper.__exit__(*error)
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # as Django
        if sql.startswith("ROLLBACK TO SAVEPOINT"):
            self.written.clear()
        found = WRITES.match(sql)
        if found and found[2] not in MAY_BE_WRITTEN:
            self.written.append(sql[:100])
        return execute(sql, params, many, context)


def problem_of(send: Callable[[], Any], about: str) -> str:
    """What is wrong with an answer, in words; empty when nothing is."""
    with Watched() as watched:
        try:
            response = send()
        except Exception as error:  # noqa: BLE001 -- whatever comes out of a page is the finding
            return f"{about}: {type(error).__name__}: {str(error)[:200]}"
    if response.status_code >= 500:
        return f"{about}: {response.status_code}"
    if response.status_code >= 400 and watched.written:
        return f"{about}: {response.status_code}, and yet {watched.written[0]}"
    return ""


def sender_of(world: World, persona: str) -> Client:
    """A browser of this person that is checked as those of real people: the check reads a body before any view does."""
    client = client_of(world, persona)
    secret = _get_new_csrf_string()
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = secret
    client.defaults["HTTP_X_CSRFTOKEN"] = secret
    return client


@pytest.mark.parametrize("persona", SENDERS)
def test_no_form_is_broken_by_what_is_sent(demo_world: World, persona: str) -> None:
    client, draw = sender_of(demo_world, persona), Draw(1)
    found = []

    for form in forms_of(client, Places(demo_world)):
        for words, data in form.sendings(draw):
            found.append(problem_of(lambda: client.post(form.action, data), f"{form.action} {words}"))  # noqa: B023
        for words, (kind, body) in draw.some(BODIES):
            send = lambda: client.generic("POST", form.action, body, kind)  # noqa: B023, E731
            found.append(problem_of(send, f"{form.action} {words}"))

    assert "\n".join(filter(None, found)) == ""


@ON_POSTGRES
def test_every_address_that_takes_something_is_met_with_its_fields(demo_world: World) -> None:
    """A new address has a row in the sweep, or its test fails; here it also has a form that is found, or its fields."""
    takes: set[str] = set()
    met: set[str] = set()

    for persona in ("lecturer", "coach", "administrator", "student"):
        client = sender_of(demo_world, persona)
        for form in forms_of(client, Places(demo_world)):
            name = resolve(form.action).view_name
            if form.on_page:
                met.add(name)
            if ours(name) and name not in takes:
                with Watched():
                    takes |= {name} if client.post(form.action).status_code != 405 else set()

    assert sorted(takes - met - FIELDS.keys()) == [], "Give each of these its fields in FIELDS."
    assert sorted(FIELDS.keys() - takes) == [], "These take nothing any more."


@pytest.mark.parametrize("persona", SENDERS)
def test_no_page_is_broken_by_what_is_asked(demo_world: World, persona: str) -> None:
    client, draw = client_of(demo_world, persona), Draw(2)
    found = []

    for address in dict.fromkeys(address.partition("?")[0] for address in pages_of(Places(demo_world))):
        for words, value in draw.some(NONSENSE):
            query = urlencode(dict.fromkeys(ASKED, value[:2000]))
            found.append(problem_of(lambda: client.get(f"{address}?{query}"), f"{address} {words}"))  # noqa: B023

    assert "\n".join(filter(None, found)) == ""
