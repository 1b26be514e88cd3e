"""Who follows a course: enrolling from a class list, leaving, and the groups of a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from blendedu.journal.models import Entry
from blendedu.journal.services.entries import record
from blendedu.people.models import Cohort, Group, Membership, User
from courses.queries import people as people_queries
from courses.services.readiness import settle_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

GROUP_NAME_MAX = 60
TWIN_WITHIN = timedelta(minutes=1)


class Listed(Protocol):
    """A student as a class list names them."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def student_number(self) -> str: ...
    @property
    def group(self) -> str: ...


class GroupRefused(Exception):
    """This cannot be done with the group; the text says why, in words for the lecturer."""


class StaleGroups(Exception):
    """Somebody else changed the cohort or its groups since the page was drawn."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What enrolling did, for the sentence that says so."""

    new: int  # accounts made
    known: int  # people who had an account
    already: int  # were in the cohort and stay as they are


@transaction.atomic
def enrol(cohort: Cohort, students: Sequence[Listed], *, by: User, at: datetime) -> Enrolled:
    """Put people into a cohort; makes accounts for those who have none, without a password that anybody knows.

    A person is found by e-mail address, whatever its case; what is known about them stays. Whoever is in the cohort
    keeps number and group. Doing it twice, or two lecturers at once, changes nothing more.
    """
    _hold(cohort)
    emails = [student.email.lower() for student in students]
    known = people_queries.accounts_of(emails)
    newcomers = [student for student in students if student.email.lower() not in known]
    User.objects.bulk_create(
        (
            # Nobody can sign in with it: the person sets a password by the mail of "Forgot your password?".
            User(email=student.email.lower(), name=student.name, password=make_password(None), date_joined=at)
            # In one order, or two lists with the same people wait for each other.
            for student in sorted(newcomers, key=lambda student: student.email.lower())
        ),
        # RACE: another list may have made the same person a moment ago.
        ignore_conflicts=True,
        batch_size=500,
    )
    people = people_queries.accounts_of(emails)
    groups = _groups_named(cohort, (student.group for student in students))
    members = set(Membership.objects.filter(cohort=cohort).values_list("user_id", flat=True))
    joining = [student for student in students if people[student.email.lower()].pk not in members]
    Membership.objects.bulk_create(
        (
            Membership(
                cohort=cohort,
                user=people[student.email.lower()],
                group=groups.get(student.group.casefold()),
                student_number=student.student_number,
            )
            for student in joining
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    enrolled = Enrolled(new=len(newcomers), known=len(known), already=len(students) - len(joining))
    if joining:
        record(
            "people.enrolled",
            subject="cohort",
            subject_id=cohort.pk,
            actor=by,
            at=at,
            about=cohort.name,
            details={"people": [people[student.email.lower()].pk for student in joining], "accounts": len(newcomers)},
        )
    if groups:
        settle_groups(cohort.pk)
    return enrolled


def _groups_named(cohort: Cohort, names: Iterable[str]) -> dict[str, Group]:
    """The groups with these names, made where they are missing; names differ by more than case."""
    wanted = {name.casefold(): name for name in names if name}
    if not wanted:
        return {}
    existing = {group.name.casefold(): group for group in Group.objects.filter(cohort=cohort)}
    missing = [Group(cohort=cohort, name=name) for key, name in wanted.items() if key not in existing]
    Group.objects.bulk_create(missing, ignore_conflicts=True)
    return {group.name.casefold(): group for group in Group.objects.filter(cohort=cohort)}


@transaction.atomic
def leave(membership: Membership, *, by: User, at: datetime) -> None:
    """Take a student out of a cohort. Attempts, posts and results stay, and are there again if the student returns."""
    # The place goes, the work stays: it belongs to the person, or to the group that made it.
    _deleted, _by_model = Membership.objects.filter(pk=membership.pk).delete()
    record(
        "people.left",
        subject="cohort",
        subject_id=membership.cohort_id,
        actor=by,
        at=at,
        about=str(membership.user),
        details={"person": membership.user_id, "group": membership.group_id},
    )


# --- Groups -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_group(cohort: Cohort, *, name: str, by: User, at: datetime) -> Group:
    """Make an empty group; the same by the same person within the minute is one. Raises GroupRefused.

    It is refused when the name is taken.
    """
    _hold(cohort)
    twin = Group.objects.filter(cohort=cohort, name=name).first()
    if twin is not None and _just_added(cohort, name, by=by, at=at):
        return twin
    _refuse_taken_name(cohort, name)
    group = _kept(Group(cohort=cohort, name=name))
    record("group.added", subject="cohort", subject_id=cohort.pk, actor=by, at=at, about=name)
    settle_groups(cohort.pk)
    return group


def _just_added(cohort: Cohort, name: str, *, by: User, at: datetime) -> bool:
    # A double click sends the form twice: the second finds what the first has written down.
    added = Entry.objects.filter(subject="cohort", subject_id=cohort.pk, verb="group.added", actor=by, about=name)
    return added.filter(at__gt=at - TWIN_WITHIN).exists()


@transaction.atomic
def rename_group(group: Group, *, name: str, by: User, at: datetime) -> None:
    """Give a group another name; its members and its work stay. Raises GroupRefused when the name is taken."""
    if name == group.name:
        return
    _refuse_taken_name(group.cohort, name, but=group)
    before, group.name = group.name, name
    _kept(group)
    details = {"group": group.pk, "before": before}
    record("group.renamed", subject="cohort", subject_id=group.cohort_id, actor=by, at=at, about=name, details=details)


def _refuse_taken_name(cohort: Cohort, name: str, but: Group | None = None) -> None:
    others = Group.objects.filter(cohort=cohort).exclude(pk__in=[but.pk] if but else [])
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise GroupRefused(_("There is a group “%(name)s” already. Choose another name.") % {"name": name})


def _kept(group: Group) -> Group:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        # RACE: another lecturer took the name between the check and the write.
        raise GroupRefused(
            _("There is a group “%(name)s” already. Choose another name.") % {"name": group.name}
        ) from None
    return group


@transaction.atomic
def remove_group(group: Group, *, by: User, at: datetime) -> None:
    """Take a group away; its members are without a group then. Raises GroupRefused when it has work: work is kept."""
    free = _without_work([group.pk])
    if not free.exists():
        message = _("“%(name)s” has work that belongs to it, so it stays. Move its members and leave it empty.")
        raise GroupRefused(message % {"name": group.name})
    record("group.removed", subject="cohort", subject_id=group.cohort_id, actor=by, at=at, about=group.name)
    free.delete()
    settle_groups(group.cohort_id)


def _without_work(group_ids: Iterable[int]) -> QuerySet[Group]:
    """Those of these groups that can go. They are held: work that begins now waits, and then finds no group."""
    # RACE: an attempt that is begun names its group when it is committed, and that takes the lock of its row.
    held = list(Group.objects.select_for_update().filter(pk__in=list(group_ids)).values_list("pk", flat=True))
    return Group.objects.filter(pk__in=set(held) - people_queries.works_of(held).keys())


def _hold(cohort: Cohort) -> None:
    # RACE: two lists, or two draws, at once: the row of the cohort puts them in order.
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


@transaction.atomic
def move_members(cohort: Cohort, membership_ids: Iterable[int], *, to: Group | None, by: User, at: datetime) -> int:
    """Put members into a group, or into none. Answers how many moved; the old group keeps what it has made."""
    moving = Membership.objects.filter(cohort=cohort, pk__in=list(membership_ids)).exclude(group=to)
    if to is None:
        moving = Membership.objects.filter(cohort=cohort, pk__in=list(membership_ids), group__isnull=False)
    before = {str(user): group for user, group in moving.values_list("user_id", "group_id")}
    # RACE: named by their numbers, so that what is written down is what moved.
    moved = Membership.objects.filter(cohort=cohort, user_id__in=[int(user) for user in before]).update(group=to)
    if moved:
        record(
            "group.moved",
            subject="cohort",
            subject_id=cohort.pk,
            actor=by,
            at=at,
            about=to.name if to else "",
            details={"to": to.pk if to else None, "from": before},
        )
    return moved


@transaction.atomic
def deal_groups(cohort: Cohort, *, groups: int, seed: int, expected: str, by: User, at: datetime) -> int:
    """Divide everybody over groups at random, as the preview showed. Answers how many groups.

    Groups without work are used again, by name; a group that has work stays as it is, without members. Raises
    StaleGroups when somebody joined, left or made a group since the preview was drawn.
    """
    _hold(cohort)
    table = people_queries.dealt(cohort, groups=groups, seed=seed)
    if table.fingerprint != expected:
        raise StaleGroups
    made = _groups_named(cohort, (place.name for place in table.places if place.group_id is None))
    before = people_queries.groups_by_user(cohort)
    members: Mapping[int, Membership] = {row.user_id: row for row in Membership.objects.filter(cohort=cohort)}
    for place in table.places:
        group_id = place.group_id or made[place.name.casefold()].pk
        for user_id in place.user_ids:
            members[user_id].group_id = group_id
    Membership.objects.bulk_update(members.values(), ["group"], batch_size=200)
    unused = Group.objects.filter(cohort=cohort, memberships__isnull=True)
    _without_work(unused.values_list("pk", flat=True)).delete()
    settle_groups(cohort.pk)
    record(
        "group.dealt",
        subject="cohort",
        subject_id=cohort.pk,
        actor=by,
        at=at,
        details={
            "groups": len(table.places),
            "seed": seed,
            "from": {str(user): group for user, group in before.items()},
        },
    )
    return len(table.places)
