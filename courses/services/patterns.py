"""Patterns: those that come with the product, and those that lecturers share, change and withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from courses.exchange import design_json
from courses.exchange.patterns import shipped
from courses.models import Pattern
from courses.outline import with_only
from courses.services import designs
from courses.services.plan import PlanRefused, insert_outline

if TYPE_CHECKING:
    from blendedu.people.models import Unit, User
    from courses.exchange.proposal import Proposal
    from courses.models import Course, Design
    from courses.outline import Outline

PRODUCT = "BlendEdu"
# Who adapts a pattern with such a licence passes it on under the same.
BINDING = (Pattern.Licence.BY_SA, Pattern.Licence.BY_NC)


class BadPattern(Exception):
    """The pattern cannot be shared so; the text says why, for people."""


@transaction.atomic
def load_shipped(*, at: datetime) -> tuple[int, int]:
    """Put the patterns of the product into the library; answers how many are new and how many were changed.

    Safe to run twice, and at every start: what did not change is not written.
    """
    there = {pattern.key: pattern for pattern in Pattern.objects.filter(author=None)}
    new = changed = 0
    for said in shipped():
        values: dict[str, Any] = {  # Any: what the columns hold
            "title": said.title,
            "summary": said.summary,
            "advice": said.advice,
            "evidence": [dict(each) for each in said.evidence],
            "content": _document(said.outline),
            "attribution": PRODUCT,
            "licence": Pattern.Licence.CC0,
        }
        known = there.get(said.key)
        if known is None:
            # RACE: two processes that start at once load it once.
            _pattern, made = Pattern.objects.get_or_create(key=said.key, defaults={**values, "shared_at": at})
            new += made
        elif any(getattr(known, name) != value for name, value in values.items() if name != "content") or (
            _bare(known.content) != _bare(values["content"])
        ):
            Pattern.objects.filter(pk=known.pk).update(**values)
            changed += 1
    return new, changed


def read(pattern: Pattern) -> Proposal:
    """What a pattern holds, with a word for what cannot be taken any more. Never raises."""
    return design_json.read_document(pattern.content)


@transaction.atomic
def share(
    outline: Outline,
    *,
    title: str,
    summary: str,
    advice: str,
    licence: str,
    unit: Unit | None,
    based_on: Pattern | None,
    with_questions: bool,
    by: User,
    at: datetime,
) -> Pattern:
    """Put a piece of a design into the library, in the name of who made it. Raises BadPattern."""
    if not outline.activities:
        raise BadPattern(_("There is nothing in these weeks. Choose weeks with activities."))
    if based_on is not None and based_on.licence in BINDING and licence != based_on.licence:
        told = {"title": based_on.title, "licence": based_on.get_licence_display()}
        raise BadPattern(_("“%(title)s” is shared as %(licence)s; what is based on it keeps that licence.") % told)
    kept = replace(
        outline,
        title=title,
        about={},
        activities=tuple(
            replace(each, files=(), questions=each.questions if with_questions else ()) for each in outline.activities
        ),
    )
    attribution = by.name
    if based_on is not None:
        told = {"name": by.name, "title": based_on.title, "other": based_on.attribution}
        attribution = _("%(name)s, based on “%(title)s” by %(other)s") % told
    pattern = Pattern.objects.create(
        title=title,
        summary=summary,
        advice=advice,
        content=_document(_fresh_keys(kept)),
        author=by,
        attribution=attribution[:200],
        licence=licence,
        unit=unit,
        based_on=based_on,
        shared_at=at,
    )
    record("pattern-shared", subject="pattern", subject_id=pattern.pk, actor=by, at=at, about=title)
    return pattern


@transaction.atomic
def edit(pattern: Pattern, *, values: Mapping[str, Any], by: User, at: datetime) -> None:  # Any: texts, licence, unit
    """Change what is said of a pattern; its activities stay. Raises BadPattern."""
    based_on = pattern.based_on
    if based_on is not None and based_on.licence in BINDING and values["licence"] != based_on.licence:
        told = {"title": based_on.title, "licence": based_on.get_licence_display()}
        raise BadPattern(_("“%(title)s” is shared as %(licence)s; what is based on it keeps that licence.") % told)
    Pattern.objects.filter(pk=pattern.pk).update(**values)
    record("pattern-edited", subject="pattern", subject_id=pattern.pk, actor=by, at=at, about=values["title"])


@transaction.atomic
def withdraw(pattern: Pattern, *, by: User, at: datetime) -> None:
    """Take a pattern out of the library. What was made with it stays as it is. Safe to run twice."""
    if Pattern.objects.filter(pk=pattern.pk, withdrawn_at=None).update(withdrawn_at=at):
        record("pattern-withdrawn", subject="pattern", subject_id=pattern.pk, actor=by, at=at, about=pattern.title)


def take(
    pattern: Pattern,
    *,
    course: Course,
    draft: Design | None,
    first_week: int,
    version: int | None,
    only: str = "",
    by: User,
    at: datetime,
) -> Design:
    """Put a pattern into the open draft from a week on, as one step, or begin the course's design with it.

    `only` is the key of one activity of it, where nothing else is wanted. Raises DraftExists, PlanRefused, StalePlan.
    """
    outline = read(pattern).outline
    if outline is None or outline.is_empty:
        raise PlanRefused(_("This pattern cannot be read any more, so nothing was taken."))
    if only:
        outline = with_only(outline, only)
        if not outline.activities:
            raise PlanRefused(_("This activity is not in the pattern any more, so nothing was taken."))
    if draft is None:
        return designs.begin_from(course, replace(outline, title=""), by=by, at=at)
    label = _("pattern “%(title)s”") % {"title": pattern.title[:100]}
    if only:
        told = {"activity": outline.activities[0].title[:80], "title": pattern.title[:80]}
        label = _("“%(activity)s” of pattern “%(title)s”") % told
    return insert_outline(draft, outline, first_week=first_week, label=label, by=by, version=version, at=at).design


def _document(outline: Outline) -> dict[str, Any]:  # Any: JSON
    return design_json.document(outline)


def _bare(said: Any) -> Any:  # Any: JSON
    """A document without its keys, which are made anew at every reading."""
    if isinstance(said, list):
        return [_bare(each) for each in said]
    if isinstance(said, dict):
        return {name: _bare(each) for name, each in said.items() if name not in {"key", "from", "to"}}
    return said


def _fresh_keys(outline: Outline) -> Outline:
    """The same outline under keys of its own, so that nothing points from one course into another."""
    cards = {each.key: str(uuid.uuid4()) for each in outline.activities}
    outcomes = {one.key: str(uuid.uuid4()) for one in outline.outcomes}
    return replace(
        outline,
        weeks=tuple(replace(week, key="") for week in outline.weeks),
        outcomes=tuple(replace(one, key=outcomes[one.key]) for one in outline.outcomes),
        activities=tuple(
            replace(each, key=cards[each.key], outcomes=tuple((outcomes[key], level) for key, level in each.outcomes))
            for each in outline.activities
        ),
        links=tuple(replace(link, source=cards[link.source], target=cards[link.target]) for link in outline.links),
    )
