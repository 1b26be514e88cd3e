"""Who follows a course: accounts, members, groups, and how a draw divides them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from activities.models import Attempt
from blendedu.people.models import Cohort, Group, Membership, User
from blendedu.people.queries import members_of
from courses.grouping import deal
from courses.models import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from courses.models import Course


def accounts_of(emails: Iterable[str]) -> dict[str, User]:
    """The people with these addresses, by address in lower case."""
    wanted = {email.lower() for email in emails}
    found = User.objects.annotate(low=Lower("email")).filter(low__in=wanted)
    return {user.email.lower(): user for user in found}


def cohorts_for(course: Course) -> QuerySet[Cohort]:
    """The cohorts that could follow this course: of its unit, above or below it, without a run of the course yet.

    Each with the number of its students, as `students`.
    """
    path = course.unit.path
    above = [int(part) for part in path.strip("/").split("/") if part]
    return (
        Cohort.objects.filter(Q(unit__path__startswith=path) | Q(unit_id__in=above))
        .exclude(Exists(Run.objects.filter(course=course, cohort=OuterRef("pk"))))
        .annotate(students=Count("memberships"))
        .order_by("name", "pk")
    )


def found_members(cohort: Cohort, search: str) -> QuerySet[Membership]:
    """The members whose name, address, number or group holds these words, by name; all of them without words."""
    rows = members_of(cohort)
    # A null byte is in nobody's name, and PostgreSQL takes none, not even to look for it.
    for word in search.replace("\x00", " ").split():
        rows = rows.filter(
            Q(user__name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(student_number__icontains=word)
            | Q(group__name__icontains=word)
        )
    return rows


def member_of(cohort: Cohort, pk: int) -> Membership | None:
    """A member of this cohort, and of no other."""
    return Membership.objects.filter(cohort=cohort, pk=pk).select_related("user", "group").first()


def group_of(cohort: Cohort, pk: int) -> Group | None:
    """A group of this cohort, and of no other."""
    return Group.objects.filter(cohort=cohort, pk=pk).select_related("cohort").first()


def member_is_gone(pk: int) -> bool:
    """Whether no cohort has a member with this number: taken out, perhaps by the first of two clicks."""
    return not Membership.objects.filter(pk=pk).exists()


def group_is_gone(pk: int) -> bool:
    """As `member_is_gone`, of a group."""
    return not Group.objects.filter(pk=pk).exists()


def works_of(group_ids: Iterable[int]) -> dict[int, int]:
    """How many attempts each of these groups has; groups without work are left out."""
    rows = Attempt.objects.filter(group_id__in=list(group_ids)).values("group_id").annotate(count=Count("pk"))
    return {row["group_id"]: row["count"] for row in rows}


def groups_by_user(cohort: Cohort) -> dict[int, int | None]:
    """In which group each member is."""
    return dict(Membership.objects.filter(cohort=cohort).values_list("user_id", "group_id"))


def other_courses_of(cohort: Cohort, course: Course) -> list[str]:
    """The titles of the other courses that this cohort follows: its groups are the same there."""
    rows = Run.objects.filter(cohort=cohort).exclude(course=course)
    return list(rows.order_by("course__title").values_list("course__title", flat=True))


# --- Groups as a page shows them ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group with its members; `group` is None for those who are in none."""

    group: Group | None
    members: tuple[Membership, ...]
    works: int = 0


def group_cards(cohort: Cohort) -> list[GroupCard]:
    """Those without a group first, then every group with its members; three queries whatever the size."""
    members: dict[int | None, list[Membership]] = {}
    for membership in members_of(cohort):
        members.setdefault(membership.group_id, []).append(membership)
    groups = sorted(Group.objects.filter(cohort=cohort), key=lambda group: _natural(group.name))
    works = works_of(group.pk for group in groups)
    cards = [GroupCard(group, tuple(members.get(group.pk, ())), works.get(group.pk, 0)) for group in groups]
    return [GroupCard(None, tuple(members.get(None, ()))), *cards]


def _natural(name: str) -> list[tuple[int, str]]:
    """Group 2 stands before Group 10, and Group A after both."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, part.zfill(20)) if part.isdecimal() else (1, part) for part in parts if part]


@dataclass(frozen=True, slots=True)
class Place:
    """A group of a draw: one that exists and has no work, or one that will be made."""

    name: str
    group_id: int | None
    user_ids: tuple[int, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """A division of a cohort at random, before it is made."""

    places: tuple[Place, ...]
    kept: tuple[str, ...]  # groups that have work: they stay, without members
    # What the draw was made from; changed when somebody joins, leaves or moves before it is confirmed.
    fingerprint: str


def dealt(cohort: Cohort, *, groups: int, seed: int) -> Draw:
    """How a draw with this seed divides the cohort; the same every time, as long as the cohort is the same."""
    rows = Membership.objects.filter(cohort=cohort).order_by("user__name", "user_id")
    members = list(rows.values_list("user_id", "group_id", "user__name"))
    names = {user_id: person for user_id, _group_id, person in members}
    existing = sorted(Group.objects.filter(cohort=cohort), key=lambda group: _natural(group.name))
    works = works_of(group.pk for group in existing)
    free = [group for group in existing if group.pk not in works]
    taken = {group.name.casefold() for group in existing}
    places: list[Place] = []
    for user_ids in deal(names, groups=groups, seed=seed):
        if free:
            group = free.pop(0)
            name, group_id = group.name, group.pk
        else:
            name, group_id = _next_name(taken), None
            taken.add(name.casefold())
        people = tuple(sorted(names[user_id] for user_id in user_ids))
        places.append(Place(name, group_id, user_ids, people))
    seen = repr(
        (sorted((user, group or 0) for user, group, _person in members), [group.pk for group in existing], works)
    )
    return Draw(
        places=tuple(places),
        kept=tuple(group.name for group in existing if group.pk in works),
        fingerprint=hashlib.sha256(seen.encode()).hexdigest()[:16],
    )


def _next_name(taken: set[str]) -> str:
    number = 1
    while (name := _("Group %d") % number).casefold() in taken:
        number += 1
    return name


# --- What a class list would do -----------------------------------------------------------------------------------


class Listed(Protocol):
    """A line of a class list."""

    @property
    def email(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Joining:
    """A person on a class list. `standing` is new, known, member, or closed: an account that cannot sign in."""

    row: Listed
    standing: str


@dataclass(frozen=True, slots=True)
class JoiningList:
    """Everybody on a class list, and how many there are of each standing."""

    people: tuple[Joining, ...]

    def count(self, standing: str) -> int:
        return sum(joining.standing == standing for joining in self.people)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def known(self) -> int:
        return self.count("known") + self.count("closed")

    @property
    def members(self) -> int:
        return self.count("member")


def joining(rows: Sequence[Listed], cohort: Cohort | None) -> JoiningList:
    """Who on a list has an account, and who is in the cohort already; two queries."""
    accounts = accounts_of(row.email for row in rows)
    members = set(Membership.objects.filter(cohort=cohort).values_list("user_id", flat=True)) if cohort else set()

    def standing(email: str) -> str:
        account = accounts.get(email.lower())
        if account is None:
            return "new"
        if account.pk in members:
            return "member"
        return "known" if account.is_active else "closed"

    return JoiningList(tuple(Joining(row, standing(row.email)) for row in rows))


def lecturers_of(course: Course) -> list[str]:
    """The names of the lecturers of a course; one query."""
    return list(course.lecturers.order_by("name").values_list("name", flat=True))
