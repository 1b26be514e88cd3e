"""Where minutes come from: an estimate, or what students reported. Each is one step that undo takes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import MINUTES_MAX, Activity, MinutesBasis
from courses import workload
from courses.models import Placement
from courses.queries.plan import fingerprint, levels_in, placements_of
from courses.services.plan.changing import BadActivity, PlanRefused, StalePlan, changing
from courses.services.plan.owning import own, shared_beyond

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed, Changing

Inputs = Mapping[str, Any]  # Any: numbers and words, as JSON holds them


def use_estimate(placement: Placement, *, method: str, inputs: Inputs, seen: str, by: User, at: datetime) -> Changed:
    """Plan the time that these inputs give, and keep how it was reckoned.

    `seen` is the fingerprint of what the estimator was opened on. Raises StalePlan, NotEditable, and BadActivity for
    inputs that give nothing.
    """
    kept = reckoned(method, inputs)
    with changing(placement.design, by=by, at=at, version=None) as change:
        # COST: the card, what it serves and who else uses it in one query.
        shared = Exists(Activity.objects.filter(shared_beyond(placement.pk), pk=OuterRef("activity")))
        rows = placements_of(placement.design).filter(pk=placement.pk).annotate(shared=shared)
        fresh: Any = rows.first()  # Any: a placement, annotated
        if fresh is None or fingerprint(fresh.activity, levels_in(fresh)) != seen:
            raise StalePlan
        _plan(change, fresh, kept["minutes"], MinutesBasis.ESTIMATED, kept, shared=fresh.shared)
        change.verb, change.placement_pk = "activity-estimated", fresh.pk
        change.label = _("estimating “%(title)s”") % {"title": _short(fresh.activity.title)}
    return change.result


def reckoned(method: str, inputs: Inputs) -> dict[str, Any]:  # Any: as JSON holds it
    """An estimate as it is kept with an activity: the way, what went in, what came out. Raises BadActivity."""
    try:
        estimate = workload.reckon(method, inputs)
    except (workload.UnknownWay, workload.NothingToEstimate):
        raise BadActivity({"minutes": [_("These numbers give no time.")]}) from None
    if estimate.minutes > MINUTES_MAX:
        raise BadActivity({"minutes": [_("That is more than an activity can have. Check the numbers.")]})
    return {
        "method": method,
        "inputs": dict(inputs),
        "minutes": estimate.minutes,
        "kind": estimate.method.value,
        "confidence": estimate.confidence.value,
    }


def use_reported(
    design: Design, reported: Mapping[int, tuple[int, int]], *, by: User, version: int, at: datetime
) -> Changed:
    """Plan the median that students reported, for each of these cards: minutes and number of reports by placement.

    One step, whatever it holds. Raises StalePlan, NotEditable, and PlanRefused where nothing was chosen.
    """
    with changing(design, by=by, at=at, version=version) as change:
        rows = list(Placement.objects.filter(design=design, pk__in=reported).select_related("activity").order_by("pk"))
        if not rows or len(rows) != len(reported):
            raise PlanRefused(_("Choose the activities whose reported time you want to plan."))
        for placement in rows:
            minutes, reports = reported[placement.pk]
            if reports < workload.ENOUGH_REPORTS:
                raise PlanRefused(_("There are too few reports on “%(title)s”.") % {"title": placement.activity.title})
            kept = {
                "method": workload.MEASURED,
                "inputs": {"reports": reports, "planned": placement.activity.minutes},
                "minutes": minutes,
                "kind": workload.Method.MEASURED.value,
                "confidence": workload.Confidence.HIGH.value,
            }
            _plan(change, placement, minutes, MinutesBasis.MEASURED, kept)
        change.verb = "times-measured"
        change.placement_pk = rows[0].pk if len(rows) == 1 else None
        change.label = (
            _("using the reported time of “%(title)s”") % {"title": _short(rows[0].activity.title)}
            if len(rows) == 1
            else ngettext("using %(count)s reported time", "using %(count)s reported times", len(rows))
            % {"count": len(rows)}
        )
    return change.result


def _plan(
    change: Changing,
    placement: Placement,
    minutes: int,
    basis: MinutesBasis,
    kept: dict[str, Any],  # Any: as JSON holds it
    *,
    shared: bool | None = None,
) -> None:
    values = {
        "minutes": minutes,
        "minutes_low": None,
        "minutes_high": None,
        "minutes_basis": basis.value,
        "estimate": kept,
    }
    if any(getattr(placement.activity, name) != value for name, value in values.items()):
        change.patch(own(change, placement, shared=shared), **values)


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:59] + "…"
