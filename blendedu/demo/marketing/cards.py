"""The kinds of cards that return week after week: a clip, a chapter, the study guide, the tutorial."""

from __future__ import annotations

from typing import Any

from blendedu.demo.courses import Card, card
from courses import workload

ROOM = "B2.14"
LINK = "https://teams.example.org/meet/mkc-101"
BOOK = "Meijer & Achterberg, Communicating with People, 4th edition"


def clip(title: str, minutes: int, name: str, seconds: int, **facets: object) -> Card:
    """A knowledge clip with captions."""
    return card(
        "clip",
        title,
        minutes,
        clip=name,
        config={"source": "file", "seconds": seconds, "captions": "file", "done_from": 80},
        brief="Watch it with sound or with captions, and pause where you disagree.",
        **facets,  # type: ignore[arg-type]  # outcomes and columns, as card says
    )


def chapter(number: int, title: str, minutes: int, pages: int, *outcomes: int) -> Card:
    """A chapter of the book; where its time is what the estimator says, it was estimated."""
    inputs = {"pages": pages, "words_per_page": 600, "purpose": "understand", "difficulty": "some_new"}
    made = workload.reckon("reading", inputs)
    kept = {
        "method": "reading",
        "inputs": inputs,
        "minutes": made.minutes,
        "kind": made.method.value,
        "confidence": made.confidence.value,
    }
    estimated = made.minutes == minutes
    facets: dict[str, Any] = {"minutes_basis": "estimated", "estimate": kept} if estimated else {}  # Any: columns
    return card(
        "reading",
        f"Read: {title}",
        minutes,
        outcomes=outcomes,
        config={"source": "address", "address": f"{BOOK}, chapter {number}", "pages": pages, "difficulty": "some"},
        brief="The book is in the library, and in the bookshop of building B.",
        **facets,
    )


def study(title: str, minutes: int, learning_type: str, text: str, *outcomes: int, **facets: object) -> Card:
    """Work on one's own with the study guide."""
    return card(
        "reading",
        title,
        minutes,
        learning_type,
        moment="after",
        outcomes=outcomes,
        config={"source": "text", "text": text, "purpose": "engage"},
        **facets,  # type: ignore[arg-type]  # columns, as card says
    )


def tutorial(week: int, minutes: int, agenda: str, *outcomes: int, kind: str = "practice") -> Card:
    """The weekly tutorial on Thursday."""
    return card(
        "session",
        f"Tutorial {week}: your own campaign",
        minutes,
        kind,
        moment="together",
        outcomes=outcomes,
        grouping="group",
        group_size=4,
        alternative="presence",  # it is where groups work on their campaign
        config={"weekday": 3, "starts": "13:30", "room": "B1.03", "agenda": agenda},
    )
