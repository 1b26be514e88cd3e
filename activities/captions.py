"""Captions: whether a WebVTT file can be shown, and what it says."""

from __future__ import annotations

import re

from activities.uploads import MEGABYTE, BadFile

BYTES_MAX = MEGABYTE
_CUE = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2}\.\d{3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}\.\d{3})(?:\s.*)?$")


def check(name: str, content: bytes) -> int:
    """How many captions the file holds. Raises BadFile: empty, too_large, or captions with the line that is wrong."""
    if not content.strip():
        raise BadFile("empty", name=name)
    if len(content) > BYTES_MAX:
        raise BadFile("too_large", name=name, megabytes=BYTES_MAX // MEGABYTE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("captions_encoding", name=name) from None
    if "\x00" in text or not re.match(r"WEBVTT(?:[ \t].*)?(?:\r\n|\r|\n|$)", text):
        raise BadFile("captions_start", name=name)
    count = _count(name, text.splitlines())
    if not count:
        raise BadFile("captions_none", name=name)
    return count


def _count(name: str, lines: list[str]) -> int:
    count, in_note, said_before = 0, False, -1.0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            in_note = False
        elif re.match(r"(NOTE|STYLE|REGION)\b", line):
            in_note = True
        elif "-->" in line and not in_note:
            times = _CUE.match(line)
            if times is None:
                raise BadFile("captions_line", name=name, line=number)
            starts, ends = (_seconds(time) for time in times.groups())
            if ends <= starts or starts < said_before:
                raise BadFile("captions_order", name=name, line=number)
            said_before = starts
            count += 1
    return count


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
