"""Two hundred students at their browsers, as one process: asks over HTTP and measures how long answers take.

Speaks lines of JSON on its standard input and output, and knows nothing of Django: `python -m tools.bench.client`.
Each student has a connection that stays open, a session and a CSRF token, and sends what a browser behind the proxy
would send. Written for little processor time of its own, because it shares the machine with the server.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

ATTEMPT = re.compile(rb'data-attempt="(\d+)"')
# As static/js/quiz.js asks for its result: soon, then less and less often.
FIRST_LOOK, SLOWER, SLOWEST = 0.3, 1.5, 8.0
PATIENCE = 120.0

Json = dict[str, Any]  # Any: what came as JSON


@dataclass(slots=True)
class Answer:
    """What the server said."""

    status: int
    head: bytes
    body: bytes
    seconds: float


class Lost(Exception):
    """The server closed the connection in the middle of an answer."""


class Line(asyncio.Protocol):
    """One connection that is kept open."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[Answer] | None = None
        self.buffer = bytearray()
        self.needed = -1
        self.head_end = 0
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Lost())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.needed < 0:
            self.head_end = self.buffer.find(b"\r\n\r\n")
            if self.head_end < 0:
                return
            self.needed = self.head_end + 4 + self._length()
        if len(self.buffer) >= self.needed and self.waiting is not None:
            head, body = bytes(self.buffer[: self.head_end]), bytes(self.buffer[self.head_end + 4 :])
            self.buffer.clear()
            self.needed = -1
            self.waiting.set_result(Answer(int(head[9:12]), head, body, time.perf_counter() - self.began))

    def _length(self) -> int:
        head = bytes(self.buffer[: self.head_end]).lower()
        place = head.find(b"content-length:")
        if place >= 0:
            return int(head[place + 15 :].split(b"\r\n", 1)[0])
        if b"transfer-encoding" in head:
            raise ValueError("The server answers in chunks, which this client does not read.")
        return 0


@dataclass
class Student:
    """A signed-in person with one connection."""

    port: int
    cookie: str
    token: str
    line: Line | None = None
    reconnected: int = 0

    def request(self, method: str, path: str, form: Json | None = None, *, fragment: bool = False) -> bytes:
        """The bytes that a browser sends, behind a proxy that speaks https with it."""
        origin = f"https://127.0.0.1:{self.port}"
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "X-Forwarded-Proto: https",
            "X-Forwarded-For: 192.0.2.1",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-GB,en;q=0.7",
            "Accept-Encoding: gzip, deflate, br",
            f"Cookie: {self.cookie}",
        ]
        body = ""
        if fragment:
            lines.append("HX-Request: true")
        if form is not None:
            body = urlencode(form, doseq=True)
            lines += [
                f"Origin: {origin}",
                f"Referer: {origin}/",
                f"X-CSRFToken: {self.token}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    async def send(self, request: bytes) -> Answer:
        """Ask once; a connection that the server closed between two requests is opened again, as browsers do."""
        for last in (False, True):
            line = self.line
            if line is None or line.transport is None:
                loop = asyncio.get_running_loop()
                _transport, line = await loop.create_connection(Line, "127.0.0.1", self.port)
                self.line = line
            assert line.transport is not None
            line.waiting = asyncio.get_running_loop().create_future()
            line.began = time.perf_counter()
            line.transport.write(request)
            try:
                return await line.waiting
            except Lost:
                self.line = None
                self.reconnected += 1
                if last:
                    raise
        raise AssertionError("The last turn returns or raises.")

    async def ask(self, method: str, path: str, form: Json | None = None, *, fragment: bool = False) -> Answer:
        return await self.send(self.request(method, path, form, fragment=fragment))


@dataclass
class Timings:
    """How long answers took, by kind; and how many had another status than expected."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    unexpected: dict[str, int] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, answer: Answer, *expected: int) -> None:
        self.seconds.setdefault(kind, []).append(answer.seconds)
        if answer.status not in expected:
            name = f"{kind}: {answer.status}"
            self.unexpected[name] = self.unexpected.get(name, 0) + 1
            self.example.setdefault(name, answer.body[:300].decode(errors="replace"))


async def load(students: list[Student], order: Json) -> Json:
    """Each student sends the requests of their own list, one after the other; all students at once."""
    timings = Timings()

    async def one(student: Student, requests: list[Json]) -> None:
        made = [
            (student.request(r["method"], r["path"], r.get("form"), fragment=r.get("fragment", False)), r["expect"])
            for r in requests
        ]
        for request, expected in made:
            timings.note("request", await student.send(request), expected)

    # Connections are opened first: a browser has them, and they are no part of what a page costs.
    for student in students:
        await student.ask("GET", "/healthz")
    began = time.perf_counter()
    await asyncio.gather(*map(one, students, order["requests"]))
    return {"took": time.perf_counter() - began, **vars(timings)}


async def attempts(students: list[Student], order: Json) -> Json:
    """Each student does each quiz: starts, answers one question after the other, hands in, waits for the marks."""
    timings = Timings()
    whole: list[float] = []
    polls = 0

    async def one(student: Student, page: str) -> None:
        nonlocal polls
        began = time.perf_counter()
        timings.note("start", await student.ask("POST", page + "start/", {}), 303)
        opened = await student.ask("GET", page)
        timings.note("quiz page", opened, 200)
        found = ATTEMPT.search(opened.body)
        if found is None:
            raise ValueError("There is no attempt on the page:\n" + opened.body.decode()[:3000])
        attempt = found[1].decode()
        for revision, (key, fields) in enumerate(order["answers"]):
            form = {"attempt": attempt, "based_on": revision, "question": key, **fields}
            timings.note("answer", await student.ask("POST", page + "answer/", form, fragment=True), 200)
        form = {"attempt": attempt, "based_on": len(order["answers"])}
        timings.note("submit", await student.ask("POST", page + "submit/", form, fragment=True), 200)
        pause = FIRST_LOOK
        while True:
            await asyncio.sleep(pause)
            polls += 1
            seen = await student.ask("GET", f"{page}result/?attempt={attempt}", fragment=True)
            timings.note("poll" if seen.status == 204 else "result", seen, 200, 204)
            if seen.status == 200:
                break
            pause = min(pause * SLOWER, SLOWEST)
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError("No marks after two minutes.")
        whole.append(time.perf_counter() - began)

    async def all_of(student: Student) -> None:
        for page in order["pages"]:
            await one(student, page)

    for student in students:
        await student.ask("GET", "/healthz")
    began = time.perf_counter()
    await asyncio.gather(*map(all_of, students))
    return {"took": time.perf_counter() - began, "whole": whole, "polls": polls, **vars(timings)}


JOBS = {"load": load, "attempts": attempts}


async def main() -> None:
    students: list[Student] = []
    for text in sys.stdin:
        order = json.loads(text)
        before = time.process_time()
        if order["do"] == "students":
            students = [Student(order["port"], each["cookie"], each["token"]) for each in order["students"]]
            said: Json = {}
        else:
            picked = [students[number] for number in order["who"]]
            try:
                said = await JOBS[order["do"]](picked, order)
            except Exception as error:  # noqa: BLE001 -- told to the parent, which stops
                said = {"failed": repr(error)}
        said["processor"] = time.process_time() - before
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
