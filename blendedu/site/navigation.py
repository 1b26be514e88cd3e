"""The main menu: what stands in the header, by role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise


class HasRoles(Protocol):
    """Whoever can be asked which roles they have."""

    @property
    def roles(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Entry:
    """A place in the menu. It is current on every page below its address, or below the app's first part of it.

    `more` names pages elsewhere that belong to it; they are nearer than any address above them.
    """

    label: str | Promise
    url: str
    more: re.Pattern[str] | None = None

    def holds(self, path: str) -> bool:
        first = "/" + self.url.strip("/").split("/")[0] + "/"
        return path.startswith((self.url, first)) or self._has_more(path)

    def nearness(self, path: str) -> int:
        if self._has_more(path):
            return len(path)
        return len(self.url) if path.startswith(self.url) else 0

    def _has_more(self, path: str) -> bool:
        return self.more is not None and self.more.match(path) is not None


# An activity is done from the week, wherever its address is.
DONE_FROM_THE_WEEK = re.compile(r"/courses/[^/]+/do/")
# Patterns are taken into a course and shared from one, and have no place in the menu of their own.
TAKEN_INTO_A_COURSE = re.compile(r"/patterns/")


def entries(user: HasRoles) -> tuple[Entry, ...]:
    """The menu of this person. It only saves clicks: what they may see is decided where it is fetched."""
    roles = user.roles
    places = (
        ("courses:week", _("My week"), "student" in roles, DONE_FROM_THE_WEEK),
        ("courses:list", _("Courses"), True, TAKEN_INTO_A_COURSE),
        ("programmes:list", _("Programmes"), bool(roles & {"lecturer", "coach", "director", "administrator"}), None),
        ("institution:policy", _("Institution"), bool(roles & {"coach", "director", "administrator"}), None),
        ("journal:inbox", _("Inbox"), not roles - {"student"}, None),
    )
    return tuple(Entry(label, reverse(name), more) for name, label, wanted, more in places if wanted)


def current(menu: Sequence[Entry], path: str) -> Entry | None:
    """The entry that the page at this address belongs to: the nearest one above it, else one of the same app."""
    return max((entry for entry in menu if entry.holds(path)), key=lambda entry: entry.nearness(path), default=None)
