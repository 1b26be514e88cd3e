"""Building the demo world: in its second week on any day, the same every time, and never where it must not be."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from activities.models import Activity, Attempt
from blendedu.demo import handouts, world
from blendedu.journal.models import Notice
from blendedu.people.models import User
from courses.calendar import monday_of
from courses.models import Course, Design, Placement, Run, RunOffer
from courses.queries.runs import Standing, standing_on
from courses.queries.week import week_of

pytestmark = pytest.mark.django_db


# --- When it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 15, 23, 10, tzinfo=UTC),  # a Monday, ten past midnight in Brussels
        datetime(2026, 11, 22, 22, 50, tzinfo=UTC),  # a Sunday, ten to midnight
        datetime(2027, 3, 27, 12, 0, tzinfo=UTC),  # the day before the clocks change
    ],
)
def test_today_is_in_the_second_week(now: datetime) -> None:
    today = timezone.localdate(now)

    built = world.build(at=now)

    run = Run.objects.get(pk=built.runs["MKC-101"].pk)
    mondays = list(run.weeks.values_list("monday", flat=True))
    standing = standing_on(today, starts_on=run.starts_on, ends_on=run.ends_on, mondays=mondays)
    assert standing == Standing("running", 2, 7)
    assert run.ends_on - run.starts_on == timedelta(weeks=7) - timedelta(days=1)
    titles = [
        course.run.course.title for course in week_of(built.people["Joost Smit"], monday_of(today), at=now).courses
    ]
    assert titles == ["Consumer Behaviour", "Marketing Communication", "Statistics 1"]


# --- Built twice, and where not -------------------------------------------------------------------------------------


def facts_of() -> dict[str, object]:
    """What the world says, without its numbers of rows."""
    return {
        "designs": list(Design.objects.order_by("course__code", "number").values_list("course__code", "load__minutes")),
        "windows": list(RunOffer.objects.order_by("pk").values_list("offer__activity__title", "offer__due_at")),
        "marks": list(Attempt.objects.order_by("pk").values_list("user__email", "points", "submitted_at")),
        "notices": list(
            Notice.objects.order_by("recipient__email", "created_at", "title").values_list(
                "recipient__email", "title", "read_at"
            )
        ),
        # What is added in the Studio gets a new key each time; what is written keeps its own.
        "cards": sorted(Activity.objects.values_list("title", "minutes", "placements__moment")),
        "keys": sorted(Placement.objects.filter(design__based_on=None).values_list("activity__title", "key")),
    }


def test_the_same_day_gives_the_same_world() -> None:
    now = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    said = []
    for _time in range(2):
        with transaction.atomic():
            world.build(at=now)
            said.append(facts_of())
            transaction.set_rollback(True)

    assert said[0] == said[1]


def test_it_is_not_built_over_anything(django_user_model: Any) -> None:
    django_user_model.objects.create_user("first@example.org", "a long password")

    call_command("demo", "--if-empty", stdout=StringIO())

    assert list(User.objects.values_list("email", flat=True)) == ["first@example.org"]
    assert not Course.objects.exists()


def test_a_database_that_is_not_the_embedded_one_is_not_emptied(settings: Any, django_user_model: Any) -> None:
    django_user_model.objects.create_user("first@example.org", "a long password")
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="--yes-delete-everything"):
        call_command("demo", stdout=StringIO())

    assert User.objects.count() == 1


def test_it_is_not_built_where_demo_accounts_are_not_allowed(settings: Any) -> None:
    settings.BLENDEDU_DEMO = False

    with pytest.raises(world.NotAllowed):
        world.build()
    with pytest.raises(CommandError, match="BLENDEDU_DEMO"):
        call_command("demo", stdout=StringIO())

    assert not User.objects.exists()


# --- Files ----------------------------------------------------------------------------------------------------------


def test_a_pdf_of_the_demo_is_a_valid_pdf() -> None:
    content = handouts.pdf("A title (with brackets)", ["One line", "Another \\ line", "Ünïcode"])

    start = int(re.findall(rb"startxref\n(\d+)\n", content)[0])
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", content)]
    file = BytesIO(content)
    assert content.startswith(b"%PDF-1.4")
    assert content[start:].startswith(b"xref")
    for number, place in enumerate(places, start=1):
        file.seek(place)
        assert file.readline() == b"%d 0 obj\n" % number
