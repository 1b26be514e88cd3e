"""A publication that is killed in the middle leaves nothing; the next one is whole, and each student is told once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from blendedu.journal.models import Job
from blendedu.journal.services import jobs
from tests.processes import ROOT, Worker, wait_until

STUDENTS = 20
PARTS = ("1/3", "1")  # of what is written: in the middle, and all but the commit


class Publisher:
    """Processes that publish on one database; see tests/trust/publisher.py."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)

    def _start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.trust.publisher", *words]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def does(self, *words: str) -> dict[str, Any]:
        """Let a process do something to the end; answers what is there after it."""
        process = self._start(*words)
        said, _nothing = process.communicate(timeout=240)
        assert process.returncode == 0
        return json.loads(said.splitlines()[-1])

    def dies_publishing(self, part: str) -> None:
        """Let a process publish so far, and kill it as a power cut does."""
        process = self._start("publish", part)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert json.loads(line) == "in the middle"


def times_told(state: Mapping[str, Any]) -> Counter[int]:
    """How many were told how often."""
    return Counter(Counter(recipient for recipient, _cause in state["told"]).values())


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_killed_publication_leaves_nothing_in_production_and_the_next_is_told_once(real_worker: Worker) -> None:
    publisher = Publisher(
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "BLENDEDU_TEST_DATA": str(settings.DATA),
            "BLENDEDU_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        }
    )
    before = publisher.does("build")

    for part in PARTS:
        publisher.dies_publishing(part)
        # The database ends what a dead process had begun; until then its rows are held.
        wait_until(lambda: not _open_transactions(), what="the end of the transaction")
        assert publisher.does("state") == before, part
    published = publisher.does("publish")
    real_worker.kill()
    real_worker.start()

    def all_told() -> bool:
        jobs.sweep(at=timezone.now() + jobs.PUBLISH_AGAIN_AFTER + timedelta(seconds=1))
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(state=Job.State.WAITING, lease_until__isnull=False).update(lease_until=past)
        return not Job.objects.exclude(state=Job.State.DONE).exists()

    wait_until(all_told, seconds=120, what="the messages")
    assert (published["design"], published["publications"]) == (2, 1)
    assert times_told(publisher.does("state")) == {1: STUDENTS}


def _open_transactions() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"
        )
        return bool(cursor.fetchone()[0])
