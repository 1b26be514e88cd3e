"""Writing down what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from blendedu.journal.models import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blendedu.people.models import User


def record(
    verb: str,
    *,
    subject: str,
    subject_id: int,
    actor: User | None,
    at: datetime,
    about: str = "",
    details: Mapping[str, object] | None = None,
) -> Entry:
    """Add one entry, in the caller's transaction. `subject` is a model's name, such as "design"."""
    return Entry.objects.create(
        verb=verb, subject=subject, subject_id=subject_id, actor=actor, at=at, about=about[:200], details=details or {}
    )
