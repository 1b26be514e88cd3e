"""The main menu: what stands in the header, by role."""

from __future__ import annotations

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
    """A place in the menu. It is current on every page below its address."""

    label: str | Promise
    url: str
    also: tuple[str, ...] = ()  # further addresses whose pages belong here

    def holds(self, path: str) -> bool:
        return any(path == start or path.startswith(start.rstrip("/") + "/") for start in (self.url, *self.also))


def entries(user: HasRoles) -> tuple[Entry, ...]:
    """The menu of this person. It only saves clicks: what they may see is decided where it is fetched."""
    roles = user.roles
    menu = []
    if "student" in roles:
        menu.append(Entry(_("My week"), reverse("courses:week")))
    menu.append(Entry(_("Courses"), reverse("courses:list")))
    if roles & {"director", "administrator", "lecturer", "coach"}:
        menu.append(Entry(_("Programmes"), reverse("programmes:list")))
    if roles & {"administrator", "director", "coach"}:
        menu.append(Entry(_("Institution"), reverse("institution:policy"), also=("/institution/",)))
    if not roles - {"student"}:
        menu.append(Entry(_("Inbox"), reverse("journal:inbox")))
    return tuple(menu)


def current(menu: Sequence[Entry], path: str) -> Entry | None:
    """The entry that the page at this address belongs to: the longest address that holds it."""
    return max((entry for entry in menu if entry.holds(path)), key=lambda entry: len(entry.url), default=None)
