"""Changing a running course: a later version, or a shift in the calendar, published to a run and taken back.

One transaction per change: every row that is written is kept with what it replaced. Offers outlive versions; nothing
that students have touched is moved, emptied or removed. Students are told by a job, so that two thousand of them keep
nobody waiting, and a process that dies tells nobody of what did not happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Offer
from activities.services.windows import follow_window
from blendedu.journal.models import Notice
from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from blendedu.journal.services.notices import tell
from blendedu.kit.templatetags.kit import day_time
from blendedu.people.models import User
from courses import jobs
from courses.calendar import SUNDAY
from courses.cascade import Fate, Line
from courses.models import Design, Publication, Run, RunOffer, RunWeek
from courses.queries.publishing import UNDO_WITHIN, Change, change_by, change_to, offered_of, publications_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from courses.cascade import Place, Shift

LISTED_AT_MOST = 40
Values = dict[str, Any]  # Any: whatever a column holds, as JSON writes it
OFFER = ("activity_id", "opens_at", "due_at", "closes_at", "room", "link", "built", "withdrawn_at")
RUN_OFFER = ("placement_id", "week_number", "moment", "position")
_TIMES = {"opens_at", "due_at", "closes_at", "withdrawn_at"}


class StaleChange(Exception):
    """The run, the design or what students did is not as the preview said; `change` is what it would do now."""

    def __init__(self, change: Change) -> None:
        self.change = change
        super().__init__(str(change.run))


class NothingToPublish(Exception):
    """The run follows this design already, or nothing would change."""


class NotPublishable(Exception):
    """Only an approved design of the same course, later than the one that the run follows, is published to it."""


class CannotUndo(Exception):
    """It was taken back already, a later change stands on it, or the day is over; the text says which."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what stays: titles, each with why."""

    publication: Publication
    stayed: tuple[tuple[str, str], ...]


# --- Publishing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    run: Run,
    design: Design,
    *,
    seen: str,
    note: str = "",
    extend: Collection[str] = (),
    by: User,
    at: datetime,
) -> Publication:
    """Let a run follow a later version: exactly what the preview `seen` showed, all of it or nothing.

    `extend` are the keys of what has begun and gets the later deadline all the same. Raises StaleChange,
    NotPublishable, NothingToPublish.
    """
    run = _held(run)
    fresh = Design.objects.select_for_update(no_key=True).filter(pk=design.pk).first()
    if fresh is None or fresh.state != Design.State.APPROVED or fresh.course_id != run.course_id:
        raise NotPublishable
    if fresh.number <= run.design.number:
        raise NothingToPublish
    return _carry_out(change_to(run, fresh, at=at), seen, extend, note=note, by=by, at=at)


@transaction.atomic
def move(
    run: Run,
    shift: Shift,
    *,
    seen: str,
    note: str = "",
    extend: Collection[str] = (),
    by: User,
    at: datetime,
) -> Publication:
    """Move an offer, a week, or a week and all after it: exactly what the preview `seen` showed.

    Raises StaleChange, NothingToPublish and cascade.BadShift.
    """
    run = _held(run)
    return _carry_out(change_by(run, shift, at=at), seen, extend, note=note, by=by, at=at)


def _held(run: Run) -> Run:
    """The run as it is now. Whoever else changes it, or moves one of its offers, waits until this is done."""
    # RACE: two lecturers who publish at once come one after the other, and the second finds another run. The offers
    # are held too, in one order, so that a window that is moved by hand is seen or waits. Without the key: students
    # who begin or hand in meanwhile do not wait.
    Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    # Read after the lock, not with it: a row that changed while this waited no longer meets the join it was found by.
    held = Run.objects.select_related("course__unit", "design").get(pk=run.pk)
    list(
        Offer.objects.select_for_update(no_key=True, of=("self",))
        .filter(run_offer__run=held)
        .order_by("pk")
        .values_list("pk")
    )
    return held


def _carry_out(change: Change, seen: str, extend: Collection[str], *, note: str, by: User, at: datetime) -> Publication:
    if change.seen != seen:
        raise StaleChange(change)
    run = change.run
    if change.cascade.is_empty and change.design.pk == run.design_id and not extend:
        raise NothingToPublish
    if extend:
        # What the preview showed has not changed; now with the deadlines that the lecturer gives in addition.
        again = change_by(run, change.shift, at=at, extend=extend) if change.shift else None
        change = again or change_to(run, change.design, at=at, extend=extend)
    writing = _Writing(run, at)
    for line in change.cascade.lines:
        writing.write(line)
    writing.write_weeks(change.cascade.mondays or {})
    writing.write_run(change.design)
    publication = Publication.objects.create(
        run=run,
        old_design_id=run.design_id,
        new_design=change.design,
        changes={"rows": writing.finish(), "lines": [_kept_line(line) for line in _told(change.cascade.lines)]},
        note=note,
        published_at=at,
        published_by=by,
    )
    _follow(change.cascade.lines, at=at)
    record(
        "run.changed",
        subject="run",
        subject_id=run.pk,
        actor=by,
        at=at,
        about=str(run),
        details={"publication": publication.pk, "from": run.design_id, "to": change.design.pk},
    )
    if change.cascade.touched or change.cascade.edited:
        enqueue(jobs.TELL_CHANGE, publication.pk, at=at)
    return publication


def _told(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.fate != Fate.SAME or line.other_content]


def _kept_line(line: Line) -> Values:
    """What the history and the message say of a line; in words only when they are read, in the reader's language."""
    was = line.was.place if line.was and line.fate != Fate.NEW else None
    return {
        "key": line.key,
        "fate": str(line.fate),
        "title": line.title,
        "timed": line.content.timed,
        "why": str(line.why),
        "edited": line.other_content,
        "opens_at": line.place.opens_at.isoformat(),
        "due_at": line.place.due_at.isoformat(),
        "opened_at": was.opens_at.isoformat() if was else None,
        "was_due_at": was.due_at.isoformat() if was else None,
        "room": line.place.room if was is None or was.room != line.place.room else "",
    }


def _follow(lines: Iterable[Line], *, at: datetime) -> None:
    """Work that goes on follows its new end: only where a lecturer gave more time to something that had begun."""
    given = {
        line.was.offer: line.was.place.closes_at
        for line in lines
        if line.fate == Fate.MOVED and line.was and line.was.has_work
    }
    for offer in Offer.objects.select_related("activity").filter(pk__in=given):
        follow_window(offer, closed_before=given[offer.pk], at=at)


class _Writing:
    """Writes the rows of a run in a few statements and remembers what they replaced."""

    def __init__(self, run: Run, at: datetime) -> None:
        self._run, self._at = run, at
        rows = RunOffer.objects.filter(run=run).select_related("offer")
        self._rows = {row.pk: row for row in rows}
        self._offers: list[Offer] = []
        self._places: list[RunOffer] = []
        self._made: list[Line] = []
        self._changes: list[Values] = []

    def write(self, line: Line) -> None:
        if line.was is None:
            self._made.append(line)
            return
        row = self._rows[line.was.run_offer]
        if line.fate == Fate.GONE:
            self._change(row.offer, {"withdrawn_at": self._at}, line.title)
            return
        self._change(row.offer, _offer_values(line.place, line) | {"withdrawn_at": None}, line.title)
        self._change(row, _run_offer_values(line.place, line), line.title)

    def _change(self, row: Offer | RunOffer, values: Values, title: str) -> None:
        after = {name: value for name, value in values.items() if getattr(row, name) != value}
        before = {name: getattr(row, name) for name in after}
        if not after:
            return
        for name, value in after.items():
            setattr(row, name, value)
        if isinstance(row, Offer):
            self._offers.append(row)
        else:
            self._places.append(row)
        self._changes.append(
            _change_of("offer" if isinstance(row, Offer) else "run_offer", row.pk, before, after, title)
        )

    def write_weeks(self, mondays: Mapping[int, date]) -> None:
        weeks = {week.number: week for week in RunWeek.objects.filter(run=self._run)}
        moved = []
        for number, monday in mondays.items():
            week = weeks.pop(number, None)
            if week is None:
                RunWeek.objects.create(run=self._run, number=number, monday=monday)
                self._changes.append(_change_of("week", number, None, {"monday": monday}))
            elif week.monday != monday:
                self._changes.append(_change_of("week", number, {"monday": week.monday}, {"monday": monday}))
                week.monday = monday
                moved.append(week)
        RunWeek.objects.bulk_update(moved, ["monday"])
        for number, week in weeks.items():
            self._changes.append(_change_of("week", number, {"monday": week.monday}, None))
        RunWeek.objects.filter(pk__in=[week.pk for week in weeks.values()]).delete()
        self._ends_on = max(mondays.values()) + timedelta(days=SUNDAY) if mondays else self._run.ends_on

    def write_run(self, design: Design) -> None:
        before = {"design_id": self._run.design_id, "ends_on": self._run.ends_on}
        after = {"design_id": design.pk, "ends_on": self._ends_on}
        if before != after:
            Run.objects.filter(pk=self._run.pk).update(**after)
            self._changes.append(_change_of("run", self._run.pk, before, after))

    def finish(self) -> list[Values]:
        """Write what was gathered; every row before and after."""
        Offer.objects.bulk_update(self._offers, OFFER, batch_size=100)
        RunOffer.objects.bulk_update(self._places, RUN_OFFER, batch_size=100)
        offers = Offer.objects.bulk_create(
            Offer(cohort_id=self._run.cohort_id, **_offer_values(line.place, line)) for line in self._made
        )
        places = RunOffer.objects.bulk_create(
            RunOffer(run=self._run, offer=offer, **_run_offer_values(line.place, line))
            for offer, line in zip(offers, self._made, strict=True)
        )
        for offer, place, line in zip(offers, places, self._made, strict=True):
            self._changes.append(_change_of("offer", offer.pk, None, _offer_values(line.place, line), line.title))
            self._changes.append(_change_of("run_offer", place.pk, None, {"offer_id": offer.pk}, line.title))
        return self._changes


def _offer_values(place: Place, line: Line) -> Values:
    return {
        "activity_id": line.content.activity,
        "opens_at": place.opens_at,
        "due_at": place.due_at,
        "closes_at": place.closes_at,
        "room": place.room,
        "link": place.link,
        "built": line.content.built,
    }


def _run_offer_values(place: Place, line: Line) -> Values:
    return {
        "placement_id": line.content.placement,
        "week_number": place.week,
        "moment": place.moment,
        "position": place.position,
    }


def _change_of(row: str, pk: int, before: Values | None, after: Values | None, title: str = "") -> Values:
    return {
        "row": row,
        "pk": pk,
        "before": None if before is None else {name: _plain(value) for name, value in before.items()},
        "after": None if after is None else {name: _plain(value) for name, value in after.items()},
        "title": title,
    }


def _plain(value: Any) -> Any:  # Any: from a column to JSON
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _column(name: str, value: Any) -> Any:  # Any: from JSON to a column
    if value is None:
        return None
    if name in _TIMES:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in ("monday", "ends_on") else value


# --- Taking back ----------------------------------------------------------------------------------------------------


@transaction.atomic
def undo(publication: Publication, *, by: User, at: datetime) -> Undone:
    """Take the last change of a run back, within 24 hours: every row is as it was before.

    Two things stay, and are named: what students have worked on since, and what somebody changed by hand since. What
    the change had made new is withdrawn, so that no address of it breaks. Raises CannotUndo.
    """
    run = _held(publication.run)
    known = {each.publication.pk: each for each in publications_of(run, at=at)}.get(publication.pk)
    if known is None or known.publication.undone_at is not None:
        raise CannotUndo(_("This was taken back already."))
    if not known.can_undo:
        late = at > known.publication.published_at + UNDO_WITHIN
        raise CannotUndo(
            _("A day has passed: students rely on it now. Publish a further change instead.")
            if late
            else _("A later change stands on this one. Take that one back first.")
        )
    publication = known.publication
    taking = _TakingBack(run, publication, at)
    taking.take_back()
    Publication.objects.filter(pk=publication.pk).update(
        undone_at=at,
        undone_by=by,
        changes=publication.changes | {"stayed": [{"title": title, "why": why} for title, why in taking.stayed]},
    )
    record(
        "run.change-undone",
        subject="run",
        subject_id=run.pk,
        actor=by,
        at=at,
        about=str(run),
        details={"publication": publication.pk, "stayed": [title for title, _why in taking.stayed]},
    )
    enqueue(jobs.TELL_UNDONE, publication.pk, at=at)
    return Undone(publication, tuple(taking.stayed))


WORKED_ON, CHANGED_SINCE = "worked", "changed"


class _TakingBack:
    """Puts the rows of a publication back, except where somebody would lose something."""

    def __init__(self, run: Run, publication: Publication, at: datetime) -> None:
        self._run, self._at = run, at
        self._changes: list[Values] = publication.changes["rows"]
        self._rows = {row.pk: row for row in RunOffer.objects.filter(run=run).select_related("offer")}
        self._by_offer = {row.offer_id: row for row in self._rows.values()}
        worked = offered_of(run, since=publication.published_at)
        self._worked = {each.offer for each in worked if each.has_work}
        self.stayed: list[tuple[str, str]] = []

    def take_back(self) -> None:
        held_back = self._held_back()
        offers, places, weeks = [], [], {}
        for change in self._changes:
            kind, pk = change["row"], change["pk"]
            if kind == "week":
                weeks[pk] = change
            elif kind == "run" or self._offer_of(change) in held_back:
                continue
            elif kind == "offer":
                offers.append(self._restore(self._by_offer[pk].offer, change, {"withdrawn_at": self._at}))
            elif change["before"] is not None:
                places.append(self._restore(self._rows[pk], change, {}))
        Offer.objects.bulk_update(offers, OFFER, batch_size=100)
        RunOffer.objects.bulk_update(places, RUN_OFFER, batch_size=100)
        self._restore_weeks(weeks)

    def _offer_of(self, change: Values) -> int:
        return int(change["pk"]) if change["row"] == "offer" else self._rows[change["pk"]].offer_id

    def _held_back(self) -> set[int]:
        held = set()
        for change in self._changes:
            if change["row"] != "offer" or change["pk"] not in self._by_offer:
                continue
            row = self._by_offer[change["pk"]].offer
            if row.pk in self._worked:
                held.add(row.pk)
                self.stayed.append((change["title"], WORKED_ON))
            elif any(_plain(getattr(row, name)) != value for name, value in change["after"].items()):
                held.add(row.pk)
                self.stayed.append((change["title"], CHANGED_SINCE))
        return held

    def _restore(self, row: Any, change: Values, made: Values) -> Any:  # Any: an Offer or a RunOffer
        before = made if change["before"] is None else change["before"]
        for name, value in before.items():
            setattr(row, name, _column(name, value) if isinstance(value, str) else value)
        return row

    def _restore_weeks(self, changes: Mapping[int, Values]) -> None:
        used = {row.week_number for row in self._rows.values() if row.offer.withdrawn_at is None}
        mondays = dict(RunWeek.objects.filter(run=self._run).values_list("number", "monday"))
        for number, change in changes.items():
            if change["before"] is None:
                if number not in used:
                    RunWeek.objects.filter(run=self._run, number=number).delete()
                    mondays.pop(number, None)
                continue
            mondays[number] = date.fromisoformat(change["before"]["monday"])
            RunWeek.objects.update_or_create(run=self._run, number=number, defaults={"monday": mondays[number]})
        values: Values = {"ends_on": max(mondays.values()) + timedelta(days=SUNDAY)} if mondays else {}
        for change in self._changes:
            if change["row"] == "run":
                values = {name: _column(name, value) for name, value in change["before"].items()} | {
                    "ends_on": max(values.get("ends_on", date.min), _column("ends_on", change["before"]["ends_on"]))
                }
        Run.objects.filter(pk=self._run.pk).update(**values)


# --- Telling --------------------------------------------------------------------------------------------------------


def tell_change(publication_id: int, *, at: datetime) -> None:
    """Tell the students of a run what changes for them: one message, however much it is. May run twice."""
    publication = _published(publication_id)
    if publication is None or publication.undone_at is not None:
        return  # taken back before anybody was told: then there is nothing to tell
    lines = [line for line in publication.changes["lines"] if line["fate"] != Fate.KEPT or line["edited"]]
    said = [_line_words(line) for line in lines[:LISTED_AT_MOST]]
    more = len(lines) - LISTED_AT_MOST
    if more > 0:
        said.append(ngettext("And %d more change.", "And %d more changes.", more) % more)
    kept = _("What you have begun or handed in stays as it is.")
    tell(
        User.objects.filter(memberships__cohort=publication.run.cohort_id, is_active=True),
        cause=f"run-changed:{publication.pk}",
        title=_("Changes in %(course)s") % {"course": publication.run.course.title},
        body="\n".join(filter(None, [publication.note, *said, kept])),
        url=reverse("courses:overview", args=[publication.run.course.code]),
        at=at,
    )
    others = publication.run.course.lecturers.exclude(pk=publication.published_by_id)
    tell(
        others.filter(is_active=True),
        cause=f"run-changed:{publication.pk}",
        title=_("%(name)s changed the run %(run)s of %(course)s")
        % {
            "name": publication.published_by.name,
            "run": publication.run.name,
            "course": publication.run.course.title,
        },
        body="\n".join(said),
        url=reverse("courses:run", args=[publication.run.course.code, publication.run_id]),
        at=at,
    )


def tell_undone(publication_id: int, *, at: datetime) -> None:
    """Tell whoever was told of a change that it was taken back; nobody who never heard of it. May run twice."""
    publication = _published(publication_id)
    if publication is None or publication.undone_at is None:
        return
    stayed = [line["title"] for line in publication.changes.get("stayed", ())]
    body = _("Everything is again as it was before.")
    if stayed:
        body = _("Everything is again as it was before, except: %(titles)s.") % {"titles": ", ".join(stayed)}
    told = Notice.objects.filter(cause=f"run-changed:{publication.pk}").values("recipient")
    tell(
        User.objects.filter(pk__in=told, is_active=True),
        cause=f"run-change-undone:{publication.pk}",
        title=_("The changes in %(course)s were taken back") % {"course": publication.run.course.title},
        body=body,
        url=reverse("courses:overview", args=[publication.run.course.code]),
        at=at,
    )


def _published(publication_id: int) -> Publication | None:
    rows = Publication.objects.select_related("run__course", "published_by")
    return rows.filter(pk=publication_id).first()


def _line_words(line: Values) -> str:
    """One line of the message: what is new, gone, moved or changed."""
    times = {
        name: day_time(datetime.fromisoformat(line[name]))
        for name in ("opens_at", "due_at", "opened_at", "was_due_at")
        if line[name]
    }
    facts = {"title": line["title"], "room": line["room"], **times}
    if line["fate"] == Fate.NEW:
        words = _("New: %(title)s, %(opens_at)s.") if line["timed"] else _("New: %(title)s, due %(due_at)s.")
    elif line["fate"] == Fate.GONE:
        words = _("Left out: %(title)s. You do not have to do it.")
    elif line["fate"] == Fate.MOVED and line["timed"] and line["opens_at"] == line["opened_at"]:
        words = _("New place: %(title)s, %(room)s.") if line["room"] else _("New place: %(title)s.")
    elif line["fate"] == Fate.MOVED and line["timed"]:
        words = _("Moved: %(title)s, now %(opens_at)s instead of %(opened_at)s.")
    elif line["fate"] == Fate.MOVED and line["due_at"] == line["was_due_at"]:
        words = _("Moved: %(title)s, opens %(opens_at)s instead of %(opened_at)s.")
    elif line["fate"] == Fate.MOVED:
        words = _("Moved: %(title)s, due %(due_at)s instead of %(was_due_at)s.")
    else:
        words = _("Changed: %(title)s.")
    return words % facts
