"""Two people at the same moment, in two real transactions."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from courses.models import Design, Placement, Step
from courses.services import plan
from tests.courses.studio.worlds import board
from tests.factories import NOW, PlacementFactory, UserFactory


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_is_made_and_one_is_told():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about two.")
    _eva, design = board(cards=0)
    people = [UserFactory(), UserFactory()]
    cards = [PlacementFactory(design=design) for _ in people]
    at_once, said = Barrier(2), []

    def move(card: Placement, by: object) -> None:
        found = Placement.objects.select_related("design__course", "activity", "week").get(pk=card.pk)
        at_once.wait(timeout=10)
        try:
            plan.move_placement(found, week=2, moment="after", by=by, version=0, at=NOW)
            said.append("moved")
        except plan.StalePlan:
            said.append("told")
        finally:
            connection.close()

    threads = [Thread(target=move, args=pair) for pair in zip(cards, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(said) == ["moved", "told"]
    assert (Design.objects.get().plan_version, Step.objects.count()) == (1, 1)
    assert Placement.objects.filter(week__number=2).count() == 1
