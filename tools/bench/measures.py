"""What is measured, and how."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.db import connection, transaction
from django.db.models import Max, Min
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities import jobs
from activities.models import Attempt
from blendedu.journal.models import Job, Notice
from blendedu.journal.services.jobs import enqueue
from courses.alignment import align
from courses.balance import weigh
from courses.findings import judge, read_answers, settings_in, unsettled
from courses.models import Design, Placement
from courses.queries.plan import plan_of
from tools.bench.processes import ROOT, Meter, Site, Spent, spending
from tools.bench.world import FIELDS, Person, World, submitted

if TYPE_CHECKING:
    from courses.models import Course, RunOffer

AT_ONCE = 16  # requests under way, where one kind of request is measured


class Failed(Exception):
    """Something answered in another way than it must; what was measured says nothing then."""


@dataclass
class Row:
    """One kind of request."""

    name: str
    count: int
    spent: Spent
    rate: float
    p50: float
    p95: float
    queries: int
    raw: int
    packed: int

    def per_request(self, *parts: str) -> float:
        """Processor milliseconds that these parts of the server took for one request."""
        seconds = sum(self.spent.parts.get(part, 0.0) for part in parts) if parts else self.spent.server
        return 1000 * seconds / self.count


@dataclass
class Whole:
    """Complete attempts, from the start to the marks."""

    count: int
    spent: Spent
    rate: float
    client: float
    p50: float
    p95: float
    requests: int
    polls: int
    steps: dict[str, tuple[float, float]]

    @property
    def cpu(self) -> float:
        """Processor seconds of the whole server for one attempt."""
        return self.spent.server / self.count


@dataclass
class Backlog:
    """Jobs that had piled up, worked off."""

    count: int
    seconds: float
    spent: Spent

    @property
    def rate(self) -> float:
        return self.count / self.seconds


@dataclass
class Preview:
    """A policy rule tried on every design."""

    designs: int
    seconds: float
    queries: int


@dataclass
class Visit:
    """The first time somebody opens a page: everything that their browser fetches."""

    name: str
    requests: int
    bytes: int
    foreign: tuple[str, ...]


@dataclass
class Results:
    """Everything that was measured."""

    rows: list[Row] = field(default_factory=list)
    attempts: Whole | None = None
    backlog: Backlog | None = None
    preview: Preview | None = None
    visits: list[Visit] = field(default_factory=list)
    sums: float | None = None
    yardstick: float = 0.0
    left_out: list[str] = field(default_factory=list)


# --- The client ------------------------------------------------------------------------------------------------------


class Browsers:
    """The client, in a process of its own, with everybody who is signed in."""

    def __init__(self, site: Site, people: list[Person]) -> None:
        self._people = {person.user.pk: number for number, person in enumerate(people)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench.client"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        students = [{"cookie": person.cookie, "token": person.token} for person in people]
        self._order({"do": "students", "port": site.port, "students": students})

    def load(self, people: list[Person], requests: list[list[dict[str, Any]]]) -> dict[str, Any]:
        """Each of these people sends these requests, one after the other; all people at once."""
        return self._order({"do": "load", "who": self._numbers(people), "requests": requests})

    def attempts(self, people: list[Person], pages: list[str]) -> dict[str, Any]:
        """Each of these people does each of these quizzes."""
        return self._order({"do": "attempts", "who": self._numbers(people), "pages": pages, "answers": FIELDS})

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _numbers(self, people: list[Person]) -> list[int]:
        return [self._people[person.user.pk] for person in people]

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline() or '{"failed": "The client ended."}')
        if failed := said.get("failed"):
            raise Failed(str(failed))
        if unexpected := said.get("unexpected"):
            raise Failed(f"Unexpected answers: {unexpected}\n{said.get('example')}")
        return said


def get(path: str, *, fragment: bool = False, expect: int = 200) -> dict[str, Any]:
    return {"method": "GET", "path": path, "fragment": fragment, "expect": expect}


def post(path: str, form: dict[str, Any], *, fragment: bool = True, expect: int = 200) -> dict[str, Any]:
    return {"method": "POST", "path": path, "form": form, "fragment": fragment, "expect": expect}


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else (values or [0.0])[0]


# --- In this process: queries and bytes ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One answer, looked at closely: statements sent to the database, and bytes as they are and packed by a proxy."""

    queries: int
    raw: int
    packed: int
    answer: Any  # Any: a response of Django's test client


def look_at(person: Person, request: dict[str, Any]) -> Look:
    """Ask once in this process, with the settings of the site, and count. What begins or ends a transaction is free."""
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    for part in person.cookie.split("; "):
        name, value = part.split("=", 1)
        client.cookies[name] = value
    extra: dict[str, Any] = {"secure": True, "HTTP_X_CSRFTOKEN": person.token, "HTTP_ORIGIN": "https://127.0.0.1"}
    if request["fragment"]:
        extra["HTTP_HX_REQUEST"] = "true"
    seen = 0

    def count(execute: Any, statement: Any, params: Any, many: Any, context: Any) -> Any:  # as Django calls it
        nonlocal seen
        seen += 1
        return execute(statement, params, many, context)

    with connection.execute_wrapper(count):
        answer = (
            client.get(request["path"], **extra)
            if request["method"] == "GET"
            else client.post(request["path"], request["form"], **extra)
        )
    if answer.status_code != request["expect"]:
        raise Failed(f"{request['path']}: {answer.status_code}\n{answer.content[:3000].decode()}")
    return Look(seen, len(answer.content), len(gzip.compress(answer.content, 6)), answer)


# --- Kinds of requests -----------------------------------------------------------------------------------------------


@dataclass
class Bench:
    """A running site, a world in it, and the instruments."""

    site: Site
    world: World
    meter: Meter
    browsers: Browsers

    def row(self, name: str, look: Look, people: list[Person], requests: list[list[dict[str, Any]]]) -> Row:
        """Measure one kind of request: each of these people sends theirs, one after the other."""
        with spending(self.meter) as spent:
            said = self.browsers.load(people, requests)
        seconds = said["seconds"]["request"]
        return Row(
            name,
            len(seconds),
            spent,
            rate=len(seconds) / said["took"],
            p50=statistics.median(seconds),
            p95=percentile(seconds, 95),
            queries=look.queries,
            raw=look.raw,
            packed=look.packed,
        )

    def page(self, name: str, path: str, people: list[Person]) -> Row:
        """A page, asked for by up to sixteen people at once, again and again."""
        who = people[:AT_ONCE]
        look_at(who[0], get(path))  # the first time fills caches; the second counts
        look = look_at(who[0], get(path))
        self.browsers.load(who, [[get(path)] * 3 for _person in who])
        return self.row(name, look, who, [[get(path)] * max(2, self.world.size.pages // len(who)) for _person in who])

    # --- Pages

    def pages(self) -> Iterable[Row]:
        world = self.world
        yield self.page("My week", reverse("courses:week"), world.students)
        course = reverse("courses:overview", args=[world.course.code])
        yield self.page("Course page, 40 activities", course, world.students)

    def studio(self) -> Iterable[Row]:
        """The boards of four lecturers, and what each of them moves on their own one, one move after the other."""
        world = self.world
        boards = [reverse("courses:studio", args=[course.code]) for course in world.studios]
        yield self.page("Studio, 40 activities", boards[0], world.lecturers[:1])
        yield self.page("Studio, 200 activities", reverse("courses:studio", args=[world.large.code]), world.lecturers)
        moves = [list(self._moves(course)) for course in world.studios]
        look = look_at(world.lecturers[0], moves[0].pop(0))
        yield self.row("Studio, one move on a board of 40", look, world.lecturers, moves)

    def _moves(self, course: Course) -> Iterable[dict[str, Any]]:
        """A card goes back and forth between two weeks; each move names the version that the one before has made."""
        card = Placement.objects.filter(design__course=course, moment="before").order_by("pk")[0]
        address = reverse("courses:placement-move", args=[course.code, card.pk])
        version = course.designs.get().plan_version
        for turn in range(max(4, self.world.size.pages // 40)):
            yield post(address, {"version": version + turn, "week": 2 - turn % 2, "moment": "before", "position": 1})

    def preview(self) -> Preview:
        """An administrator tries a rule on every design, and sees which would break it."""
        asked = {"measure": "environment_share:digital", "bound": "at_least", "limit": 40, "unit": self.world.unit.pk}
        path = f"{reverse('institution:rule-new')}?{urlencode(asked)}"
        person, turns = self.world.administrator, 8
        look = look_at(person, get(path, fragment=True))
        row = self.row("", look, [person], [[get(path, fragment=True)] * turns])
        return Preview(self.world.size.designs, row.per_request() / 1000, look.queries)

    # --- A quiz, step by step

    def looks_at_a_quiz(self, quiz: RunOffer) -> dict[str, Look]:
        """One attempt in this process, each step looked at."""
        page, person = self.world.page(quiz), self.world.students[0]
        looks = {"start": look_at(person, post(page + "start/", {}, expect=303))}
        look_at(person, get(page))
        looks["page"] = look_at(person, get(page))
        attempt = Attempt.objects.get(offer=quiz.offer, user=person.user, state=Attempt.State.OPEN)
        for revision, (key, fields) in enumerate(FIELDS):
            form = {"attempt": attempt.pk, "based_on": revision, "question": key, **fields}
            looks["answer"] = look_at(person, post(page + "answer/", form))
        looks["submit"] = look_at(person, post(page + "submit/", {"attempt": attempt.pk, "based_on": len(FIELDS)}))
        result = f"{page}result/?attempt={attempt.pk}"
        looks["poll"] = look_at(person, get(result, fragment=True, expect=204))
        self.site.go_on("worker")
        last = time.monotonic() + 20
        while Attempt.objects.get(pk=attempt.pk).state != Attempt.State.GRADED:
            if time.monotonic() > last:
                raise Failed("The worker does not grade.")
            time.sleep(0.1)
        looks["result"] = look_at(person, get(result, fragment=True))
        return looks

    def steps(self, quiz: RunOffer, other: RunOffer) -> Iterable[Row]:
        """The steps of an attempt measured apart, by all students at once; the worker pauses meanwhile."""
        people, page = self.world.students, self.world.page(quiz)
        self.site.pause("worker")
        looks = self.looks_at_a_quiz(other)
        self.site.pause("worker")

        def by_all(name: str, step: str, *requests: list[dict[str, Any]]) -> Row:
            return self.row(name, looks[step], people, list(requests))

        yield by_all("Quiz: start", "start", *([post(page + "start/", {}, expect=303)] for _person in people))
        yield by_all("Quiz: page with ten questions", "page", *([get(page)] * 5 for _person in people))
        begun = dict(Attempt.objects.filter(offer=quiz.offer).values_list("user_id", "pk"))
        mine = [begun[person.user.pk] for person in people]
        yield by_all(
            "Quiz: an answer is saved",
            "answer",
            *(
                [
                    post(page + "answer/", {"attempt": attempt, "based_on": revision, "question": key, **fields})
                    for revision, (key, fields) in enumerate(FIELDS)
                ]
                for attempt in mine
            ),
        )
        yield by_all(
            "Quiz: hand in",
            "submit",
            *([post(page + "submit/", {"attempt": attempt, "based_on": len(FIELDS)})] for attempt in mine),
        )
        yield by_all(
            "Quiz: is it graded?",
            "poll",
            *([get(f"{page}result/?attempt={attempt}", fragment=True, expect=204)] * 5 for attempt in mine),
        )
        self.site.go_on("worker")
        self.until_graded(quiz)
        yield by_all(
            "Quiz: the result",
            "result",
            *([get(f"{page}result/?attempt={attempt}", fragment=True)] * 3 for attempt in mine),
        )

    def until_graded(self, quiz: RunOffer, seconds: float = 90.0) -> None:
        """Wait until nothing of this quiz waits for the worker."""
        last = time.monotonic() + seconds
        while Attempt.objects.filter(offer=quiz.offer, state=Attempt.State.SUBMITTED).exists():
            self.site.complain_if_dead()
            if time.monotonic() > last:
                raise Failed("The worker does not come to an end.")
            time.sleep(0.2)

    # --- Whole attempts, and a backlog

    def attempts(self, quizzes: list[RunOffer]) -> Whole:
        """All students at once, each through all of these quizzes; the clock runs until the last mark is seen."""
        people = self.world.students
        with spending(self.meter) as spent:
            said = self.browsers.attempts(people, [self.world.page(quiz) for quiz in quizzes])
            self.until_mailed()
        whole = said["whole"]
        return Whole(
            count=len(whole),
            spent=spent,
            rate=len(whole) / said["took"],
            client=said["processor"],
            p50=statistics.median(whole),
            p95=percentile(whole, 95),
            requests=sum(map(len, said["seconds"].values())),
            polls=said["polls"],
            steps={kind: (statistics.median(each), percentile(each, 95)) for kind, each in said["seconds"].items()},
        )

    def until_mailed(self, seconds: float = 30.0) -> None:
        """The letters about the marks are part of the bill, though nobody waits for them."""
        last = time.monotonic() + seconds
        while Notice.objects.filter(mail__in=[Notice.Mail.DUE, Notice.Mail.SENDING]).exists():
            if time.monotonic() > last:
                raise Failed("Letters are still waiting.")
            time.sleep(0.1)

    def backlog(self, quiz: RunOffer) -> Backlog:
        """So many attempts were handed in while no worker ran; how fast are they graded when it comes back?"""
        now, count = timezone.now(), self.world.size.backlog
        made = submitted(self.world, quiz, count, at=now)
        self.site.pause("worker")
        for attempt in made:
            with transaction.atomic():
                enqueue(jobs.GRADE, attempt.pk, at=now)
        with spending(self.meter) as spent:
            self.site.go_on("worker")
            self.until_graded(quiz)
            self.until_mailed()
        rows = Job.objects.filter(kind=jobs.GRADE, ref__in=[attempt.pk for attempt in made], state=Job.State.DONE)
        ends = rows.aggregate(first=Min("finished_at"), last=Max("finished_at"))
        if rows.count() != count:
            raise Failed(f"{rows.count()} of {count} jobs are done.")
        return Backlog(count, (ends["last"] - ends["first"]).total_seconds(), spent)


# --- The first visit -------------------------------------------------------------------------------------------------


class Fetched(HTMLParser):
    """What a browser fetches for a page, as far as its HTML says so."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        kinds = set((said.get("rel") or "").split())
        if tag == "link" and kinds & {"stylesheet", "icon", "preload", "modulepreload", "manifest"}:
            self.addresses.append(said.get("href") or "")
        elif tag in {"script", "img", "source", "video", "audio", "iframe", "track"} and said.get("src"):
            self.addresses.append(said["src"] or "")
        elif tag == "use" and (href := said.get("href")):
            self.addresses.append(href)


STYLE_ADDRESS = re.compile(r"""url\(["']?([^"')]+)["']?\)|@import\s+["']([^"']+)["']""")
SCRIPT_ADDRESS = re.compile(r"""(?:import|from)\s*\(?["'](\.[^"']+|/[^"']+)["']""")


def first_visit(site: Site, name: str, path: str, person: Person | None) -> Visit:
    """Fetch a page and everything it names, each once and packed as the server packs it."""
    fetched: dict[str, int] = {}
    foreign: set[str] = set()
    waiting = [path]
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        if not address or address in fetched or address.startswith("data:"):
            continue
        if urlsplit(address).netloc not in {"", site.origin}:
            foreign.add(address)
            continue
        kind, packed, text = _fetch(site, address, person)
        fetched[address] = packed
        if kind == "text/html":
            parser = Fetched()
            parser.feed(text)
            waiting += [urljoin(address, each) for each in parser.addresses]
        elif kind == "text/css":
            waiting += [urljoin(address, a or b) for a, b in STYLE_ADDRESS.findall(text)]
        elif "javascript" in kind:
            waiting += [urljoin(address, each) for each in SCRIPT_ADDRESS.findall(text)]
    return Visit(name, len(fetched), sum(fetched.values()), tuple(sorted(foreign)))


def _fetch(site: Site, address: str, person: Person | None) -> tuple[str, int, str]:
    """Its kind, how many bytes it travels as, and its text. A page is packed by the proxy: counted as gzip makes it."""
    connected = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    headers = {"X-Forwarded-Proto": "https", "Accept-Encoding": "br, gzip"}
    if person is not None:
        headers["Cookie"] = person.cookie
    connected.request("GET", address, headers=headers)
    answer = connected.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise Failed(f"{address}: {answer.status} on a first visit.")
    kind = (answer.getheader("Content-Type") or "").partition(";")[0]
    encoding = answer.getheader("Content-Encoding")
    connected.close()
    if encoding is None:
        readable = kind.startswith("text/") or "javascript" in kind or "svg" in kind
        return kind, len(gzip.compress(body, 6)) if readable else len(body), body.decode("utf-8", "replace")
    text = ""
    if kind == "text/css" or "javascript" in kind:  # what else it names, asked for again without packing
        connected.request("GET", address, headers={**headers, "Accept-Encoding": "identity"})
        text = connected.getresponse().read().decode()
        connected.close()
    return kind, len(body), text


# --- The machine -----------------------------------------------------------------------------------------------------


def yardstick() -> float:
    """Milliseconds of processor time for a fixed loop of plain Python, the median of five.

    Figures of two machines can be compared when each is divided by this.
    """

    def once() -> float:
        began, total = time.process_time(), 0
        for number in range(1_000_000):
            total = (total * 31 + number) % 1_000_003
        return 1000 * (time.process_time() - began)

    return statistics.median(once() for _turn in range(5))


# --- Sums ------------------------------------------------------------------------------------------------------------


def sums() -> float:
    """Milliseconds to weigh, judge and align a design of two hundred activities, as every answer to a move does."""
    design = Design.objects.select_related("course").get(course__code="bench-large")
    plan = plan_of(design)

    def once() -> float:
        began = time.process_time()
        found = judge(plan, settings_in(design.course.framework), balance=weigh(plan))
        unsettled(found, read_answers(design.course.answered))
        align(plan)
        return 1000 * (time.process_time() - began)

    return statistics.median(once() for _turn in range(15))
