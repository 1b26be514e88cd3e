"""Outlines: one written out, and a strategy that makes any."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import strategies as st

from activities import registry
from courses.exchange.proposal import Report
from courses.exchange.values import CHOICES, defaults_of, values_from
from courses.facts import MOMENTS
from courses.outline import (
    Outline,
    OutlineActivity,
    OutlineLink,
    OutlineOutcome,
    OutlineWeek,
    in_board_order,
)
from tests.activities.questions import samples


def activity(title: str, *, kind: str = "reading", week: int | None = 1, moment: str = "before", **values: Any) -> Any:
    said = {"title": title, **values}
    return OutlineActivity(
        key=str(uuid.uuid4()),
        week=week,
        moment=moment,
        values=values_from(said, registry.get(kind), Report(), lambda name: name),
    )


# Text that people could have typed: any letter, no signs that no column takes.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
WORDS = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
BRIEFS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), max_size=80)
KINDS = [kind.key for kind in registry.every()] or ["reading"]
LEVELS = st.none() | st.integers(1, 6)


@st.composite
def values(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    said = defaults_of(registry.get(kind))
    for name, allowed in CHOICES.items():
        said[name] = draw(st.sampled_from(sorted(allowed)))
    low = draw(st.none() | st.integers(0, 5000))
    high = None if low is None else low + draw(st.integers(1, 900))
    middle = draw(st.none() | st.integers(0, 6000)) if low is None else draw(st.integers(low, high))
    said |= {
        "title": draw(WORDS)[:160].strip() or "x",
        "brief": draw(BRIEFS),
        "tool": draw(st.just("") | WORDS)[:60].strip(),
        "minutes": middle,
        "minutes_low": low,
        "minutes_high": high,
        "second_share": draw(st.integers(0, 50)),
        "group_size": draw(st.none() | st.integers(2, 100)),
        "weight": draw(st.integers(0, 100)),
        "feedback_days": draw(st.none() | st.integers(0, 30)),
        "feedback_elaborated": draw(st.booleans()),
        "required": draw(st.booleans()),
        "own_choice": draw(st.booleans()),
        "estimate": draw(st.just({}) | st.just({"method": "reading", "inputs": {"words": 1200, "speed": "0.5"}})),
    }
    return values_from(said, registry.get(kind), Report(), lambda name: name)


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    """Any design that our columns can hold."""
    count = draw(st.integers(1, 4))
    key = st.uuids().map(str)
    weeks = tuple(
        OutlineWeek(number, draw(st.just("") | WORDS)[:120].strip(), draw(st.booleans()), draw(key))
        for number in range(1, count + 1)
    )
    texts = draw(st.lists(WORDS, max_size=3, unique_by=str.casefold))
    outcomes = tuple(
        OutlineOutcome(draw(key), number, text, draw(LEVELS)) for number, text in enumerate(texts, start=1)
    )
    activities = []
    for _place in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(KINDS))
        served = draw(st.lists(st.sampled_from(outcomes), unique=True)) if outcomes else []
        asked = (samples.single(), samples.numerical()) if registry.get(kind).has_questions else ()
        activities.append(
            OutlineActivity(
                key=draw(key),
                week=draw(st.none() | st.integers(1, count)),
                moment=draw(st.sampled_from(MOMENTS)),
                values=draw(values(kind)),
                outcomes=tuple((one.key, draw(LEVELS)) for one in sorted(served, key=lambda one: one.number)),
                questions=tuple(samples.parse(row).to_json() for row in asked),
            )
        )
    activities.sort(key=in_board_order)
    links = []
    if len(activities) > 1 and draw(st.booleans()):
        links.append(OutlineLink(activities[0].key, activities[-1].key, draw(st.just("") | WORDS)))
    return Outline(
        title=draw(st.just("") | WORDS)[:160].strip(),
        weeks=weeks,
        outcomes=outcomes,
        activities=tuple(activities),
        links=tuple(links),
        about={"course": "MKC-101", "design": 3},
    )
