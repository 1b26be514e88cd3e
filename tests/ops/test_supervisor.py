"""`make run`: three processes that come back when they fall, and leave nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT, Site, alive, descendants, free_port, run_site, start_site, wait_until

pytestmark = pytest.mark.slow

THE_THREE = {"web server": "gunicorn", "worker": "celery .* worker", "beat": "celery .* beat"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first run leaves it."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    with run_site(data, demo=False):
        pass
    return data


@pytest.fixture
def site(tmp_path: Path, prepared: Path) -> Iterator[Site]:
    with run_site(Path(shutil.copytree(prepared, tmp_path / "data", ignore=only_data)), demo=False) as running:
        yield running


def only_data(folder: str, names: list[str]) -> set[str]:
    return {"said.txt", "run.lock"} & set(names)


def runlocal(data: Path, port: int | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "runlocal", "--empty", f"--port={port}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "BLENDEDU_DATA": str(data), "DEBUG": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_each_of_the_three_comes_back_after_it_was_killed(site: Site) -> None:
    for name, words in THE_THREE.items():
        wait_until(lambda words=words: site.pid_of(words), what=name)
        before = site.pid_of(words)

        os.kill(before, signal.SIGKILL)

        wait_until(lambda words=words, before=before: site.pid_of(words) not in {0, before}, what=f"another {name}")
        assert f"The {name} ended by signal 9; starting it again" in site.said
    wait_until(lambda: site.get("healthz") == (200, '{"ok": true}'), what="the pages")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything_within_seconds(site: Site, number: signal.Signals) -> None:
    below = descendants(site.pid)
    assert len(below) >= 3

    site.process.send_signal(number)

    assert site.process.wait(timeout=12) == 0
    assert [command for pid, command in below.items() if alive(pid)] == []


def test_nothing_outlives_a_parent_that_was_killed(site: Site) -> None:
    below = descendants(site.pid)
    assert len(below) >= 3

    site.process.kill()
    site.process.wait()

    wait_until(lambda: not [pid for pid in below if alive(pid)], seconds=12, what=f"the end of {below}")


def test_a_second_start_keeps_the_data_and_the_address_can_be_taken_again(site: Site) -> None:
    secret = (site.data / "secret.key").read_text()
    port = int(site.url.rstrip("/").rsplit(":", 1)[1])
    site.stop()

    again = start_site(site.data, demo=False, port=port)
    try:
        wait_until(lambda: again.get("readyz")[0] == 200, what="the site again")
        assert (site.data / "secret.key").read_text() == secret
    finally:
        again.stop()


def test_a_taken_port_is_answered_by_a_sentence(site: Site, tmp_path: Path) -> None:
    port = int(site.url.rstrip("/").rsplit(":", 1)[1])

    done = runlocal(tmp_path / "other", port)

    assert done.returncode == 1
    assert f"Port {port} is not free" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_answered_by_a_sentence(tmp_path: Path, port: str) -> None:
    done = runlocal(tmp_path / "data", port)

    assert done.returncode != 0
    assert "a port is a number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_runs_never_share_one_folder(site: Site) -> None:
    done = runlocal(site.data, free_port())

    assert done.returncode == 1
    assert "already running" in done.stderr
    assert site.get("healthz")[0] == 200
