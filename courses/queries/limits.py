"""Limits of review rules: who has set what, which of it holds for a course, what another limit would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, Subquery

from blendedu.people.queries import above, below
from courses.balance import weigh
from courses.findings import RULE_BY_ID, RuleSettings
from courses.findings.finding import Case
from courses.models import Course, Design, RuleLimit
from courses.queries.plan import plans_of
from courses.sources import COURSE_RANK, Layer, layers_elsewhere
from courses.spoken import spoken, voice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import Unit
    from courses.facts import Plan
    from courses.models import Limit
    from courses.spoken import Spoken

PART = 100  # designs that a preview judges before it says how far it is
CHUNK = 50

Layers = Mapping[int, Sequence[Layer]]


def layer_of(limit: Limit, *, kind: str, owner: int, name: str, rank: int) -> Layer:
    """A row as a layer of limits."""
    return Layer(kind, owner, name, rank, limit.rule, limit.band, limit.switched_off, limit.reason)


def layers_of(courses: Collection[Course]) -> Layers:
    """Everything that is set for these courses by units, programmes and the courses themselves."""
    layers: dict[int, list[Layer]] = defaultdict(list)
    units = above({course.unit.path for course in courses})
    rows = RuleLimit.objects.filter(Q(unit__in=units) | Q(course__in=courses)).select_related("unit")
    for row in rows:
        if not row.is_set:
            continue
        if row.course_id is not None:
            layers[row.course_id].append(layer_of(row, kind="course", owner=row.course_id, name="", rank=COURSE_RANK))
        elif row.unit is not None:
            path = row.unit.path
            layer = layer_of(row, kind="unit", owner=row.unit.pk, name=row.unit.name, rank=path.count("/"))
            for course in courses:
                if course.unit.path.startswith(path):
                    layers[course.pk].append(layer)
    for course_id, layer in layers_elsewhere(courses):
        layers[course_id].append(layer)
    return layers


def course_alone(course: Course) -> QuerySet[Course]:
    """A course as a set of one."""
    return Course.objects.filter(pk=course.pk)


def courses_below(unit: Unit) -> QuerySet[Course]:
    """The courses of a unit and of everything below it."""
    return Course.objects.filter(below([unit], field="unit__path"))


def inherited_by(course: Course) -> list[Layer]:
    """What units and programmes set for a course."""
    return [layer for layer in layers_of([course]).get(course.pk, ()) if layer.kind != "course"]


def layers_above(unit: Unit, *, with_own: bool = False) -> list[Layer]:
    """What the units above one set for everything below them, and on request what it sets itself."""
    rows = RuleLimit.objects.filter(unit__in=above({unit.path})).select_related("unit")
    return [
        layer_of(row, kind="unit", owner=row.unit.pk, name=row.unit.name, rank=row.unit.path.count("/"))
        for row in rows
        if row.is_set and row.unit is not None and (with_own or row.unit_id != unit.pk)
    ]


def nearest(layers: Iterable[Layer], rule: str) -> Layer | None:
    """The limits that hold: those that were set nearest to the course; of several programmes, the last named."""
    return max(
        (layer for layer in layers if layer.rule == rule),
        key=lambda layer: (layer.rank, layer.name),
        default=None,
    )


def limits_of(courses: Sequence[Course]) -> dict[int, dict[str, Any]]:
    """What `Course.framework["limits"]` says, by course.

    `version` counts, per course and rule, how often the limits that hold have become others: an answer was given to one
    of them. So it goes on counting when limits are taken away again.
    """
    layers = layers_of(courses)
    found = {}
    for course in courses:
        known: Mapping[str, Mapping[str, Any]] = course.framework.get("limits", {})
        set_now = {rule: layer for layer in layers.get(course.pk, ()) if (rule := layer.rule) in RULE_BY_ID}
        limits = {}
        for rule in sorted({*known, *set_now}):
            layer = nearest(layers.get(course.pk, ()), rule)
            said = _said(layer) if layer else {}
            before = known.get(rule, {})
            version = before.get("version", 0)
            same = _binding(said) == _binding(before)
            limits[rule] = {**said, "version": version if same else version + 1}
        if limits:
            found[course.pk] = limits
    return found


def _binding(said: Mapping[str, Any]) -> dict[str, Any]:  # Any: as above
    return {name: said[name] for name in ("ok", "warn", "off") if name in said}


def _said(layer: Layer) -> dict[str, Any]:
    said: dict[str, Any] = {**layer.band, "from": layer.name, "kind": layer.kind, "owner": layer.owner}
    if layer.off:
        said["off"] = True
    if layer.reason:
        said["reason"] = layer.reason
    return said


# --- What another limit would change --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flip:
    """A course in which a rule would say something else."""

    course: Course
    before: str  # a state, or "off"
    after: str
    spoken: Spoken | None


Counts = Mapping[str, tuple[int, int]]  # per state: now, then


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the parts of a preview came to that were judged before this one."""

    looked_at: int = 0
    flipped: int = 0
    counts: Counts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change of limits does to the courses it holds for: this part of them, and what all parts came to."""

    flips: tuple[Flip, ...]  # of this part
    so_far: SoFar  # with this part
    courses: int  # with a design

    @property
    def is_partial(self) -> bool:
        """Whether there are designs that nobody has looked at yet."""
        return self.so_far.looked_at < self.courses


def outlook(
    courses: QuerySet[Course], candidate: Layer, *, before: SoFar | None = None, at_most: int | None = None
) -> Outlook:
    """Judge the newest design of each course with the limits as they are, and as the candidate would make them.

    All designs are judged in the end, `at_most` (or PART) of them here, after those that are in `before`; by title, so
    that the parts follow one another. A candidate without band that is not off takes the owner's limits away.
    """
    # COST: judging a design reads all of it, 10 ms and more; the queries are as many for each chunk.
    before = before or SoFar()
    newest = Design.objects.filter(course=OuterRef("pk")).order_by("-number").values("pk")[:1]
    designs = Design.objects.filter(pk__in=courses.order_by().annotate(newest=Subquery(newest)).values("newest"))
    ordered = designs.select_related("course__unit").order_by("course__title", "pk")
    chosen = list(ordered[before.looked_at : before.looked_at + (at_most or PART)])
    layers = layers_of([design.course for design in chosen])
    flips: list[Flip] = []
    counts = {state: list(known) for state, known in before.counts.items()}
    for start in range(0, len(chosen), CHUNK):
        chunk = chosen[start : start + CHUNK]
        for design, plan in zip(chunk, plans_of(*chunk), strict=True):
            known = layers.get(design.course_id, ())
            was, becomes, said = _turn(plan, known, candidate)
            counts.setdefault(was, [0, 0])[0] += 1
            counts.setdefault(becomes, [0, 0])[1] += 1
            if was != becomes:
                flips.append(Flip(design.course, was, becomes, said))
    return Outlook(
        flips=tuple(flips),
        so_far=SoFar(
            before.looked_at + len(chosen),
            before.flipped + len(flips),
            {state: (now, then) for state, (now, then) in sorted(counts.items())},
        ),
        courses=designs.count(),
    )


def _turn(plan: Plan, known: Sequence[Layer], candidate: Layer) -> tuple[str, str, Spoken | None]:
    """What the rule of the candidate says of a plan now and then, and its words then."""
    others = [
        layer
        for layer in known
        if (layer.kind, layer.owner, layer.rule) != (candidate.kind, candidate.owner, candidate.rule)
    ]
    added = [candidate] if candidate.band or candidate.off else []
    was, said = judged(plan, now := nearest(known, candidate.rule), candidate.rule)
    then = nearest([*others, *added], candidate.rule)
    return (was, was, said) if then == now else (was, *judged(plan, then, candidate.rule))


def judged(plan: Plan, layer: Layer | None, rule_id: str) -> tuple[str, Spoken | None]:
    """What one rule says of a plan with these limits: its state, or "off", and its words."""
    rule = RULE_BY_ID[rule_id]
    if layer is not None and layer.off:
        return "off", None
    bands = {rule_id: rule.band.revised(layer.band)} if layer else {}
    finding = rule.judge(rule, Case(plan, weigh(plan), RuleSettings(bands=bands)))
    return finding.state.value, spoken(finding, voice())
