"""What a file or a table proposes: a design, and what was changed or left out while it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from courses.outline import Outline

REMARKS_MAX = 300
# What no column takes, or what nobody can see and everybody stumbles over. Line breaks and tabs stay.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """What a remark is about."""

    CHANGED = "changed"  # it is taken, otherwise than it was written
    LEFT_OUT = "left_out"  # it is not taken
    PROBLEM = "problem"  # nothing is taken


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report. `where` is a line ("Line 7") or a path ("activities.3.minutes")."""

    kind: Kind
    where: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"kind": self.kind.value, "where": self.where, "text": self.text}

    @classmethod
    def from_json(cls, said: Mapping[str, str]) -> Remark:
        return cls(Kind(said["kind"]), said["where"], said["text"])


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was understood. Without an outline nothing can be taken, and a problem says why."""

    outline: Outline | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def problems(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.kind == Kind.PROBLEM)


class Refused(Exception):
    """The file cannot be read at all; the text says why, for people."""

    def __init__(self, text: str, where: str = "") -> None:
        super().__init__(text)
        self.where = where

    @property
    def proposal(self) -> Proposal:
        return Proposal(remarks=(Remark(Kind.PROBLEM, self.where, str(self)),))


@dataclass(slots=True)
class Report:
    """Remarks while they are collected; more than anybody reads are counted."""

    remarks: list[Remark] = field(default_factory=list)
    more: int = 0

    def changed(self, where: str, text: str) -> None:
        self._add(Remark(Kind.CHANGED, where, text))

    def left_out(self, where: str, text: str) -> None:
        self._add(Remark(Kind.LEFT_OUT, where, text))

    def _add(self, remark: Remark) -> None:
        if len(self.remarks) < REMARKS_MAX:
            self.remarks.append(remark)
        else:
            self.more += 1

    def proposal(self, outline: Outline) -> Proposal:
        remarks = list(self.remarks)
        if self.more:
            text = _("There are %(count)s more remarks, which are not listed.") % {"count": self.more}
            remarks.append(Remark(Kind.CHANGED, "", text))
        return Proposal(outline, tuple(remarks))


def cleaned(text: str) -> str:
    """The text without signs that no column takes: zero bytes, control characters, halves of letters."""
    return _UNSEEN.sub("", text)


def shown(value: Any, most: int = 40) -> str:  # Any: whatever somebody wrote
    """A value as a remark quotes it: one short line."""
    text = " ".join(cleaned(value if isinstance(value, str) else repr(value)[: most * 4]).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def decoded(source: bytes) -> str:
    """The text of a file, by its mark, as UTF-8, or as an old Windows file. Raises Refused when it is no text."""
    if source.startswith(b"%PDF"):
        raise Refused(_("This is a PDF. Export the table as CSV or XLSX and choose that file."))
    if source.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(_("This is a spreadsheet or an archive with another name. Save it as XLSX or CSV."))
    try:
        if source.startswith((b"\xff\xfe", b"\xfe\xff")):
            return source.decode("utf-16")
        head = source[:400]
        if len(head) > 3 and head[1::2].count(0) > len(head) * 0.4:
            return source.decode("utf-16-le")
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise Refused(
                _("This file is cut off in the middle of a letter. Save it again and try once more.")
            ) from None
        # Five bytes mean nothing in Windows-1252; they are no letters anyway.
        text = source.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Refused(_("This is not a text file. Choose a file that was exported as JSON, CSV, XLSX or LDJ."))
    return text
