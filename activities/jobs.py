"""The work that this app can be asked to do later."""

from __future__ import annotations

from datetime import datetime

from blendedu.journal import work

GRADE = "grade-attempt"
CLOSE = "close-attempt"
LEFTOVERS = "sweep-leftovers"
FOLLOW = "follow-window"


@work.does(GRADE)
def grade(ref: int, at: datetime) -> None:
    from activities.services import grading  # noqa: PLC0415 -- leaf

    grading.grade_attempt(ref, at=at)


@work.does(CLOSE)
def close(ref: int, at: datetime) -> None:
    from activities.services import attempts  # noqa: PLC0415 -- leaf

    attempts.close_attempt(ref, at=at)


@work.does(LEFTOVERS)
def sweep_leftovers(ref: int, at: datetime) -> None:
    from activities.services import leftovers  # noqa: PLC0415 -- leaf

    leftovers.sweep_leftovers(at=at)


@work.does(FOLLOW)
def follow_window(ref: int, at: datetime) -> None:
    from activities.services import windows  # noqa: PLC0415 -- leaf

    windows.follow_stragglers(ref, at=at)
