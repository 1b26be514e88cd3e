"""How study load is drawn: shades of the table, the rhythm of all courses together, a blend per course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blendedu.kit import charts

if TYPE_CHECKING:
    from programmes.load import Blocks, Cell, Column, CourseLoad, Item, LoadTable


@dataclass(frozen=True, slots=True)
class Shade:
    """A cell and how dark it is."""

    cell: Cell
    css: str


@dataclass(frozen=True, slots=True)
class ShadedRow:
    """A course, its shades and its blend."""

    course: CourseLoad
    shades: tuple[Shade, ...]
    blend: charts.Blend


@dataclass(frozen=True, slots=True)
class HeavyWeek:
    """A week above the ceiling, with what could move out of it."""

    column: Column
    could_move: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LoadPicture:
    """Everything on the page that is drawn from one table."""

    table: LoadTable
    rows: tuple[ShadedRow, ...]
    rhythm: charts.Rhythm
    blend: charts.Blend
    heavy: tuple[HeavyWeek, ...]


def draw(table: LoadTable, heavy: Iterable[HeavyWeek]) -> LoadPicture:
    """Draw a table; the darkest shade is the fullest cell in it."""
    return LoadPicture(
        table=table,
        rows=tuple(
            ShadedRow(
                row.course,
                tuple(Shade(cell, f"v-{charts.heat_step(cell.minutes, darkest=table.darkest)}") for cell in row.cells),
                environment_blend(row.course.blocks),
            )
            for row in table.rows
        ),
        rhythm=charts.rhythm(
            [
                charts.WeekLoad(
                    number=column.number or 0,
                    minutes=column.blocks,
                    label="" if column.number else "–",
                    limit=column.ceiling,
                )
                for column in table.columns
            ]
        ),
        blend=environment_blend(table.blocks),
        heavy=tuple(heavy),
    )


def environment_blend(blocks: Blocks) -> charts.Blend:
    """Blocks by environment and timing as a bar of environments."""
    amounts: dict[str, int] = {}
    for (environment, _timing), minutes in blocks.items():
        amounts[environment] = amounts.get(environment, 0) + minutes
    return charts.environment_blend(amounts)
