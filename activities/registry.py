"""Which types of activity there are. A type registers itself when its module is imported."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities.contract import ActivityType

_types: dict[str, ActivityType[Any]] = {}  # Any: each type has a configuration of its own


class UnknownType(LookupError):
    """No type of activity has this key."""


def register(handler: type[ActivityType[Any]]) -> type[ActivityType[Any]]:
    """Class decorator: make this type known under its key. A key can be taken once."""
    taken = _types.get(handler.key)
    if taken is not None and type(taken) is not handler:
        message = f"Two types of activity want the key {handler.key!r}."
        raise RuntimeError(message)
    _types[handler.key] = handler()
    return handler


def get(key: str) -> ActivityType[Any]:
    """The type with this key; raises UnknownType."""
    try:
        return _types[key]
    except KeyError:
        raise UnknownType(key) from None


def every() -> Iterator[ActivityType[Any]]:
    """All types, in the order in which a lecturer meets them."""
    yield from sorted(_types.values(), key=lambda known: (known.order, known.key))


def choices() -> list[tuple[str, Any]]:  # Any: lazily translated text
    """For the model field: a callable, so that a new type needs no migration."""
    return [(known.key, known.label) for known in every()]


def autodiscover() -> None:
    """Import every module in activities.types; each registers its type."""
    package = importlib.import_module("activities.types")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"activities.types.{module.name}")
