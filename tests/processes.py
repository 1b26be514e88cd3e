"""Real processes for tests that kill them: the whole site, and a worker."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent


def wait_until(holds: Callable[[], object], *, seconds: float = 20.0, what: str = "it") -> None:
    """Look again and again until something holds; fail with its name when it never does."""
    last = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > last:
            raise AssertionError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet asked how does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def descendants(pid: int) -> dict[int, str]:
    """Every process below this one, with its command line."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                commands[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ").strip()
    found: dict[int, str] = {}
    for one in parents:
        above = one
        while above in parents and above != pid:
            above = parents[above]
        if above == pid and one != pid:
            found[one] = commands[one]
    return found


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Site:
    """A running product: where it answers, where its data are, and what it said."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return (self.data / "said.txt").read_text(errors="replace")

    @property
    def pid(self) -> int:
        return self.process.pid

    def pid_of(self, words: str) -> int:
        """The one process of this site whose command line matches; the parent of its threads and forks."""
        matching = [pid for pid, command in descendants(self.pid).items() if re.search(words, command)]
        return min(matching) if matching else 0

    def get(self, page: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + page, timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def environment_of(data: Path) -> dict[str, str]:
    """What a process of a site on this data folder is told: nothing of the tests that start it."""
    mine = {"BLENDEDU_ENV", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "MAKEFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in mine}
    return environment | {
        "BLENDEDU_DATA": str(data),
        "BLENDEDU_STATIC": str(data / "static"),
        "PYTHONUNBUFFERED": "1",
    }


def start_site(data: Path, *, demo: bool, port: int | None = None) -> Site:
    """`manage.py runlocal` on a data folder and a port of its own.

    Without the demo world it also goes without collected files, which take seconds to make and show nothing here.
    """
    port = port or free_port()
    data.mkdir(parents=True, exist_ok=True)
    environment = {**environment_of(data), "DEBUG": "0" if demo else "1"}
    command = [sys.executable, "manage.py", "runlocal", "--port", str(port), *([] if demo else ["--empty"])]
    with (data / "said.txt").open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    return Site(f"http://127.0.0.1:{port}/", data, process)


@contextlib.contextmanager
def run_site(data: Path, *, demo: bool) -> Iterator[Site]:
    site = start_site(data, demo=demo)
    try:
        wait_until(lambda: site.process.poll() is not None or "is ready at" in site.said, seconds=240, what=site.said)
        if site.process.poll() is not None:
            raise AssertionError("The site did not start:\n" + site.said)
        yield site
    finally:
        site.stop()


@dataclass
class Worker:
    """A Celery worker that a test may kill and start again."""

    folder: Path
    database: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        return (self.folder / "worker.txt").read_text(errors="replace")

    def start(self, *arguments: str) -> None:
        """Start it, and wait until it takes work."""
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "BLENDEDU_TEST_DATA": str(settings.DATA),
            "BLENDEDU_TEST_DATABASE": self.database,
        }
        command = [sys.executable, "-m", "celery", "-A", "blendedu", "worker", "-P", "prefork", "-c", "2"]
        command += ["-Q", queue, "-n", f"{queue}-{os.getpid()}-{time.monotonic_ns()}@%h", *arguments]
        already = self.said.count(" ready.") if (self.folder / "worker.txt").exists() else 0
        with (self.folder / "worker.txt").open("ab") as said:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True
            )
        process = self.process
        wait_until(
            lambda: process.poll() is not None or self.said.count(" ready.") > already, seconds=90, what="the worker"
        )
        if process.poll() is not None:
            raise AssertionError("The worker did not start:\n" + self.said)

    def kill(self) -> None:
        """End it and its children at once, as a power cut does: nothing is finished, nothing is given back."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def run_worker(folder: Path, *, database: str) -> Iterator[Worker]:
    worker = Worker(folder, database)
    try:
        worker.start()
        yield worker
    finally:
        worker.kill()


@dataclass
class OwnRedis:
    """A Redis of this test alone, without a file: when it is killed, everything in it is gone."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.folder / "redis.txt").open("ab") as said:
            self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=said, stderr=said)
        wait_until(self.answers, seconds=10, what="Redis")

    def answers(self) -> bool:
        with contextlib.suppress(redis.RedisError):
            return bool(self.client.ping())
        return False

    def freeze(self) -> None:
        """It takes connections and answers nothing; what it holds stays."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        wait_until(self.answers, seconds=10, what="Redis")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
