"""A table of activities: a CSV or XLSX file, or what is copied from a spreadsheet and pasted.

Columns are guessed from their headings, or from what stands in them; a person corrects the guess. A row is an
activity; whatever is wrong in it is named with its line.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from activities import registry
from blendedu.kit.minutes import CLOCK_HOUR, BadMinutes
from courses.exchange.cells import BYTE_ORDER_MARK, restored
from courses.exchange.design_json import ACTIVITIES_MAX, OUTCOMES_MAX
from courses.exchange.durations import duration_in, no_time
from courses.exchange.proposal import Proposal, Refused, Report, cleaned, shown
from courses.exchange.table_words import LABELS, NO, QUICK_WORDS, SHELF, VALUE_OF, YES, Column, bare, column_named
from courses.exchange.values import BRIEF_MAX, NUMBERS, type_like, values_from
from courses.models import WEEKS_MAX
from courses.outline import Outline, OutlineActivity, OutlineOutcome, OutlineWeek, in_board_order

TEXT_MAX = 2_000_000
COLUMNS_MAX = 60
ROWS_MAX = ACTIVITIES_MAX + 50  # headings, and lines that are left out
LOOKED_AT = 40  # rows by which a column is guessed

_OUTCOME = re.compile(
    r"(?:(?:LO|LU|LD|LZ|LE|outcome|leeruitkomst|lernziel)\s*)?(\d{1,2})(?!\d)(?:\s*\(([1-6])\))?[\s:.–-]*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHOSEN = {  # columns whose cells are words for a value
    Column.MOMENT, Column.LEARNING_TYPE, Column.SECOND_TYPE, Column.ENVIRONMENT, Column.TIMING, Column.PLACE,
    Column.GROUPING, Column.GUIDANCE, Column.ASSESSMENT, Column.ASSESSMENT_FORM, Column.FEEDBACK_BY,
    Column.ALTERNATIVE, Column.PURPOSE,
}  # fmt: skip
_FLAGS = {Column.REQUIRED, Column.OWN_CHOICE, Column.FEEDBACK_ELABORATED}
_COUNTED = {Column.SECOND_SHARE, Column.GROUP_SIZE, Column.WEIGHT, Column.FEEDBACK_DAYS}


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, with the line of each row; `weeks` and `outcomes` where a file has sheets for them."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    weeks: tuple[tuple[str, ...], ...] = ()
    outcomes: tuple[tuple[str, ...], ...] = ()

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return {"rows": self.rows, "lines": self.lines, "weeks": self.weeks, "outcomes": self.outcomes}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Table:  # Any: JSON
        return cls(
            rows=tuple(map(tuple, said["rows"])),
            lines=tuple(said["lines"]),
            weeks=tuple(map(tuple, said["weeks"])),
            outcomes=tuple(map(tuple, said["outcomes"])),
        )


@dataclass(frozen=True, slots=True)
class Guess:
    """What each column holds ("" is left out), and whether the first row is headings."""

    columns: tuple[str, ...]
    has_header: bool


def table_from_text(text: str) -> Table:
    """The cells of a CSV file or of what was copied from a spreadsheet. Raises Refused."""
    if len(text) > TEXT_MAX:
        raise Refused(_("This table is larger than a design can be."))
    text = text.removeprefix(BYTE_ORDER_MARK)
    separator = ""
    if told := re.match(r"\s*\"?sep=([,;\t])\"?\s*\r?\n", text, re.IGNORECASE):
        separator = told[1]
        text = "\n" + text[told.end() :]
    found: list[tuple[int, list[str]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator_of(text))
        end = 0
        for cells in reader:
            found.append((end + 1, cells))
            end = reader.line_num
            if len(found) > 20 * ROWS_MAX:
                break
    except csv.Error:
        raise Refused(
            _("This table cannot be read: a quotation mark is opened and not closed."), _line(end + 1)
        ) from None
    return table_of(found)


def table_of(found: Sequence[tuple[int, Sequence[str]]]) -> Table:
    """Rows with their line as a table: cleaned, without empty rows and columns beyond. Raises Refused."""
    rows = [
        (line, tuple(restored(cleaned(cell).strip(" \t\xa0"))[:BRIEF_MAX] for cell in cells[:COLUMNS_MAX]))
        for line, cells in found
    ]
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise Refused(_("There is nothing in this table. Put one activity on each line."))
    if len(rows) > ROWS_MAX:
        told = {"count": len(rows), "most": ACTIVITIES_MAX}
        raise Refused(_("A design takes at most %(most)s activities; this table has %(count)s lines.") % told)
    width = max(_filled(cells) for _line_number, cells in rows)
    return Table(
        rows=tuple((cells + ("",) * width)[:width] for _line_number, cells in rows),
        lines=tuple(line for line, _cells in rows),
    )


def _filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell), default=0)


def _separator_of(text: str) -> str:
    """Tabs where there are any, for that is how spreadsheets copy; else the sign that divides most lines alike."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    if sum("\t" in line for line in lines) * 2 >= len(lines) > 0:
        return "\t"

    def evidence(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in lines if separator in line)
        return (max(counts.values()), max(counts)) if counts else (0, 0)

    return max(",;\t|", key=evidence)


def _line(number: int) -> str:
    return _("Line %(number)s") % {"number": number}


# --- Columns ------------------------------------------------------------------------------------------------------


def guess(table: Table) -> Guess:
    """What the columns hold, by their headings, or else by what stands in them."""
    named = [column_named(cell) if cell else None for cell in table.rows[0]]
    has_header = sum(column is not None for column in named) >= 2 or (
        any(named) and not any(cell[:1].isdigit() for cell in table.rows[0])
    )
    columns: list[str] = []
    for column in named if has_header else [None] * table.width:
        columns.append("" if column is None or column in columns else column.value)
    body = table.rows[1 if has_header else 0 :][:LOOKED_AT]
    _guess_by_content(columns, body, _WORDED if has_header else (*_BARE, *_WORDED))
    if Column.TITLE not in columns:
        # The free column with the longest words is what students do.
        free = [place for place, column in enumerate(columns) if not column or column == Column.BRIEF]
        weight = {
            place: 100 * len({row[place] for row in body}) + sum(len(row[place]) for row in body) for place in free
        }
        best_place = max(free, key=lambda place: weight[place], default=None)
        if best_place is not None and weight[best_place]:
            columns[best_place] = Column.TITLE
        elif Column.TYPE in columns:
            columns[columns.index(Column.TYPE)] = Column.TITLE
    return Guess(tuple(map(str, columns)), has_header)


# What shows itself by its words, whatever its heading is; and what only a table without headings lets us guess.
_WORDED = (Column.MOMENT, Column.ENVIRONMENT, Column.TIMING, Column.GROUPING, Column.LEARNING_TYPE)
_BARE = (Column.WEEK, Column.OUTCOMES, Column.TYPE, Column.MINUTES)


def _guess_by_content(columns: list[str], body: Sequence[Sequence[str]], among: Sequence[Column]) -> None:
    for place in range(len(columns)):
        cells = [row[place] for row in body if row[place]]
        if columns[place] or not cells:
            continue
        fits = {column: sum(_fits(column, cell) for cell in cells) for column in among}
        free = {column: count for column, count in fits.items() if column.value not in columns}
        best = max(free, key=lambda column: free[column], default=None)
        if best is not None and free[best] * 10 >= len(cells) * 6:
            columns[place] = best.value


def _fits(column: Column, cell: str) -> bool:
    if column == Column.WEEK:
        return re.fullmatch(r"(?i)(?:week|wk|w|woche|kw|semaine)?\s*\d{1,2}", cell) is not None
    if column == Column.OUTCOMES:
        return re.match(r"(?i)(?:LO|LU|LD|LZ|LE)\s?\d", cell) is not None
    if column == Column.MINUTES:
        return _is_time(cell)
    if column == Column.TYPE:
        return _type_key(cell) is not None
    return bare(cell) in VALUE_OF[column.value]


# --- Rows ---------------------------------------------------------------------------------------------------------


def read(table: Table, columns: Sequence[str], *, has_header: bool, teaching_hour: int = CLOCK_HOUR) -> Proposal:
    """The activities of a table whose columns are known. Never raises for what is in it."""
    return _Reading(table, columns, has_header=has_header, teaching_hour=teaching_hour).proposal()


@dataclass
class _Reading:
    table: Table
    columns: Sequence[str]
    has_header: bool
    teaching_hour: int
    report: Report = field(default_factory=Report)
    outcomes: dict[str, OutlineOutcome] = field(default_factory=dict)  # by number, or by text
    week_titles: dict[int, str] = field(default_factory=dict)

    def proposal(self) -> Proposal:
        if Column.TITLE not in self.columns:
            return Refused(_("Say which column holds the titles of the activities.")).proposal
        self._name_left_out()
        self._read_outcomes()
        teaching = self._read_weeks()
        cards: list[OutlineActivity] = []
        week: int | None = None
        start = 1 if self.has_header else 0
        for line, cells in zip(self.table.lines[start:], self.table.rows[start:], strict=True):
            said = {column: cell for column, cell in zip(self.columns, cells, strict=False) if column and cell}
            where = _line(line)
            week = self._week(said, week, where)
            if not said.get(Column.TITLE):
                if set(said) - {Column.WEEK, Column.WEEK_TITLE}:
                    self.report.left_out(where, _("This line has no title."))
                elif week is not None and Column.WEEK_TITLE in said:
                    self.week_titles.setdefault(week, said[Column.WEEK_TITLE])
                continue
            if len(cards) == ACTIVITIES_MAX:
                told = {"most": ACTIVITIES_MAX}
                self.report.left_out(where, _("A design takes at most %(most)s activities.") % told)
                break
            cards.append(self._card(said, week, where))
        last = max([*self.week_titles, *teaching, *(card.week or 0 for card in cards)], default=0)
        if not cards:
            return Refused(_("There is a line with headings, and no activity below it.")).proposal
        return self.report.proposal(
            Outline(
                weeks=tuple(
                    OutlineWeek(number, self.week_titles.get(number, "")[:120].strip(), teaching.get(number, True))
                    for number in range(1, last + 1)
                ),
                outcomes=tuple(sorted(self.outcomes.values(), key=lambda one: one.number)),
                activities=tuple(sorted(cards, key=in_board_order)),
            )
        )

    def _name_left_out(self) -> None:
        for place, column in enumerate(self.columns):
            filled = [row[place] for row in self.table.rows if place < len(row) and row[place]]
            if column or not filled:
                continue
            name = self.table.rows[0][place] if self.has_header else ""
            told = {"name": shown(name or _("column %(number)s") % {"number": place + 1}), "count": len(filled)}
            self.report.left_out(_("Columns"), _("“%(name)s” is left out.") % told)

    def _read_outcomes(self) -> None:
        for cells in self.table.outcomes[:OUTCOMES_MAX]:
            number, text, level = (*cells, "", "", "")[:3]
            if number.isascii() and number.isdecimal() and len(number) < 4 and text:
                self._outcome(int(number), text, int(level) if level in {"1", "2", "3", "4", "5", "6"} else None)

    def _read_weeks(self) -> dict[int, bool]:
        teaching = {}
        for cells in self.table.weeks[:WEEKS_MAX]:
            number, title, taught = (*cells, "", "", "")[:3]
            if number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= WEEKS_MAX:
                self.week_titles[int(number)] = title
                teaching[int(number)] = bare(taught) not in NO
        return teaching

    def _week(self, said: Mapping[str, str], above: int | None, where: str) -> int | None:
        """The week of a row; an empty cell means the week above it, as in tables with merged cells."""
        text = said.get(Column.WEEK, "")
        if Column.WEEK not in self.columns:
            return 1
        if not text:
            return above
        if bare(text) in SHELF:
            return None
        match = re.match(r"\D{0,12}?(\d{1,4})(?:\.0+)?\b\s*[:.–-]*\s*(.*)", text, re.DOTALL)
        number = int(match[1]) if match else 0
        if match is None or not 1 <= number <= WEEKS_MAX:
            told = {"value": shown(text)}
            self.report.changed(where, _("“%(value)s” is no week; the activity is on the shelf.") % told)
            return None
        if match[2] and not match[2][:1].isdigit():
            self.week_titles.setdefault(number, " ".join(match[2].split()))
        elif match[2]:
            told = {"value": shown(text), "number": str(number)}
            self.report.changed(where, _("“%(value)s” is more than one week; week %(number)s is taken.") % told)
        if title := said.get(Column.WEEK_TITLE):
            self.week_titles.setdefault(number, " ".join(title.split()))
        return number

    def _card(self, said: Mapping[str, str], week: int | None, where: str) -> OutlineActivity:
        values: dict[str, Any] = {"title": " ".join(said[Column.TITLE].split())}  # Any: columns of an activity
        moment = ""
        for name in _CHOSEN & set(said):
            value = _value(name, said[name])
            if value is None:
                told = {"column": LABELS[Column(name)], "value": shown(said[name])}
                self.report.changed(where, _("%(column)s: “%(value)s” is not understood.") % told)
            elif name == Column.MOMENT:
                moment = value
            else:
                values[str(name)] = value
        for name in _FLAGS & set(said):
            word = bare(said[name])
            if word in YES | NO:
                values[str(name)] = word in YES
            else:
                told = {"column": LABELS[Column(name)], "value": shown(said[name])}
                self.report.changed(where, _("%(column)s: “%(value)s” is not understood.") % told)
        for name in _COUNTED & set(said):
            self._count(values, name, said[name], where)
        for name in {Column.TOOL, Column.BRIEF} & set(said):
            values[str(name)] = said[name]
        values |= self._time(said, where)
        kind = self._kind(said, values, moment, where)
        moment = moment or ("together" if values.get("timing") == "sync" else kind.defaults.moment)
        if moment == "together" and "timing" not in values:
            values["timing"] = "sync"
        if "place" not in values and "environment" in values:
            at_once = values.get("timing", kind.defaults.timing) == "sync"
            online = "online" if at_once else "anywhere"
            values["place"] = {"digital": online, "workplace": "workplace"}.get(values["environment"], "campus")
        return OutlineActivity(
            key=str(uuid.uuid4()),
            week=week,
            moment=moment,
            values=values_from(values, kind, self.report, lambda _name: where),
            outcomes=self._served(said.get(Column.OUTCOMES, ""), where),
        )

    def _kind(
        self,
        said: Mapping[str, str],
        values: Mapping[str, Any],  # Any: columns of an activity
        moment: str,
        where: str,
    ) -> Any:  # Any: a type, with a configuration of its own
        key = _type_key(said.get(Column.TYPE, ""))
        if key is not None:
            return registry.get(key)
        text = said.get(Column.TYPE, "")
        timing = values.get("timing") or ("sync" if moment == "together" else "async")
        words = f"{text} {values['title']}".split()
        words += [QUICK_WORDS[bare(word)] for word in words if bare(word) in QUICK_WORDS]
        kind = type_like(values.get("learning_type", "acquisition"), timing, " ".join(words))
        if text:
            told = {"value": shown(text), "type": kind.label}
            self.report.changed(where, _("There is no type “%(value)s”; it is taken as %(type)s.") % told)
        return kind

    def _count(self, values: dict[str, Any], name: str, text: str, where: str) -> None:  # Any: columns of an activity
        match = re.fullmatch(r"(\d{1,5})(?:[.,]0+)?\s*%?", text)
        least, most, _may_be_empty = NUMBERS[name]
        if name == Column.GROUP_SIZE and match and match[1] == "1":
            return
        if match and least <= int(match[1]) <= most:
            values[str(name)] = int(match[1])
        else:
            told = {"column": LABELS[Column(name)], "value": shown(text)}
            self.report.changed(where, _("%(column)s: “%(value)s” is not understood.") % told)

    def _time(self, said: Mapping[str, str], where: str) -> dict[str, int]:
        text = said.get(Column.MINUTES, "")
        if not text:
            if Column.MINUTES in self.columns:
                told = {"title": shown(said[Column.TITLE])}
                self.report.changed(where, _("“%(title)s” has no time; it counts for nothing until it has.") % told)
            return {}
        in_hours = bare(self._heading(Column.MINUTES)) in {"hours", "uren", "stunden", "heures"}
        try:
            found = duration_in(text, in_hours=in_hours, teaching_hour=self.teaching_hour)
        except BadMinutes as problem:
            self.report.changed(where, no_time(text, problem))
            return {}
        return {name: value for name, value in found.columns.items() if value is not None}

    def _heading(self, column: Column) -> str:
        place = list(self.columns).index(column)
        return self.table.rows[0][place] if self.has_header else ""

    def _served(self, text: str, where: str) -> tuple[tuple[str, int | None], ...]:
        if not text:
            return ()
        parts = [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
        if len(parts) == 1 and all(re.fullmatch(r"(?i)(?:l[a-z])?\s*\d{1,2}", p.strip()) for p in text.split(",")):
            parts = [part.strip() for part in text.split(",")]
        served: dict[str, int | None] = {}
        for part in parts:
            match = _OUTCOME.fullmatch(part)
            one = (
                self._outcome(int(match[1]), " ".join(match[3].split()))
                if match and int(match[1])
                else self._outcome(None, " ".join(part.split()))
            )
            if one is None:
                self.report.left_out(where, _("A design takes at most %(most)s outcomes.") % {"most": OUTCOMES_MAX})
            else:
                served[one.key] = int(match[2]) if match and match[2] else None
        return tuple(served.items())

    def _outcome(self, number: int | None, text: str, level: int | None = None) -> OutlineOutcome | None:
        name = str(number) if number is not None else text.casefold()
        known = self.outcomes.get(name)
        if known is not None:
            if text and known.text == f"LO{known.number}":
                self.outcomes[name] = known = OutlineOutcome(known.key, known.number, text[:300].strip(), known.level)
            return known
        if len(self.outcomes) >= OUTCOMES_MAX:
            return None
        taken = {one.number for one in self.outcomes.values()}
        place = number or next(free for free in range(1, 200) if free not in taken)
        made = OutlineOutcome(str(uuid.uuid4()), place, text[:300].strip() or f"LO{place}", level)
        self.outcomes[name] = made
        return made


def _value(column: str, cell: str) -> str | None:
    known = VALUE_OF[str(column)]
    word = bare(cell)
    if word in known:
        return known[word]
    # "Online (Teams)", "in groups of 4": the first word that says something.
    for part in re.split(r"[\s,;/()]+", cell):
        if bare(part) in known:
            return known[bare(part)]
    return None


def _is_time(text: str) -> bool:
    try:
        duration_in(text)
    except BadMinutes:
        return False
    return True


def _type_key(text: str) -> str | None:
    """The type that a cell names: by its key, its label, or a word that quick add knows."""
    word = bare(text)
    if not word:
        return None
    for kind in registry.every():
        if word in {bare(kind.key), bare(str(kind.label)), *map(bare, kind.quick_words)}:
            return kind.key
    return None
