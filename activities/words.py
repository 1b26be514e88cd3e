"""Sentences that several types say in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from activities.uploads import BadFile


def why_not(error: BadFile) -> str:
    """Why a file was not taken, and what would be."""
    sentences = {
        "empty": _("“%(name)s” is empty. Choose the file again, perhaps it was not saved yet."),
        "too_large": _("“%(name)s” is too large. At most %(megabytes)s MB are taken."),
        "wrong_type": _("“%(name)s” is not a kind of file that is asked for. Taken are: %(extensions)s."),
        "not_what_it_says": _("“%(name)s” is not really a .%(extension)s file. Export it again from its program."),
    }
    return sentences[error.reason] % error.facts
