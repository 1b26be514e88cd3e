"""Storyboard sessions: a team in a room fills a design together. What comes of it is the normal design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from courses.models import Design, Storyboard
from courses.services.plan import NotEditable, PlanRefused, add_activity

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.services.plan import Changed

MINUTES_MAX = 240


class SessionOpen(Exception):
    """This design has a session already; there is one at a time."""


class Frozen(PlanRefused):
    """The facilitator asked everybody to look up."""


class SessionEnded(PlanRefused):
    """The session is over."""


class NotLeading(Exception):
    """Somebody else leads this session."""


def start(design: Design, *, by: User, minutes: int | None, at: datetime) -> Storyboard:
    """Begin a session on a draft. Raises NotEditable, and SessionOpen when two begin at once."""
    if not design.is_editable:
        raise NotEditable
    try:
        with transaction.atomic():
            board = Storyboard.objects.create(
                design=design, facilitator=by, started_at=at, rings_at=_rings(minutes, at) if minutes else None
            )
            record("storyboard-started", subject="design", subject_id=design.pk, actor=by, at=at, about=str(design))
    except IntegrityError:
        raise SessionOpen from None
    return board


@transaction.atomic
def add_line(
    board: Storyboard,
    *,
    values: Mapping[str, Any],  # Any: what the columns of an activity hold
    week: int | None,
    moment: str,
    outcomes: Iterable[int],
    by: User,
    at: datetime,
) -> Changed:
    """Put an activity at the end of its place, whatever others add at the same moment.

    Raises Frozen, SessionEnded, NotEditable, and what adding to a plan raises.
    """
    # RACE: many add at once, and each line is welcome: they wait for each other here instead of being told that
    # somebody was first. A freeze or an end that came before is seen.
    now = Storyboard.objects.select_for_update().get(pk=board.pk)
    if now.ended_at is not None:
        raise SessionEnded(_("The session is over. Your line is kept here: add it in the Studio."))
    if now.frozen_at is not None:
        raise Frozen(_("Adding is paused for a moment. Your line is kept here: send it when the session goes on."))
    design = Design.objects.select_for_update(of=("self",)).select_related("course").get(pk=board.design_id)
    return add_activity(
        design,
        values=values,
        week=week,
        moment=moment,
        outcomes=outcomes,
        by=by,
        version=design.plan_version,
        at=at,
    )


def freeze(board: Storyboard, *, by: User, frozen: bool, at: datetime) -> None:
    """Pause adding, or let it go on. Raises NotLeading."""
    _lead(board, by, frozen_at=at if frozen else None)


def set_timer(board: Storyboard, *, by: User, minutes: int | None, at: datetime) -> None:
    """Let the timer ring in so many minutes; None takes it away. Raises NotLeading."""
    _lead(board, by, rings_at=_rings(minutes, at) if minutes else None)


def end(board: Storyboard, *, by: User, at: datetime) -> None:
    """End the session; the design stays as it is. Raises NotLeading."""
    with transaction.atomic():
        _lead(board, by, ended_at=at, frozen_at=None)
        record("storyboard-ended", subject="design", subject_id=board.design_id, actor=by, at=at)


def take_the_lead(board: Storyboard, *, by: User) -> None:
    """Lead the session from now on: whoever led it may have had to go. Raises NotLeading when it is over."""
    if not Storyboard.objects.filter(pk=board.pk, ended_at__isnull=True).update(facilitator=by):
        raise NotLeading


def _lead(board: Storyboard, by: User, **values: datetime | None) -> None:
    if not Storyboard.objects.filter(pk=board.pk, facilitator=by, ended_at__isnull=True).update(**values):
        raise NotLeading


def _rings(minutes: int, at: datetime) -> datetime:
    return at + timedelta(minutes=max(1, min(minutes, MINUTES_MAX)))
