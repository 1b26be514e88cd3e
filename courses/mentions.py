"""Who is named in a comment: "@Sanne de Wit", or "@Sanne" where only one of those who could be meant is called so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

# Not in the middle of a word: an address such as eva@example.org names nobody.
_SIGN = re.compile(r"(?<![\w.@-])@(?=\w)")


def mentioned(text: str, people: Mapping[int, str]) -> frozenset[int]:
    """The people whom a text mentions; `people` are those who may be meant, by number."""
    names = {name.casefold(): number for number, name in sorted(people.items(), reverse=True) if name.strip()}
    firsts = Counter(name.split()[0] for name in names)
    names |= {first: number for name, number in names.items() if firsts[first := name.split()[0]] == 1}
    # The longest first: "@Eva Vos" is not the Eva whose name is only that.
    ordered = sorted(names, key=len, reverse=True)
    found = set()
    lowered = text.casefold()
    for sign in _SIGN.finditer(lowered):
        said = next((name for name in ordered if _stands_at(lowered, sign.end(), name)), None)
        if said is not None:
            found.add(names[said])
    return frozenset(found)


def _stands_at(text: str, place: int, name: str) -> bool:
    end = place + len(name)
    return text.startswith(name, place) and (end >= len(text) or not (text[end].isalnum() or text[end] == "_"))
