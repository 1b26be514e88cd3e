"""A course with a board, and readers for what a page shows."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from courses.models import Design
from tests.factories import CourseFactory, DesignFactory, PlacementFactory, UserFactory

if TYPE_CHECKING:
    from django.http import HttpResponse

HTMX = {"HX-Request": "true", "HX-Target": "board"}
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


def board(*, cards: int = 1, weeks: int = 3, **design: Any) -> tuple[Any, Design]:
    """A lecturer and their draft with some cards in week 1."""
    eva = UserFactory(name="Eva Vermeulen")
    made = DesignFactory(course=CourseFactory(lecturer=eva, code="mkc-101"), weeks=weeks, **design)
    for number in range(1, cards + 1):
        PlacementFactory(design=made, activity__title=f"Card {number}")
    return eva, made


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def cards_in(response: HttpResponse, week: int | str, column: str) -> list[str]:
    """The titles in a cell of the board."""
    cell = re.search(rf'<ul [^>]*data-week="{week}" data-column="{column}">(.*?)</ul>', text_of(response), re.DOTALL)
    assert cell is not None, f"no cell {week} {column}"
    return re.findall(r'<a class="t"[^>]*>(.*?)</a>', cell[1])
