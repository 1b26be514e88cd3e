"""The demo world: one believable faculty, the same every time, always in the second week of a course.

It feeds `make run`, the sweep over all addresses, the pictures and the README. It does not exist in production: the app
is not installed there, and `world.build` refuses.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "marketing-2026"


@dataclass(frozen=True, slots=True)
class Account:
    """A person to look around as."""

    role: str
    name: str
    email: str
    password: str = PASSWORD


def accounts() -> list[Account]:
    """One account per persona, as far as the database has them; nothing where demo accounts are not allowed."""
    from blendedu.demo.people import personas  # noqa: PLC0415 -- app ready

    return personas()
