"""A design as JSON, whole: what goes out comes back the same. docs/formats/design-json.md describes the format."""

from __future__ import annotations

import json
import uuid
from collections.abc import Container, Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from activities import questions, registry
from activities.models import LearningType, Material, Timing
from activities.questions import BrokenQuestion
from activities.questions.paper import MAX_QUESTIONS
from activities.registry import UnknownType
from courses.exchange.proposal import Proposal, Refused, Report, cleaned, decoded, shown
from courses.exchange.values import type_like, values_from
from courses.facts import MOMENTS
from courses.models import WEEKS_MAX
from courses.outline import (
    Outline,
    OutlineActivity,
    OutlineLink,
    OutlineOutcome,
    OutlineWeek,
    in_board_order,
)

FORMAT = "blendedu-design"
VERSION = 1
ACTIVITIES_MAX = 600
OUTCOMES_MAX = 40
LINKS_MAX = 1000
DEPTH_MAX = 30
WEEK_TITLE_MAX = 120
OUTCOME_MAX = 300
NOTE_MAX = 160
FILES_MAX = 50
_ACTIVITY_KEYS = {"key", "week", "moment", "type", "outcomes", "questions", "files"}

Document = dict[str, Any]  # Any: JSON


# --- Out ----------------------------------------------------------------------------------------------------------


def document(outline: Outline) -> Document:
    """The outline as the JSON that `read_document` reads."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": outline.title,
        "about": dict(outline.about),
        "weeks": [
            {"key": week.key, "number": week.number, "title": week.title, "teaching": week.teaching}
            for week in sorted(outline.weeks, key=lambda week: week.number)
        ],
        "outcomes": [
            {"key": one.key, "number": one.number, "text": one.text, "level": one.level}
            for one in sorted(outline.outcomes, key=lambda one: one.number)
        ],
        "activities": [_activity_out(each) for each in sorted(outline.activities, key=in_board_order)],
        "links": [{"from": link.source, "to": link.target, "note": link.note} for link in outline.links],
    }


def _activity_out(each: OutlineActivity) -> Document:
    values = dict(each.values)
    return {
        "key": each.key,
        "week": each.week,
        "moment": each.moment,
        "type": values.pop("type_key"),
        **values,
        "outcomes": [{"key": key, "level": level} for key, level in each.outcomes],
        "questions": [dict(question) for question in each.questions],
        "files": [dict(file) for file in each.files],
    }


def write(outline: Outline) -> str:
    """The outline as a JSON file that people can read."""
    return json.dumps(document(outline), ensure_ascii=False, indent=1) + "\n"


# --- In -----------------------------------------------------------------------------------------------------------


def read(source: bytes | str) -> Proposal:
    """Read a file. Never raises for what is in it: what cannot be taken is a remark, what cannot be read a problem."""
    try:
        return read_document(parsed(source))
    except Refused as refused:
        return refused.proposal


def parsed(source: bytes | str) -> Any:  # Any: JSON
    """The JSON of a file that somebody sent. Raises Refused."""
    text = decoded(source) if isinstance(source, bytes) else source
    if not text.strip():
        raise Refused(_("This file is empty."))
    try:
        found = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        told = {"line": error.lineno, "column": error.colno}
        raise Refused(
            _("This is no JSON: something is wrong at sign %(column)s of this line.") % told, _line(error.lineno)
        ) from None
    except RecursionError:
        raise Refused(_("This file holds things within things, too deep to be a design.")) from None
    except ValueError:
        # NaN, Infinity, or a number with thousands of digits.
        raise Refused(_("This file holds a number that is none, or one that is far too long.")) from None
    if _deeper_than(found, DEPTH_MAX):
        raise Refused(_("This file holds things within things, too deep to be a design."))
    return found


def read_document(said: Any, *, contained: Container[tuple[str, str, str, str]] = ()) -> Proposal:  # Any: JSON
    """Read what `document` wrote, or what somebody wrote by hand.

    `contained` are files that come along: activity, kind, name and language. Those that do not are named.
    """
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        return Refused(
            _("This is no design of BlendEdu: “format” should be “%(format)s”.") % {"format": FORMAT}
        ).proposal
    version = said.get("version")
    if version != VERSION or isinstance(version, bool):
        told = {"theirs": shown(version), "ours": VERSION}
        return Refused(_("This is version %(theirs)s of the format; version %(ours)s is read here.") % told).proposal
    return _Reading(said, contained).proposal()


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _line(number: int) -> str:
    return _("Line %(number)s") % {"number": number}


def _deeper_than(value: Any, most: int) -> bool:  # Any: JSON
    level = [value]
    for _depth in range(most):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _is_whole(value: Any) -> bool:  # Any: JSON
    return isinstance(value, int) and not isinstance(value, bool)


class _Reading:
    """One document being read: what is found on the way is collected here."""

    def __init__(self, said: Document, contained: Container[tuple[str, str, str, str]]) -> None:
        self.said = said
        self.contained = contained
        self.report = Report()
        self.outcome_keys: dict[Any, str] = {}  # Any: by key, and by number
        self.activity_keys: dict[Any, str] = {}  # Any: by key, and by place from 1

    def proposal(self) -> Proposal:
        known = {"format", "version", "title", "about", "weeks", "outcomes", "activities", "links"}
        self._name_unknown(self.said, known, "")
        weeks = self._weeks()
        outcomes = self._outcomes()
        activities = self._activities(weeks)
        title = self.said.get("title")
        about = self.said.get("about")
        return self.report.proposal(
            Outline(
                title=cleaned(title).strip()[:160] if isinstance(title, str) else "",
                weeks=weeks,
                outcomes=outcomes,
                activities=activities,
                links=self._links(),
                about={
                    cleaned(name)[:40]: cleaned(value)[:400] if isinstance(value, str) else value
                    for name, value in list(about.items())[:20]
                    if isinstance(value, str | int | None)
                }
                if isinstance(about, dict)
                else {},
            )
        )

    def _rows(self, name: str, most: int) -> list[tuple[str, Any]]:  # Any: JSON
        rows = self.said.get(name)
        if rows is None:
            return []
        if not isinstance(rows, list):
            self.report.left_out(name, _("This should be a list."))
            return []
        if len(rows) > most:
            told = {"count": len(rows) - most, "most": most}
            self.report.left_out(name, _("At most %(most)s are taken; %(count)s are left out.") % told)
        kept = []
        for place, row in enumerate(rows[:most], start=1):
            where = f"{name}.{place}"
            if isinstance(row, dict):
                kept.append((where, row))
            else:
                self.report.left_out(where, _("This is no object."))
        return kept

    def _name_unknown(self, row: Document, known: set[str], where: str) -> None:
        for name in row:
            if name not in known:
                path = f"{where}.{shown(name)}" if where else shown(name)
                self.report.left_out(path, _("“%(name)s” is not known here.") % {"name": shown(name)})

    def _string(self, row: Document, name: str, most: int, where: str) -> str:
        value = row.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.report.changed(f"{where}.{name}", _("“%(value)s” is no text.") % {"value": shown(value)})
            return ""
        text = " ".join(cleaned(value).split())
        if len(text) > most:
            told = {"most": most}
            self.report.changed(
                f"{where}.{name}", _("This is longer than %(most)s characters; the rest is left out.") % told
            )
        return text[:most].strip()

    def _key(self, row: Document, taken: set[str], where: str) -> str:
        said = row.get("key")
        try:
            key = str(uuid.UUID(said)) if isinstance(said, str) else ""
        except ValueError:
            key = ""
        if key and key not in taken:
            return key
        if said is not None:
            self.report.changed(f"{where}.key", _("This key is no key, or stands here twice; it gets a new one."))
        return str(uuid.uuid4())

    # --- Weeks and outcomes ---------------------------------------------------------------------------------------

    def _weeks(self) -> tuple[OutlineWeek, ...]:
        found: dict[int, OutlineWeek] = {}
        keys: set[str] = set()
        for where, row in self._rows("weeks", WEEKS_MAX):
            self._name_unknown(row, {"key", "number", "title", "teaching"}, where)
            number = row.get("number", len(found) + 1)
            if not _is_whole(number) or not 1 <= number <= WEEKS_MAX or number in found:
                told = {"value": shown(number)}
                self.report.left_out(f"{where}.number", _("“%(value)s” is no free number of a week.") % told)
                continue
            teaching = row.get("teaching", True)
            if not isinstance(teaching, bool):
                self.report.changed(f"{where}.teaching", _("This should be true or false; true is taken."))
                teaching = True
            key = self._key(row, keys, where) if row.get("key") else ""
            keys.add(key)
            found[number] = OutlineWeek(number, self._string(row, "title", WEEK_TITLE_MAX, where), teaching, key)
        missing = [number for number in range(1, max(found, default=0) + 1) if number not in found]
        if missing:
            told = {"numbers": ", ".join(map(str, missing))}
            self.report.changed("weeks", _("Weeks %(numbers)s are missing; they are made, empty.") % told)
        return tuple(found.get(number) or OutlineWeek(number) for number in range(1, max(found, default=0) + 1))

    def _outcomes(self) -> tuple[OutlineOutcome, ...]:
        outcomes: list[OutlineOutcome] = []
        taken: set[str] = set()
        for where, row in self._rows("outcomes", OUTCOMES_MAX):
            self._name_unknown(row, {"key", "number", "text", "level"}, where)
            text = self._string(row, "text", OUTCOME_MAX, where)
            if not text:
                self.report.left_out(where, _("This outcome has no text."))
                continue
            key = self._key(row, taken, where)
            taken.add(key)
            number = row.get("number", len(outcomes) + 1)
            if not _is_whole(number) or not 1 <= number <= 999 or number in {one.number for one in outcomes}:
                number = max((one.number for one in outcomes), default=0) + 1
                told = {"number": number}
                self.report.changed(f"{where}.number", _("This outcome gets the number %(number)s.") % told)
            outcomes.append(OutlineOutcome(key, number, text, self._level(row.get("level"), where)))
            for name in (row.get("key"), number):
                if isinstance(name, str | int):
                    self.outcome_keys.setdefault(name, key)
        return tuple(sorted(outcomes, key=lambda one: one.number))

    def _level(self, value: Any, where: str) -> int | None:  # Any: JSON
        if value is None:
            return None
        if _is_whole(value) and 1 <= value <= 6:
            return int(value)
        self.report.changed(f"{where}.level", _("A level is a number from 1 to 6; none is taken."))
        return None

    # --- Activities -----------------------------------------------------------------------------------------------

    def _activities(self, weeks: tuple[OutlineWeek, ...]) -> tuple[OutlineActivity, ...]:
        activities: list[OutlineActivity] = []
        taken: set[str] = set()
        numbers = {week.number for week in weeks}
        for where, row in self._rows("activities", ACTIVITIES_MAX):
            title = self._string(row, "title", 160, where)
            if not title:
                self.report.left_out(where, _("This activity has no title."))
                continue
            key = self._key(row, taken, where)
            taken.add(key)
            for name in (row.get("key"), int(where.partition(".")[2])):
                if isinstance(name, str | int):
                    self.activity_keys.setdefault(name, key)
            activities.append(self._activity(row, key, title, numbers, where))
        return tuple(sorted(activities, key=in_board_order))

    def _activity(self, row: Document, key: str, title: str, numbers: set[int], where: str) -> OutlineActivity:
        week = row.get("week")
        if week is not None and not (_is_whole(week) and week in numbers):
            told = {"value": shown(week)}
            self.report.changed(f"{where}.week", _("There is no week “%(value)s”; it stands on the shelf.") % told)
            week = None
        type_key = row.get("type")
        said = {name: value for name, value in row.items() if name not in _ACTIVITY_KEYS} | {"title": title}
        try:
            kind = registry.get(type_key if isinstance(type_key, str) else "")
        except UnknownType:
            # Nothing is lost: the card waits on the shelf, under the type that comes nearest.
            learning_type, timing = str(said.get("learning_type")), str(said.get("timing"))
            kind = type_like(
                learning_type if learning_type in LearningType.values else "acquisition",
                timing if timing in Timing.values else "async",
                title,
            )
            told = {"title": shown(title), "type": shown(type_key or "–"), "taken": kind.label}
            self.report.changed(
                f"{where}.type",
                _("“%(title)s” has the type “%(type)s”, which is not installed: it is on the shelf as %(taken)s.")
                % told,
            )
            said["config"] = {}
            week = None
        moment = row.get("moment", kind.defaults.moment)
        if moment not in MOMENTS:
            told = {"value": shown(moment), "kept": kind.defaults.moment}
            self.report.changed(f"{where}.moment", _("“%(value)s” does not fit; “%(kept)s” is taken.") % told)
            moment = kind.defaults.moment
        values = values_from(said, kind, self.report, lambda name: f"{where}.{name}")
        return OutlineActivity(
            key=key,
            week=week,
            moment=moment,
            values=values,
            outcomes=self._served(row.get("outcomes"), where),
            questions=self._questions(row.get("questions"), has_them=kind.has_questions, where=where),
            files=self._files(row.get("files"), key, title, where),
        )

    def _served(self, said: Any, where: str) -> tuple[tuple[str, int | None], ...]:  # Any: JSON
        served: dict[str, int | None] = {}
        for place, each in enumerate(self._list(said, OUTCOMES_MAX, f"{where}.outcomes"), start=1):
            name, level = (each.get("key"), each.get("level")) if isinstance(each, dict) else (each, None)
            key = self.outcome_keys.get(name) if isinstance(name, str | int) else None
            path = f"{where}.outcomes.{place}"
            if key is None:
                self.report.left_out(path, _("There is no outcome “%(name)s”.") % {"name": shown(name)})
            else:
                served[key] = self._level(level, path)
        return tuple(served.items())

    def _list(self, said: Any, most: int, where: str) -> list[Any]:  # Any: JSON
        if said is None:
            return []
        if not isinstance(said, list):
            self.report.left_out(where, _("This should be a list."))
            return []
        if len(said) > most:
            told = {"most": most, "count": len(said) - most}
            self.report.left_out(where, _("At most %(most)s are taken; %(count)s are left out.") % told)
        return said[:most]

    def _questions(self, said: Any, *, has_them: bool, where: str) -> tuple[Mapping[str, Any], ...]:  # Any: JSON
        kept: dict[str, Mapping[str, Any]] = {}  # Any: a question
        rows = self._list(said, MAX_QUESTIONS, f"{where}.questions")
        if rows and not has_them:
            self.report.left_out(f"{where}.questions", _("This type of activity has no questions."))
            return ()
        for place, row in enumerate(rows, start=1):
            path = f"{where}.questions.{place}"
            try:
                question = questions.parse(row)
            except BrokenQuestion as broken:
                self.report.left_out(path, str(broken)[:300])
                continue
            content = question.to_json()
            if cleaned(json.dumps(content, ensure_ascii=False)) != json.dumps(content, ensure_ascii=False):
                self.report.left_out(path, _("Signs that cannot be shown are left out, and the question with them."))
            elif question.key in kept:
                self.report.left_out(path, _("This question stands here twice."))
            else:
                kept[question.key] = content
        return tuple(kept.values())

    def _files(self, said: Any, key: str, title: str, where: str) -> tuple[Mapping[str, Any], ...]:  # Any: JSON
        files = []
        for place, row in enumerate(self._list(said, FILES_MAX, f"{where}.files"), start=1):
            path = f"{where}.files.{place}"
            kind = row.get("kind") if isinstance(row, dict) else None
            if kind not in Material.Kind.values:
                self.report.left_out(path, _("This is no description of a file."))
                continue
            size = row.get("size")
            name = self._string(row, "name", 160, path) or _("without a name")
            files.append(
                {
                    "kind": kind,
                    "name": name,
                    "size": size if _is_whole(size) and 0 <= size < 2**53 else 0,
                    "content_type": self._string(row, "content_type", 100, path),
                    "language": self._string(row, "language", 12, path),
                }
            )
            if (key, kind, name, files[-1]["language"]) in self.contained:
                continue
            told = {"name": shown(name), "title": shown(title)}
            self.report.left_out(
                path, _("The file “%(name)s” of “%(title)s” is named but not contained: put it there again.") % told
            )
        return tuple(files)

    # --- Links ----------------------------------------------------------------------------------------------------

    def _links(self) -> tuple[OutlineLink, ...]:
        links: dict[tuple[str, str], OutlineLink] = {}
        for where, row in self._rows("links", LINKS_MAX):
            self._name_unknown(row, {"from", "to", "note"}, where)
            ends = [row.get("from"), row.get("to")]
            source, target = (self.activity_keys.get(end) if isinstance(end, str | int) else None for end in ends)
            if source is None or target is None or source == target or (source, target) in links:
                self.report.left_out(
                    where, _("This link does not lead from one activity to another, or is here twice.")
                )
                continue
            links[source, target] = OutlineLink(source, target, self._string(row, "note", NOTE_MAX, where))
        return tuple(links.values())
