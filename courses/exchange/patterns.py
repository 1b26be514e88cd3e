"""The patterns that come with the product: JSON files in courses/patterns, one each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from courses.exchange import design_json
from courses.outline import Outline

FOLDER = Path(__file__).resolve().parent.parent / "patterns"
# A pattern keeps its key wherever it is loaded, so that what is based on it stays so.
_NAMES = uuid.UUID("5a0f4c3e-5f0b-4a37-9d53-1f1f7f7f0c11")


@dataclass(frozen=True, slots=True)
class ShippedPattern:
    """A pattern as its file tells it."""

    key: uuid.UUID
    title: str
    summary: str
    advice: str
    evidence: tuple[Mapping[str, str], ...]
    outline: Outline


def shipped() -> Iterator[ShippedPattern]:
    """All patterns of the product. A file that cannot be read whole is a mistake of ours, and raises."""
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem != "example":
            yield _read(path)


@lru_cache(maxsize=1)
def finished_example() -> Outline:
    """A finished design to look at beside an empty one."""
    return _read(FOLDER / "example.json").outline


def _read(path: Path) -> ShippedPattern:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))  # Any: JSON of our own
    proposal = design_json.read_document(said["design"])
    if proposal.outline is None or proposal.remarks:
        raise ValueError(f"{path.name}: {[str(remark) for remark in proposal.remarks]}")
    return ShippedPattern(
        key=uuid.uuid5(_NAMES, said["slug"]),
        title=said["title"],
        summary=said["summary"],
        advice=said["advice"],
        evidence=tuple(said["evidence"]),
        outline=proposal.outline,
    )
