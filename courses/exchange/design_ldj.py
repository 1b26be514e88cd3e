"""Designs of the Learning Designer (UCL), files named .ldj, both ways.

A session of theirs (a "TLA") becomes a week, an activity in it (an "SLA") a card. Theirs has no weeks, moments,
environments or weights; ours go out as far as there is a key for them. Keys as public importers of these files read
them; what a file holds beyond them is named in the report.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from blendedu.kit.minutes import CLOCK_HOUR, BadMinutes
from courses.exchange.design_json import ACTIVITIES_MAX, OUTCOMES_MAX, parsed
from courses.exchange.durations import duration_in, no_time
from courses.exchange.proposal import Proposal, Refused, Report, cleaned, shown
from courses.exchange.values import type_like, values_from
from courses.models import WEEKS_MAX
from courses.outline import Outline, OutlineActivity, OutlineOutcome, OutlineWeek, in_board_order

LEARNING_TYPES = {
    "read watch listen": "acquisition",
    "acquire": "acquisition",
    "investigate": "inquiry",
    "inquire": "inquiry",
    "practice": "practice",
    "practise": "practice",
    "produce": "production",
    "discuss": "discussion",
    "collaborate": "collaboration",
}
_THEIR_TYPES = {
    "acquisition": "Read Watch Listen",
    "inquiry": "Investigate",
    "practice": "Practice",
    "production": "Produce",
    "discussion": "Discuss",
    "collaboration": "Collaborate",
}
_ASSESSMENTS = {"": "none", "none": "none", "formative": "formative", "summative": "summative"}
_TOP = {"name", "outcomes", "activities", "groupSize"}
_SAID_ONLY = ("topic", "description", "aims", "modeOfDelivery", "learningTime", "author")
_SESSION = {"title", "groupSize", "notes", "teachingMethod", "resources", "slas"}
_CARD = {
    "type", "duration", "groupSize", "groupSizeSameAsSession", "tutorAvailable", "syncActivity", "onlineActivity",
    "assessmentType", "description", "resources", "notes", "title",
}  # fmt: skip
TITLE_FROM_TEXT = 80


def read(source: bytes | str, *, teaching_hour: int = CLOCK_HOUR) -> Proposal:
    """Read a file. Never raises for what is in it."""
    try:
        said = parsed(source)
    except Refused as refused:
        return refused.proposal
    if not isinstance(said, dict) or not isinstance(said.get("activities"), list):
        return Refused(_("This is no design of the Learning Designer: it has no list “activities”.")).proposal
    return _Reading(said, teaching_hour).proposal()


class _Reading:
    def __init__(self, said: dict[str, Any], teaching_hour: int) -> None:  # Any: JSON
        self.said = said
        self.teaching_hour = teaching_hour
        self.report = Report()
        self.class_size = _whole(said.get("groupSize"))

    def proposal(self) -> Proposal:
        for name, value in self.said.items():
            if name in _TOP or name.startswith("_") or value in ("", None, []):
                continue
            if name in _SAID_ONLY:
                told = {"name": name, "value": shown(value, 300)}
                self.report.left_out(name, _("“%(name)s” says “%(value)s”; a design has no place for it.") % told)
            else:
                self._unknown(name, shown(name))
        weeks: list[OutlineWeek] = []
        cards: list[OutlineActivity] = []
        sessions = self.said["activities"]
        if len(sessions) > WEEKS_MAX:
            counts = {"most": WEEKS_MAX, "count": len(sessions) - WEEKS_MAX}
            self.report.left_out("activities", _("At most %(most)s are taken; %(count)s are left out.") % counts)
        for place, session in enumerate(sessions[:WEEKS_MAX], start=1):
            where = f"activities.{place}"
            if not isinstance(session, dict):
                self.report.left_out(where, _("This is no object."))
                continue
            number = len(weeks) + 1
            weeks.append(OutlineWeek(number, _line(session.get("title"))[:120].strip()))
            cards += self._cards(session, number, where, room=ACTIVITIES_MAX - len(cards))
        return self.report.proposal(
            Outline(
                title=_line(self.said.get("name"))[:160].strip(),
                weeks=tuple(weeks),
                outcomes=tuple(self._outcomes()),
                activities=tuple(sorted(cards, key=in_board_order)),
            )
        )

    def _unknown(self, name: str, where: str) -> None:
        self.report.left_out(where, _("“%(name)s” is not known here.") % {"name": shown(name)})

    def _outcomes(self) -> list[OutlineOutcome]:
        rows = self.said.get("outcomes")
        outcomes: list[OutlineOutcome] = []
        for place, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            verb = _line(row.get("verb") if isinstance(row, dict) else "")
            details = _line(row.get("details") if isinstance(row, dict) else row)
            text = details if details.casefold().startswith(verb.casefold()) else f"{verb} {details}".strip()
            if not text or len(outcomes) == OUTCOMES_MAX:
                self.report.left_out(f"outcomes.{place}", _("This outcome has no text, or is one too many."))
                continue
            outcomes.append(OutlineOutcome(str(uuid.uuid4()), len(outcomes) + 1, text[:300].strip()))
        if outcomes:
            self.report.changed(
                "outcomes", _("The file does not say which activity serves which outcome: say it in the Studio.")
            )
        return outcomes

    def _cards(
        self,
        session: Mapping[str, Any],  # Any: JSON
        number: int,
        where: str,
        *,
        room: int,
    ) -> list[OutlineActivity]:
        for name, value in session.items():
            if name not in _SESSION and value not in ("", None, []):
                self._unknown(name, f"{where}.{shown(name)}")
        if method := _line(session.get("teachingMethod")):
            told = {"name": "teachingMethod", "value": shown(method, 120)}
            self.report.left_out(
                f"{where}.teachingMethod", _("“%(name)s” says “%(value)s”; a design has no place for it.") % told
            )
        slas = session.get("slas")
        cards: list[OutlineActivity] = []
        met = False
        for place, sla in enumerate(slas if isinstance(slas, list) else [], start=1):
            path = f"{where}.slas.{place}"
            if not isinstance(sla, dict):
                self.report.left_out(path, _("This is no object."))
            elif len(cards) >= room:
                most = {"most": ACTIVITIES_MAX}
                self.report.left_out(path, _("A design takes at most %(most)s activities.") % most)
                break
            else:
                together = _yes(sla.get("syncActivity"))
                met = met or together
                moment = "together" if together else ("after" if met else "before")
                first = not cards
                cards.append(self._card(sla, session, number, moment, path, with_notes=first))
        if not cards and (notes := _text(session.get("notes"))):
            self.report.left_out(f"{where}.notes", shown(notes, 300))
        return cards

    def _card(
        self,
        sla: Mapping[str, Any],  # Any: JSON
        session: Mapping[str, Any],  # Any: JSON
        number: int,
        moment: str,
        where: str,
        *,
        with_notes: bool,
    ) -> OutlineActivity:
        for name, value in sla.items():
            if name not in _CARD and value not in ("", None, []):
                self._unknown(name, f"{where}.{shown(name)}")
        description = _text(sla.get("description"))
        title, rest = _titled(_line(sla.get("title")), description)
        said_type = _line(sla.get("type"))
        learning_type = LEARNING_TYPES.get(said_type.casefold(), "")
        timing = "sync" if moment == "together" else "async"
        kind = type_like(learning_type or "acquisition", timing, title)
        if not learning_type:
            learning_type = kind.defaults.learning_type
            told = {"value": shown(said_type or "–"), "kept": learning_type}
            self.report.changed(f"{where}.type", _("“%(value)s” does not fit; “%(kept)s” is taken.") % told)
        online = _yes(sla.get("onlineActivity"))
        grouping, size = self._grouping(sla, session, where)
        assessment = _ASSESSMENTS.get(_line(sla.get("assessmentType")).casefold())
        if assessment is None:
            told = {"value": shown(sla.get("assessmentType")), "kept": "none"}
            self.report.changed(f"{where}.assessmentType", _("“%(value)s” does not fit; “%(kept)s” is taken.") % told)
        brief = [rest, self._resources(sla.get("resources"), f"{where}.resources"), _text(sla.get("notes"))]
        if with_notes:
            brief += [
                self._resources(session.get("resources"), f"{where}.resources"),
                _text(session.get("notes")),
            ]
        values = {
            "title": title or str(kind.label),
            "brief": "\n\n".join(part for part in brief if part),
            **self._time(sla.get("duration"), title or said_type, where),
            "learning_type": learning_type,
            "timing": timing,
            "place": ("online" if timing == "sync" else "anywhere") if online else "campus",
            "environment": "digital" if online else "physical",
            "grouping": grouping,
            "group_size": size,
            "guidance": "lecturer" if _yes(sla.get("tutorAvailable")) else "none",
            "assessment": assessment or "none",
            "feedback_by": kind.defaults.feedback_by if assessment in {"formative", "summative"} else "none",
        }
        return OutlineActivity(
            key=str(uuid.uuid4()),
            week=number,
            moment=moment,
            values=values_from(values, kind, self.report, lambda name: f"{where}.{name}"),
        )

    def _time(self, said: Any, title: str, where: str) -> dict[str, int | None]:  # Any: JSON
        text = _line(said)
        if not text:
            reason = _("“%(title)s” has no duration; give its minutes in the Studio.") % {"title": shown(title)}
        else:
            try:
                return duration_in(text, teaching_hour=self.teaching_hour).columns
            except BadMinutes as problem:
                reason = no_time(text, problem)
        self.report.changed(f"{where}.duration", reason)
        return {"minutes": None}

    def _grouping(
        self,
        sla: Mapping[str, Any],  # Any: JSON
        session: Mapping[str, Any],  # Any: JSON
        where: str,
    ) -> tuple[str, int | None]:
        of_session = _whole(session.get("groupSize"))
        size = of_session if _yes(sla.get("groupSizeSameAsSession")) else _whole(sla.get("groupSize"))
        if size is None and _line(sla.get("groupSize")):
            told = {"value": shown(sla.get("groupSize")), "kept": "alone"}
            self.report.changed(f"{where}.groupSize", _("“%(value)s” does not fit; “%(kept)s” is taken.") % told)
        if size is None or size <= 1:
            return "alone", None
        whole = self.class_size or of_session
        if whole is not None and whole > 2 and size >= whole:
            return "class", None
        return ("pair", 2) if size == 2 else ("group", min(size, 1000))

    def _resources(self, said: Any, where: str) -> str:  # Any: JSON
        lines = []
        for place, row in enumerate(said if isinstance(said, list) else [], start=1):
            title = _line(row.get("title") if isinstance(row, dict) else row)
            link = _line(row.get("link") if isinstance(row, dict) else "")
            if link.startswith(("https://", "http://")):
                lines.append(f"- [{title or link}](<{link}>)")
            elif title or link:
                lines.append(f"- {' '.join(part for part in (title, link and f'({link})') if part)}")
                if link:
                    told = {"name": shown(link)}
                    self.report.left_out(
                        f"{where}.{place}", _("The file “%(name)s” is named, but it is not in the file.") % told
                    )
        return "\n".join(lines)


def _text(said: Any) -> str:  # Any: JSON
    return cleaned(said).strip() if isinstance(said, str) else ""


def _line(said: Any) -> str:  # Any: JSON
    return " ".join(_text(str(said) if isinstance(said, int | float) else said).split())


def _yes(said: Any) -> bool:  # Any: JSON
    return said is True or (isinstance(said, str) and said.strip().lower() == "true")


def _whole(said: Any) -> int | None:  # Any: JSON
    text = _line(said)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else None


def _titled(title: str, description: str) -> tuple[str, str]:
    """A title, and what is left of the description: its first line when that is short, or its first sentence."""
    if title:
        return title[:160].strip(), description
    first, _break, rest = description.partition("\n")
    first = " ".join(first.split())
    if len(first) <= TITLE_FROM_TEXT:
        return first, rest.strip()
    sentence = first.split(". ", 1)[0]
    if len(sentence) <= TITLE_FROM_TEXT:
        return sentence, description
    return sentence[: TITLE_FROM_TEXT - 1].rsplit(" ", 1)[0] + "…", description


# --- Out ----------------------------------------------------------------------------------------------------------


def write(outline: Outline) -> str:
    """The outline as a file that the Learning Designer opens: a week as a session, a card as an activity in it."""
    rows = sorted(outline.activities, key=in_board_order)
    said = {
        "name": outline.title,
        "topic": "",
        "modeOfDelivery": "Blended",
        "groupSize": "",
        "author": "",
        "description": "",
        "aims": "",
        "learningTime": str(outline.minutes),
        "outcomes": [
            {"verb": one.text.partition(" ")[0], "details": one.text}
            for one in sorted(outline.outcomes, key=lambda one: one.number)
        ],
        "activities": [
            {
                "title": week.title or _("Week %(number)s") % {"number": week.number},
                "groupSize": "",
                "notes": "",
                "teachingMethod": "",
                "resources": [],
                "slas": [_sla(each) for each in rows if each.week == week.number],
            }
            for week in outline.weeks
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _sla(each: OutlineActivity) -> dict[str, Any]:  # Any: JSON
    said = each.values
    size = {"alone": "1", "pair": "2", "group": str(said["group_size"] or ""), "class": ""}[said["grouping"]]
    assessment = {"none": "", "formative": "Formative", "summative": "Summative"}[said["assessment"]]
    return {
        "type": _THEIR_TYPES[said["learning_type"]],
        "duration": "" if each.minutes is None else str(each.minutes),
        "groupSize": size,
        "groupSizeSameAsSession": "true" if said["grouping"] == "class" else "false",
        "tutorAvailable": "true" if said["guidance"] == "lecturer" else "false",
        "syncActivity": "true" if said["timing"] == "sync" else "false",
        "onlineActivity": "true" if said["environment"] == "digital" else "false",
        "assessmentType": assessment,
        "description": "\n".join(part for part in (each.title, said["brief"]) if part),
        "resources": [],
    }
