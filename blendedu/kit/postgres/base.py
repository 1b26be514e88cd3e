"""Django's backend for PostgreSQL, with less talk between the two."""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations

_STIRS = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """What a log of queries says: a statement that the server keeps is named by its text, without its values."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks after a kept connection without a round trip, and lends cursors whose statements the server keeps."""

    ops_class = DatabaseOperations
    # What the parent has and its type stubs leave out.
    health_check_enabled: bool
    health_check_done: bool
    _prepare_cursor: Callable[[Any], Any]

    def close_if_health_check_failed(self) -> None:
        """Before the first query of a request: is the connection of the last one still good?"""
        # COST: Django asks with "SELECT 1", which was a seventh of what a saved answer took. A server that restarted or
        # ended the connection has closed its end, and that can be seen on the socket; only then is it asked.
        if (
            self.connection is not None
            and self.health_check_enabled
            and not self.health_check_done
            and self._is_quiet()
        ):
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def _is_quiet(self) -> bool:
        """Whether nothing has come from the server that nobody asked for: a farewell, or the end of the line."""
        try:
            line = select.poll()
            line.register(self.connection.fileno(), _STIRS)
            return not line.poll(0)
        except (OSError, ValueError, psycopg.Error):
            return False

    def prepared_cursor(self) -> Any:  # Any: a cursor, as Django wraps it
        """A cursor whose statements are planned once per connection (`prepare_threshold` in OPTIONS) and then only
        filled in."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]  # a cursor of psycopg
            return self._prepare_cursor(cursor)
