"""A real worker on a real broker: it does what it is told, and its death or the broker's memory lose nothing."""

import time

import pytest
import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import timezone

from blendedu.celery import app
from blendedu.journal.models import Notice
from blendedu.journal.services.notices import tell
from tests.processes import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def mailed(cause: str) -> bool:
    return Notice.objects.filter(cause=cause, mail=Notice.Mail.SENT).exists()


@pytest.fixture
def ada():
    return get_user_model().objects.create_user(email="ada@example.org", password="a long password", name="Ada")


def test_a_worker_is_woken_by_the_commit(real_worker: Worker, ada) -> None:
    tell([ada], cause="first", title="Your mark is there", at=timezone.now())

    wait_until(lambda: mailed("first"), what="the mail")


def test_a_killed_worker_and_an_emptied_broker_lose_nothing(real_worker: Worker, ada) -> None:
    real_worker.kill()
    tell([ada], cause="second", title="Your mark is there", at=timezone.now())
    assert redis.Redis.from_url(settings.REDIS_URL).delete(settings.CELERY_TASK_DEFAULT_QUEUE) == 1

    real_worker.start()
    app.send_task("journal.sweep")

    wait_until(lambda: mailed("second"), what="the mail")


def test_tasks_share_connections_and_survive_a_restart_of_the_database(real_worker: Worker, ada) -> None:
    def backends() -> set[int]:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return {row[0] for row in cursor.fetchall()}

    seen = set()
    for number in range(12):
        tell([ada], cause=f"third {number}", title="Your mark is there", at=timezone.now())
        wait_until(lambda number=number: mailed(f"third {number}"), what="the mail")
        seen |= backends()
    assert len(seen) <= 3, "every task opened a connection of its own"

    with connections["default"].cursor() as cursor:
        for pid in backends():
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    time.sleep(0.2)
    tell([ada], cause="fourth", title="Your mark is there", at=timezone.now())

    wait_until(lambda: mailed("fourth"), what="the mail after the restart")
