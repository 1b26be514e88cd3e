"""A prepared query gives what its queryset gives, whatever it is filled with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.transaction import TransactionManagementError

from activities.models import Offer
from blendedu.kit.prepared import NotPreparable, prepared
from blendedu.people.models import Membership, User
from courses.models import Course, RunOffer, RunWeek, Teaching
from tests.factories import NOW, CourseFactory, MembershipFactory, RunFactory, RunOfferFactory, UserFactory

if TYPE_CHECKING:
    from django.db.models import QuerySet

pytestmark = pytest.mark.django_db


@prepared
def offers(user: int, code: str) -> QuerySet[RunOffer]:
    membership = Membership.objects.filter(cohort=OuterRef("run__cohort"), user=user)
    return (
        RunOffer.objects.filter(run__course__code=code)
        .select_related("offer__activity", "run__course", "run__course__coach")
        .annotate(
            membership_pk=Subquery(membership.values("pk")[:1]),
            teaches=Exists(Teaching.objects.filter(course=OuterRef("run__course"), user=user)),
        )
        .order_by("pk")
    )


@prepared
def courses_among(keys: list[int]) -> QuerySet[Course]:
    return Course.objects.filter(pk__in=keys).order_by("pk")


@prepared
def titles_of(keys: list[int], after: datetime, monday: date) -> QuerySet[RunWeek, tuple[str, int]]:
    rows = RunWeek.objects.filter(run__course__in=keys, run__opened_at__gt=after, monday__gte=monday)
    return rows.values("run__course__title").annotate(weeks=Count("pk")).values_list("run__course__title", "weeks")


@prepared
def locked(pk: int) -> QuerySet[Course]:
    return Course.objects.select_for_update().filter(pk=pk)


@prepared
def weeks_of(run: int, number: int) -> QuerySet[RunWeek]:
    return RunWeek.objects.filter(run=run, number=number)


@prepared
def course_of(pk: int) -> QuerySet[Course]:
    return Course.objects.filter(pk=pk)


def test_rows_are_the_objects_that_the_queryset_gives(django_assert_num_queries):
    lecturer = UserFactory()
    run = RunFactory(course=CourseFactory(lecturer=lecturer, coach=None))
    made = [RunOfferFactory(run=run) for _turn in range(2)]
    student = MembershipFactory(cohort=run.cohort).user
    plain = list(offers.build(student.pk, run.course.code))

    with django_assert_num_queries(1):
        rows = offers(student.pk, run.course.code)
        facts = [(row.offer.activity.title, row.run.course.title, row.run.course.coach) for row in rows]

    assert rows == plain == made
    assert facts == [(row.offer.activity.title, row.run.course.title, None) for row in made]
    assert [(row.membership_pk, bool(row.teaches)) for row in rows] == [
        (row.membership_pk, bool(row.teaches)) for row in plain
    ]
    assert rows[0].offer.opens_at == made[0].offer.opens_at
    assert rows[0].offer.activity.config == {}


def test_it_is_filled_in_anew_each_time():
    one, other = RunOfferFactory(), RunOfferFactory()
    student = MembershipFactory(cohort=other.run.cohort).user

    first, second = offers(student.pk, one.run.course.code), offers(student.pk, other.run.course.code)

    assert (first, first[0].membership_pk) == ([one], None)
    assert (second, second[0].membership_pk) == ([other], student.memberships.get().pk)
    assert [bool(row.teaches) for row in offers(UserFactory().pk, one.run.course.code)] == [False]


@pytest.mark.parametrize("length", [0, 1, 3, 70])
def test_a_list_may_have_any_length(length):
    keys = [CourseFactory().pk for _turn in range(min(length, 3))] + [-number for number in range(length - 3)]

    found = courses_among(keys)

    assert [course.pk for course in found] == keys[:3]
    assert courses_among(keys) == found


def test_rows_of_values_are_tuples_and_moments_are_compared_exactly():
    run = RunFactory(course__title="Research")
    monday = run.weeks.first().monday

    assert titles_of([run.course_id], NOW - timedelta(microseconds=1), monday) == [("Research", 3)]
    assert titles_of([run.course_id], NOW, monday) == []
    assert titles_of([run.course_id], NOW - timedelta(days=1), monday + timedelta(days=1)) == [("Research", 2)]


def test_a_number_that_no_column_holds_finds_nothing():
    assert locked(10**30) == []
    assert offers.first(1, "nothing") is None


def test_text_is_never_read_as_a_part_of_the_statement():
    RunOfferFactory()

    assert offers(1, "' OR 1=1 --") == []
    assert offers(1, "%s") == []


def test_a_query_that_its_values_change_is_refused():
    @prepared
    def by_part(text: str) -> QuerySet[User]:
        return User.objects.filter(name__contains=text)

    @prepared
    def flat(pk: int) -> QuerySet[Course, int]:
        return Course.objects.filter(pk=pk).values_list("pk", flat=True)

    @prepared
    def fetched(pk: int) -> QuerySet[Course]:
        return Course.objects.filter(pk=pk).prefetch_related("designs")

    with pytest.raises(NotPreparable, match="on its"):
        by_part("x")
    with pytest.raises(NotPreparable, match="prefetching"):
        fetched(1)
    with pytest.raises(NotPreparable, match="objects or tuples"):
        flat(1)
    with pytest.raises(NotPreparable, match="compared in another way"):
        courses_among(None)
    with pytest.raises(NotPreparable, match="a value can be"):

        @prepared
        def by_flag(flag: bool) -> QuerySet[User]:
            return User.objects.filter(is_active=flag)


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_each_time():
    course = CourseFactory()
    with transaction.atomic():
        assert locked(course.pk) == [course]

    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            locked(course.pk)


def test_a_small_column_is_compared_as_well():
    run = RunFactory()

    assert [week.number for week in weeks_of(run.pk, 2)] == [2]
    assert weeks_of(run.pk, 40_000) == []


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(NotPreparable, match="neither a number"):
        course_of(CourseFactory())


def test_rows_that_change_are_seen():
    offer = RunOfferFactory().offer
    code = offer.run_offer.run.course.code
    offers(1, code)

    Offer.objects.update(due_at=F("due_at") + timedelta(hours=1))

    assert offers(1, code)[0].offer.due_at == offer.due_at + timedelta(hours=1)
