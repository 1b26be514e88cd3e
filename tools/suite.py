"""Everything that must hold, cheap checks first; at the end, what was found and what was left out.

    python -m tools.suite            lint, types, tests on SQLite, tests on PostgreSQL and Redis, browser tests
    python -m tools.suite browser    only the part named: lint, types, sqlite, services, browser

PostgreSQL and Redis are used where they are reachable: DATABASE_URL and REDIS_URL, or the usual local ports with a
database named `test`. BLENDEDU_REQUIRE=postgres,redis,browser makes leaving one of them out a failure.
"""

import os
import pty
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from tools import browser

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DATABASES = (
    "postgres://root@127.0.0.1:5432/test",
    "postgres://postgres@127.0.0.1:5432/test",
    "postgres://postgres:postgres@127.0.0.1:5432/test",
    "postgres://postgres@127.0.0.1:5432/postgres",
)
# A high number: the databases of somebody's own work on this machine are left alone.
REDIS = "redis://127.0.0.1:6379/12"
# COST: tests start some hundred processes. Where Python is told to keep no compiled modules beside the sources, they
# are kept in a folder of their own; otherwise each process would compile the two thousand that it imports again.
COMPILED = (
    {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "compiled")}
    if sys.dont_write_bytecode
    else {}
)


@dataclass
class Outcome:
    """What one part came to."""

    name: str
    ok: bool
    seconds: float
    closing: str = ""


@dataclass
class Suite:
    outcomes: list[Outcome] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    required: set[str] = field(
        default_factory=lambda: {name.strip() for name in os.environ.get("BLENDEDU_REQUIRE", "").split(",")} - {""}
    )

    def run(self, name: str, *commands: list[str], **environment: str) -> None:
        """Run the commands of one part, show all they say, and keep the last line."""
        print(f"\n=== {name}", flush=True)
        start, ok, closing = time.monotonic(), True, ""
        for command in commands:
            code, closing = _shown(command, environment)
            ok = ok and code == 0
        self.outcomes.append(Outcome(name, ok, time.monotonic() - start, closing))

    def leave_out(self, need: str, sentence: str) -> None:
        self.left_out.append(sentence)
        if need in self.required:
            self.outcomes.append(Outcome(f"{need} is required", ok=False, seconds=0.0, closing=sentence))

    def report(self) -> int:
        print("\n=== The whole run")
        for outcome in self.outcomes:
            print(f"{'ok' if outcome.ok else 'FAILED':6}  {outcome.seconds:6.1f} s  {outcome.name}: {outcome.closing}")
        if self.left_out:
            print("\n" + "!" * 100)
            for sentence in self.left_out:
                print(f"LEFT OUT: {sentence}")
            print("!" * 100)
        failed = [outcome.name for outcome in self.outcomes if not outcome.ok]
        print(f"\nFAILED: {', '.join(failed)}." if failed else "\nEverything that ran is in order.")
        return 1 if failed else 0


def _shown(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, pass on what it says as it says it, and return how it ended and its last line."""
    main, side = pty.openpty() if sys.stdout.isatty() else os.pipe()
    child = subprocess.Popen(  # noqa: S603 -- commands of this file
        command,
        cwd=ROOT,
        env={**os.environ, **COMPILED, **environment},
        stdout=side,
        stderr=side,
        stdin=subprocess.DEVNULL,
    )
    os.close(side)
    said = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the way a terminal says that nobody is on the other side any more
            break
        if not part:
            break
        sys.stdout.buffer.write(part)
        sys.stdout.flush()
        said = (said + part)[-4000:]
    os.close(main)
    lines = [line.strip(" =\r") for line in said.decode(errors="replace").splitlines() if line.strip(" =\r")]
    return child.wait(), lines[-1] if lines else ""


def postgres() -> str | None:
    """The address of a PostgreSQL on which test databases can be made."""
    given = os.environ.get("DATABASE_URL")
    for url in [given] if given else DATABASES:
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                found = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
        except psycopg.Error:
            continue
        if found and found[0]:
            return url
    return None


def redis_server() -> str | None:
    """The address of a Redis that answers."""
    url = os.environ.get("REDIS_URL") or REDIS
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2).ping()
    except redis.RedisError:
        return None
    return url


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "--color=auto", *arguments]


# COST: tests last from a millisecond to minutes, and the long ones (every form, every page) stand together. A half that
# has finished takes work from the other, instead of watching it.
HALVES = ("-n", "2", "--dist", "worksteal")

# A plain run is on SQLite, whatever this shell has set for something else.
EMBEDDED = {"DATABASE_URL": "", "REDIS_URL": ""}


def lint(suite: Suite) -> None:
    tool = str(BIN)
    suite.run(
        "lint",
        [f"{tool}/ruff", "check", "."],
        [f"{tool}/ruff", "format", "--check", "."],
        [f"{tool}/deptry", "."],
        [sys.executable, "-m", "tools.vendor"],
        [f"{tool}/lint-imports"],
    )


def types(suite: Suite) -> None:
    suite.run("types", [f"{BIN}/mypy"], **EMBEDDED)


def sqlite(suite: Suite) -> None:
    suite.run("tests on SQLite", pytest(*HALVES, "-m", "not services and not browser and not full"), **EMBEDDED)


def services(suite: Suite) -> None:
    # COST: to half of the tests it is all the same where they run; the part on SQLite has run them.
    database, broker = postgres(), redis_server()
    if database is None:
        suite.leave_out("postgres", "the tests on PostgreSQL, because none was reachable (DATABASE_URL).")
    if broker is None:
        suite.leave_out("redis", "the tests with Redis and a real worker, because none was reachable (REDIS_URL).")
    if database and broker:
        only = pytest(*HALVES, "--minding-servers", "-m", "not browser and not slow and not full")
        suite.run(
            "tests that mind servers, on PostgreSQL, Redis and a real worker",
            only,
            DATABASE_URL=database,
            REDIS_URL=broker,
        )
    elif database:
        only = pytest(*HALVES, "--minding-servers", "-m", "not browser and not slow and not services and not full")
        suite.run("tests that mind servers, on PostgreSQL", only, DATABASE_URL=database, REDIS_URL="")


def in_the_browser(suite: Suite) -> None:
    place = browser.install()
    if place is None:
        suite.leave_out("browser", "the browser tests: no Chromium was found (CHROMIUM) nor could be installed.")
        return
    suite.run(f"tests in the browser ({Path(place).name})", pytest("-m", "browser"), **EMBEDDED, CHROMIUM=place)


PARTS = {"lint": lint, "types": types, "sqlite": sqlite, "services": services, "browser": in_the_browser}


def main() -> None:
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"No part is named {', '.join(unknown)}; the parts are {', '.join(PARTS)}.")
    suite = Suite()
    for name in names:
        PARTS[name](suite)
    sys.exit(suite.report())


if __name__ == "__main__":
    main()
