"""Cells of a CSV file that a spreadsheet will open: text that looks like a formula must stay text.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break, after any number of apostrophes, gets one apostrophe
in front. `restored` takes that one away again, so that text goes out and comes back letter for letter.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# SECURITY: the full-width forms too, which some spreadsheets read as the plain ones.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NEUTRALISED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
BYTE_ORDER_MARK = "\ufeff"


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text that `neutral` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def write(rows: Iterable[Sequence[object]]) -> str:
    """A CSV file: commas, CRLF, a byte order mark so that Excel reads it as UTF-8. Numbers stay numbers."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def read(text: str) -> list[list[str]]:
    """The cells of a file that `write` made, as they were before."""
    return [
        [restored(cell) for cell in row]
        for row in csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, (int, float)):
        return str(value)
    return neutral(str(value))


def plain(number: Decimal) -> str:
    """`7.5`, `10`: a number without zeros that say nothing, and never as 1E+1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
