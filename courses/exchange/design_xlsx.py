"""A design as an Excel workbook: activities, weeks and outcomes on a sheet each. Only the values of cells are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from courses.exchange.cells import neutral
from courses.exchange.design_csv import headings, rows_of
from courses.exchange.design_json import OUTCOMES_MAX
from courses.exchange.proposal import Refused, cleaned
from courses.exchange.table import COLUMNS_MAX, ROWS_MAX, Table, table_of
from courses.models import WEEKS_MAX
from courses.outline import Outline

# SECURITY: a spreadsheet is an archive; what it says it holds is looked at before anything is unpacked.
UNPACKED_MAX = 20 * 1024 * 1024
PARTS_MAX = 200
RATIO_MAX = 200
SHEETS_MAX = 20
_WEEKS, _OUTCOMES = "Weeks", "Outcomes"


def write(outline: Outline) -> bytes:
    """The workbook. Text that a spreadsheet would calculate stays text."""
    book = Workbook(write_only=True)
    _sheet(book, "Activities", headings(), rows_of(outline), widths=(8, 22, 10, 34, 12, 10))
    _sheet(
        book,
        _WEEKS,
        (_("Week"), _("Title"), _("Teaching")),
        ((week.number, week.title, "yes" if week.teaching else "no") for week in outline.weeks),
        widths=(8, 40, 10),
    )
    _sheet(
        book,
        _OUTCOMES,
        (_("Number"), _("Outcome"), _("Level")),
        ((one.number, one.text, one.level or "") for one in outline.outcomes),
        widths=(8, 80, 8),
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, widths: Sequence[int]
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    bold = Font(bold=True)
    first = []
    for text in head:
        cell = WriteOnlyCell(sheet, value=str(text))
        cell.font = bold
        first.append(cell)
    sheet.append(first)
    for row in rows:
        sheet.append([_cell(value) for value in row])


def _cell(value: object) -> object:
    return neutral(cleaned(value)[:32_000]) if isinstance(value, str) else value


def read(source: bytes) -> Table:
    """The cells of a workbook: of the first sheet that holds something, and of ours for weeks and outcomes.

    Raises Refused.
    """
    _check_archive(source)
    try:
        book = load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
        try:
            return _table(book)
        finally:
            book.close()
    except Refused:
        raise
    except (
        zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, OSError, EOFError, OverflowError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        # A broken workbook breaks in many ways; only one of them is told apart.
        if isinstance(error, DefusedXmlException) or isinstance(error.__context__, DefusedXmlException):
            raise Refused(
                _("This workbook holds definitions that a spreadsheet never needs; it is not read.")
            ) from None
        raise Refused(_("This workbook is damaged. Open it in a spreadsheet, save it as XLSX and try again.")) from None


def _check_archive(source: bytes) -> None:
    if source.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_("This is an old or a locked workbook. Open it, save it as XLSX and choose that file."))
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(_("This is no workbook. Choose a file that ends in .xlsx.")) from None
    unpacked = sum(part.file_size for part in parts)
    too_dense = any(part.file_size > RATIO_MAX * max(part.compress_size, 1024) for part in parts)
    if len(parts) > PARTS_MAX or unpacked > UNPACKED_MAX or too_dense:
        raise Refused(_("This workbook unpacks to far more than a design holds; it is not opened."))


def _table(book: Any) -> Table:  # Any: openpyxl has no types
    sheets = {sheet.title: sheet for sheet in book.worksheets[:SHEETS_MAX]}
    main = None
    for title, sheet in sheets.items():
        if title in {_WEEKS, _OUTCOMES}:
            continue
        found = _rows(sheet, ROWS_MAX + 1)
        if found:
            main = table_of(found)
            break
    if main is None:
        raise Refused(_("There is nothing in this workbook."))
    return Table(
        rows=main.rows,
        lines=main.lines,
        weeks=_body(sheets.get(_WEEKS), WEEKS_MAX),
        outcomes=_body(sheets.get(_OUTCOMES), OUTCOMES_MAX),
    )


def _body(sheet: Any, most: int) -> tuple[tuple[str, ...], ...]:  # Any: openpyxl has no types
    if sheet is None:
        return ()
    try:
        found = table_of(_rows(sheet, most + 1)[1:])
    except Refused:
        return ()
    return found.rows


def _rows(sheet: Any, most: int) -> list[tuple[int, list[str]]]:  # Any: openpyxl has no types
    # SECURITY: bounds are ours; a sheet may say that it has a million rows and a cell in the last.
    rows = sheet.iter_rows(max_row=min(most * 4, 4000), max_col=COLUMNS_MAX, values_only=True)
    found = []
    for line, values in enumerate(rows, start=1):
        cells = [_text(value) for value in values]
        if any(cells):
            found.append((line, cells))
        if len(found) > most:
            break
    return found


def _text(value: Any) -> str:  # Any: whatever a cell holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)
