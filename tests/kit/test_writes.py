"""Small writes write what `save` writes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from activities.models import Attempt, Progress
from blendedu.kit.writes import change, insert, update
from tests.factories import NOW, OfferFactory, UserFactory

pytestmark = pytest.mark.django_db

DONE = {"state": Progress.State.DONE, "share": 100, "points": Decimal("3.50"), "max_points": Decimal(4)}


def progress(**fields: object) -> Progress:
    fields = {"offer": OfferFactory(), "user": UserFactory(), "updated_at": NOW} | fields
    return Progress(**fields)


def test_a_new_row_is_as_it_would_be_saved(django_assert_num_queries):
    row = Attempt(
        offer=OfferFactory(),
        user=UserFactory(),
        started_at=NOW,
        max_points=Decimal("7.25"),
        config_seen={"limit_minutes": None, "words": ["é", "'"]},
    )

    with django_assert_num_queries(1):
        written = insert(row)

    kept = Attempt.objects.get()
    assert (written, kept) == (True, row)
    assert (kept.number, kept.state, kept.max_points, kept.started_at) == (1, "open", Decimal("7.25"), NOW)
    assert (kept.config_seen, kept.points, kept.late) == ({"limit_minutes": None, "words": ["é", "'"]}, None, False)
    row.save()  # it knows that it is in the database
    assert Attempt.objects.count() == 1


def test_keys_are_those_of_their_own_rows():
    rows = [progress() for _turn in range(3)]
    for row in rows:
        insert(row)

    assert [Progress.objects.get(pk=row.pk).user for row in rows] == [row.user for row in rows]


def test_a_row_that_stands_in_the_way_is_an_error_or_stays_or_is_replaced():
    first = progress()
    insert(first)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(progress(offer=first.offer, user=first.user))
    ignored = insert(progress(offer=first.offer, user=first.user, **DONE), ignore=True)
    stayed = Progress.objects.get().state
    replaced = insert(
        progress(offer=first.offer, user=first.user, **DONE), replace=["state", "points"], unique=["offer", "user"]
    )

    kept = Progress.objects.get()
    assert (ignored, stayed, replaced) == (False, Progress.State.STARTED, True)
    assert (kept.pk, kept.state, kept.points, kept.share) == (first.pk, Progress.State.DONE, Decimal("3.50"), 0)


def test_only_the_named_fields_are_updated():
    row = progress()
    insert(row)
    row.state, row.share, row.points, row.played = Progress.State.DONE, 100, Decimal("1.5"), [[0, 9]]

    changed = update(row, "state", "points", "played")

    kept = Progress.objects.get()
    assert (changed, kept.state, kept.points, kept.played, kept.share) == (1, "done", Decimal("1.5"), [[0, 9]], 0)


def test_nothing_is_updated_that_is_not_as_it_must_be():
    row = progress()
    insert(row)
    row.share = 50

    changed = update(row, "share", where={"state": Progress.State.DONE})

    assert (changed, Progress.objects.get().share) == (0, 0)


def test_a_statement_says_how_many_rows_it_changed():
    row = progress(points=Decimal(2))
    insert(row)
    sql = "UPDATE activities_progress SET updated_at = %s WHERE points < %s"
    later = NOW + timedelta(hours=1)

    changed = [change(sql, [later, Decimal(bar)]) for bar in ("2", "2.01")]

    assert (changed, Progress.objects.get().updated_at) == ([0, 1], later)
