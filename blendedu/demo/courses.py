"""How a course of the demo world is told: cards in weeks, and the writer that turns them into a design."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files import File

from activities import registry
from activities.models import Activity, Material
from activities.questions import Json, Paper
from activities.services.questions import add_questions
from activities.uploads import content_type_of
from courses.balance import loads
from courses.models import Alignment, Course, Design, Link, Outcome, Placement, ReviewRequest, Teaching, Week
from courses.queries.plan import plan_of
from courses.queries.review import judged, review_page
from courses.services import framework

if TYPE_CHECKING:
    from blendedu.people.models import Unit, User

CLIPS = Path(__file__).parent / "clips"
APART = 1000  # room between two cards, as the Studio leaves it


@dataclass(frozen=True, slots=True)
class Card:
    """An activity at its place. What is not said is as the Studio would begin it."""

    type_key: str
    title: str
    minutes: int | None
    learning_type: str
    moment: str = ""
    outcomes: tuple[int, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)  # Any: as the type's configuration says
    brief: str = ""
    clip: str = ""  # the name of a file in clips/
    questions: Sequence[Mapping[str, Json]] = ()
    facets: Mapping[str, Any] = field(default_factory=dict)  # Any: whatever the columns of an activity hold

    def but(self, **changes: Any) -> Card:  # Any: fields of this class
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class WeekOf:
    """A week and its cards."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A design as it is told: outcomes with their level, weeks, and what is made in one card and used in another."""

    outcomes: tuple[tuple[str, int], ...]
    weeks: tuple[WeekOf, ...]
    shelf: tuple[Card, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()  # from a title to a title, and what is used


def card(
    type_key: str,
    title: str,
    minutes: int | None,
    learning_type: str = "",
    *,
    moment: str = "",
    outcomes: tuple[int, ...] = (),
    config: Mapping[str, Any] | None = None,  # Any: as the type's configuration says
    brief: str = "",
    clip: str = "",
    questions: Sequence[Mapping[str, Json]] = (),
    **facets: Any,  # Any: whatever the columns of an activity hold
) -> Card:
    """A card; its type fills in what is left out."""
    usual = registry.get(type_key).defaults
    return Card(
        type_key=type_key,
        title=title,
        minutes=minutes,
        learning_type=learning_type or usual.learning_type,
        moment=moment or usual.moment,
        outcomes=outcomes,
        config=config or {},
        brief=brief,
        clip=clip,
        questions=questions,
        facets=facets,
    )


def make_course(
    code: str,
    title: str,
    *,
    course_credits: str,
    unit: Unit,
    coach: User | None,
    lecturers: Iterable[User],
    summary: str = "",
) -> Course:
    """A course with its lecturers and its DigiCoach."""
    course = Course.objects.create(
        code=code, title=title, credits=Decimal(course_credits), unit=unit, coach=coach, summary=summary
    )
    course.refresh_from_db(fields=["credits"])  # as the column gives it: 5.0 and not 5
    framework.resolve([course])
    Teaching.objects.bulk_create(Teaching(course=course, user=lecturer) for lecturer in lecturers)
    return course


def write_design(course: Course, shape: Shape, *, by: User, at: datetime, number: int = 1) -> Design:
    """Write a design as it is told, as a draft; its load is kept with it, as after every change in the Studio."""
    # COST: a thousand cards one by one through the Studio would take minutes; what they do is checked below.
    design = Design.objects.create(course=course, number=number, changed_at=at, changed_by=by)
    outcomes = Outcome.objects.bulk_create(
        Outcome(
            design=design,
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{course.code}:LO{place}"),
            number=place,
            text=text,
            level=level,
        )
        for place, (text, level) in enumerate(shape.outcomes, start=1)
    )
    weeks = Week.objects.bulk_create(
        Week(design=design, number=place, title=week.title) for place, week in enumerate(shape.weeks, start=1)
    )
    told: list[tuple[Card, Week | None]] = [
        (each, week) for week, said in zip(weeks, shape.weeks, strict=True) for each in said.cards
    ]
    told += [(each, None) for each in shape.shelf]
    activities = Activity.objects.bulk_create(_activity(each) for each, _week in told)
    placements = Placement.objects.bulk_create(
        Placement(
            design=design,
            # The same from one build to the next, so that nothing about the world depends on chance.
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{course.code}:{place}:{each.title}"),
            activity=activity,
            week=week,
            moment=each.moment,
            position=place * APART,
        )
        for place, ((each, week), activity) in enumerate(zip(told, activities, strict=True))
    )
    Alignment.objects.bulk_create(
        Alignment(placement_id=placement.pk, outcome_id=outcomes[outcome - 1].pk)
        for (each, _week), placement in zip(told, placements, strict=True)
        for outcome in each.outcomes
    )
    by_title = {each.title: placement for (each, _week), placement in zip(told, placements, strict=True)}
    Link.objects.bulk_create(
        Link(design=design, source=by_title[source], target=by_title[target], note=note)
        for source, target, note in shape.links
    )
    for (each, _week), activity in zip(told, activities, strict=True):
        if each.clip:
            _film(activity, each.clip)
        if each.questions:
            add_questions(activity, each.questions, by=by, at=at)
    design.load = loads(plan_of(design))
    design.save(update_fields=["load"])
    return design


def archive(design: Design, *, by: User, at: datetime) -> None:
    """An earlier version: it was approved, and a later one took its place."""
    Design.objects.filter(pk=design.pk).update(state=Design.State.ARCHIVED, approved_at=at, approved_by=by)
    design.refresh_from_db(fields=["state"])


def approve(design: Design, *, by: User, at: datetime) -> None:
    """Approve a design, with what that was based on, and tell nobody; the ones that matter go through the review."""
    ReviewRequest.objects.create(
        design=design,
        state=ReviewRequest.State.APPROVED,
        asked_by=design.changed_by or by,
        asked_at=design.changed_at,
        decided_by=by,
        decided_at=at,
        plan_version=design.plan_version,
        judged=judged(review_page(design), design),
    )
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED, approved_at=at, approved_by=by)
    design.refresh_from_db(fields=["state", "approved_at"])


def _activity(told: Card) -> Activity:
    kind = registry.get(told.type_key)
    kind.parse(told.config)
    if told.questions:
        Paper.from_json({"title": "", "questions": list(told.questions)})  # a broken one is found while it is told
    usual = kind.defaults
    values: dict[str, Any] = {  # Any: whatever the columns of an activity hold
        "timing": usual.timing,
        "place": usual.place,
        "environment": usual.environment,
        "grouping": usual.grouping,
        "guidance": usual.guidance,
        "assessment": usual.assessment,
        "feedback_by": usual.feedback_by,
        **told.facets,
    }
    activity = Activity(
        type_key=told.type_key,
        title=told.title,
        brief=told.brief,
        minutes=told.minutes,
        learning_type=told.learning_type,
        config=dict(told.config),
        **values,
    )
    activity.clean_fields()
    return activity


def _film(activity: Activity, name: str) -> None:
    """Put a clip and its captions on an activity."""
    for kind, path, language in (
        (Material.Kind.CLIP, CLIPS / f"{name}.webm", ""),
        (Material.Kind.CAPTIONS, CLIPS / f"{name}.en.vtt", "en"),
    ):
        with path.open("rb") as file:
            Material.objects.create(
                activity=activity,
                kind=kind,
                file=File(file, name=path.name),
                name=path.name,
                size=path.stat().st_size,
                content_type=content_type_of(path.name),
                language=language,
            )
