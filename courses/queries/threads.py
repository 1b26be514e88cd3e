"""Comments on the designs of a course: threads by what they are pinned to, and whose answer they wait for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from blendedu.people.models import Appointment, User
from courses.models import Comment, Placement
from courses.queries.plan import Joined, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from courses.models import Course, Design


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with what was answered."""

    first: Comment
    replies: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None

    @property
    def said(self) -> tuple[Comment, ...]:
        """Everything in it, in order."""
        return (self.first, *self.replies)

    def waits_for(self, user: User, *, designs: bool) -> bool:
        """Whether this person is to answer: mentioned or answered since their last word, or nobody has answered yet.

        What addresses nobody in particular is for those who design.
        """
        last = self.said[-1]
        if not self.is_open or last.author_id == user.pk:
            return False
        mine = [place for place, comment in enumerate(self.said) if comment.author_id == user.pk]
        since = self.said[mine[-1] + 1 :] if mine else self.said
        asked = [mentioned_in(comment) for comment in since]
        if any(user.pk in names for names in asked):
            return True
        return not any(asked) and (bool(mine) or designs)


Threads = dict[tuple[str, str], tuple[Thread, ...]]


def mentioned_in(comment: Comment) -> frozenset[int]:
    """The people whom a comment mentions; it must come from `threads_of`."""
    named: str = getattr(comment, "named", None) or ""
    return frozenset(int(pk) for pk in named.split(",") if pk)


def threads_of(design: Design) -> Threads:
    """The threads of a course by pin; comments follow what they are about from version to version. One query."""
    named = Comment.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(said=Joined("mentions"))
    rows = Comment.objects.filter(course=design.course).select_related("author", "resolved_by", "design")
    rows = rows.annotate(named=Subquery(named.values("said")))
    replies: dict[int, list[Comment]] = defaultdict(list)
    firsts: list[Comment] = []
    for comment in rows.order_by("created_at", "pk"):
        if comment.parent_id is None:
            firsts.append(comment)
        else:
            replies[comment.parent_id].append(comment)
    threads: dict[tuple[str, str], list[Thread]] = defaultdict(list)
    for first in firsts:
        threads[first.pin, first.pin_key].append(Thread(first, tuple(replies[first.pk])))
    return {pin: tuple(found) for pin, found in threads.items()}


def people_to_ask(course: Course) -> list[User]:
    """Who may look at the designs of a course, by name: they can be mentioned. One query."""
    parts = course.unit.path.strip("/").split("/")
    above = [f"/{'/'.join(parts[:depth])}/" for depth in range(1, len(parts) + 1)]
    roles = [Appointment.Role.DIRECTOR, Appointment.Role.ADMINISTRATOR, Appointment.Role.COACH]
    # COST: by subqueries; joins would make a row per pair of ties.
    appointed = Appointment.objects.filter(unit__path__in=above, role__in=roles).values("user")
    lecturers = course.teachings.values("user")
    who = Q(pk__in=lecturers) | Q(pk__in=appointed) | Q(pk=course.coach_id)
    return list(User.objects.filter(who, is_active=True).order_by("name", "pk"))


# --- The page of all threads ------------------------------------------------------------------------------------------

WANTED = ("mine", "open", "settled", "all")


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in the list, with what it is about."""

    thread: Thread
    about: str
    is_gone: bool  # this version has not what it is about


@dataclass(frozen=True, slots=True)
class ThreadList:
    """The threads of a course, newest word first, and how many there are of each kind."""

    lines: list[ThreadLine]
    counts: dict[str, int]


def thread_list(design: Design, user: User, *, wanted: str, designs: bool) -> ThreadList:
    """The threads of a kind; four queries whatever their number, five when some are about what is gone."""
    threads = [thread for found in threads_of(design).values() for thread in found]
    kinds = {
        "mine": [thread for thread in threads if thread.waits_for(user, designs=designs)],
        "open": [thread for thread in threads if thread.is_open],
        "settled": [thread for thread in threads if not thread.is_open],
        "all": threads,
    }
    chosen = sorted(kinds[wanted], key=lambda thread: (thread.said[-1].created_at, thread.first.pk), reverse=True)
    return ThreadList(_lines(design, chosen), {kind: len(found) for kind, found in kinds.items()})


def _lines(design: Design, threads: Iterable[Thread]) -> list[ThreadLine]:
    shown = list(threads)
    plan = plan_of(design)
    names = {("activity", activity.key): activity.title for activity in plan.activities}
    names |= {("week", week.key): _("Week %(number)s") % {"number": week.number} for week in plan.weeks}
    gone = {t.first.pin_key for t in shown if t.first.pin == "activity" and ("activity", t.first.pin_key) not in names}
    earlier: dict[str, str] = {}
    if gone:
        # The latest version that had it says what it was called.
        rows = Placement.objects.filter(design__course=design.course, key__in=gone).order_by("design__number")
        earlier = {str(key): title for key, title in rows.values_list("key", "activity__title")}
    return [_line(thread, names, earlier) for thread in shown]


def _line(thread: Thread, names: dict[tuple[str, str], str], earlier: dict[str, str]) -> ThreadLine:
    pin, key = thread.first.pin, thread.first.pin_key
    if pin == Comment.Pin.DESIGN:
        return ThreadLine(thread, _("The whole design"), is_gone=False)
    if pin == Comment.Pin.HINT:
        return ThreadLine(thread, _("A hint: %(rule)s") % {"rule": key}, is_gone=False)
    known = names.get((pin, key))
    if known is not None:
        return ThreadLine(thread, known, is_gone=False)
    return ThreadLine(thread, earlier.get(key) or _("A week that is gone"), is_gone=True)
