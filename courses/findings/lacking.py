"""What many rules do: of some things, take those that lack something, and say so in one of three ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from courses.facts import PlannedActivity
from courses.findings.finding import Case, Finding, Rule, State, percent
from courses.words import Param

Sentences = tuple[str, str]  # a headline and an advice


def first_title(activities: Sequence[PlannedActivity]) -> str:
    return activities[0].title if activities else ""


def weeks_of(activities: Sequence[PlannedActivity]) -> list[int]:
    return sorted({activity.week for activity in activities if activity.week is not None})


def measure_lack(
    rule: Rule,
    case: Case,
    *,
    lacking: int,
    of: int,
    fine: str,
    one: Sentences,
    many: Sentences,
    params: Mapping[str, Param],
    placement_ids: Iterable[int],
    weeks: Iterable[int] = (),
) -> Finding:
    """Measure the part that lacks nothing; `one` is said when a single thing does, `many` gives their `{count}`.

    The rule's limits decide what is fine, so `fine` may be said while something lacks.
    """
    share = percent(of - lacking, of)
    is_fine = rule.state_of(case, share) is State.OK
    headline, advice = (fine, "") if is_fine else one if lacking == 1 else many
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        params={"count": lacking, "all": of, **params},
        placement_ids=placement_ids,
        weeks=weeks,
    )
