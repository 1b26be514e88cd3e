"""Numbers as people type them, read by the decimal mark that the question states.

The stated mark decides wherever a text could be read in two ways: with a decimal point, `3,145` is three thousand one
hundred and forty-five. A text that can only mean one thing is read that way whatever the mark: `3,14` cannot be a
number in groups of three, so it is three and a bit. How a number was understood is always told. Spaces, apostrophes
and the other mark may group digits in threes.
SECURITY: length, digits and exponent are bounded before any arithmetic.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal

from activities.questions.normal import DASHES, INVISIBLE, normal

POINT, COMMA = "point", "comma"
MARKS = {POINT: ".", COMMA: ","}

MAX_TYPED = 100
MAX_DIGITS = 30
MAX_EXPONENT = 99
# Wide enough for every bounded number to be added, subtracted and multiplied without rounding.
EXACT = Context(prec=600, traps=[])

_TIDY = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(INVISIBLE),
        **dict.fromkeys("\u2018\u2019\u02bc\u0060\u00b4", "'"),
        **dict(zip("\u066b\u066c\uff0c\uff0e\u00b7\u00d7\uff0b", ",',.*x+", strict=True)),
    }
)
_SHAPE = re.compile(
    r"(?P<sign>[+-]?) ?(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)"
    r"(?:[eE](?P<e>[+-]?[0-9]+)| ?[xX*] ?10 ?\^ ?(?P<ten>[+-]?[0-9]+))? ?(?P<rest>\D.*)?\Z"
)


class NotANumber(ValueError):
    """The text is no number that can be read."""


class TooLarge(NotANumber):
    """The text is a number, but beyond any that a question asks for."""


@dataclass(frozen=True)
class Typed:
    """A number as it was understood, what stood beside it, and the other number that the same text could have meant."""

    number: Decimal
    beside: str = ""
    other: Decimal | None = None


def understand(text: str, mark: str, *, unit: str = "") -> Typed:
    """The number in a text. Raises `NotANumber`."""
    if len(text) > MAX_TYPED:
        raise TooLarge
    tidy = " ".join("".join(map(_digit, text.translate(_TIDY))).split())
    if unit and tidy.startswith(unit) and not tidy[len(unit) :].strip()[:1].isalpha():
        tidy = f"{tidy[len(unit) :].strip()} {unit}"  # "€ 5" as well as "5 €"
    shape = _SHAPE.match(tidy)
    if shape is None:
        raise NotANumber
    plain, other = _plain(shape["body"].strip(), MARKS[mark])
    exponent = shape["e"] or shape["ten"] or "0"
    return Typed(
        number=_number(shape["sign"], plain, exponent),
        beside=(shape["rest"] or "").strip(),
        other=None if other is None else _number(shape["sign"], other, exponent),
    )


def _digit(character: str) -> str:
    """Digits of every script count as digits. Superscripts do not: 10² must not become 102."""
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))


def _number(sign: str, plain: str, exponent: str) -> Decimal:
    if len(exponent.lstrip("+-").lstrip("0")) > 2 or sum(map(str.isdigit, plain)) > MAX_DIGITS:
        raise TooLarge
    return Decimal(f"{sign}{plain}e{exponent}")


def _plain(body: str, mark: str) -> tuple[str, str | None]:
    """The digits with a decimal point, and the second reading if there is one."""
    if " " in body or "'" in body:
        if not re.fullmatch(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]*)?", body):
            raise NotANumber
        return body.replace(" ", "").replace("'", "").replace(",", "."), None
    points, commas = body.count("."), body.count(",")
    if points and commas:
        decimal, group = (".", ",") if body.rfind(".") > body.rfind(",") else (",", ".")
        if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:\{group}[0-9]{{3}})+\{decimal}[0-9]*", body):
            raise NotANumber
        return body.replace(group, "").replace(decimal, "."), None
    used = "." if points else ","
    if points + commas > 1:
        if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:\{used}[0-9]{{3}})+", body):
            raise NotANumber
        return body.replace(used, ""), None
    as_decimal, as_grouped = body.replace(used, "."), body.replace(used, "")
    if not re.fullmatch(rf"[1-9][0-9]{{0,2}}\{used}[0-9]{{3}}", body):
        return as_decimal, None
    return (as_decimal, as_grouped) if used == mark else (as_grouped, as_decimal)


def is_unit(beside: str, unit: str) -> bool:
    """Whether what stands beside a number is its unit. Case counts: mW is not MW."""
    return normal(beside, case_sensitive=True).replace(" ", "") == normal(unit, case_sensitive=True).replace(" ", "")


def written_as(number: Decimal, mark: str) -> str:
    """A number with the stated decimal mark, never grouped, in full where that is readable."""
    readable = number.is_zero() or -10 <= number.adjusted() <= 20
    text = f"{number:f}" if readable and len(f"{number:f}") <= 40 else str(number)
    return text.replace(".", MARKS[mark])
