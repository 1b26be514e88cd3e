"""Who there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import StrIndex

from blendedu.people.models import Appointment, Cohort, Group, Membership, Term, Unit, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def appointed_over(user: User | int, roles: Iterable[str], *, path: str) -> Exists:
    """Whether the user has one of these roles in the unit at `path` (a field reference) or above it.

    The user may be named by their key. `path` names the outer field, such as "unit__path"; a role in a unit holds for
    everything below it.
    """
    return Exists(
        Appointment.objects.filter(user=user, role__in=list(roles))
        .annotate(starts=StrIndex(OuterRef(path), "unit__path"))
        .filter(starts=Value(1))
    )


def units_of(user: User, role: str) -> QuerySet[Unit]:
    """The units in which the user has this role, themselves only."""
    return Unit.objects.filter(appointments__user=user, appointments__role=role)


def below(units: Iterable[Unit], *, field: str = "path") -> Q:
    """A condition that matches these units and everything below them; matches nothing when there are none."""
    condition = Q(pk__in=[])
    for unit in units:
        condition |= Q(**{f"{field}__startswith": unit.path})
    return condition


def above(paths: Iterable[str]) -> QuerySet[Unit]:
    """The units at these paths and all above them, in one query."""
    wanted = set()
    for path in paths:
        steps = path.strip("/").split("/")
        wanted |= {f"/{'/'.join(steps[:count])}/" for count in range(1, len(steps) + 1)}
    return Unit.objects.filter(path__in=wanted).order_by("path")


def members_of(cohort: Cohort) -> QuerySet[Membership]:
    """The students of a cohort by name, with their user and group."""
    return cohort.memberships.select_related("user", "group").order_by("user__name", "user__email")


def groups_of(cohort: Cohort) -> QuerySet[Group]:
    """The groups of a cohort by name."""
    return Group.objects.filter(cohort=cohort).order_by("name")


def terms_for(unit: Unit) -> QuerySet[Term]:
    """The terms of this unit and of everything above it, with their holidays."""
    above = [int(part) for part in unit.path.strip("/").split("/") if part]
    return Term.objects.filter(unit_id__in=above).prefetch_related("holidays").order_by("starts_on")
