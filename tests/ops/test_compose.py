"""What docker-compose.yml says, done here without an engine: the same commands, the same variables, one machine."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.ops.test_production import COMPLETE
from tests.processes import ROOT, free_port, wait_until

COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = ("web", "worker", "beat", "migrate", "postgres", "redis")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL")


def section(service: str) -> str:
    """What the file says about one service."""
    found = re.search(rf"^  {service}:\n((?:    .*\n|\n)+)", COMPOSE.split("\nservices:\n")[1], re.MULTILINE)
    assert found, f"no service {service}"
    return found[1]


def command(service: str) -> list[str]:
    """The command of a service, with the defaults of its variables."""
    words: list[str] = json.loads(re.search(r"^    command: (\[.*\])$", section(service), re.MULTILINE)[1])
    return [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", word) for word in words]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_what_it_is(service: str) -> None:
    assert section(service)


@pytest.mark.parametrize("name", SECRETS)
def test_compose_stops_when_a_secret_is_missing(name: str) -> None:
    assert re.search(rf"\$\{{{name}:\?[^}}]+\}}", COMPOSE)
    assert not re.search(rf"\$\{{{name}(:-[^}}]*)?\}}", COMPOSE)


def test_everything_that_production_needs_is_handed_in() -> None:
    assert [name for name in COMPLETE if f"    {name}: " not in COMPOSE] == []


def test_no_image_names_a_host() -> None:
    images = re.findall(r"^\s*image: (\S+)$", COMPOSE, re.MULTILINE) + re.findall(
        r"^FROM (\S+)", DOCKERFILE, re.MULTILINE
    )

    assert len(images) >= 4
    assert [image for image in images if "." in image.split("/")[0].split(":")[0]] == []


def test_redis_keeps_what_waits_in_it() -> None:
    assert "--appendonly yes" in section("redis")
    assert "--maxmemory-policy noeviction" in section("redis")


def test_the_image_holds_every_app_and_nothing_of_the_developers() -> None:
    copied = set(re.findall(r"^COPY (?!--)(\S+) ", DOCKERFILE, re.MULTILINE))
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"activities", "blendedu", "courses", "institution", "programmes", "templates", "static"} <= copied
    assert "USER blendedu" in DOCKERFILE


def test_compose_itself_agrees(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not on this machine, so nobody but these tests has read docker-compose.yml.")

    done = subprocess.run(
        [docker, "compose", "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        cwd=tmp_path,
        env={**os.environ, **dict.fromkeys(SECRETS, "x" * 50)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@dataclass
class Production:
    """The services of the file, as processes of this machine."""

    port: int
    environment: dict[str, str]
    folder: Path

    def start(self, service: str) -> subprocess.Popen[bytes]:
        words = [word.replace("/tmp/", f"{self.folder}/") for word in command(service)]
        with (self.folder / f"{service}.txt").open("wb") as said:
            return subprocess.Popen(
                [str(Path(sys.executable).parent / words[0]), *words[1:]],
                cwd=ROOT,
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def said(self, service: str) -> str:
        return (self.folder / f"{service}.txt").read_text()

    def probe(self, page: str) -> int:
        probe = [sys.executable, "-m", "blendedu.site.probe", page]
        return subprocess.run(probe, cwd=ROOT, env=self.environment, capture_output=True, check=False).returncode

    def get(self, page: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", page, headers={"Host": "learn.example.org", **headers})
        response = connection.getresponse()
        response.read()
        return response


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    """Production's variables, with a database of its own that is dropped in the end."""
    if not (settings.DATABASE_URL and settings.REDIS_URL):
        pytest.skip("Production needs PostgreSQL and Redis: DATABASE_URL and REDIS_URL.")
    base, name = settings.DATABASE_URL.rsplit("/", 1)[0], f"test_blendedu_production_{os.getpid()}"
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        **COMPLETE,
        "DATABASE_URL": f"{base}/{name}",
        "REDIS_URL": settings.REDIS_URL.rsplit("/", 1)[0] + "/10",
        "BLENDEDU_DATA": str(tmp_path / "data"),
        "BLENDEDU_STATIC": str(tmp_path / "static"),
        "BLENDEDU_BIND": f"127.0.0.1:{port}",
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
    }
    (tmp_path / "data").mkdir()
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Production(port, environment, tmp_path)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def running(production: Production, *services: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    processes = {service: production.start(service) for service in services}
    try:
        yield processes
    finally:
        for process in processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.services
def test_production_serves_works_and_stops_as_the_file_says(production: Production) -> None:
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=production.environment, check=True)

    with running(production, "web") as early:
        wait_until(lambda: production.probe("healthz") == 0, what="the web server")
        assert production.probe("readyz") == 1, "ready before its migrations"
        early["web"].send_signal(signal.SIGTERM)
        assert early["web"].wait(timeout=20) == 0

    migrate = production.start("migrate")
    assert migrate.wait(timeout=120) == 0, production.said("migrate")

    with running(production, "web", "worker", "beat") as processes:
        wait_until(lambda: production.probe("readyz") == 0, what="the site")
        wait_until(lambda: " ready." in production.said("worker"), what="the worker")

        plain = production.get("/account/login/")
        assert plain.status == 301
        assert plain.headers["Location"] == "https://learn.example.org/account/login/"

        page = production.get("/account/login/", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith("__Host-csrftoken=")
        assert "Secure" in cookie

        assert production.get("/account/login/", Host="evil.example.org").status == 400
        file = json.loads((production.folder / "static" / "staticfiles.json").read_text())["paths"][
            "vendor/htmx.min.js"
        ]
        script = production.get(f"/static/{file}", **{"X-Forwarded-Proto": "https", "Accept-Encoding": "br"})
        assert script.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert script.headers["Content-Encoding"] == "br"

        for service, process in processes.items():
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0, production.said(service)
