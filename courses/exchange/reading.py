"""A file or a pasted table of any format: which it is, what is stored of it, and what it proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blendedu.kit.minutes import CLOCK_HOUR
from courses.exchange import design_csv, design_json, design_ldj, design_xlsx, package, table
from courses.exchange.proposal import Proposal, Refused, Remark, cleaned
from courses.exchange.table import Guess, Table
from courses.exchange.table_words import Column
from courses.outline import Outline

BYTES_MAX = 5 * 1024 * 1024
PASTE_MAX = 500_000  # characters
NAME_MAX = 160
FORMATS = {
    "json": gettext_lazy("Design (JSON)"),
    "ldj": gettext_lazy("Learning Designer"),
    "csv": gettext_lazy("CSV"),
    "xlsx": gettext_lazy("Spreadsheet"),
    "paste": gettext_lazy("Pasted table"),
    "zip": gettext_lazy("Design with its files (ZIP)"),
}

Stored = Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Read:
    """What is kept of a source until somebody takes it."""

    format: str
    stored: Stored
    proposal: Proposal
    has_files: bool = False  # they wait in the file that was sent


def read_file(name: str, source: bytes, *, teaching_hour: int = CLOCK_HOUR) -> Read:
    """Read an uploaded file by its name and content. Raises Refused with what is wrong, in words for people.

    `teaching_hour` is what “2 th” means where it is taken.
    """
    if len(source) > BYTES_MAX:
        raise Refused(too_large())
    if not source.strip():
        raise Refused(_("This file is empty."))
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending == "xlsx":
        return _of_table("xlsx", design_xlsx.read(source), teaching_hour)
    if ending in {"csv", "tsv", "txt"}:
        return _of_table("csv", design_csv.read(source), teaching_hour)
    if ending not in {"json", "ldj"}:
        raise Refused(_("Choose a file that ends in .json, .csv, .xlsx, .ldj or .zip."))
    # Both are JSON; what is in it says which, for people rename files.
    said = design_json.parsed(source)
    is_ours = isinstance(said, dict) and "format" in said
    proposal = design_json.read_document(said) if is_ours else design_ldj.read(source, teaching_hour=teaching_hour)
    return _of_outline("json" if is_ours else "ldj", proposal)


def is_package(name: str) -> bool:
    """Whether a file is read piece by piece, by `read_package`; the others are read whole."""
    return PurePath(name).suffix.lower() == ".zip"


def read_package(source: IO[bytes]) -> Read:
    """Look through a design with its files. Raises Refused."""
    opened = package.read(source)
    read = _of_outline("zip", opened.proposal)
    stored = {**read.stored, "files": [file.to_json() for file in opened.files]}
    return replace(read, stored=stored, has_files=bool(opened.files))


def read_paste(text: str, *, teaching_hour: int = CLOCK_HOUR) -> Read:
    """Read what was copied from a spreadsheet. Raises Refused."""
    if len(text) > PASTE_MAX:
        raise Refused(_("This table is larger than a design can be."))
    return _of_table("paste", table.table_from_text(cleaned(text)), teaching_hour)


def too_large() -> str:
    """What is said of a file that is never read."""
    return _(
        "This file is larger than %(most)s MB. A design without its files is far smaller: check which file it is."
    ) % {"most": BYTES_MAX // (1024 * 1024)}


def with_columns(stored: Stored, columns: Sequence[str], *, has_header: bool) -> Stored:
    """The stored table with columns as a person says; each is used once."""
    known = set(Column)
    kept: list[str] = []
    for column in columns[: table.COLUMNS_MAX]:
        kept.append(column if column in known and column not in kept else "")
    return {**stored, "columns": kept, "has_header": has_header}


def proposal_of(stored: Stored) -> Proposal:
    """What a stored source proposes, read again: never raises."""
    try:
        if "table" in stored:
            found = Table.from_json(stored["table"])
            hour = stored.get("hour", CLOCK_HOUR)
            return table.read(found, stored["columns"], has_header=stored["has_header"], teaching_hour=hour)
        proposal = design_json.read_document(stored["design"])
    except Refused as refused:
        return refused.proposal
    # What was said while the file itself was read stands in the stored remarks, and is not said twice.
    return Proposal(proposal.outline, tuple(map(Remark.from_json, stored.get("remarks", ()))))


def _of_table(format_: str, found: Table, hour: int) -> Read:
    guess: Guess = table.guess(found)
    stored = {"table": found.to_json(), "columns": list(guess.columns), "has_header": guess.has_header, "hour": hour}
    return Read(format_, stored, proposal_of(stored))


def _of_outline(format_: str, proposal: Proposal) -> Read:
    if proposal.outline is None:
        first = proposal.problems[0]
        raise Refused(first.text, first.where)
    if proposal.outline.is_empty:
        raise Refused(_("There is nothing in this design: no weeks, no outcomes, no activities."))
    stored = {
        "design": design_json.document(proposal.outline),
        "remarks": [remark.to_json() for remark in proposal.remarks],
    }
    return Read(format_, stored, proposal)


# --- Out ----------------------------------------------------------------------------------------------------------

WRITERS: Mapping[str, tuple[Callable[[Outline], str | bytes], str]] = {
    "json": (design_json.write, "application/json"),
    "csv": (design_csv.write, "text/csv; charset=utf-8"),
    "xlsx": (design_xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ldj": (design_ldj.write, "application/json"),
}
