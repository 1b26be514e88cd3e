"""The learning environments of a course: how much happens in each, what joins them, what its lecturers say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities.models import Environment
from courses.connections import connections_of
from courses.facts import ENVIRONMENTS
from courses.models import EnvironmentAnswers

if TYPE_CHECKING:
    from courses.connections import Connections, Used
    from courses.facts import Plan, PlannedActivity
    from courses.models import Course

# The picture: a box per environment, on the corners of a rectangle; the drawing has this size.
WIDTH, HEIGHT, BOX_WIDTH, BOX_HEIGHT = 640, 300, 190, 74
CENTRES = {"digital": (105, 47), "physical": (535, 47), "workplace": (535, 253), "hybrid": (105, 253)}
ANSWERS_TOO = "course__environment_answers__changed_by"  # for whoever fetches a design and shows the answers
GAP = 4  # between the end of an arrow and its box


@dataclass(frozen=True, slots=True)
class Box:
    """An environment in the picture."""

    used: Used
    x: int
    y: int
    middle: int

    @property
    def environment(self) -> str:
        return self.used.environment


@dataclass(frozen=True, slots=True)
class Arrow:
    """The links between two environments in the picture; `both` where they go both ways."""

    source: str
    target: str
    count: int
    back_count: int
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def both(self) -> bool:
        return bool(self.back_count)

    @property
    def label_x(self) -> float:
        return round((self.x1 + self.x2) / 2, 1)

    @property
    def label_y(self) -> float:
        return round((self.y1 + self.y2) / 2, 1)

    @property
    def total(self) -> int:
        return self.count + self.back_count


@dataclass(frozen=True, slots=True)
class EnvironmentsPage:
    """All of it."""

    connections: Connections
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    unused: tuple[str, ...]
    weeks: tuple[tuple[int | None, tuple[PlannedActivity, ...]], ...]  # cards to choose from; None is the shelf


def environments_page(plan: Plan) -> EnvironmentsPage:
    """From a plan that was read; no query of its own."""
    found = connections_of(plan)
    cards = [(week.number, plan.activities_in(week.number)) for week in plan.weeks]
    groups: list[tuple[int | None, tuple[PlannedActivity, ...]]] = [(number, here) for number, here in cards if here]
    if plan.shelf:
        groups.append((None, plan.shelf))
    used = {each.environment for each in found.used}
    return EnvironmentsPage(
        connections=found,
        boxes=tuple(
            Box(
                each,
                CENTRES[each.environment][0] - BOX_WIDTH // 2,
                CENTRES[each.environment][1] - BOX_HEIGHT // 2,
                CENTRES[each.environment][0],
            )
            for each in found.used
        ),
        arrows=_arrows(found),
        unused=tuple(environment for environment in ENVIRONMENTS if environment not in used),
        weeks=tuple(groups),
    )


def answers_of(course: Course) -> EnvironmentAnswers | None:
    """What the lecturers of a course said about its environments; None while they have not.

    One query, or none where it was read together with the course (`ANSWERS_TOO`).
    """
    if "environment_answers" in course._state.fields_cache:  # noqa: SLF001 -- where Django keeps what was joined
        return getattr(course, "environment_answers", None)
    return EnvironmentAnswers.objects.filter(course=course).select_related("changed_by").first()


def wanted_words(answers: EnvironmentAnswers | None) -> list[str]:
    """The names of the environments that they would like to use more."""
    words = dict(Environment.choices)
    return [str(words[key]) for key in (answers.wanted if answers else []) if key in words]


def _arrows(found: Connections) -> tuple[Arrow, ...]:
    counts = {(edge.source, edge.target): len(edge.links) for edge in found.edges}
    arrows = []
    for (source, target), count in counts.items():
        back = counts.get((target, source), 0)
        if back and ENVIRONMENTS.index(source) > ENVIRONMENTS.index(target):
            continue  # drawn with the other one
        (x1, y1), (x2, y2) = _edge(source, target), _edge(target, source)
        arrows.append(Arrow(source, target, count, back, x1, y1, x2, y2))
    return tuple(arrows)


def _edge(source: str, target: str) -> tuple[float, float]:
    """Where the straight line from one box to the other leaves the first."""
    (x, y), (to_x, to_y) = CENTRES[source], CENTRES[target]
    dx, dy = to_x - x, to_y - y
    across = (BOX_WIDTH / 2 + GAP) / abs(dx) if dx else 1.0
    along = (BOX_HEIGHT / 2 + GAP) / abs(dy) if dy else 1.0
    part = min(across, along)
    return round(x + dx * part, 1), round(y + dy * part, 1)
