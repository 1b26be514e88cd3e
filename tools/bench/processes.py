"""The site's processes, and the processor time that each part of the server took."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis

from tools.bench.ground import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.bench.ground import Ground

ROOT = Path(__file__).resolve().parent.parent.parent
TICK = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.25
SERVER = ("web", "worker", "beat", "database", "redis")
# What PostgreSQL does for everybody is counted as ours, although others may use the same server.
POSTGRES_SHARED = ("walwriter", "checkpointer", "background writer")


# --- The site --------------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """The three processes of the product, each the parent of its own."""

    port: int
    said: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self.port}"

    def pause(self, name: str) -> None:
        """Stop a part in the middle of whatever it does, as a machine that is too busy would."""
        self._signal(name, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: int) -> None:
        for pid in tree(self.processes[name].pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        for name, process in self.processes.items():
            self.go_on(name)
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def complain_if_dead(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"The {name} ended. It said:\n" + self.said.read_text(errors="replace")[-4000:])


def commands(*, embedded: bool, data: Path) -> dict[str, list[str]]:
    """What docker-compose.yml starts, or what `make run` does where there are no PostgreSQL and Redis."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "blendedu", "--quiet"]
    pool = ["-P", "threads", "-c", "2"] if embedded else ["-P", "prefork", "-c", "2", "--max-tasks-per-child", "5000"]
    return {
        "web": [*python, "gunicorn", "-c", "python:blendedu.site.gunicorn", "blendedu.wsgi"],
        "worker": [*celery, "worker", *pool],
        "beat": [*celery, "beat", "--schedule", str(data / "schedule"), "--pidfile", ""],
    }


@contextlib.contextmanager
def running(ground: Ground) -> Iterator[Site]:
    """The whole site, until the end of the block."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    data = Path(ground.environment["BLENDEDU_DATA"])
    site = Site(port, ground.folder / "said.txt")
    environment = {
        **os.environ,
        **ground.environment,
        "BLENDEDU_BIND": site.origin,
        "WEB_CONCURRENCY": "1" if ground.embedded else "2",
        "BLENDEDU_THREADS": "8" if ground.embedded else "4",
        "BLENDEDU_REUSE_PORT": "0" if ground.embedded else "1",
        "TMPDIR": str(data / "tmp"),
    }
    try:
        with site.said.open("ab") as said:
            for name, command in commands(embedded=ground.embedded, data=data).items():
                site.processes[name] = subprocess.Popen(  # noqa: S603 -- commands of this file
                    command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True
                )
        _wait_for(site)
        yield site
    finally:
        site.stop()


def _wait_for(site: Site) -> None:
    last = time.monotonic() + 40
    while time.monotonic() < last:
        site.complain_if_dead()
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{site.origin}/readyz", timeout=2):
            break
        time.sleep(0.1)
    else:
        raise RuntimeError("The site does not answer.\n" + site.said.read_text(errors="replace")[-4000:])
    while len(tree(site.processes["worker"].pid)) < 2 and time.monotonic() < last:
        time.sleep(0.1)  # until the worker has its children; a pool of threads has none and is up by then
    time.sleep(1.5)


# --- Processor time --------------------------------------------------------------------------------------------------


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    parents = {pid: parent for pid, parent, _seconds, _gone in _all_processes()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _all_processes() -> Iterator[tuple[int, int, float, float]]:
    """Of every process: number, parent, processor seconds, and those of children that have ended."""
    for name in os.listdir("/proc"):  # noqa: PTH208 -- some hundred times a minute
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 -- as above
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            yield (
                int(name),
                int(fields[1]),
                (int(fields[11]) + int(fields[12])) / TICK,
                (int(fields[13]) + int(fields[14])) / TICK,
            )


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


class Meter:
    """Processor seconds of each part of the server since the meter was made, looked at four times a second.

    A connection of PostgreSQL that ends takes its account with it, so what it had when it was last seen is kept.
    """

    def __init__(self, roots: dict[str, int], *, redis_url: str) -> None:
        self._roots = roots
        self._redis = redis.Redis.from_url(redis_url) if redis_url else None
        self._seen: dict[int, float] = {}
        self._parts: dict[int, str] = {}
        self._titles: dict[int, str] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, daemon=True)
        self._thread.start()

    @property
    def sees_database(self) -> bool:
        """Whether PostgreSQL runs on this machine, so that its time can be counted."""
        return "database" in self._parts.values()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def read(self) -> Counter[str]:
        """Processor seconds of each part until now."""
        with self._lock:
            self._look()
            totals: Counter[str] = Counter()
            for pid, seconds in self._seen.items():
                totals[self._parts[pid]] += seconds  # type: ignore[assignment]  # a counter of seconds
        if self._redis is not None:
            used: Any = self._redis.info("cpu")  # Any: the client's own answer
            totals["redis"] = used["used_cpu_sys"] + used["used_cpu_user"]
        return totals

    def _keep_looking(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            with self._lock:
                self._look()

    def _look(self) -> None:
        rows = list(_all_processes())
        parents = {pid: parent for pid, parent, _own, _gone in rows}
        tops = {pid: name for name, pid in self._roots.items()}
        for pid, parent, own, gone in rows:
            part, above = tops.get(pid), parent
            while part is None and above in parents:
                part, above = tops.get(above), parents[above]
            if part is None and self._is_database(pid):
                part = "database"
            if part is not None:
                self._parts[pid] = part
                # Children that ended are in the account of their parent; they are not kept a second time.
                self._seen[pid] = own + (gone if part != "database" else 0.0)
        for pid in [pid for pid, part in self._parts.items() if part != "database" and pid not in parents]:
            del self._parts[pid], self._seen[pid]

    def _is_database(self, pid: int) -> bool:
        title = self._titles.get(pid)
        if title is None:
            title = _title(pid)
            if "postgres" not in title:  # a connection of PostgreSQL names itself a moment after it began
                self._titles[pid] = title
        if not title.startswith("postgres:"):
            return False
        return f" {DATABASE} " in title or any(word in title for word in POSTGRES_SHARED)


@dataclass
class Spent:
    """What a stretch of the benchmark took."""

    seconds: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def server(self) -> float:
        """Processor seconds of everything but the client."""
        return sum(self.parts.get(name, 0.0) for name in SERVER)


@contextlib.contextmanager
def spending(meter: Meter) -> Iterator[Spent]:
    """Fill in, at the end of the block, what was spent in it."""
    spent = Spent()
    before, began = meter.read(), time.monotonic()
    try:
        yield spent
    finally:
        spent.seconds = time.monotonic() - began
        after = meter.read()
        spent.parts = {name: max(0.0, after[name] - before[name]) for name in {*after, *before}}
