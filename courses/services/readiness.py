"""Planned, not built: which offers wait, and telling their lecturers in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Offer
from activities.queries.made import made_by
from blendedu.journal.services.notices import tell
from blendedu.kit.templatetags.kit import day_time
from courses.queries.readiness import group_tasks_of, is_built, opening_unbuilt

if TYPE_CHECKING:
    from courses.models import RunOffer

AHEAD = timedelta(days=4)  # a weekend and two working days
BEHIND = timedelta(days=2)  # a worker that was away for a night still tells


def settle_groups(cohort_id: int) -> None:
    """The group tasks of a cohort open as soon as it has groups, and wait while it has none.

    In the transaction of its caller; one query, and one more where something changes.
    """
    built: dict[bool, list[int]] = {True: [], False: []}
    for row in group_tasks_of(cohort_id):
        now = is_built(row.offer.activity, made_by(row), has_groups=row.has_groups)
        if now != row.offer.built:
            built[now].append(row.offer_id)
    for state, offers in built.items():
        # Work that somebody has begun never waits again.
        Offer.objects.filter(pk__in=offers, **({} if state else {"attempts": None, "progress": None})).update(
            built=state
        )


def warn_of_unbuilt(*, at: datetime) -> int:
    """Tell lecturers of what opens within days and is not built: once per run and week. Answers for how many weeks.

    Safe to run twice: a notice has one cause per person.
    """
    told = 0
    rows = opening_unbuilt(after=at - BEHIND, until=at + AHEAD)
    for (run_id, number), found in groupby(rows, key=lambda row: (row.run_id, row.week_number)):
        _warn(run_id, number, list(found), at=at)
        told += 1
    return told


def _warn(run_id: int, number: int, rows: list[RunOffer], *, at: datetime) -> None:
    run = rows[0].run
    words = ngettext(
        "Week %(week)d of %(course)s: %(count)d activity is not built yet",
        "Week %(week)d of %(course)s: %(count)d activities are not built yet",
        len(rows),
    )
    lines = [
        _("%(title)s opens on %(opens)s.") % {"title": row.offer.activity.title, "opens": day_time(row.offer.opens_at)}
        for row in rows
    ]
    tell(
        run.course.lecturers.filter(is_active=True),
        cause=f"unbuilt:{run_id}:{number}",
        title=words % {"week": number, "course": run.course.title, "count": len(rows)},
        body="\n".join([*lines, _("Until then students see that it is not ready yet; it opens by itself once it is.")]),
        url=reverse("courses:run-ready", args=[run.course.code, run_id]),
        at=at,
    )
