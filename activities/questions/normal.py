"""The normal form in which short answers are compared.

Two answers are the same when their normal forms are. The steps, in this order:

1. invisible characters go (zero width spaces and joiners, soft hyphens, direction marks), other control characters
   become spaces;
2. curly, low, angled and prime quotes become `'` or `"`; hyphens, dashes and the minus sign become `-`;
3. Unicode NFKC: composed and decomposed letters, full width letters, ligatures and the like become one and the same;
4. white space of every kind is collapsed to single spaces, none at the ends;
5. unless case matters: full case folding, with the Turkish letters dotless i and capital I with dot counted as i;
6. if accents are to be ignored: letters lose their accents, and ø, ł, đ, æ, œ, þ, ð become o, l, d, ae, oe, th, d.

The length of the work is bounded by the length of the text; no regular expression of an author is ever run.
"""

import unicodedata

INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\ufeff" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)))
)
SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bb\u02bc\u02bd\u0060\u00b4\uff07"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f\uff02"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"

_TIDY = str.maketrans(
    {
        **{chr(code): " " for code in (*range(0x20), *range(0x7F, 0xA0))},
        **dict.fromkeys(INVISIBLE, ""),
        **dict.fromkeys(SINGLE_QUOTES, "'"),
        **dict.fromkeys(DOUBLE_QUOTES, '"'),
        **dict.fromkeys(DASHES, "-"),
    }
)
_TURKISH = str.maketrans({"ı": "i"})
_NO_ACCENT = str.maketrans(
    {
        **{
            chr(code): ""
            for code in (*range(0x300, 0x370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00), *range(0x20D0, 0x2100))
        },
        **dict(zip("øłđðØŁĐÐ", "olddOLDD", strict=True)),
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "þ": "th",
        "Þ": "TH",
    }
)


def normal(text: str, *, case_sensitive: bool = False, ignore_accents: bool = False) -> str:
    """The normal form of a text: what is compared instead of what was typed."""
    if text.isascii():  # COST: most answers; the long way gives the same
        text = text.translate(_TIDY)
        return " ".join((text if case_sensitive else text.lower()).split())
    # Folding can bring out what an earlier step would have changed, so the steps are repeated until nothing changes.
    for _ in range(4):
        before = text
        text = _once(text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)
        if text == before:
            break
    return text


def _once(text: str, *, case_sensitive: bool, ignore_accents: bool) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_TIDY)).translate(_TIDY)
    if not case_sensitive:
        text = text.casefold().replace("i\u0307", "i").translate(_TURKISH)
    if ignore_accents:
        text = unicodedata.normalize("NFKD", text).translate(_NO_ACCENT)
    return " ".join(unicodedata.normalize("NFKC", text).split())


_ANY = "\ue000"  # a private character stands for the wildcard while the text around it is brought into its normal form


class Pattern:
    """An accepted answer in which `*` stands for any text, or none; `\\*` is an asterisk."""

    def __init__(self, text: str, *, case_sensitive: bool, ignore_accents: bool) -> None:
        marked = text.replace(_ANY, "").replace("\\*", "\ue001").replace("*", _ANY).replace("\ue001", "*")
        parts = normal(marked, case_sensitive=case_sensitive, ignore_accents=ignore_accents).split(_ANY)
        self.first = parts[0]
        self.middle = tuple(part for part in parts[1:-1] if part)
        self.last = parts[-1] if len(parts) > 1 else None

    @property
    def accepts_everything(self) -> bool:
        return self.last == "" and not self.first and not self.middle

    def matches(self, given: str) -> bool:
        """Whether an answer in its normal form fits. One pass from left to right, nothing is tried twice."""
        if self.last is None:
            return given == self.first
        end = len(given) - len(self.last)
        start = len(self.first)
        if end < start or not given.startswith(self.first) or not given.endswith(self.last):
            return False
        for part in self.middle:
            found = given.find(part, start, end)
            if found < 0:
                return False
            start = found + len(part)
        return True
