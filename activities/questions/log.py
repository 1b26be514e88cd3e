"""The log of answers: every save is one entry, no entry is ever changed, and the answers that stand are computed.

A server that keeps both can prove that no answer was lost: replaying the log must give the state.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from activities.questions.contract import Json


@dataclass(frozen=True)
class Entry:
    """One saved answer. `revision` counts the saves of an attempt; a `value` of None takes the answer back."""

    revision: int
    key: str
    value: Json = None


def fold(entries: Iterable[Entry]) -> dict[str, Json]:
    """The answers that stand: for each question the value of its highest revision, in whatever order entries arrive.

    Two entries of one revision are the same save sent twice; the one that comes later in the log stands.
    """
    last: dict[str, Entry] = {}
    for entry in entries:
        known = last.get(entry.key)
        if known is None or entry.revision >= known.revision:
            last[entry.key] = entry
    return {key: entry.value for key, entry in last.items() if entry.value is not None}
