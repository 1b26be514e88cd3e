"""The whole product on this machine: web server, worker and beat, supervised, until Ctrl-C."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from blendedu.site import lifeline

LOOK_SECONDS = 0.2
STOP_SECONDS = 7.0
STEADY_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 30.0
LAST_PORT = 65535


@dataclass
class Process:
    """One of the three, and what is known about its life so far."""

    name: str
    command: list[str]
    extra: dict[str, str] = field(default_factory=dict)
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    start_at: float = 0.0

    def start(self, lifeline_end: int) -> None:
        self.child = subprocess.Popen(  # noqa: S603 -- commands of this file
            self.command,
            env={**os.environ, **self.extra, lifeline.VARIABLE: str(lifeline_end)},
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            pass_fds=[lifeline_end],
            # Ctrl-C reaches this parent only, which then stops the three in its own order.
            start_new_session=True,
        )
        self.started = time.monotonic()

    def signal(self, number: int, *, group: bool = False) -> None:
        if self.child:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.child.pid, number)

    def fell(self) -> int | None:
        """How it ended, if it has ended since the last look; and when to try again."""
        if self.child is None or (code := self.child.poll()) is None:
            return None
        # A web server that was killed leaves a child behind, which would hold the port.
        self.signal(signal.SIGKILL, group=True)
        self.child = None
        now = time.monotonic()
        self.falls = 1 if now - self.started > STEADY_SECONDS else self.falls + 1
        self.start_at = now + min(0.25 * 2**self.falls, LONGEST_WAIT_SECONDS)
        return code


class Command(BaseCommand):
    help = "Prepare what is missing, then run web server, worker and beat until Ctrl-C."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
        parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS") or "127.0.0.1")
        parser.add_argument("--empty", action="store_true", help="Do not build the demo world in an empty database.")

    def handle(self, *args: Any, port: int, host: str, empty: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("runlocal is for one machine. In production each process runs by itself: see compose.")
        self.stopping = False
        self.made_by = os.getppid()
        self.has_demo = settings.BLENDEDU_DEMO and not empty
        self.address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"  # noqa: S104 -- only read
        with _alone(settings.DATA / "run.lock"):
            _refuse_taken(host, port)
            self.prepare()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self.stop)
            self.supervise(_processes(f"{host}:{port}"))

    def prepare(self) -> None:
        """Bring the database, the demo world and the collected files up to date; a second start finds all done."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_patterns", stdout=StringIO())
        if self.has_demo:
            call_command("demo", "--if-empty")
        if not settings.DEBUG and _static_is_stale(Path(settings.STATIC_ROOT)):
            self.say("Collecting style sheets, scripts and pictures.")
            # In a process of its own: compressing takes memory that this one would hold for ever.
            collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
            subprocess.run(collect, cwd=settings.BASE_DIR, check=True)  # noqa: S603 -- a command of this file
            (Path(settings.STATIC_ROOT) / ".collected").touch()
        connections.close_all()

    def supervise(self, processes: list[Process]) -> None:
        lifeline_end, our_end = os.pipe()
        announced = False
        try:
            while not self.stopping:
                for process in processes:
                    self.tend(process, lifeline_end)
                announced = announced or self.announce()
                # Make does not pass every signal on: a run whose make is gone stops by itself.
                if os.environ.get("MAKELEVEL") and os.getppid() != self.made_by:
                    break
                time.sleep(LOOK_SECONDS)
        finally:
            _end(processes)
            os.close(our_end)
            os.close(lifeline_end)
            self.say("Stopped.")

    def tend(self, process: Process, lifeline_end: int) -> None:
        code = process.fell()
        if code is not None:
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            wait = process.start_at - time.monotonic()
            self.say(f"The {process.name} ended {how}; starting it again in {wait:.1f} s.")
        if process.child is None and time.monotonic() >= process.start_at:
            process.start(lifeline_end)

    def announce(self) -> bool:
        """Say where the product is, once it answers there."""
        try:
            with urllib.request.urlopen(self.address + "healthz", timeout=1):  # noqa: S310 -- our own address
                pass
        except OSError:
            return False
        self.say(f"\nBlendEdu is ready at {self.address}\n")
        if self.has_demo:
            call_command("demo", "--accounts", stdout=self.stdout)
            connections.close_all()
        self.say("\nCtrl-C stops it. Everything it writes is kept in " + _short(settings.DATA) + "/.")
        return True

    def stop(self, *args: Any) -> None:
        self.stopping = True

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _processes(bind: str) -> list[Process]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "blendedu", "--quiet"]
    calm = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    temporary = {"TMPDIR": str(settings.DATA / "tmp")}
    web = {
        "BLENDEDU_BIND": bind,
        "BLENDEDU_THREADS": "8",
        "BLENDEDU_REUSE_PORT": "0",
        "BLENDEDU_GRACE_SECONDS": "3",
        # One process, because the cache (rate limits, sessions) is in its memory.
        "WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", "1") if settings.REDIS_URL else "1",
    }
    beat = ["beat", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME, "--pidfile", ""]
    return [
        Process("web server", [*python, "gunicorn", "-c", "python:blendedu.site.gunicorn", "blendedu.wsgi"], web),
        # The filesystem transport moves each message through the temporary folder: it must be on the same disk.
        Process("worker", [*celery, "worker", "-P", "threads", "-c", "2", *calm], temporary),
        Process("beat", [*celery, *beat], temporary),
    ]


def _end(processes: list[Process]) -> None:
    """Ask the three to stop, wait some seconds, and end whatever has not stopped by then."""
    for process in processes:
        process.signal(signal.SIGTERM)
    patience = time.monotonic() + STOP_SECONDS
    for process in processes:
        if process.child:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.child.wait(timeout=max(0.05, patience - time.monotonic()))
    for process in processes:
        process.signal(signal.SIGKILL, group=True)
        if process.child:
            process.child.wait()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One run per data folder: two would give every notice twice the chance to be sent twice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"BlendEdu is already running on {_short(path.parent)}/. Stop that one first (Ctrl-C)."
            raise CommandError(message) from None
        yield


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LAST_PORT:
        raise ArgumentTypeError(f"a port is a number from 1 to {LAST_PORT}, not {text!r}")
    return int(text)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            other = port + 1 if port < LAST_PORT else 8000
            raise CommandError(
                f"Port {port} is not free ({error.strerror}). Choose another one: PORT={other} make run"
            ) from None


def _static_is_stale(root: Path) -> bool:
    """Whether a file was added or changed since they were collected."""
    stamp = root / ".collected"
    if not stamp.exists():
        return True
    collected = stamp.stat().st_mtime
    files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    return any(Path(file).stat().st_mtime > collected for file in files)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
