"""The gradebook as a CSV file, for a spreadsheet or a student administration.

One line per student: name, e-mail, student number, group, then per offer the points and where they stand. Text that
looks like a formula gets an apostrophe in front (courses.exchange.cells); reading the file with `cells.read` gives back
exactly what was in the gradebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.exchange import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from courses.queries.gradebook import GradeColumn, GradeRow

STATES = {
    "": "",
    "open": gettext_lazy("in progress"),
    "submitted": gettext_lazy("handed in"),
    "draft": gettext_lazy("feedback not released"),
    "released": gettext_lazy("released"),
    "done": gettext_lazy("done"),
}


def write(columns: Sequence[GradeColumn], rows: Iterable[GradeRow]) -> str:
    """The file as text, with its byte order mark."""
    return cells.write([_header(columns), *(_line(row) for row in rows)])


def _header(columns: Sequence[GradeColumn]) -> list[str]:
    header = [_("Name"), _("E-mail"), _("Student number"), _("Group")]
    for column in columns:
        facts = {"title": column.activity.title, "most": cells.plain(column.max_points) if column.max_points else ""}
        header.append((_("%(title)s (of %(most)s)") if column.max_points else "%(title)s") % facts)
        header.append(_("%(title)s: state") % facts)
    return header


def _line(row: GradeRow) -> list[object]:
    line: list[object] = [row.name, row.email, row.student_number, row.group]
    for cell in row.cells:
        state = str(STATES[cell.state])
        line += [cell.points, _("%(state)s, late") % {"state": state} if cell.late else state]
    return line
