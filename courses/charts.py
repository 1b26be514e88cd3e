"""From the sums of a course to the shapes that the charts draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blendedu.kit.charts import WeekLoad

if TYPE_CHECKING:
    from courses.balance import Loads


def weeks_drawn(loads: Loads) -> list[WeekLoad]:
    """The weeks of a stored summary, for the rhythm chart."""
    drawn = []
    for week in loads.weeks:
        minutes = {}
        for block, amount in week.blocks.items():
            environment, timing = block.split(":")
            minutes[environment, timing] = amount
        drawn.append(WeekLoad(number=week.number, minutes=minutes))
    return drawn
