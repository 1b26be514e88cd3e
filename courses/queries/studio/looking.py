"""How somebody looks at a plan: the lens, the filter, the selection and the order, as the address says them.

The address of the Studio names each by itself (`?lens=table&env=digital&sel=12,15`). A form, and a panel beside the
board, carry all of them along in one value, `view`, so that they never meet the fields of the form. Whatever the
address says that makes no sense is left out and named, and never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_noop

from blendedu.kit.numbers import number_in
from courses.facts import ENVIRONMENTS, GUIDANCES, LEARNING_TYPES, TIMINGS

if TYPE_CHECKING:
    from courses.facts import PlannedActivity

LENSES = {
    "moment": gettext_noop("By moment"),
    "environment": gettext_noop("Weeks and environments"),
    "type": gettext_noop("By learning type"),
    "timeline": gettext_noop("Timeline"),
    "table": gettext_noop("Table"),
}


def _order_in(words: tuple[str, ...]) -> Callable[[str], int]:
    """Where a value stands in its usual order; one that nobody knows stands last."""
    return lambda value: words.index(value) if value in words else len(words)


# What a table can be sorted by, and what it is then sorted by.
SORTS: Mapping[str, Callable[[PlannedActivity], Any]] = {  # Any: whatever can be compared
    "title": lambda activity: activity.title.casefold(),
    "kind": lambda activity: activity.type_key,
    "minutes": lambda activity: -1 if activity.minutes is None else activity.minutes,
    "ltype": lambda activity: _order_in(LEARNING_TYPES)(activity.learning_type),
    "timing": lambda activity: _order_in(TIMINGS)(activity.timing),
    "env": lambda activity: _order_in(ENVIRONMENTS)(activity.environment),
    "grouping": lambda activity: activity.grouping,
    "guidance": lambda activity: _order_in(GUIDANCES)(activity.guidance),
    "assessment": lambda activity: (activity.assessment, activity.weight),
    "feedback": lambda activity: (
        activity.feedback_by,
        -1 if activity.feedback_days is None else activity.feedback_days,
    ),
}
WITHOUT = "none"  # an activity that serves no outcome
FILTERS = ("env", "kind", "ltype", "timing", "guidance", "outcome", "gap", "q")
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "env": ENVIRONMENTS,
    "ltype": LEARNING_TYPES,
    "timing": TIMINGS,
    "guidance": GUIDANCES,
}
_WORD_MAX, _TEXT_MAX, _SELECTED_MAX = 60, 100, 500


@dataclass(frozen=True, slots=True)
class Look:
    """What an address asks of the Studio. `ignored` are the parts that made no sense, as they were written."""

    lens: str = "moment"
    env: str = ""
    kind: str = ""
    ltype: str = ""
    timing: str = ""
    guidance: str = ""
    outcome: str = ""
    gap: str = ""
    q: str = ""
    sort: str = ""  # a key of SORTS, with a minus for the other way round; empty is the order of the plan
    sel: tuple[int, ...] = ()
    ignored: tuple[str, ...] = ()
    carried: bool = False  # by a form or a panel: what made no sense was said when the page was asked for

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Look:
        """Read an address, or what a form carried along."""
        carried = "view" in asked
        if carried:
            asked = dict(parse_qsl(asked["view"][:4000]))
        said: dict[str, Any] = {}  # Any: the fields of this class
        ignored = []
        for name in ("lens", *FILTERS, "sort", "sel"):
            # PostgreSQL stores no NUL, and nobody types one.
            value = asked.get(name, "").replace("\0", "").strip()
            if not value:
                continue
            kept = _selected(value) if name == "sel" else _kept(name, value)
            if kept:
                said[name] = kept
            else:
                ignored.append(f"{name}={value[:_WORD_MAX]}")
        return cls(**said, ignored=() if carried else tuple(ignored), carried=carried)

    def without(self, name: str) -> Look:
        """The same look, but for one thing that this plan does not know; it is named."""
        gone = f"{name}={getattr(self, name)}"
        emptied: dict[str, Any] = {name: ""}  # Any: the fields of this class
        return replace(self, ignored=(*self.ignored, gone), **emptied)

    @property
    def is_filtered(self) -> bool:
        """Whether some activities may be left out."""
        return any(getattr(self, name) for name in FILTERS)

    def pairs(self, **changes: Any) -> dict[str, str]:  # Any: the fields of this class
        """What an address must say to ask for this, with some of it changed; what is as usual is left out."""
        wanted = replace(self, **changes) if changes else self
        said = {name: getattr(wanted, name) for name in ("lens", *FILTERS, "sort")}
        said["sel"] = ",".join(map(str, wanted.sel))
        return {name: value for name, value in said.items() if value}

    @property
    def view(self) -> str:
        """All of it in one value, for a form to carry along."""
        return urlencode(self.pairs(), safe=",")


def _kept(name: str, value: str) -> str:
    """The value if it makes sense on any plan, or nothing."""
    if name == "lens":
        return value if value in LENSES else ""
    if name == "sort":
        return value if value.removeprefix("-") in SORTS else ""
    if name == "q":
        return value[:_TEXT_MAX]
    if name in _CLOSED:
        return value if value in _CLOSED[name] else ""
    if name == "outcome" and value != WITHOUT:
        return value if number_in(value) else ""
    return value if len(value) <= _WORD_MAX else ""


def _selected(value: str) -> tuple[int, ...]:
    pks = [number_in(part) for part in value.split(",")[:_SELECTED_MAX]]
    return tuple(dict.fromkeys(pk for pk in pks if pk))
