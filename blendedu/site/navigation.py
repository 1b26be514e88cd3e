"""The main menu: what stands in the header, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.urls import NoReverseMatch, reverse
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
    """A place in the menu. It is current on every page below its address, or below the app's first part of it."""

    label: str | Promise
    url: str

    def holds(self, path: str) -> bool:
        first = "/" + self.url.strip("/").split("/")[0] + "/"
        return path.startswith((self.url, first))

    def nearness(self, path: str) -> int:
        return len(self.url) if path.startswith(self.url) else 0


def entries(user: HasRoles) -> tuple[Entry, ...]:
    """The menu of this person. It only saves clicks: what they may see is decided where it is fetched."""
    roles = user.roles
    places = (
        ("courses:week", _("My week"), "student" in roles),
        ("courses:list", _("Courses"), True),
        ("programmes:list", _("Programmes"), bool(roles & {"lecturer", "coach", "director", "administrator"})),
        ("institution:policy", _("Institution"), bool(roles & {"coach", "director", "administrator"})),
        ("journal:inbox", _("Inbox"), not roles - {"student"}),
    )
    return tuple(Entry(label, url) for name, label, wanted in places if wanted and (url := _address(name)))


def _address(name: str) -> str | None:
    """Where a page is; None on a site that runs without the app it belongs to."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def current(menu: Sequence[Entry], path: str) -> Entry | None:
    """The entry that the page at this address belongs to: the nearest one above it, else one of the same app."""
    return max((entry for entry in menu if entry.holds(path)), key=lambda entry: entry.nearness(path), default=None)
