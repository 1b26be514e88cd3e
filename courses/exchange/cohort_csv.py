"""A class list as CSV: what a lecturer pastes or uploads, read into rows and problems with their line numbers.

Nothing is written and nobody is looked up here. Whatever cannot be understood is named with its line, so that a person
can mend the list; whatever is left is sure.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.exchange.cells import restored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# SECURITY: these are looked at before anything is parsed, so that a list made to be slow costs no more than a full one.
BYTES_MAX = 1024 * 1024
ROWS_MAX = 2000
LINES_MAX = ROWS_MAX + 500  # with the line of names, and lines that have to be mended
BREAKS_MAX = 20_000  # with all the empty lines that a spreadsheet leaves below its last row
LINE_MAX = 4000  # letters
COLUMNS_MAX = 60
CELL_MAX = 600  # signs, of which several can make one letter; putting those in order takes the square of their number
WORD_MAX = 60  # no column is called by more
PROBLEMS_MAX = 200  # a list with more is another kind of file; the rest is counted
SEPARATORS = {",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab")}


class Column(StrEnum):
    """What a column of a class list can hold."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    STUDENT_NUMBER = "student_number"
    GROUP = "group"


LABELS = {
    Column.NAME: gettext_lazy("Name"),
    Column.FIRST_NAME: gettext_lazy("First name"),
    Column.LAST_NAME: gettext_lazy("Last name"),
    Column.EMAIL: gettext_lazy("E-mail"),
    Column.STUDENT_NUMBER: gettext_lazy("Student number"),
    Column.GROUP: gettext_lazy("Group"),
}
LENGTHS = {Column.NAME: 120, Column.EMAIL: 254, Column.STUDENT_NUMBER: 40, Column.GROUP: 60}

# What the columns are called in the exports of student administrations, without case, marks and spaces.
_WORDS = {
    Column.NAME: "name naam nom fullname student studentname studentnaam volledigenaam nomcomplet displayname",
    Column.FIRST_NAME: "firstname givenname givennames forename voornaam prenom vorname roepnaam",
    Column.LAST_NAME: "lastname surname familyname achternaam familienaam nomdefamille nachname",
    Column.EMAIL: "email mail emailaddress mailaddress emailadres mailadres courriel adressemail adresseemail",
    Column.STUDENT_NUMBER: (
        "studentnumber number studentid id nr no studentno studentnr studentennummer studentnummer nummer stamnummer "
        "matricule rollnumber idnumber"
    ),
    Column.GROUP: "group groep groupe team gruppe groupname groepsnaam groups",
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split()}
_HIDDEN = {"Cc", "Cf", "Co", "Cs"}
_JOINERS = "\u200c\u200d"  # part of the spelling of names in Persian and in several Indian scripts
_is_email = EmailValidator()


@dataclass(frozen=True, slots=True)
class Row:
    """One student of the list."""

    line: int
    name: str
    email: str
    student_number: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, in words for the lecturer. Line 0 is the list as a whole.

    A line with a problem is not among the rows; a remark (`only_said`) leaves the line as it is.
    """

    line: int
    text: str
    only_said: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a list says: whom to enrol, and what was not understood."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    text: str = ""  # the list as it was read, to be sent again
    encoding: str = ""
    separator: str = ""
    columns: tuple[tuple[str, str], ...] = ()  # (as the list calls it, as we read it or "")
    has_header: bool = False
    more_problems: int = 0

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The problems that leave a line out."""
        return tuple(problem for problem in self.problems if not problem.only_said)

    @property
    def fault_count(self) -> int:
        """How many there are, with those that are not listed."""
        return len(self.faults) + self.more_problems

    @property
    def remarks(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.only_said)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the list names, each once, in their order."""
        return tuple(dict.fromkeys(row.group for row in self.rows if row.group))


def read(source: bytes | str) -> Proposal:
    """Read a class list. Never raises for what is in it: everything that is wrong is a problem with its line."""
    if len(source) > BYTES_MAX:
        return _refused(_("This list is larger than 1 MB. A list of students is smaller: check the file."))
    if isinstance(source, bytes):
        text, encoding = _decoded(source)
    else:
        text, encoding = source.removeprefix("\ufeff"), ""
    if text is None:
        return _refused(encoding)
    if "\x00" in text:
        return _refused(_("This is not a text file. Save the list as CSV and try again."))
    if text.count("\n") + text.count("\r") > 2 * BREAKS_MAX:
        return _refused(_too_long())
    lines = [
        (number, line) for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1) if line.strip(" ,;\t")
    ]
    if len(lines) > LINES_MAX:
        return _refused(_too_long(), text)
    separator = ""
    if lines and (told := re.fullmatch(r"\s*\"?sep=([,;\t])\"?\s*", lines[0][1], re.IGNORECASE)):
        separator = told[1]
        lines = lines[1:]
    if not lines:
        return _refused(
            _("The list is empty. Put one student on each line: name, e-mail, student number, group."), text
        )
    separator = separator or _separator_of([line for _number, line in lines[:50]])
    return _Reading(text, encoding, separator, lines).proposal()


def _too_long() -> str:
    return _("This list has too many lines. A list can hold %(most)d students.") % {"most": ROWS_MAX}


def _refused(why: str, text: str = "") -> Proposal:
    return Proposal(problems=(Problem(0, why),), text=text)


def _decoded(source: bytes) -> tuple[str | None, str]:
    """The text and the name of its encoding; None and the reason when it is no text."""
    if source.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None, _("This is a spreadsheet. Open it, save it as CSV and choose that file.")
    if source.startswith(b"%PDF"):
        return None, _("This is a PDF. Save the list as CSV and choose that file.")
    if source.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return None, _("The encoding of this file (UTF-32) is not read here. Save it as UTF-8.")
    try:
        if source.startswith(b"\xef\xbb\xbf"):
            return source.decode("utf-8-sig"), "UTF-8"
        if source.startswith((b"\xff\xfe", b"\xfe\xff")):
            return source.decode("utf-16"), "UTF-16"
        if (wide := _wide(source)) is not None:
            return source.decode(wide), "UTF-16"
        return source.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            return None, _("This file is cut off in the middle of a letter. Save it again and try once more.")
    try:
        return source.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 knows them all.
        return source.decode("latin-1"), "Latin-1"


def _wide(source: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    head = source[:400]
    if len(head) < 4:
        return None
    if head[1::2].count(0) > len(head) * 0.4 and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > len(head) * 0.4 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _cells(line: str, separator: str) -> list[str]:
    """The cells of one line; raises csv.Error when its quotation marks do not close."""
    (cells,) = csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True)
    plain = [cell.strip(" \t\xa0") for cell in cells]
    return [restored(cell) if cell.startswith("'") else cell for cell in plain]


def _is_large(line: str, separator: str) -> bool:
    """Whether a line is more than any student is; it is not taken apart then."""
    return len(line) > LINE_MAX or line.count(separator) >= COLUMNS_MAX


def _separator_of(lines: Sequence[str]) -> str:
    """The sign that gives most lines the same number of cells, with the address in a cell of its own."""

    def evidence(separator: str) -> tuple[int, int]:
        counts: Counter[int] = Counter()
        alone = 0
        for line in lines:
            if _is_large(line, separator):
                continue
            try:
                cells = _cells(line, separator)
            except csv.Error:
                continue
            counts[len(cells)] += len(cells) > 1
            alone += any(_looks_like_email(cell) for cell in cells)
        return alone, max(counts.values(), default=0)

    return max(SEPARATORS, key=evidence)


def _looks_like_email(cell: str) -> bool:
    return re.fullmatch(r"[^\s@,;]+@[^\s@,;]+", cell) is not None


def _looks_like_number(cell: str) -> bool:
    """`20261001`, `s1001234`, `r-0812345`: what institutions number their students with."""
    return re.fullmatch(r"[A-Za-z]{0,3}[-_]?\d{4,}[A-Za-z]?", cell) is not None


def _hides_signs(text: str) -> bool:
    if text.isprintable():  # COST: most text is, and nothing hidden is
        return False
    return any(unicodedata.category(sign) in _HIDDEN and sign not in _JOINERS for sign in set(text))


def _bare(word: str) -> str:
    if len(word) > WORD_MAX:
        return ""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(sign for sign in plain if sign.isalnum())


class _Reading:
    """One list being read: what is found on the way is collected here."""

    def __init__(self, text: str, encoding: str, separator: str, lines: list[tuple[int, str]]) -> None:
        self.text = text
        self.encoding = encoding
        self.separator = separator
        self.problems: list[Problem] = []
        self.records = list(self._records(lines))
        self.header: list[str] | None = None
        self.columns: list[Column | None] = []

    def _records(self, lines: Iterable[tuple[int, str]]) -> Iterable[tuple[int, list[str]]]:
        for number, line in lines:
            if _is_large(line, self.separator):
                facts = {"letters": LINE_MAX, "columns": COLUMNS_MAX}
                said = _("This line is longer than %(letters)d letters, or has more than %(columns)d columns.") % facts
                self._fault(number, said)
                continue
            try:
                yield number, _cells(line, self.separator)
            except csv.Error:
                self._fault(number, _("A quotation mark is opened and not closed on this line."))

    def _fault(self, line: int, text: str) -> None:
        self.problems.append(Problem(line, text))

    def proposal(self) -> Proposal:
        self._find_columns()
        rows = self._without_duplicates(self._rows()) if Column.EMAIL in self.columns else []
        if len(rows) > ROWS_MAX:
            self._fault(
                0,
                _("A list can hold %(most)d students. This one has %(count)d.")
                % {"most": ROWS_MAX, "count": len(rows)},
            )
            rows = []
        problems = sorted(self.problems, key=lambda problem: problem.line)
        return Proposal(
            rows=tuple(rows),
            problems=tuple(problems[:PROBLEMS_MAX]),
            more_problems=max(0, len(problems) - PROBLEMS_MAX),
            text=self.text,
            encoding=self.encoding,
            separator=str(SEPARATORS[self.separator]),
            columns=self._shown_columns(),
            has_header=self.header is not None,
        )

    def _shown_columns(self) -> tuple[tuple[str, str], ...]:
        shown = []
        for place, column in enumerate(self.columns):
            called = self.header[place] if self.header else _("Column %d") % (place + 1)
            shown.append((called, str(LABELS[column]) if column else ""))
        return tuple(shown)

    # --- Columns --------------------------------------------------------------------------------------------------

    def _find_columns(self) -> None:
        if not self.records:
            return
        line, first = self.records[0]
        named = [_COLUMN_OF.get(_bare(cell)) for cell in first]
        if any(named) and not any("@" in cell for cell in first):
            self.header = first
            self.records = self.records[1:]
            self._take_named(line, first, named)
        else:
            self.columns = self._guessed()
        if Column.EMAIL not in self.columns:
            self._fault(
                0, _("No column holds e-mail addresses. Each student needs one: it is the name to sign in with.")
            )
        elif not self.records:
            self._fault(0, _("There is a line with the names of the columns, and nobody below it."))

    def _take_named(self, line: int, header: list[str], named: list[Column | None]) -> None:
        for place, column in enumerate(named):
            if column is None and header[place]:
                said = _("The column “%(name)s” is not known. It is left out.") % {"name": header[place][:60]}
                self.problems.append(Problem(line, said, only_said=True))
            elif column is not None and column in named[:place]:
                said = _("Two columns hold the same: “%(name)s” is left out.") % {"name": header[place][:60]}
                self.problems.append(Problem(line, said, only_said=True))
            self.columns.append(None if column in named[:place] else column)
        if Column.LAST_NAME in self.columns and Column.FIRST_NAME not in self.columns and Column.NAME in self.columns:
            # Belgian French: “Nom” beside “Nom de famille” would be odd; here the full name wins.
            self.columns[self.columns.index(Column.LAST_NAME)] = None
        elif Column.FIRST_NAME in self.columns and Column.LAST_NAME not in self.columns and Column.NAME in self.columns:
            # “Voornaam, Naam” and “Prénom, Nom”: beside a first name, the name is the last name.
            self.columns[self.columns.index(Column.NAME)] = Column.LAST_NAME

    def _guessed(self) -> list[Column | None]:
        """Without a line of names: the address shows itself, so does a number; otherwise the order that we ask for."""
        sample = [cells for _line, cells in self.records[:50]]
        width = Counter(map(len, sample)).most_common(1)[0][0]
        filled = [[cells[place] for cells in sample if place < len(cells) and cells[place]] for place in range(width)]
        columns: list[Column | None] = [None] * width
        emails = [sum(map(_looks_like_email, cells)) for cells in filled]
        if not any(emails):
            return columns
        columns[emails.index(max(emails))] = Column.EMAIL
        free = [place for place in range(width) if columns[place] is None and filled[place]]
        numbers = [place for place in free if sum(map(_looks_like_number, filled[place])) * 2 > len(filled[place])]
        texts = [place for place in free if place not in numbers[:1]]
        order = [Column.NAME, Column.STUDENT_NUMBER, Column.GROUP]
        if numbers:
            columns[numbers[0]] = Column.STUDENT_NUMBER
        if numbers or len(texts) == 2:  # a name and one more that is no number: a group
            order.remove(Column.STUDENT_NUMBER)
        for place, column in zip(texts, order, strict=False):
            columns[place] = column
        return columns

    # --- Rows -----------------------------------------------------------------------------------------------------

    def _rows(self) -> Iterable[Row]:
        for line, cells in self.records:
            extra = [cell for cell in cells[len(self.columns) :] if cell]
            if extra:
                counts = {"count": len(cells), "most": len(self.columns)}
                self._fault(line, _("There are %(count)d columns where %(most)d are expected.") % counts)
                continue
            found = self._found(line, cells)
            row = self._row(line, found) if found is not None else None
            if row is not None:
                yield row

    def _found(self, line: int, cells: list[str]) -> dict[Column, str] | None:
        """What a line says in the columns that are read; None where a cell is too long to be looked at."""
        found: dict[Column, str] = {}
        for column, cell in zip(self.columns, cells, strict=False):
            if column is None:
                continue
            if len(cell) > CELL_MAX:
                self._longer(line, column)
                return None
            found[column] = re.sub(r" {2,}", " ", unicodedata.normalize("NFC", cell))
        return found

    def _longer(self, line: int, column: Column) -> None:
        facts = {"column": LABELS[column], "most": LENGTHS.get(column, LENGTHS[Column.NAME])}
        self._fault(line, _("%(column)s is longer than %(most)d letters.") % facts)

    def _row(self, line: int, found: dict[Column, str]) -> Row | None:
        parts = (found.pop(Column.FIRST_NAME, ""), found.pop(Column.LAST_NAME, ""))
        if not found.get(Column.NAME):
            found[Column.NAME] = " ".join(part for part in parts if part)
        for column, text in found.items():
            if len(text) > LENGTHS[column]:
                self._longer(line, column)
                return None
            if _hides_signs(text):
                self._fault(line, _("%(column)s holds a hidden sign. Type it again.") % {"column": LABELS[column]})
                return None
        name, email = found[Column.NAME], found.get(Column.EMAIL, "").removeprefix("mailto:").lower()
        if not email:
            self._fault(line, _("The e-mail address is missing."))
            return None
        try:
            _is_email(email)
        except ValidationError:
            self._fault(line, _("“%(email)s” is no e-mail address.") % {"email": email[:80]})
            return None
        if not name:
            self._fault(line, _("The name is missing."))
            return None
        return Row(line, name, email, found.get(Column.STUDENT_NUMBER, ""), found.get(Column.GROUP, ""))

    def _without_duplicates(self, rows: Iterable[Row]) -> list[Row]:
        kept: list[Row] = []
        emails: dict[str, int] = {}
        numbers: dict[str, int] = {}
        for row in rows:
            if row.email in emails:
                facts = {"email": row.email, "first": emails[row.email], "second": row.line}
                self._fault(row.line, _("%(email)s stands on lines %(first)d and %(second)d.") % facts)
                continue
            number = row.student_number.casefold()
            if number and number in numbers:
                facts = {"number": row.student_number, "first": numbers[number], "second": row.line}
                self._fault(row.line, _("Student number %(number)s stands on lines %(first)d and %(second)d.") % facts)
                continue
            emails[row.email] = row.line
            if number:
                numbers[number] = row.line
            kept.append(row)
        return kept
