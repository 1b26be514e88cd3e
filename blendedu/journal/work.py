"""Which function does which kind of job. Higher apps register theirs; the journal knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Work = Callable[[int, datetime], None]

_kinds: dict[str, Work] = {}


class UnknownKind(LookupError):
    """No work is registered under this kind of job."""


def does(kind: str) -> Callable[[Work], Work]:
    """Decorator: this function does jobs of this kind.

    It gets the number of the row that the job is about and the time; it runs inside the transaction that also marks the
    job as done, and may run twice.
    """

    def known(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return known


def of(kind: str) -> Work:
    """The function for this kind; raises UnknownKind."""
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKind(kind) from None
