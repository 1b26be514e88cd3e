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
    from collections.abc import Iterable, Mapping, Sequence

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
    # COST: 2,000 students by 40 offers are 80,000 states; each word is looked up once.
    words = {state: (str(word), _("%(state)s, late") % {"state": word}) for state, word in STATES.items()}
    return cells.write([_header(columns), *(_line(row, words) for row in rows)])


def _header(columns: Sequence[GradeColumn]) -> list[str]:
    header = [_("Name"), _("E-mail"), _("Student number"), _("Group")]
    for column in columns:
        facts = {"title": column.activity.title, "most": cells.plain(column.max_points) if column.max_points else ""}
        header.append((_("%(title)s (of %(most)s)") if column.max_points else "%(title)s") % facts)
        header.append(_("%(title)s: state") % facts)
    return header


def _line(row: GradeRow, words: Mapping[str, tuple[str, str]]) -> list[object]:
    line: list[object] = [row.name, row.email, row.student_number, row.group]
    for cell in row.cells:
        line += [cell.points, words[cell.state][cell.late]]
    return line
