"""Putting bytes on the disk for a row that is about to be written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.base import File  # Any with it: bytes or text, as the parser made it
    from django.db.models.fields.files import FieldFile


@contextmanager
def stored(place: FieldFile, file: File[Any]) -> Iterator[None]:
    """Store `file` in a row's field before its transaction begins; when the row is refused, the bytes go again.

    So no transaction waits for a disk, a row never names a file that is not there, and only a killed process leaves a
    file that nothing names: `leftovers` finds it.
    """
    place.save(file.name or "file", file, save=False)
    try:
        yield
    except BaseException:
        place.delete(save=False)
        raise
