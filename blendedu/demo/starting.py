"""Starting points: the library of patterns, one of a lecturer, and a table that somebody has not taken yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from courses.exchange.reading import read_paste
from courses.outline import of_weeks
from courses.queries.outline import outline_of
from courses.services import imports, patterns

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Course, Design

# As a colleague keeps it in a spreadsheet: headings of their own, a merged cell, a time that nobody wrote.
TABLE = """\
Week\tWhen\tActivity\tTime\tSetting\tStudents work\tRemarks of Ruben
1: What a brand is\tBefore\tWatch: three brands and what they promise\t12\tOnline\tAlone\t
\tIn class\tLecture: from promise to position\t1:30\tCampus\tWhole class\troom with a projector
\tAfter\tShare a brand that keeps its promise\t45\tOnline\tAlone\t
2: Position\tBefore\tRead: Positioning in practice\t60-90\tOnline\tAlone\tnew edition?
\tIn class\tWorkshop: draw the map of a market\t2 h\tCampus\tGroups\t
\tAfter\tQuiz: positioning\t\tOnline\tAlone\t
3: A brand at work\tIn class\tVisit a brand studio\thalf a day\tWorkplace\tGroups\t
\tAfter\tUpload: what the studio taught us\t90\tOnline\tPairs\t
"""


def paste(course: Course, *, by: User, at: datetime) -> None:
    """The table waits to be looked at; the course has no design yet."""
    imports.propose(course, "Pasted table", read_paste(TABLE), by=by, at=at)


def library(design: Design, *, by: User, at: datetime) -> None:
    """The patterns of the product, and the first week of a design as its lecturer shares it with the school."""
    patterns.load_shipped(at=at)
    patterns.share(
        of_weeks(outline_of(design), 1, 1),
        title="Kick-off week",
        summary="A first week in which students meet, see what the course asks, and make something small together.",
        advice="Use it in the first week of a course with groups. Let the groups be made before Wednesday.",
        licence="by-sa",
        unit=design.course.unit,
        based_on=None,
        with_questions=False,
        by=by,
        at=at,
    )
