"""Putting bytes on the disk for a row that is about to be written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog

from activities.uploads import BadFile, clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.base import File  # Any with it: bytes or text, as the parser made it
    from django.db.models.fields.files import FieldFile


logger = structlog.get_logger(__name__)


class NotStored(BadFile):
    """The disk takes nothing: it is full, or away. The file is as good as any other time."""

    def __init__(self, name: str) -> None:
        super().__init__("not_stored", name=name)


@contextmanager
def stored(place: FieldFile, file: File[Any]) -> Iterator[None]:
    """Store `file` in a row's field before its transaction begins; when the row is refused, the bytes go again.

    So no transaction waits for a disk, a row never names a file that is not there, and only a killed process leaves a
    file that nothing names: `leftovers` finds it. Raises NotStored.
    """
    try:
        place.save(file.name or "file", file, save=False)
    except OSError as error:
        logger.exception("A file could not be stored.")
        raise NotStored(clean_name(file.name or "")) from error
    try:
        yield
    except BaseException:
        place.delete(save=False)
        raise
