"""A design as CSV: one line per activity, for a spreadsheet. Not everything of a design fits; JSON holds it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from courses.exchange.cells import write as write_cells
from courses.exchange.proposal import decoded
from courses.exchange.table import Table, table_from_text
from courses.exchange.table_words import LABELS, Column
from courses.outline import Outline, OutlineActivity, in_board_order

COLUMNS = tuple(Column)
SHELF = "shelf"


def headings() -> list[str]:
    """The first line, in the reader's language where the headings are known in it."""
    return [str(LABELS[column]) for column in COLUMNS]


def rows_of(outline: Outline) -> Iterator[Sequence[object]]:
    """A line per activity, in the order of the board."""
    titles = {week.number: week.title for week in outline.weeks}
    outcomes = {one.key: one for one in outline.outcomes}
    for each in sorted(outline.activities, key=in_board_order):
        served = "; ".join(
            f"LO{outcomes[key].number}{f' ({level})' if level else ''}: {outcomes[key].text.replace(';', ',')}"
            for key, level in each.outcomes
        )
        said = {
            **each.values,
            Column.WEEK: SHELF if each.week is None else each.week,
            Column.WEEK_TITLE: titles.get(each.week or 0, ""),
            Column.MOMENT: each.moment,
            Column.TYPE: each.values["type_key"],
            Column.MINUTES: _time(each),
            Column.OUTCOMES: served,
        }
        yield [_plain(said.get(column)) for column in COLUMNS]


def write(outline: Outline) -> str:
    """The activities as CSV. Cells that a spreadsheet would calculate are made text."""
    return write_cells([headings(), *rows_of(outline)])


def read(source: bytes) -> Table:
    """The cells of a CSV file. Raises Refused."""
    return table_from_text(decoded(source))


def _time(each: OutlineActivity) -> object:
    low, high = each.values["minutes_low"], each.values["minutes_high"]
    return each.minutes if low is None else f"{low} to {high}"


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
