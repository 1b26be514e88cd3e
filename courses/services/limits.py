"""Setting limits of review rules, for whoever owns them: a unit, a programme, a course."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F

from blendedu.journal.services.entries import record
from blendedu.people.models import Unit
from courses.findings import RULE_BY_ID, settings_from
from courses.services import framework

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import User
    from courses.models import Course, Limit


class StaleLimit(Exception):
    """Somebody else set this limit since the page was drawn."""


class NothingBefore(Exception):
    """There is no change to take back."""


Said = Mapping[str, Any]  # Any: the columns of a limit, as JSON holds them
NOT_SET: Said = {"band": {}, "switched_off": False, "reason": ""}


class Owner(Protocol):
    """Whoever sets limits: a unit, a programme or a course."""

    pk: int

    @property
    def rule_limits(self) -> Any: ...  # Any: the related manager of one of three models


def limit_of(owner: Owner, rule: str) -> Limit | None:
    """The limit that an owner has for a rule, set or not."""
    found: Limit | None = owner.rule_limits.filter(rule=rule).first()
    return found


def set_limit(
    owner: Owner,
    rule: str,
    *,
    kind: str,
    courses: QuerySet[Course],
    said: Said,
    seen: int,
    by: User,
    at: datetime,
) -> None:
    """Set a band, switch a rule off, or (with NOT_SET) take what was set away. Raises StaleLimit and BadBand.

    `seen` is the version that the person saw, 0 for none; `kind` is what the owner is called: unit, programme, course.
    `courses` are those for which the limits are; what holds for them is resolved in the same transaction.
    """
    settings_from({rule: said["band"]})
    with transaction.atomic():
        row = limit_of(owner, rule)
        if row is None:
            if seen:
                raise StaleLimit
            try:
                with transaction.atomic():
                    owner.rule_limits.create(rule=rule, **said, version=1, set_at=at, set_by=by)
            except IntegrityError:
                # RACE: two first limits at once; the second is drawn from an old page.
                raise StaleLimit from None
        else:
            before = {name: getattr(row, name) for name in NOT_SET}
            # RACE: the version is compared and counted in one UPDATE.
            claimed = owner.rule_limits.filter(pk=row.pk, version=seen).update(
                **said, before=before, version=F("version") + 1, set_at=at, set_by=by
            )
            if not claimed:
                raise StaleLimit
        record(
            "limit-set",
            subject=kind,
            subject_id=owner.pk,
            actor=by,
            at=at,
            about=f"{rule} {RULE_BY_ID[rule].name}",
            details={"rule": rule, "version": seen + 1, **said},
        )
        if isinstance(owner, Unit):
            framework.resolve_below(owner, at=at)
        else:
            framework.resolve(courses.select_related("unit"))


def take_back(
    owner: Owner, rule: str, *, kind: str, courses: QuerySet[Course], seen: int, by: User, at: datetime
) -> None:
    """Set what held before the last change; taking that back again makes the change once more."""
    row = limit_of(owner, rule)
    if row is None:
        raise NothingBefore
    set_limit(owner, rule, kind=kind, courses=courses, said=row.before or NOT_SET, seen=seen, by=by, at=at)
