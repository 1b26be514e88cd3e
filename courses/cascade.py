"""What a change of a running course does: every offer before and after, and what stays because it has begun.

One sum for both ways of changing a run: following a later version of the design, and moving something in the calendar.
`cascade` compares what the run offers now with what it should offer; nothing here knows the database, so the preview,
the change itself and its proof are one calculation. Three rules (design/behaviour.md, C4):

- Only what has not begun moves. What is open, over, or has work keeps its dates, with the reason.
- Work stays. What the new version leaves out is withdrawn only while nobody has begun it.
- What a lecturer set by hand in the run stays, as long as the plan says about it what it said before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from courses.calendar import (
    ONE_DAY,
    ONE_WEEK,
    Closing,
    days_later,
    local_moment,
    monday_of,
    teaching_weeks,
)
from courses.turnaround import Span, working_day_after
from courses.words import gettext_noop

SOON = timedelta(minutes=1)  # what opens within it counts as open: a student may be quicker than the change


class Fate(StrEnum):
    """What happens to an offer."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    CHANGED = "changed"  # another content at the same time
    KEPT = "kept"  # it should have moved or gone, and stays
    SAME = "same"


class Why(StrEnum):
    """Why something stays where the plan says otherwise."""

    NONE = ""
    WORK = "work"
    OPEN = "open"
    PAST = "past"


WHY_WORDS: Mapping[Why, str] = {
    Why.WORK: gettext_noop("students have begun"),
    Why.OPEN: gettext_noop("it is open already"),
    Why.PAST: gettext_noop("it is over"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offer stands: its week and moment, its window, and where it is held."""

    week: int
    moment: str
    position: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None = None
    room: str = ""
    link: str = ""

    @property
    def window(self) -> tuple[datetime, datetime]:
        """When it opens and is due."""
        return self.opens_at, self.due_at


@dataclass(frozen=True, slots=True)
class Content:
    """What an offer offers. `kind` and `as_group` say what students leave there, so they cannot change under them."""

    placement: int
    activity: int
    title: str
    kind: str
    as_group: bool
    timed: bool
    built: bool
    feedback_by: str = "none"
    feedback_days: int | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer of the run as it is now. `key` is that of its placement, the same from version to version."""

    key: str
    run_offer: int
    offer: int
    place: Place
    content: Content
    has_work: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the run should offer. `holiday` is the day without teaching that it falls on."""

    place: Place
    content: Content
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one offer. `place` and `content` are as they will be; `meant` is what the plan would have."""

    key: str
    fate: Fate
    was: Offered | None
    place: Place
    content: Content
    why: Why = Why.NONE
    meant: Place | None = None
    other_content: bool = False
    keeps_content: bool = False  # its kind changes, and students have begun: they go on with what they have
    by_hand: bool = False  # somebody had moved it in the run, and now the plan moves it too
    holiday: str = ""
    feedback_was: date | None = None
    feedback_will: date | None = None

    @property
    def title(self) -> str:
        """As students will read it."""
        return self.content.title

    @property
    def feedback_moves(self) -> bool:
        """Whether feedback is due on another day."""
        return self.feedback_will is not None and self.feedback_was != self.feedback_will

    @property
    def can_be_extended(self) -> bool:
        """Whether it stays, is not over, and the plan would give more time: a lecturer may give that at least."""
        stays = self.fate == Fate.KEPT and self.why in (Why.OPEN, Why.WORK)
        return stays and self.meant is not None and self.was is not None and self.meant.due_at > self.was.place.due_at


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week of the run that moves, comes (`was` is None) or goes (`will` is None)."""

    number: int
    was: date | None
    will: date | None


@dataclass(frozen=True, slots=True)
class Cascade:
    """Everything that a change does to a run."""

    lines: tuple[Line, ...]
    weeks: tuple[WeekLine, ...] = ()
    mondays: Mapping[int, date] | None = None

    def of(self, *fates: Fate) -> tuple[Line, ...]:
        """The lines with one of these fates, in the order of the calendar."""
        return tuple(line for line in self.lines if line.fate in fates)

    @property
    def edited(self) -> tuple[Line, ...]:
        """What gets another content, wherever it stands then."""
        return tuple(line for line in self.lines if line.other_content and line.fate != Fate.NEW)

    @property
    def touched(self) -> tuple[Line, ...]:
        """What students will notice."""
        return self.of(Fate.NEW, Fate.GONE, Fate.MOVED, Fate.CHANGED)

    @property
    def is_empty(self) -> bool:
        """Whether students would notice nothing."""
        return not self.touched and not self.edited and not self.weeks

    @property
    def new_count(self) -> int:
        """How many offers are new."""
        return len(self.of(Fate.NEW))

    @property
    def gone_count(self) -> int:
        """How many offers are withdrawn."""
        return len(self.of(Fate.GONE))

    @property
    def kept_count(self) -> int:
        """How many offers stay although the plan says otherwise."""
        return len(self.of(Fate.KEPT))

    @property
    def dates_moved(self) -> int:
        """How many offers get another date."""
        return len(self.of(Fate.MOVED))

    def digest(self) -> str:
        """A short sign of all that it does; a preview carries it, and another effect has another sign."""
        said = [
            [line.key, line.fate, line.why, asdict(line.place), asdict(line.content), line.was and line.was.offer]
            for line in self.lines
        ]
        weeks = [asdict(week) for week in self.weeks]
        return hashlib.sha256(json.dumps([said, weeks], sort_keys=True, default=str).encode()).hexdigest()[:24]


def cascade(
    now: Sequence[Offered],
    *,
    before: Mapping[str, Wanted],
    after: Mapping[str, Wanted],
    at: datetime,
    zone: tzinfo,
    holidays: Iterable[Span] = (),
    mondays_were: Mapping[int, date] | None = None,
    mondays_will: Mapping[int, date] | None = None,
    extend: Collection[str] = (),
) -> Cascade:
    """Compare what a run offers with what it should offer.

    `before` is what the plan said until now and `after` what it says from now on, both by key and laid over the same
    calendar, so that their difference is the plan's alone. `extend` are the keys of what has begun and gets the later
    deadline nevertheless: more time takes nothing from anybody.
    """
    free = tuple(holidays)
    were, will = dict(mondays_were or {}), dict(mondays_will or mondays_were or {})
    there = {offered.key: offered for offered in now}
    lines = []
    for key, wanted in after.items():
        line = _line(there.get(key), before.get(key), wanted, key=key, at=at, zone=zone, free=free)
        if key in extend and line.can_be_extended:
            line = _extended(line, zone, free)
        lines.append(line)
    for offered in now:
        if offered.key in after or offered.withdrawn:
            continue
        if offered.key in before:
            lines.append(_left_out(offered, at=at))
        else:
            # An earlier version left it out and somebody had begun it: it is in neither plan, and stays without a word.
            lines.append(Line(offered.key, Fate.SAME, offered, offered.place, offered.content))
    lines = [_where_it_is_listed(line, were, will) for line in lines]
    # A week that the plan has no more stays as long as something stands in it.
    used = {line.place.week for line in lines if line.fate != Fate.GONE}
    will = dict(sorted((will | {number: day for number, day in were.items() if number in used - will.keys()}).items()))
    return Cascade(
        tuple(sorted(lines, key=lambda line: (line.place.opens_at, line.place.due_at, line.title, line.key))),
        _weeks(were, will),
        will,
    )


def _where_it_is_listed(line: Line, were: Mapping[int, date], will: Mapping[int, date]) -> Line:
    """What keeps its dates while its week moves away is listed with the week that is there then."""
    if line.was is None or line.fate in (Fate.NEW, Fate.GONE) or line.place.window != line.was.place.window:
        return line
    stood = were.get(line.was.place.week)
    if stood is None or will.get(line.place.week, stood) == stood:
        return line
    earlier = [number for number, monday in will.items() if monday <= stood]
    return replace(line, place=replace(line.place, week=max(earlier, default=line.place.week)))


def _extended(line: Line, zone: tzinfo, free: tuple[Span, ...]) -> Line:
    assert line.was is not None
    assert line.meant is not None
    now = line.was.place
    place = replace(
        line.place, week=line.meant.week, due_at=line.meant.due_at, closes_at=_closes(now, line.meant.due_at, zone)
    )
    return _with_feedback(replace(line, fate=Fate.MOVED, why=Why.NONE, place=place), line.was, zone, free)


def why_it_stays(offered: Offered, at: datetime) -> Why:
    """Why an offer keeps its dates, whatever the plan says; NONE while it has not begun."""
    if offered.has_work:
        return Why.WORK
    if offered.place.due_at <= at:
        return Why.PAST
    return Why.OPEN if offered.place.opens_at <= at + SOON else Why.NONE


def _line(
    offered: Offered | None,
    said: Wanted | None,
    wanted: Wanted,
    *,
    key: str,
    at: datetime,
    zone: tzinfo,
    free: tuple[Span, ...],
) -> Line:
    if offered is None or offered.withdrawn:
        return _with_feedback(
            Line(key, Fate.NEW, offered, wanted.place, wanted.content, holiday=wanted.holiday), None, zone, free
        )
    place, by_hand = _merged(offered.place, said, wanted, zone)
    moves = place.window != offered.place.window
    why = why_it_stays(offered, at) if moves else Why.NONE
    fate = Fate.SAME
    meant = None
    if why:
        meant, fate = place, Fate.KEPT
        place = replace(offered.place, room=place.room, link=place.link)
    elif moves or (place.room, place.link) != (offered.place.room, offered.place.link):
        fate = Fate.MOVED
    keeps = offered.has_work and (offered.content.kind, offered.content.as_group) != (
        wanted.content.kind,
        wanted.content.as_group,
    )
    # Work needs its activity: what students have begun is there for them, however unfinished the newer one is.
    built = wanted.content.built or offered.has_work
    content = replace(wanted.content, built=built)
    if keeps:
        content = replace(offered.content, placement=wanted.content.placement)
    other = content.activity != offered.content.activity
    if other and fate == Fate.SAME:
        fate = Fate.CHANGED
    line = Line(
        key,
        fate,
        offered,
        place,
        content,
        why=why,
        meant=meant,
        other_content=other,
        keeps_content=keeps,
        by_hand=by_hand and fate == Fate.MOVED,
        holiday=wanted.holiday if fate == Fate.MOVED else "",
    )
    return _with_feedback(line, offered, zone, free)


def _left_out(offered: Offered, *, at: datetime) -> Line:
    why = Why.WORK if offered.has_work else Why.PAST if offered.place.due_at <= at else Why.NONE
    return Line(offered.key, Fate.KEPT if why else Fate.GONE, offered, offered.place, offered.content, why=why)


def _merged(now: Place, said: Wanted | None, wanted: Wanted, zone: tzinfo) -> tuple[Place, bool]:
    """The place that the plan gives, where it says something new; else what the run has. And whether a hand moved it.

    What is closed some time after it is due stays closed so long after it.
    """
    target = wanted.place
    if said is not None and said.place.window == target.window:
        window, by_hand = now.window, False
    else:
        window, by_hand = target.window, said is not None and said.place.window != now.window
    where = (now.room, now.link)
    if said is None or (said.place.room, said.place.link) != (target.room, target.link):
        where = (target.room, target.link)
    # A week that was set by hand stays with the window that was set with it.
    stays = said is not None and said.place.week == target.week
    week = now.week if stays and window == now.window else target.week
    closes = now.closes_at if window == now.window else _closes(now, window[1], zone)
    return Place(week, target.moment, target.position, window[0], window[1], closes, *where), by_hand


def _closes(now: Place, due_at: datetime, zone: tzinfo) -> datetime | None:
    if now.closes_at is None:
        return None
    # As the clock on the wall counts: a week is a week, also when the clocks change in it.
    later = now.closes_at.astimezone(zone).replace(tzinfo=None) - now.due_at.astimezone(zone).replace(tzinfo=None)
    wall = due_at.astimezone(zone).replace(tzinfo=None) + later
    return max(due_at, local_moment(wall.date(), wall.time(), zone).at)


def _with_feedback(line: Line, offered: Offered | None, zone: tzinfo, free: tuple[Span, ...]) -> Line:
    was = _feedback(offered.content, offered.place, zone, free) if offered and line.fate != Fate.NEW else None
    return replace(line, feedback_was=was, feedback_will=_feedback(line.content, line.place, zone, free))


def _feedback(content: Content, place: Place, zone: tzinfo, free: tuple[Span, ...]) -> date | None:
    if content.feedback_days is None or content.feedback_by not in ("lecturer", "peer"):
        return None
    return working_day_after(place.due_at.astimezone(zone).date(), content.feedback_days, free)


def _weeks(were: Mapping[int, date], will: Mapping[int, date]) -> tuple[WeekLine, ...]:
    return tuple(
        WeekLine(number, were.get(number), will.get(number))
        for number in sorted({*were, *will})
        if were.get(number) != will.get(number)
    )


# --- The calendar of a run that follows another design --------------------------------------------------------------


def mondays_for(count: int, mondays: Mapping[int, date], holidays: Sequence[Closing]) -> dict[int, date]:
    """The Mondays of a design of `count` weeks in a run with these: weeks that were told stay, more come after them."""
    kept = {number: monday for number, monday in mondays.items() if number <= count}
    missing = [number for number in range(1, count + 1) if number not in kept]
    if missing:
        last = max(mondays.values())
        more = teaching_weeks(last + ONE_WEEK, len(missing), holidays)
        kept |= {number: week.monday for number, week in zip(missing, more, strict=True)}
    return dict(sorted(kept.items()))


# --- Moving something in the calendar -------------------------------------------------------------------------------


class Scope(StrEnum):
    """How much is moved."""

    ONE = "one"
    WEEK = "week"
    ONWARDS = "onwards"


class BadShift(ValueError):
    """This cannot be moved so; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Shift:
    """What is moved, and by how many days; from a week onwards it is whole weeks."""

    scope: Scope
    week: int
    days: int
    key: str = ""


OVER_ANOTHER = "over_another"
BEFORE_START = "before_start"
NOTHING = "nothing"

SHIFT_WORDS: Mapping[str, str] = {
    OVER_ANOTHER: gettext_noop("It would come to stand over the week before it. Move it by less, or that week too."),
    BEFORE_START: gettext_noop("That is before the run begins."),
    NOTHING: gettext_noop("Nothing would move: choose another week or activity."),
}
"""What to tell whoever asked for it."""


def shifted(
    now: Sequence[Offered],
    shift: Shift,
    *,
    mondays: Mapping[int, date],
    holidays: Sequence[Closing],
    zone: tzinfo,
) -> tuple[dict[str, Wanted], dict[int, date]]:
    """What the run should offer after a shift, and its Mondays then. Raises BadShift.

    One session takes along what is due when it starts and what opens when it ends. From a week onwards weeks of
    holiday are skipped, and later weeks move only as far as they must to keep their order.
    """
    if shift.days == 0:
        raise BadShift(NOTHING)
    present = [offered for offered in now if not offered.withdrawn]
    if shift.scope == Scope.ONWARDS:
        will = _mondays_onwards(shift, mondays, holidays)
        days = {number: (will[number] - monday).days for number, monday in mondays.items()}
        return {
            each.key: _moved(each, days.get(each.place.week, 0), each.place.week, zone, holidays) for each in present
        }, will
    will = dict(mondays)
    chosen = _chosen(present, shift)
    if not chosen:
        raise BadShift(NOTHING)
    week = _week_on(shift, chosen, will, zone)
    return {
        each.key: _moved(each, shift.days, week, zone, holidays)
        if each.key in chosen
        else Wanted(each.place, each.content)
        for each in present
    }, will


def _mondays_onwards(shift: Shift, mondays: Mapping[int, date], holidays: Sequence[Closing]) -> dict[int, date]:
    will = {number: monday for number, monday in mondays.items() if number < shift.week}
    free = max(will.values()) + ONE_WEEK if will else None
    for number, monday in sorted(mondays.items()):
        if number < shift.week:
            continue
        target = monday + shift.days * ONE_DAY
        if shift.days > 0 and number != shift.week and free is not None:
            # A break behind takes the shift up: what lay after it stays, as long as the order is kept.
            target = max(monday, free)
        if free is not None and target < free:
            if shift.days < 0 and number == shift.week:
                raise BadShift(OVER_ANOTHER)
            target = free
        (taught,) = teaching_weeks(target, 1, holidays)
        will[number] = taught.monday
        free = taught.monday + ONE_WEEK
    return will


def _chosen(present: Sequence[Offered], shift: Shift) -> dict[str, Offered]:
    if shift.scope == Scope.WEEK:
        return {each.key: each for each in present if each.place.week == shift.week}
    chosen = {each.key: each for each in present if each.key == shift.key}
    for one in list(chosen.values()):
        if one.content.timed:
            chosen |= {
                each.key: each
                for each in present
                if each.place.week == one.place.week
                and not each.content.timed
                and (each.place.due_at == one.place.opens_at or each.place.opens_at == one.place.due_at)
            }
    return chosen


def _week_on(shift: Shift, chosen: Mapping[str, Offered], mondays: dict[int, date], zone: tzinfo) -> int:
    """The week of the run in which what was moved stands then; one is added when it is moved behind the last."""
    one = chosen.get(shift.key)
    if one is not None and one.content.timed:
        monday = monday_of(days_later(one.place.opens_at, shift.days, zone).at.astimezone(zone).date())
    else:
        # A deadline that moves by some days stays with its week; by weeks, it goes along.
        start = mondays[shift.week if one is None else one.place.week]
        monday = start + int(shift.days / ONE_WEEK.days) * ONE_WEEK
    found = next((number for number, known in mondays.items() if known == monday), None)
    if found is not None:
        return found
    if monday > max(mondays.values()):
        number = max(mondays) + 1
        mondays[number] = monday
        return number
    if monday < min(mondays.values()):
        raise BadShift(BEFORE_START)
    return shift.week  # in a break: it is listed with the week that it belonged to


def _moved(each: Offered, days: int, week: int, zone: tzinfo, holidays: Sequence[Closing]) -> Wanted:
    if not days:
        return Wanted(each.place, each.content)
    place = replace(
        each.place,
        week=week,
        opens_at=days_later(each.place.opens_at, days, zone).at,
        due_at=days_later(each.place.due_at, days, zone).at,
        closes_at=each.place.closes_at and days_later(each.place.closes_at, days, zone).at,
    )
    return Wanted(place, each.content, _holiday(place, holidays, zone) if each.content.timed else "")


def _holiday(place: Place, holidays: Sequence[Closing], zone: tzinfo) -> str:
    day = place.opens_at.astimezone(zone).date()
    return next((holiday.name for holiday in holidays if holiday.starts_on <= day <= holiday.ends_on), "")
