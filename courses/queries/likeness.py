"""A design beside a pattern, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from activities import registry
from courses.changes import Spot
from courses.likeness import GROUNDS, Ground, likeness
from courses.models import Design
from courses.outline import plan_of_outline
from courses.queries.differences import field_said, rows_of, spot_said
from courses.queries.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from courses.facts import PlannedActivity
    from courses.likeness import Likeness, Pair
    from courses.models import Course
    from courses.outline import Outline
    from courses.queries.differences import BalanceRow


@dataclass(frozen=True, slots=True)
class LikeLine:
    """An activity of the pattern, or one that only the design has, in words."""

    mark: str  # gone, moved, changed, added or empty
    word: str
    title: str
    icon: str
    type_label: str
    minutes: int | None
    where: str
    key: str = ""  # of the activity in the pattern, to take it
    mine: str = ""  # the title of what stands for it
    ground: str = ""
    differs: tuple[str, ...] = ()


class PatternBeside:
    """Some weeks of a design beside a pattern; two queries, whatever they hold."""

    def __init__(self, outline: Outline, design: Design, *, first_week: int) -> None:
        self.design = design
        self.plan = plan_of(design)
        self.found: Likeness = likeness(plan_of_outline(outline), self.plan, first_week=first_week)

    @property
    def missing_weeks(self) -> bool:
        """Whether the pattern reaches beyond the last week of the design."""
        return max((week.number for week in self.plan.weeks), default=0) < self.found.last_week

    @property
    def missing(self) -> list[LikeLine]:
        """What the pattern has and these weeks have not."""
        return [_line(each, "gone", gettext("Missing"), key=each.key) for each in self.found.missing]

    @property
    def own(self) -> list[LikeLine]:
        """What stands in these weeks and not in the pattern."""
        return [_line(each, "added", gettext("Only here")) for each in self.found.own]

    @property
    def there(self) -> list[LikeLine]:
        """What of the pattern these weeks have, with what is otherwise."""
        return [_pair_line(pair) for pair in self.found.pairs]

    @property
    def grounds(self) -> list[str]:
        """How activities are recognised, the surest way first."""
        return [gettext(GROUNDS[ground]) for ground in Ground]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(mark, word, how many)."""
        found = self.found
        certain = sum(pair.is_certain for pair in found.pairs)
        return [
            ("", gettext("There"), certain),
            ("", gettext("Perhaps"), len(found.pairs) - certain),
            ("gone", gettext("Missing"), len(found.missing)),
            ("added", gettext("Only here"), len(found.own)),
        ]

    @property
    def balance(self) -> list[BalanceRow]:
        return rows_of(self.found.balance)


def versions_of(course: Course) -> list[Design]:
    """The versions of a course to choose from, the newest first; each knows its course."""
    versions = list(Design.objects.filter(course=course).order_by("-number"))
    for version in versions:
        version.course = course
    return versions


def _line(activity: PlannedActivity, mark: str, word: str, *, key: str = "") -> LikeLine:
    icon, label = _type_of(activity)
    where = spot_said(_spot(activity))
    return LikeLine(mark, word, activity.title, icon, label, activity.minutes, where, key)


def _pair_line(pair: Pair) -> LikeLine:
    icon, label = _type_of(pair.mine)
    theirs, mine = pair.spots
    differs = [field_said(change) for change in pair.fields]
    if pair.is_moved:
        differs.insert(0, f"{spot_said(theirs)} → {spot_said(mine)}")
    mark, word = _mark(pair, differs)
    return LikeLine(
        mark=mark,
        word=word,
        title=pair.theirs.title,
        icon=icon,
        type_label=label,
        minutes=pair.mine.minutes,
        where=spot_said(mine),
        key="" if pair.is_certain else pair.theirs.key,
        mine=pair.mine.title,
        ground=gettext(GROUNDS[pair.ground]),
        differs=tuple(differs),
    )


def _mark(pair: Pair, differs: Iterable[str]) -> tuple[str, str]:
    if not pair.is_certain:
        return "", gettext("Perhaps")
    # As on the board of two versions: changed, if it is both.
    if pair.fields:
        return "changed", gettext("Changed")
    return ("moved", gettext("Moved")) if differs else ("", gettext("There"))


def _spot(activity: PlannedActivity) -> Spot:
    return Spot(activity.week, activity.moment)


def _type_of(activity: PlannedActivity) -> tuple[str, str]:
    try:
        known = registry.get(activity.type_key)
    except registry.UnknownType:
        return "circle-question-mark", gettext("Unknown type")
    return known.icon, str(known.label)
