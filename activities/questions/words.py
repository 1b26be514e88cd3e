"""Sentences that a page can translate, built where no translation exists yet.

This package knows no Django, so it cannot translate. It marks instead: `gettext_noop` has the name that `makemessages`
looks for, and a `Sentence` keeps the marked text apart from its values until a page calls `translated(gettext)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Mark a text for translation and return it unchanged."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A sentence for people: the text as marked, and the values that belong in it."""

    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language of the page. Without values the text is as it is, per cent signs included."""
        text = gettext(self.text)
        return text % self.values if self.values else text

    def __str__(self) -> str:
        return self.translated(gettext_noop)
