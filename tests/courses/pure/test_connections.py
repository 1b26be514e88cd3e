"""What connects the learning environments, and what stands alone."""

from __future__ import annotations

from courses.connections import Edge, connections_of, is_backwards
from courses.facts import PlannedLink
from tests.courses.pure.plans import EMPTY, plan

CARDS = (
    {"environment": "digital", "week": 1, "minutes": 30},
    {"environment": "physical", "week": 2, "minutes": 90},
    {"environment": "workplace", "week": 3, "minutes": 120},
    {"environment": "digital", "week": 4, "minutes": None},
)


def test_environments_that_nothing_joins_are_named() -> None:
    found = connections_of(plan(*CARDS, links=(PlannedLink(1, 1, 2), PlannedLink(2, 2, 4))))

    assert [(each.environment, each.minutes, each.count, each.linked) for each in found.used] == [
        ("digital", 30, 2, True),
        ("physical", 90, 1, True),
        ("workplace", 120, 1, False),
    ]
    assert found.edges == (Edge("digital", "physical", (1,)), Edge("physical", "digital", (2,)))
    assert found.unconnected == ("workplace",)
    assert found.parts == (("digital", "physical"), ("workplace",))


def test_a_link_within_one_environment_joins_nothing() -> None:
    found = connections_of(plan(*CARDS, links=(PlannedLink(1, 1, 4),)))

    assert found.edges == ()
    assert len(found.parts) == 3


def test_one_environment_alone_needs_no_link() -> None:
    assert connections_of(plan(CARDS[0])).unconnected == ()


def test_what_is_used_before_it_is_made_is_named() -> None:
    found = connections_of(plan(*CARDS, links=(PlannedLink(1, 3, 1),)))

    assert [each.link.id for each in found.backwards] == [1]
    assert is_backwards(plan(*CARDS), 3, 1)
    assert not is_backwards(plan(*CARDS), 1, 3)


def test_the_shelf_connects_nothing() -> None:
    shelved = (*CARDS[:2], CARDS[2] | {"week": None})
    found = connections_of(plan(*shelved, links=(PlannedLink(1, 3, 1),)))

    assert (found.edges, found.backwards) == ((), ())
    assert not found.links[0].counts


def test_links_in_a_circle_are_all_told() -> None:
    found = connections_of(plan(*CARDS, links=(PlannedLink(1, 1, 2), PlannedLink(2, 2, 1))))

    assert len(found.edges) == 2
    assert [each.link.id for each in found.backwards] == [2]


def test_an_empty_plan_has_no_environments() -> None:
    assert connections_of(EMPTY).parts == ()
