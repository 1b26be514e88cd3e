"""Sentences as data: a template to translate, and what fills it.

Sums speak, but know no language. They hand out an English template, marked for translation by `gettext_noop`, and the
quantities in it. The page says it in the reader's language, with a voice: `say(finding.headline, finding.params,
Voice(gettext, number_format, minutes))`. Without a voice, `template.format(**params)` reads well in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from blendedu.kit.minutes import format_minutes

Amount = int | Decimal | Fraction


def gettext_noop(text: str) -> str:
    """Mark a template for translation without translating it here; `makemessages` knows this name."""
    return text


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Voice:
    """How a reader's language says templates, figures and minutes; English unless told otherwise."""

    translate: Callable[[str], str] = _same
    number: Callable[[Decimal], str] = str
    minutes: Callable[[int], str] = format_minutes


ENGLISH = Voice()


class Quantity:
    """Something in a sentence that is shown differently per language."""

    __slots__ = ()

    def said(self, voice: Voice = ENGLISH) -> str:
        """Say it in a language."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.said()


Param = int | str | Quantity


def say(template: str, params: Mapping[str, Param], voice: Voice = ENGLISH) -> str:
    """Say a sentence in the reader's language: the template, and every quantity in it."""
    said = {name: value.said(voice) if isinstance(value, Quantity) else value for name, value in params.items()}
    return voice.translate(template).format(**said)


@dataclass(frozen=True, slots=True)
class Minutes(Quantity):
    """A stretch of study time, shown as `8 min` or `1 h 30`, never with decimals."""

    minutes: int

    @classmethod
    def about(cls, minutes: Amount) -> Minutes:
        """The nearest whole minute."""
        return cls(int(_decimal(minutes).quantize(Decimal(1), ROUND_HALF_UP)))

    def said(self, voice: Voice = ENGLISH) -> str:
        return voice.minutes(self.minutes)


@dataclass(frozen=True, slots=True)
class Number(Quantity):
    """A figure as shown: as many decimals as it needs, no zeros at the end."""

    value: Decimal

    @classmethod
    def of(cls, value: Amount, *, digits: int = 1, beside: Amount | None = None) -> Number:
        """Round for showing, but never onto the limit that it stands `beside` without being equal to it."""
        return cls(_shown(value, digits, beside))

    def said(self, voice: Voice = ENGLISH) -> str:
        return voice.number(self.value)


@dataclass(frozen=True, slots=True)
class Percent(Quantity):
    """A share as shown: 62%. The sign comes with the figure, because languages differ in the space between."""

    value: Decimal

    @classmethod
    def of(cls, percent: Amount, *, beside: Amount | None = None) -> Percent:
        """A percentage, whole unless rounding would put it onto the limit that it stands `beside`."""
        return cls(_shown(percent, 0, beside))

    def said(self, voice: Voice = ENGLISH) -> str:
        return voice.translate(gettext_noop("{number}%")).format(number=voice.number(self.value))


@dataclass(frozen=True, slots=True)
class Days(Quantity):
    """A number of days, or of working days: weekends and holidays do not count as those."""

    value: Decimal
    working: bool = False

    def said(self, voice: Voice = ENGLISH) -> str:
        if self.value == 1:
            return voice.translate(gettext_noop("1 working day") if self.working else gettext_noop("1 day"))
        form = gettext_noop("{number} working days") if self.working else gettext_noop("{number} days")
        return voice.translate(form).format(number=voice.number(self.value))


@dataclass(frozen=True, slots=True)
class Word(Quantity):
    """A word of the domain, such as a learning type, to be translated in place."""

    text: str

    def said(self, voice: Voice = ENGLISH) -> str:
        return voice.translate(self.text)


@dataclass(frozen=True, slots=True)
class Series(Quantity):
    """Several things, separated by commas."""

    items: tuple[Param, ...]

    def said(self, voice: Voice = ENGLISH) -> str:
        return ", ".join(item.said(voice) if isinstance(item, Quantity) else str(item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Span(Quantity):
    """From one quantity to another; only one is said if they are equal."""

    low: Quantity
    high: Quantity

    def said(self, voice: Voice = ENGLISH) -> str:
        low, high = self.low.said(voice), self.high.said(voice)
        return low if low == high else voice.translate(gettext_noop("{low} to {high}")).format(low=low, high=high)


WORDS: Mapping[str, str] = {
    "digital": gettext_noop("digital"),
    "physical": gettext_noop("physical"),
    "workplace": gettext_noop("workplace"),
    "hybrid": gettext_noop("hybrid"),
    "sync": gettext_noop("together"),
    "async": gettext_noop("own time"),
    "acquisition": gettext_noop("acquisition"),
    "inquiry": gettext_noop("inquiry"),
    "practice": gettext_noop("practice"),
    "production": gettext_noop("production"),
    "discussion": gettext_noop("discussion"),
    "collaboration": gettext_noop("collaboration"),
    "text": gettext_noop("text"),
    "video": gettext_noop("video"),
    "live": gettext_noop("live explanation"),
    "guide": gettext_noop("a course guide"),
    "how_to": gettext_noop("how to work here"),
    "contact": gettext_noop("getting to know each other"),
    "first_task": gettext_noop("a first task without risk"),
}
"""The words that sentences about a course use for the values of its facts."""


def word(value: str) -> Word:
    """The word for a value of a fact, such as an environment."""
    return Word(WORDS.get(value, value))


def exactly(value: Amount) -> Decimal:
    """A limit as somebody wrote it, without rounding (to a thousandth, if nobody could have written it)."""
    return _shown(value, 3, None)


def _exact(value: Amount) -> Fraction:
    return Fraction(value)


def _decimal(value: Amount) -> Decimal:
    exact = _exact(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _shown(value: Amount, digits: int, beside: Amount | None) -> Decimal:
    """Round to `digits`, or to as many more (up to three) as keep the figure apart from a limit it is not equal to."""
    exact = _exact(value)
    for decimals in range(digits, digits + 4):
        shown = _decimal(exact).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if beside is None or exact == _exact(beside) or Fraction(shown) != _exact(beside):
            break
    return _plain(shown)


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
