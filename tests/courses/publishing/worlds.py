"""A course that runs: version 1 with four weeks, opened to a cohort, and version 2 beside it to be changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from activities.models import Activity, Offer
from courses.models import Design, Placement, Run, RunOffer, RunWeek, Week
from courses.queries.publishing import change_to
from courses.services import designs, publishing, runs
from tests.factories import (
    ActivityFactory,
    CohortFactory,
    CourseFactory,
    DesignFactory,
    GroupFactory,
    MembershipFactory,
    PlacementFactory,
    UserFactory,
)

MONDAY = date(2026, 11, 16)
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)  # Wednesday of week 1


def session(title: str, **more: Any) -> Activity:
    config = {"weekday": 3, "starts": "14:00", "room": "B2.14"}
    return ActivityFactory(title=title, type_key="session", timing="sync", minutes=90, config=config, **more)


def upload(title: str, **more: Any) -> Activity:
    return ActivityFactory(title=title, type_key="upload", brief="Hand it in.", **more)


def running_course(*, students: int = 3, weeks: int = 4) -> SimpleNamespace:
    """A week is: a text to read, a class on Thursday at two, an upload until Sunday."""
    lecturer, coach = UserFactory(name="Eva Vos"), UserFactory(name="Sanne de Wit")
    course = CourseFactory(code="mkc-101", title="Marketing Communication", lecturer=lecturer, coach=coach)
    first = DesignFactory(course=course, state=Design.State.APPROVED, weeks=weeks)
    for week in range(1, weeks + 1):
        text = ActivityFactory(title=f"Text {week}", config={"source": "text", "text": "Read me."})
        PlacementFactory(design=first, week_number=week, activity=text, moment="before")
        PlacementFactory(design=first, week_number=week, activity=session(f"Class {week}"), moment="together")
        work = upload(f"Upload {week}", feedback_by="lecturer", feedback_days=5)
        PlacementFactory(design=first, week_number=week, activity=work, moment="after")
    cohort = CohortFactory(unit=course.unit)
    GroupFactory(cohort=cohort, name="Group A")
    people = [MembershipFactory(cohort=cohort, user=UserFactory(name=f"Student {n}")).user for n in range(students)]
    run = runs.open_run(first, cohort=cohort, name="Autumn", starts_on=MONDAY, holidays=(), at=AT, by=lecturer)
    return SimpleNamespace(
        lecturer=lecturer, coach=coach, course=course, first=first, cohort=cohort, students=people, run=run
    )


def second_version(world: SimpleNamespace) -> Design:
    """The next version, already approved; it is changed with the verbs below, as a draft would have been."""
    design = designs.next_version(world.run.design, by=world.lecturer, at=AT)
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    return Design.objects.select_related("course").get(pk=design.pk)


def card(design: Design, title: str) -> Placement:
    return Placement.objects.select_related("activity").get(design=design, activity__title=title)


def to_week(design: Design, title: str, week: int) -> None:
    Placement.objects.filter(pk=card(design, title).pk).update(week=Week.objects.get(design=design, number=week))


def edit(design: Design, of: str, /, **values: Any) -> None:
    """Another activity in this version only, as copy on write makes it."""
    placement = card(design, of)
    copy = Activity.objects.get(pk=placement.activity_id)
    copy.pk = None
    copy._state.adding = True
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save()
    Placement.objects.filter(pk=placement.pk).update(activity=copy)


def publish(world: SimpleNamespace, design: Design, **more: Any) -> Any:  # Any: a Publication
    run = fresh(world.run)
    at = more.pop("at", AT)
    return publishing.publish(run, design, seen=change_to(run, design, at=at).seen, by=world.lecturer, at=at, **more)


def fresh(run: Run) -> Run:
    return Run.objects.select_related("course__unit", "course__coach", "design", "cohort").get(pk=run.pk)


def offer(world: SimpleNamespace, title: str) -> Offer:
    rows = RunOffer.objects.filter(run=world.run)
    return rows.select_related("offer__activity").get(offer__activity__title=title).offer


def rows_of(run: Run) -> dict[str, Any]:
    """Everything that a publication may write, as students see it: what is withdrawn is not there."""
    shown = RunOffer.objects.filter(run=run, offer__withdrawn_at=None).order_by("pk")
    columns = [f"offer__{name}" for name in publishing.OFFER] + list(publishing.RUN_OFFER)
    return {
        "offers": list(shown.values_list("pk", *columns)),
        "weeks": list(RunWeek.objects.filter(run=run).order_by("number").values_list("number", "monday")),
        "run": Run.objects.filter(pk=run.pk).values_list("design_id", "ends_on").get(),
    }
