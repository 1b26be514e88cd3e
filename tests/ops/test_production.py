"""Production starts with its secrets, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

COMPLETE = {
    "BLENDEDU_ENV": "production",
    "SECRET_KEY": "0123456789" * 6,
    "DATABASE_URL": "postgres://blendedu:pass@db:5432/blendedu",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "learn.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEFAULT_FROM_EMAIL": "BlendEdu <blendedu@example.org>",
}


def settings_with(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process that knows nothing but these variables."""
    return subprocess.run(
        [sys.executable, "-c", "import blendedu.settings as s;" + code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "BLENDEDU_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_everything_is_there(tmp_path: Path) -> None:
    done = settings_with(tmp_path, "print(s.DATABASES['default']['ENGINE'])", **COMPLETE)

    assert (done.returncode, done.stdout.strip()) == (0, "blendedu.kit.postgres"), done.stderr


@pytest.mark.parametrize("name", [name for name in COMPLETE if name != "BLENDEDU_ENV"])
@pytest.mark.parametrize("value", [None, " "])
def test_production_names_what_is_missing(tmp_path: Path, name: str, value: str | None) -> None:
    rest = {key: given for key, given in COMPLETE.items() if key != name}

    done = settings_with(tmp_path, "", **rest, **({} if value is None else {name: value}))

    assert done.returncode == 1
    assert f"BlendEdu does not start in production without {name} (" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "sqlite:///db.sqlite3", "BlendEdu runs on PostgreSQL in production"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("BLENDEDU_DEMO", "1", "demo accounts are public"),
        ("BLENDEDU_ENV", "prod", "must be local, test or production"),
        ("REDIS_URL", "redis://redis:6379/jobs", "ends in the number of a database"),
    ],
)
def test_production_refuses_what_would_be_unsafe(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    done = settings_with(tmp_path, "", **{**COMPLETE, name: value})

    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_refusal_never_shows_a_secret(tmp_path: Path) -> None:
    rest = {key: given for key, given in COMPLETE.items() if key != "REDIS_URL"}

    done = settings_with(tmp_path, "", **rest)

    assert COMPLETE["SECRET_KEY"] not in done.stderr
    assert "pass@db" not in done.stderr


def test_demo_accounts_cannot_exist_in_production(tmp_path: Path) -> None:
    done = settings_with(tmp_path, "print(s.BLENDEDU_DEMO, 'blendedu.demo' in s.INSTALLED_APPS)", **COMPLETE)

    assert done.stdout.strip() == "False False"


def test_cookies_in_production_belong_to_this_host_and_to_https(tmp_path: Path) -> None:
    code = "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.DEBUG)"

    done = settings_with(tmp_path, code, **COMPLETE, DEBUG="1")

    assert done.stdout.strip() == "__Host-sessionid True __Host-csrftoken True False"


def test_the_cache_and_the_queue_are_apart(tmp_path: Path) -> None:
    done = settings_with(tmp_path, "print(s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION'])", **COMPLETE)

    assert done.stdout.split() == ["redis://redis:6379/0", "redis://redis:6379/1"]


def test_djangos_own_list_of_deployment_checks_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "BLENDEDU_DATA": str(tmp_path),
            **COMPLETE,
            "SECRET_KEY": "k3yZ_" * 4 + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_an_embedded_site_makes_its_own_secret_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first = settings_with(tmp_path, "print(s.SECRET_KEY)")
    second = settings_with(tmp_path, "print(s.SECRET_KEY)")

    assert len(first.stdout.strip()) > 60
    assert first.stdout == second.stdout
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
