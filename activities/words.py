"""Sentences that several types say in the same way."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from activities.questions import Sentence
    from activities.uploads import BadFile


def points_in_words(points: Decimal | str | float | None) -> str:
    """`2`, `1.5`, `1.67`: without zeros that say nothing, with the reader's decimal mark; empty for nothing."""
    try:
        amount = Decimal(str(points)).normalize()
    except InvalidOperation:
        return ""
    return number_format(f"{amount:f}")


def why_not(error: BadFile) -> str:
    """Why a file was not taken, and what would be."""
    sentences = {
        "empty": _("“%(name)s” is empty. Choose the file again, perhaps it was not saved yet."),
        "too_large": _("“%(name)s” is too large. At most %(megabytes)s MB are taken."),
        "wrong_type": _("“%(name)s” is not a kind of file that is asked for. Taken are: %(extensions)s."),
        "not_what_it_says": _("“%(name)s” is not really a .%(extension)s file. Export it again from its program."),
        "not_stored": _("“%(name)s” could not be kept: our storage takes nothing just now. Try again in a while."),
        "captions_encoding": _("“%(name)s” is not written in UTF-8. Save it again with that encoding."),
        "captions_start": _("“%(name)s” is not a WebVTT file: its first line must be WEBVTT."),
        "captions_none": _("“%(name)s” holds no captions."),
        "captions_line": _("Line %(line)s of “%(name)s” is not a time as captions have it: 00:01.000 --> 00:04.000."),
        "captions_order": _("Line %(line)s of “%(name)s” ends before it begins, or comes before the line above it."),
    }
    return sentences[error.reason] % error.facts


def in_bytes(size: int) -> str:
    """How large a file is, as short as it is still true: 14 bytes, 76 KB, 2.4 MB, 20 MB."""
    if size < 1024:
        return ngettext("%d byte", "%d bytes", size) % size
    amount, unit = size / 1024, _("%s KB")
    if amount >= 999.5:
        amount, unit = amount / 1024, _("%s MB")
    decimals = 1 if amount < 9.95 and round(amount, 1) != round(amount) else 0
    return unit % number_format(round(amount, decimals), decimal_pos=decimals)


def say(sentence: Sentence) -> str:
    """A sentence of the question engine, in the reader's language."""
    return _(sentence.text) % sentence.values if sentence.values else _(sentence.text)
