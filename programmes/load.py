"""Study load of parallel courses, week by week: what a cohort is asked for, all courses together.

Pure sums. Courses that began on different days share one calendar of Mondays, so a week is the same week for all of
them. Minutes are exact here; only the page rounds, and it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from courses.calendar import WEEKDAYS, Closing, holiday_on, monday_of

WEEK = timedelta(weeks=1)
# P03: summative deadlines of a cohort in any 7 days. Two are fine, three are worth a look, four are too many.
CLUSTER_FROM = 3
CLUSTER_ALERT_FROM = 4
# C02 for a cohort: a week of more than one and a half times an average week is a peak, even below the ceiling.
PEAK_FROM = Fraction(3, 2)

Blocks = Mapping[tuple[str, str], int]


class Basis(StrEnum):
    """What the figures of a course come from."""

    RUN = "run"  # a run in this term
    PLAN = "plan"  # a design laid on the weeks of the term; nobody follows it yet
    NONE = "none"  # nothing is planned yet


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something required that is handed in or taken and looked at by somebody. `exact` days come from a run."""

    title: str
    on: date
    summative: bool
    exact: bool = True


@dataclass(frozen=True, slots=True)
class CourseWeek:
    """What one week of a course asks, at its place in the calendar."""

    monday: date
    number: int
    minutes: int
    blocks: Blocks
    # The least and the most that it may take; None stands for `minutes`.
    minutes_low: int | None = None
    minutes_high: int | None = None

    @property
    def low(self) -> int:
        """The least that the week may take."""
        return self.minutes if self.minutes_low is None else self.minutes_low

    @property
    def high(self) -> int:
        """The most that the week may take."""
        return self.minutes if self.minutes_high is None else self.minutes_high


@dataclass(frozen=True, slots=True)
class CourseLoad:
    """A course in this term."""

    code: str
    title: str
    credits: Decimal
    basis: Basis
    design_id: int | None = None
    version: int | None = None
    cohort: str = ""
    has_coach: bool = True
    compulsory: bool = True
    weeks: tuple[CourseWeek, ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    @property
    def minutes(self) -> int:
        """All weeks together."""
        return sum(week.minutes for week in self.weeks)

    @property
    def low(self) -> int:
        """The least that all weeks may take."""
        return sum(week.low for week in self.weeks)

    @property
    def high(self) -> int:
        """The most that all weeks may take."""
        return sum(week.high for week in self.weeks)

    @property
    def blocks(self) -> Blocks:
        """All weeks together, by environment and timing."""
        return add_up(week.blocks for week in self.weeks)


@dataclass(frozen=True, slots=True)
class Cell:
    """One course in one week. `number` is the week of the course, None where it does not run."""

    monday: date
    number: int | None
    minutes: int
    deadlines: tuple[Deadline, ...]
    low: int = 0  # what it may take at least and at most
    high: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A course over the weeks."""

    course: CourseLoad
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A week of the calendar over the courses. `number` counts teaching weeks; a `holiday` week has none."""

    monday: date
    number: int | None
    holiday: str
    minutes: int
    ceiling: int
    deadlines: int
    blocks: Blocks
    low: int = 0  # what it may take at least and at most
    high: int = 0

    @property
    def sunday(self) -> date:
        return self.monday + WEEK - timedelta(days=1)

    @property
    def excess(self) -> int:
        """Minutes above the ceiling."""
        return max(0, self.minutes - self.ceiling)

    @property
    def is_over(self) -> bool:
        """Whether more is asked than was agreed; exactly the ceiling is fine."""
        return self.minutes > self.ceiling

    @property
    def may_be_over(self) -> bool:
        """Whether the ceiling holds for the middle of what is asked, but not for the most of it."""
        return not self.is_over and self.high > self.ceiling


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline and the course it belongs to."""

    course: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Cluster:
    """Summative deadlines that fall within seven days (P03)."""

    dues: tuple[Due, ...]

    @property
    def first(self) -> date:
        return self.dues[0].deadline.on

    @property
    def last(self) -> date:
        return self.dues[-1].deadline.on

    @property
    def is_alert(self) -> bool:
        """Whether there are so many that quality and nerves suffer."""
        return len(self.dues) >= CLUSTER_ALERT_FROM


@dataclass(frozen=True, slots=True)
class LoadTable:
    """Courses by weeks, with sums at the foot."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    ceiling: int
    clusters: tuple[Cluster, ...]

    @property
    def minutes(self) -> int:
        return sum(column.minutes for column in self.columns)

    @property
    def low(self) -> int:
        return sum(column.low for column in self.columns)

    @property
    def high(self) -> int:
        return sum(column.high for column in self.columns)

    @property
    def blocks(self) -> Blocks:
        return add_up(column.blocks for column in self.columns)

    @property
    def over(self) -> tuple[Column, ...]:
        """The weeks above the ceiling."""
        return tuple(column for column in self.columns if column.is_over)

    @property
    def maybe_over(self) -> tuple[Column, ...]:
        """The weeks that keep the ceiling as planned, but pass it when all takes as long as it may."""
        return tuple(column for column in self.columns if column.may_be_over)

    @property
    def fullest(self) -> Column | None:
        """The week that asks most; the first of equals; None while nothing is planned."""
        fullest = max(self.columns, key=lambda column: column.minutes, default=None)
        return fullest if fullest is not None and fullest.minutes else None

    @property
    def darkest(self) -> int:
        """The most that one course asks in one week: the darkest cell of the table."""
        return max((cell.minutes for row in self.rows for cell in row.cells), default=0)

    @property
    def average(self) -> int:
        """Minutes of an average week, of those in which anything is asked; whole minutes."""
        used = [column.minutes for column in self.columns if column.minutes]
        return sum(used) // len(used) if used else 0

    @property
    def peaks(self) -> tuple[Column, ...]:
        """Weeks within the ceiling that still stand out: more than one and a half times an average week."""
        used = [column.minutes for column in self.columns if column.minutes]
        limit = PEAK_FROM * Fraction(sum(used), len(used)) if used else Fraction(0)
        return tuple(column for column in self.columns if column.minutes > limit and not column.is_over)

    def column_on(self, monday: date) -> Column | None:
        """The week that begins on this day."""
        return next((column for column in self.columns if column.monday == monday), None)

    def row_of(self, code: str) -> Row | None:
        """The course with this code."""
        return next((row for row in self.rows if row.course.code == code), None)


@dataclass(frozen=True, slots=True)
class Item:
    """An activity behind a figure."""

    course_code: str
    course: str
    week: int
    title: str
    minutes: int | None
    timing: str
    environment: str
    moment: str
    required: bool
    minutes_low: int | None = None
    minutes_high: int | None = None


def add_up(blocks: Iterable[Blocks]) -> dict[tuple[str, str], int]:
    """Several weeks' or courses' blocks as one."""
    total: dict[tuple[str, str], int] = {}
    for some in blocks:
        for key, minutes in some.items():
            total[key] = total.get(key, 0) + minutes
    return total


def lay_out(
    courses: Sequence[CourseLoad],
    *,
    ceiling: int,
    begins: date | None = None,
    holidays: Sequence[Closing] = (),
) -> LoadTable:
    """Lay courses side by side on one calendar.

    The table reaches from the first to the last week in which a course asks something or a deadline falls; weeks are
    numbered from the one in which the term `begins`, leaving out weeks of holiday unless work lies there.
    """
    deadlines = {course.code: _by_week(course.deadlines) for course in courses}
    asked = {week.monday for course in courses for week in course.weeks if week.minutes}
    asked |= {monday for weeks in deadlines.values() for monday in weeks}
    if not asked:
        # Weeks without minutes are still the weeks of a course: an empty table says more than none.
        asked = {week.monday for course in courses for week in course.weeks}
    if not asked:
        return LoadTable(tuple(Row(course, ()) for course in courses), (), ceiling, ())
    mondays = _mondays(min(asked), max(asked))
    rows = tuple(_row(course, mondays, deadlines[course.code]) for course in courses)
    start = min(mondays[0], monday_of(begins)) if begins else mondays[0]
    free = _free(_mondays(start, mondays[-1]), holidays, asked)
    numbers = _numbers(_mondays(start, mondays[-1]), free)
    columns = tuple(
        Column(
            monday=monday,
            number=numbers.get(monday),
            holiday=free.get(monday, ""),
            minutes=sum(row.cells[place].minutes for row in rows),
            low=sum(row.cells[place].low for row in rows),
            high=sum(row.cells[place].high for row in rows),
            ceiling=ceiling,
            deadlines=sum(len(row.cells[place].deadlines) for row in rows),
            blocks=add_up(week.blocks for course in courses for week in course.weeks if week.monday == monday),
        )
        for place, monday in enumerate(mondays)
    )
    return LoadTable(rows, columns, ceiling, clusters(courses))


def clusters(courses: Iterable[CourseLoad]) -> tuple[Cluster, ...]:
    """Summative deadlines that fall together: the fullest seven days first, no deadline counted twice."""
    left = sorted(
        (Due(course.title, deadline) for course in courses for deadline in course.deadlines if deadline.summative),
        key=lambda due: (due.deadline.on, due.course, due.deadline.title),
    )
    found: list[Cluster] = []
    while True:
        windows = [
            [due for due in left if start.deadline.on <= due.deadline.on < start.deadline.on + WEEK] for start in left
        ]
        fullest = max(windows, key=len, default=[])
        if len(fullest) < CLUSTER_FROM:
            return tuple(sorted(found, key=lambda cluster: cluster.first))
        found.append(Cluster(tuple(fullest)))
        left = [due for due in left if due not in fullest]


def could_move(items: Iterable[Item], excess: int, *, at_most: int = 3) -> tuple[Item, ...]:
    """Which activities of a week that is too full could go to another one.

    Own time moves, sessions do not. First the shortest that would do alone, then the longest of the others.
    """
    movable = [item for item in items if item.timing == "async" and item.minutes]
    enough = sorted((item for item in movable if (item.minutes or 0) >= excess), key=lambda item: item.minutes or 0)
    others = sorted((item for item in movable if (item.minutes or 0) < excess), key=lambda item: -(item.minutes or 0))
    return tuple([*enough, *others][:at_most])


def _by_week(deadlines: Iterable[Deadline]) -> dict[date, tuple[Deadline, ...]]:
    weeks: dict[date, list[Deadline]] = {}
    for deadline in deadlines:
        weeks.setdefault(monday_of(deadline.on), []).append(deadline)
    return {monday: tuple(sorted(due, key=lambda d: (d.on, d.title))) for monday, due in weeks.items()}


def _mondays(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + WEEK * place for place in range((last - first).days // 7 + 1))


def _free(mondays: Iterable[date], holidays: Sequence[Closing], asked: set[date]) -> dict[date, str]:
    """The weeks in which no weekday is taught, with the name of the holiday."""
    free = {}
    for monday in mondays:
        names = [holiday_on(monday + timedelta(days=day), holidays) for day in range(WEEKDAYS)]
        if monday not in asked and all(names):
            free[monday] = names[0] or ""
    return free


def _numbers(mondays: Iterable[date], free: Mapping[date, str]) -> dict[date, int]:
    taught = [monday for monday in mondays if monday not in free]
    return {monday: number for number, monday in enumerate(taught, start=1)}


def _row(course: CourseLoad, mondays: Sequence[date], deadlines: Mapping[date, tuple[Deadline, ...]]) -> Row:
    weeks: dict[date, list[CourseWeek]] = {}
    for week in course.weeks:
        weeks.setdefault(week.monday, []).append(week)
    return Row(course, tuple(_cell(monday, weeks.get(monday, ()), deadlines.get(monday, ())) for monday in mondays))


def _cell(monday: date, weeks: Sequence[CourseWeek], deadlines: tuple[Deadline, ...]) -> Cell:
    return Cell(
        monday,
        weeks[0].number if weeks else None,
        sum(week.minutes for week in weeks),
        deadlines,
        low=sum(week.low for week in weeks),
        high=sum(week.high for week in weeks),
    )
