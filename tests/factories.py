"""Factories without surprises: every row is valid, nothing random that a test could depend on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from activities.models import Activity, Offer, Question
from blendedu.people.models import Appointment, Cohort, Group, Holiday, Membership, Term, Unit, User
from courses.models import Course, Design, Outcome, Placement, Run, RunOffer, RunWeek, Teaching, Week

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class UnitFactory(factory.django.DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"School {n}")
    path = factory.Sequence(lambda n: f"/{n + 1000}/")


class TermFactory(factory.django.DjangoModelFactory[Term]):
    class Meta:
        model = Term

    unit = factory.SubFactory(UnitFactory)
    name = "Autumn 2026"
    starts_on = date(2026, 11, 9)
    ends_on = date(2027, 1, 31)


class HolidayFactory(factory.django.DjangoModelFactory[Holiday]):
    class Meta:
        model = Holiday

    term = factory.SubFactory(TermFactory)
    name = "Christmas break"
    starts_on = date(2026, 12, 21)
    ends_on = date(2027, 1, 3)


class AppointmentFactory(factory.django.DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Appointment.Role.LECTURER


class CohortFactory(factory.django.DjangoModelFactory[Cohort]):
    class Meta:
        model = Cohort

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Cohort {n}")


class GroupFactory(factory.django.DjangoModelFactory[Group]):
    class Meta:
        model = Group

    cohort = factory.SubFactory(CohortFactory)
    name = factory.Sequence(lambda n: f"Group {n}")


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory)


class CourseFactory(factory.django.DjangoModelFactory[Course]):
    class Meta:
        model = Course
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"crs-{n}")
    title = factory.Sequence(lambda n: f"Course {n}")
    unit = factory.SubFactory(UnitFactory)
    credits = Decimal(5)

    @factory.post_generation
    def lecturer(self: Course, create: bool, extracted: User | None, **kwargs: Any) -> None:
        if create and extracted is not None:
            Teaching.objects.create(course=self, user=extracted)


class DesignFactory(factory.django.DjangoModelFactory[Design]):
    """A design with `weeks` empty weeks."""

    class Meta:
        model = Design
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    number = 1
    changed_at = NOW

    @factory.post_generation
    def weeks(self: Design, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if create:
            for number in range(1, (extracted or 3) + 1):
                Week.objects.create(design=self, number=number, title=f"Theme {number}")


class OutcomeFactory(factory.django.DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    design = factory.SubFactory(DesignFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Segment an audience for a campaign"


class ActivityFactory(factory.django.DjangoModelFactory[Activity]):
    class Meta:
        model = Activity

    type_key = "reading"
    title = factory.Sequence(lambda n: f"Activity {n}")
    minutes = 30
    learning_type = "acquisition"
    timing = "async"
    place = "anywhere"
    environment = "digital"
    config = factory.LazyFunction(dict)


class QuestionFactory(factory.django.DjangoModelFactory[Question]):
    class Meta:
        model = Question

    activity = factory.SubFactory(ActivityFactory, type_key="quiz")
    key = factory.Sequence(lambda n: f"q{n}")
    position = factory.Sequence(lambda n: n)


class PlacementFactory(factory.django.DjangoModelFactory[Placement]):
    """A placement in week `week_number` of its design."""

    class Meta:
        model = Placement
        exclude = ("week_number",)

    design = factory.SubFactory(DesignFactory)
    activity = factory.SubFactory(ActivityFactory)
    week_number = 1
    week = factory.LazyAttribute(lambda p: Week.objects.get(design=p.design, number=p.week_number))
    moment = "before"
    position = factory.Sequence(lambda n: n)


class RunFactory(factory.django.DjangoModelFactory[Run]):
    """A run that began on Monday 16 November 2026."""

    class Meta:
        model = Run
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    design = factory.LazyAttribute(lambda r: DesignFactory(course=r.course, state=Design.State.APPROVED))
    cohort = factory.SubFactory(CohortFactory)
    name = "Autumn 2026"
    starts_on = date(2026, 11, 16)
    ends_on = date(2026, 12, 6)
    opened_at = NOW

    @factory.post_generation
    def calendar(self: Run, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            for week in self.design.weeks.all():
                monday = self.starts_on + timedelta(weeks=week.number - 1)
                RunWeek.objects.create(run=self, number=week.number, monday=monday)


class OfferFactory(factory.django.DjangoModelFactory[Offer]):
    class Meta:
        model = Offer

    activity = factory.SubFactory(ActivityFactory)
    cohort = factory.SubFactory(CohortFactory)
    opens_at = NOW - timedelta(days=2)
    due_at = NOW + timedelta(days=4)


class RunOfferFactory(factory.django.DjangoModelFactory[RunOffer]):
    """An offer in a run: `RunOfferFactory(run=run, activity=activity)`."""

    class Meta:
        model = RunOffer
        exclude = ("activity",)

    run = factory.SubFactory(RunFactory)
    activity = factory.SubFactory(ActivityFactory)
    placement = factory.LazyAttribute(lambda r: PlacementFactory(design=r.run.design, activity=r.activity))
    offer = factory.LazyAttribute(lambda r: OfferFactory(activity=r.activity, cohort=r.run.cohort))
    week_number = 1
    moment = "before"
