"""Sentences that several types say in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from activities.questions import Sentence
    from activities.uploads import BadFile


def why_not(error: BadFile) -> str:
    """Why a file was not taken, and what would be."""
    sentences = {
        "empty": _("“%(name)s” is empty. Choose the file again, perhaps it was not saved yet."),
        "too_large": _("“%(name)s” is too large. At most %(megabytes)s MB are taken."),
        "wrong_type": _("“%(name)s” is not a kind of file that is asked for. Taken are: %(extensions)s."),
        "not_what_it_says": _("“%(name)s” is not really a .%(extension)s file. Export it again from its program."),
        "captions_encoding": _("“%(name)s” is not written in UTF-8. Save it again with that encoding."),
        "captions_start": _("“%(name)s” is not a WebVTT file: its first line must be WEBVTT."),
        "captions_none": _("“%(name)s” holds no captions."),
        "captions_line": _("Line %(line)s of “%(name)s” is not a time as captions have it: 00:01.000 --> 00:04.000."),
        "captions_order": _("Line %(line)s of “%(name)s” ends before it begins, or comes before the line above it."),
    }
    return sentences[error.reason] % error.facts


def say(sentence: Sentence) -> str:
    """A sentence of the question engine, in the reader's language."""
    return _(sentence.text) % sentence.values if sentence.values else _(sentence.text)
