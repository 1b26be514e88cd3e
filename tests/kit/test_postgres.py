"""A kept connection is looked after, and its statements stay planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection

from blendedu.kit.prepared import prepared
from blendedu.people.models import User
from tests.factories import UserFactory

if TYPE_CHECKING:
    from django.db.models import QuerySet

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="It is about PostgreSQL."),
]


@prepared
def users(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


def statements() -> list[str]:
    """What went over the line, Django's own talk included."""
    sent: list[str] = []

    class Heard(psycopg.ClientCursor):
        def execute(self, query, *args, **kwargs):
            sent.append(str(query))
            return super().execute(query, *args, **kwargs)

    connection.connection.cursor_factory = Heard
    return sent


def begin_request() -> None:
    connection.close_if_unusable_or_obsolete()
    connection.health_check_enabled = True


def test_a_quiet_connection_is_not_asked_how_it_is():
    connection.close()  # an old one may be renewed when a request begins
    User.objects.count()
    begin_request()
    sent = statements()

    User.objects.count()

    assert [text for text in sent if "SELECT 1" in text] == []


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used():
    UserFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(**psycopg.conninfo.conninfo_to_dict(connection.connection.info.dsn)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    begin_request()

    assert User.objects.count() == 1


def test_a_prepared_query_survives_the_end_of_its_connection():
    user = UserFactory()
    for _turn in range(3):
        assert users(user.pk) == [user]
    connection.close()

    assert users(user.pk) == [user]


def test_a_prepared_query_is_planned_once():
    user = UserFactory()
    for _turn in range(4):
        users(user.pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%people_user%'")
        (kept,) = cursor.fetchone()
    assert kept == 1
