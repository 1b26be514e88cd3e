"""Catalogues of words that hold none: Django asks them all the same, one after the other, for every word of a page.

British English changes a few hundred of Django's own words and has none of ours. Each app brings a catalogue of plain
English behind it that holds nothing but its own header; six of them were asked for each of the 850 words of a board,
which was a tenth of the time that it took.
"""

from __future__ import annotations

from gettext import GNUTranslations
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

HEADER = ""  # the entry under which a catalogue describes itself


def skip_empty() -> None:
    """Let the catalogues of our languages pass over those behind them that hold no word; running it twice is harmless.

    The chain is Django 5.2's and Python's own and not public: tests/kit/test_catalogues.py says when it changes.
    """
    for code, _name in settings.LANGUAGES:
        asked: Any = trans_real.translation(code)  # Any: the chain is a private attribute
        while asked is not None:
            behind = asked._fallback  # noqa: SLF001 -- see above
            while _is_empty(behind):
                behind = behind._fallback  # noqa: SLF001 -- see above
            asked._fallback = behind  # noqa: SLF001 -- see above
            asked = behind


def _is_empty(catalogue: Any) -> bool:  # Any: as above
    return type(catalogue) is GNUTranslations and set(catalogue._catalog) <= {HEADER}  # type: ignore[attr-defined]  # noqa: SLF001 -- see above
