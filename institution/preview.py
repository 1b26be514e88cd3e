"""Trying a rule before it is announced: what it would mean for the courses as they are now.

Only what was tried can be announced: the preview signs what it judged, and the announcement must carry that signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from institution.queries import Flips, Outlook, flips, outlook, subjects_in

if TYPE_CHECKING:
    from blendedu.people.models import Unit
    from institution.models import PolicyRule
    from institution.policy import Demand

_signer = Signer(salt="institution.preview")


@dataclass(frozen=True, slots=True)
class Preview:
    """A demand over the courses of a unit, beside the version that it would replace."""

    outlook: Outlook
    flips: Flips | None
    tried: str


def preview_of(demand: Demand, unit: Unit, *, on: date, units: Iterable[Unit], before: PolicyRule | None) -> Preview:
    """Judge the courses of these units by a demand that nobody has announced; one query."""
    subjects = subjects_in(units, on=on)
    after = outlook(demand, unit, subjects)
    changed = flips(outlook(before.demand, before.unit, subjects), after) if before is not None else None
    return Preview(after, changed, signature_of(demand, unit))


def signature_of(demand: Demand, unit: Unit) -> str:
    """What a preview leaves for the announcement to show."""
    parts = (demand.metric, demand.of, demand.bound, demand.limit, demand.credits_from, demand.credits_to, unit.pk)
    return _signer.signature("|".join("" if part is None else _plain(part) for part in parts))


def was_tried(signature: str, demand: Demand, unit: Unit) -> bool:
    """Whether a signature belongs to a preview of exactly this demand for this unit."""
    return constant_time_compare(signature, signature_of(demand, unit))


def _plain(part: object) -> str:
    # 20 and 20.00 are the same limit.
    return f"{part.normalize():f}" if isinstance(part, Decimal) else str(part)
