"""What made in one activity is used in another, and how that connects the learning environments.

The picture behind the page "Environments" and behind the review rule on connected environments (C19): nodes are the
environments that are used, edges the links "output used in" between activities of different environments (Zitter and
Hoeve, Hybrid Learning Environments, OECD, 2012; third question of the source document on learning environments).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from courses.facts import ENVIRONMENTS, Plan, PlannedActivity, PlannedLink


@dataclass(frozen=True, slots=True)
class Connection:
    """A link with the two cards that it joins."""

    link: PlannedLink
    source: PlannedActivity
    target: PlannedActivity
    backwards: bool  # the target stands before the source, so what is made cannot be used there yet

    @property
    def crosses(self) -> bool:
        """Whether it joins two environments."""
        return self.source.environment != self.target.environment

    @property
    def counts(self) -> bool:
        """Whether both ends are in a week: the shelf connects nothing."""
        return self.source.week is not None and self.target.week is not None


@dataclass(frozen=True, slots=True)
class Used:
    """An environment that is used."""

    environment: str
    minutes: int
    count: int
    linked: bool  # whether anything connects it with another one


@dataclass(frozen=True, slots=True)
class Edge:
    """All the links from one environment to another one."""

    source: str
    target: str
    links: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Connections:
    """The environments of a plan and what joins them."""

    used: tuple[Used, ...]
    edges: tuple[Edge, ...]
    links: tuple[Connection, ...]
    parts: tuple[tuple[str, ...], ...]  # environments that hang together, largest first

    @property
    def unconnected(self) -> tuple[str, ...]:
        """Environments that nothing joins with another one, where there is another one."""
        return tuple(each.environment for each in self.used if not each.linked) if len(self.used) > 1 else ()

    @property
    def backwards(self) -> tuple[Connection, ...]:
        """Links to something that students do earlier."""
        return tuple(each for each in self.links if each.backwards)


def connections_of(plan: Plan) -> Connections:
    """Read the links of a plan; one whose card is gone is left out."""
    cards = {activity.placement_id: activity for activity in plan.activities}
    order = {activity.placement_id: place for place, activity in enumerate(plan.placed)}
    links = tuple(
        Connection(link, cards[link.source], cards[link.target], _is_backwards(link, order))
        for link in plan.links
        if link.source in cards and link.target in cards
    )
    joined: dict[tuple[str, str], list[int]] = {}
    for each in links:
        if each.crosses and each.source.placement_id in order and each.target.placement_id in order:
            joined.setdefault((each.source.environment, each.target.environment), []).append(each.link.id)
    minutes: dict[str, list[int]] = {}
    for activity in plan.placed:
        minutes.setdefault(activity.environment, []).append(activity.counted_minutes)
    used = [environment for environment in ENVIRONMENTS if environment in minutes]
    parts = _parts(used, joined)
    return Connections(
        used=tuple(
            Used(each, sum(minutes[each]), len(minutes[each]), linked=any(each in pair for pair in joined))
            for each in used
        ),
        edges=tuple(
            Edge(source, target, tuple(found))
            for (source, target), found in sorted(
                joined.items(), key=lambda pair: (ENVIRONMENTS.index(pair[0][0]), ENVIRONMENTS.index(pair[0][1]))
            )
        ),
        links=links,
        parts=parts,
    )


def is_backwards(plan: Plan, source: int, target: int) -> bool:
    """Whether students meet the target before the source; what they make cannot be used there."""
    order = {activity.placement_id: place for place, activity in enumerate(plan.placed)}
    return _is_backwards(PlannedLink(0, source, target), order)


def _is_backwards(link: PlannedLink, order: Mapping[int, int]) -> bool:
    return link.source in order and link.target in order and order[link.target] < order[link.source]


def _parts(used: Iterable[str], joined: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    parts = [{environment} for environment in used]
    for pair in joined:
        touched = [part for part in parts if part.intersection(pair)]
        merged: set[str] = set().union(*touched)
        parts = [part for part in parts if part not in touched] + [merged]
    ordered = [tuple(sorted(part, key=ENVIRONMENTS.index)) for part in parts]
    return tuple(sorted(ordered, key=lambda part: (-len(part), ENVIRONMENTS.index(part[0]))))
