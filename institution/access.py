"""Who may do what with the institution's policy. Every view gets its rules here; the right is checked while fetching.

Everybody who works with designs may read the rules. Who is appointed as DigiCoach, director or administrator also sees
which courses keep them, in their own part of the institution only. Administrators announce rules for it. A student or a
stranger gets 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from blendedu.people.models import Appointment, Unit
from institution.models import PolicyRule

if TYPE_CHECKING:
    from blendedu.people.models import User


class Can(StrEnum):
    """What somebody may do with policy."""

    READ = "read"  # the rules and their history
    LOOK = "look"  # which courses keep them
    ANNOUNCE = "announce"  # try, announce and withdraw rules
    SET = "set"  # say what holds for a unit: its teaching hour, its small changes


_LOOKING = {Appointment.Role.COACH, Appointment.Role.DIRECTOR, Appointment.Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where in the institution somebody may read, look and announce: these units and everything below them."""

    reads: tuple[Unit, ...]
    looks: tuple[Unit, ...]
    announces: tuple[Unit, ...]

    @property
    def rights(self) -> frozenset[Can]:
        places = {Can.READ: self.reads, Can.LOOK: self.looks, Can.ANNOUNCE: self.announces, Can.SET: self.announces}
        return frozenset(right for right, units in places.items() if units)

    def may(self, right: Can, rule: PolicyRule) -> bool:
        """Whether a right holds for one rule. A rule is announced from its own unit or above; it is read below too."""
        if right is Can.ANNOUNCE:
            return any(rule.unit.path.startswith(unit.path) for unit in self.announces)
        units = self.looks if right is Can.LOOK else self.reads
        return any(rule.unit.path.startswith(unit.path) or unit.path.startswith(rule.unit.path) for unit in units)


def desk_for(user: User, *, to: Can) -> Desk:
    """Where this person works with policy; Http404 for whoever does not, PermissionDenied without the right."""
    appointments = list(Appointment.objects.filter(user=user).select_related("unit"))
    teaches = Unit.objects.filter(Q(courses__teachings__user=user) | Q(courses__coach=user)).distinct()
    desk = Desk(
        reads=tuple({unit.pk: unit for unit in (*(each.unit for each in appointments), *teaches)}.values()),
        looks=tuple(each.unit for each in appointments if each.role in _LOOKING),
        announces=tuple(each.unit for each in appointments if each.role == Appointment.Role.ADMINISTRATOR),
    )
    if not desk.reads:
        raise Http404
    if to not in desk.rights:
        raise PermissionDenied
    return desk


def rule_for(user: User, pk: int, *, to: Can) -> tuple[PolicyRule, Desk]:
    """A version of a rule, with the desk it is seen from; Http404 in another part of the institution."""
    desk = desk_for(user, to=Can.READ)
    rows = PolicyRule.objects.select_related("unit", "announced_by", "withdrawn_by", "superseded_by")
    rule = rows.filter(pk=pk).first()
    if rule is None or not desk.may(Can.READ, rule):
        raise Http404
    if not desk.may(to, rule):
        raise PermissionDenied
    return rule, desk


def unit_for(user: User, pk: int, *, to: Can) -> Unit:
    """A unit in which, or above which, this person has the right; Http404 in another part of the institution."""
    unit, may_set = unit_read_by(user, pk)
    if to is not Can.SET or not may_set:
        raise PermissionDenied
    return unit


def unit_read_by(user: User, pk: int) -> tuple[Unit, bool]:
    """A unit in this person's line of the institution, and whether they may set something there; else Http404."""
    desk = desk_for(user, to=Can.READ)
    unit = Unit.objects.filter(pk=pk).first()
    if unit is None or not any(_in_line(unit, mine) for mine in desk.reads):
        raise Http404
    return unit, any(unit.path.startswith(mine.path) for mine in desk.announces)


def _in_line(unit: Unit, other: Unit) -> bool:
    return unit.path.startswith(other.path) or other.path.startswith(unit.path)
