"""The work that this app can be asked to do later."""

from __future__ import annotations

from datetime import datetime

from blendedu.journal import work
from courses.queries.feedback import RELEASE

RESOLVE = "resolve-framework"
TELL_CHANGE = "tell-run-changed"
TELL_UNDONE = "tell-run-change-undone"
IMPORTS = "forget-import"


@work.does(RESOLVE)
def resolve_framework(ref: int, at: datetime) -> None:
    from courses.services import framework  # noqa: PLC0415 -- leaf

    framework.resolve_unit(ref)


@work.does(TELL_CHANGE)
def tell_change(ref: int, at: datetime) -> None:
    from courses.services import publishing  # noqa: PLC0415 -- leaf

    publishing.tell_change(ref, at=at)


@work.does(TELL_UNDONE)
def tell_undone(ref: int, at: datetime) -> None:
    from courses.services import publishing  # noqa: PLC0415 -- leaf

    publishing.tell_undone(ref, at=at)


@work.does(IMPORTS)
def forget_import(ref: int, at: datetime) -> None:
    from courses.services import imports  # noqa: PLC0415 -- leaf

    imports.forget(ref)


@work.does(RELEASE)
def release_feedback(ref: int, at: datetime) -> None:
    from courses.services import feedback  # noqa: PLC0415 -- leaf

    feedback.release_more(ref, at=at)
