"""The course guide: what students of a run need at the start, with its dates, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from blendedu.kit.paper import pdf
from blendedu.kit.signs import TIMINGS, word
from blendedu.kit.templatetags.kit import duration
from blendedu.kit.templatetags.kit import minutes as written
from blendedu.kit.templatetags.kit import total as summed
from courses.exchange.paper.saying import Said, day, day_month, language, prose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from courses.models import RunOffer
    from courses.queries.guide import Guide, GuideWeek


def write(guide: Guide, *, at: datetime) -> bytes:
    """The PDF of the course guide of a run."""
    run = guide.run
    course = run.course
    about = f"{course.code.upper()} · {run.name}"
    spoken_total = written(sum(week.minutes for week in guide.weeks))
    return pdf(
        Path(__file__).with_name("guide.typ"),
        {
            "lang": language(),
            "title": _("Course guide: %(title)s") % {"title": course.title},
            "about": about,
            "foot": _("%(course)s · printed on %(day)s; the pages of the course show the latest dates")
            % {"course": f"{course.title} · {about}", "day": day(timezone.localdate(at))},
            "words": _words(),
            "facts": _facts(guide),
            "summary": prose(course.summary),
            "outcomes": [{"code": f"LO{each.number}", "text": each.text} for each in guide.outcomes],
            "assessment": _assessment(guide),
            "load": _("%(total)s in %(weeks)s weeks.") % {"total": spoken_total, "weeks": len(guide.weeks)},
            "weeks": [_week(week, guide.why) for week in guide.weeks],
        },
        at=timezone.localtime(at),
    )


def _words() -> Said:
    return {
        "about": _("What it is about"),
        "outcomes": _("What you will be able to do"),
        "assessment": _("What counts, and what you get feedback on"),
        "load": _("How much time it takes"),
        "week": _("Week"),
        "theme": _("Theme"),
        "sync": str(TIMINGS["sync"]),
        "async": str(TIMINGS["async"]),
        "in_all": _("In all"),
        "nothing_planned": _("Nothing is planned in this week."),
        "moment": _("Moment"),
        "activity": _("Activity"),
        "minutes": _("Time"),
        "where_and_when": _("Where and when"),
    }


def _facts(guide: Guide) -> list[tuple[str, str]]:
    run = guide.run
    return [
        (_("Lecturers"), ", ".join(guide.lecturers) or _("Not known yet")),
        (_("Credits"), f"{run.course.credits.normalize():f} EC"),
        (
            _("When"),
            _("%(first)s to %(last)s") % {"first": day(run.starts_on), "last": day(run.ends_on)},
        ),
    ]


def _assessment(guide: Guide) -> Said:
    assessed = [row for week in guide.weeks for row in week.rows if row.offer.activity.assessment != "none"]
    total = sum(row.offer.activity.weight for row in assessed)
    return {
        "header": [_("Activity"), _("Week"), _("Weight"), _("Due"), _("Feedback")],
        "rows": [
            [
                row.offer.activity.title,
                str(row.week_number),
                f"{row.offer.activity.weight}%" if row.offer.activity.weight else _("no mark"),
                _moment(row.offer.due_at),
                row.offer.activity.get_feedback_by_display(),
            ]
            for row in assessed
        ],
        "note": "" if total in {0, 100} else _("The weights come to %(total)s%%.") % {"total": total},
    }


def _week(week: GuideWeek, why: Mapping[int, Sequence[str]]) -> Said:
    return {
        "name": _("Week %(number)s") % {"number": week.number},
        "title": week.title,
        "dates": ""
        if week.monday is None
        else _("from %(monday)s to %(sunday)s")
        % {"monday": day_month(week.monday), "sunday": day_month(week.sunday or week.monday)},
        "sync": written(week.minutes_at("sync")),
        "own": written(week.minutes_at("async")),
        "total": summed(week),
        "rows": [
            {
                "moment": word(row.moment),
                "title": row.offer.activity.title,
                "why": "; ".join(why.get(row.placement_id, ())),
                "minutes": duration(row.offer.activity),
                "where": _where(row),
            }
            for row in week.rows
        ],
    }


def _where(row: RunOffer) -> str:
    activity, offer = row.offer.activity, row.offer
    if activity.timing == "sync":
        starts = _moment(offer.opens_at)
        place = offer.room or str(activity.get_place_display())
        return f"{starts}, {place}"
    return _("by %(due)s") % {"due": _moment(offer.due_at)}


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), pgettext("date format: Wed 18 Nov, 10:32", "D j M, H:i"))
