"""How long a recording lasts, read from the head of its file. Answers None when the file does not say."""

from __future__ import annotations

import struct
from typing import BinaryIO

LOOKED_AT = 4 * 1024 * 1024  # of a WebM, whose length stands near the beginning
BOXES_MAX = 10_000
_INFO, _SCALE, _DURATION, _SEGMENT = 0x1549A966, 0x2AD7B1, 0x4489, 0x18538067


def seconds_of(file: BinaryIO) -> int | None:
    """The length in whole seconds, at least 1; the file is left at its beginning."""
    file.seek(0)
    head = file.read(12)
    try:
        seconds = _of_mp4(file) if head[4:8] == b"ftyp" else _of_webm(file) if head[:4] == b"\x1a\x45\xdf\xa3" else None
    except (struct.error, IndexError, ValueError, OverflowError, ZeroDivisionError):
        seconds = None  # A broken head is no reason to refuse the clip: its length can be given by hand.
    file.seek(0)
    return max(1, round(seconds)) if seconds and 0 < seconds < 24 * 3600 else None


def _of_mp4(file: BinaryIO) -> float | None:
    """From the box mvhd inside of moov; the boxes before it are jumped over."""
    file.seek(0, 2)
    end = file.tell()
    place = 0
    for _box in range(BOXES_MAX):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return None
        size, kind = struct.unpack(">I4s", head[:8])
        inside = place + 8
        if size == 1:
            (size,) = struct.unpack(">Q", head[8:16])
            inside = place + 16
        elif size == 0:
            size = end - place
        if kind == b"moov":
            place = inside
        elif kind == b"mvhd":
            file.seek(inside)
            body = file.read(32)
            form = ">16xIQ" if body[0] == 1 else ">8xII"
            scale, duration = struct.unpack_from(form, body, 4)
            return float(duration / scale)
        elif size < 8:
            return None
        else:
            place += size
    return None


def _of_webm(file: BinaryIO) -> float | None:
    """From the elements TimestampScale and Duration of the segment's Info."""
    file.seek(0)
    data = file.read(LOOKED_AT)
    place, end = 0, len(data)
    scale, duration = 1_000_000, None
    for _element in range(BOXES_MAX):
        if place >= end:
            break
        name, place = _number(data, place, keep_marker=True)
        size, place = _number(data, place, keep_marker=False)
        if name in {_SEGMENT, _INFO}:
            continue  # go inside
        body = data[place : place + min(size, 8)]
        if name == _SCALE:
            scale = int.from_bytes(body, "big")
        elif name == _DURATION:
            (duration,) = struct.unpack(">f" if size == 4 else ">d", body)
            break
        place += size
    return duration * scale / 1e9 if duration else None


def _number(data: bytes, place: int, *, keep_marker: bool) -> tuple[int, int]:
    """A number of variable length, as EBML writes it, and the place after it."""
    first = data[place]
    length = 9 - first.bit_length()
    if length > 8:
        raise ValueError("No number of EBML begins with zero.")
    value = int.from_bytes(data[place : place + length], "big")
    return (value if keep_marker else value & ((1 << (7 * length)) - 1)), place + length
