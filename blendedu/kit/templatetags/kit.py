"""What templates may ask of kit: how minutes, people, text and dates are written, and icons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from blendedu.kit import charts, signs
from blendedu.kit import markdown as written
from blendedu.kit.minutes import format_minutes, format_range

register = template.Library()


@register.filter
def minutes(value: int | str | None) -> str:
    """`8 min`, `1 h 30`; words where nothing is known yet."""
    if value is None or value == "":  # an absent variable arrives as an empty text
        return gettext("not estimated")
    return format_minutes(int(value), hour=pgettext("hours, short", "h"), minute=pgettext("minutes, short", "min"))


def minutes_range(low: int, high: int) -> str:
    """`60–90 min`, `118–144 h`."""
    return format_range(low, high, hour=pgettext("hours, short", "h"), minute=pgettext("minutes, short", "min"))


def duration_of(middle: int | None, low: int | None, high: int | None) -> str:
    """A time: `60–90 min` where it has a range, as `minutes` otherwise."""
    return minutes(middle) if low is None or high is None else minutes_range(low, high)


@register.filter
def duration(thing: Any) -> str:  # Any: an activity, or whatever has its three columns
    """The time of an activity."""
    return duration_of(thing.minutes, thing.minutes_low, thing.minutes_high)


@register.filter
def span(sum_: Any) -> str:  # Any: whatever has low and high
    """From the least to the most: `60–90 min`."""
    return minutes_range(sum_.low, sum_.high)


@register.filter
def total(thing: Any) -> str:  # Any: whatever has minutes, low and high
    """A sum with its range, where it has one: `131 h (118–144 h)`."""
    if thing.low == thing.high:
        return minutes(thing.minutes)
    return f"{minutes(thing.minutes)} ({minutes_range(thing.low, thing.high)})"


@register.filter
def percent(value: float | str | None) -> str:
    """A share as it is shown: a whole number and its sign."""
    return "" if value is None or value == "" else f"{round(float(value))}%"


@register.filter
def initials(name: object) -> str:
    """At most two letters that stand for a person: the first and the last name's."""
    words = [word for word in str(name or "").replace("-", " ").split() if word[0].isalnum()]
    chosen = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in chosen).upper() or "?"


@register.filter
def markdown(text: str | None) -> SafeString:
    """Text that somebody wrote, as clean HTML."""
    # SECURITY: to_html escapes raw HTML and cleans the rest by an allow-list; tests/kit/test_markdown.py tries it.
    return mark_safe(written.to_html(str(text or "")))  # noqa: S308 -- cleaned just before


@register.filter
def word(key: str) -> str:
    """The word for an attribute's value: `digital` is Digital, `async` is Own time."""
    return signs.word(str(key))


@register.filter
def sign_icon(key: str) -> str:
    """The icon of an environment or a timing, for the icon tag."""
    return signs.ICONS.get(str(key), "circle")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Words stand beside it; where they cannot, `label` says them."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, css: str) -> SafeString:
    href = f"{static('icons/sprite.svg')}#{name}"
    css = f"ic {css}" if css else "ic"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


# --- Dates: exact, in the institution's zone, in the order that the language wants --------------------------------


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _written(value: date | datetime | None, form: str) -> str:
    return date_format(_local(value), form) if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """`Wed 18 Nov`."""
    return _written(value, pgettext("date format: Wed 18 Nov", "D j M"))


@register.filter
def full_day(value: date | datetime | None) -> str:
    """`18 November 2026`."""
    return _written(value, pgettext("date format: 18 November 2026", "j F Y"))


@register.filter
def clock(value: datetime | None) -> str:
    """`10:00`."""
    return _written(value, pgettext("date format: 10:00", "H:i"))


@register.filter
def weekday_time(value: datetime | None) -> str:
    """`Wednesday 10:00`, for moments of the week that the page is about."""
    return _written(value, pgettext("date format: Wednesday 10:00", "l H:i"))


@register.filter
def day_time(value: datetime | None) -> str:
    """`Wed 18 Nov, 10:00`."""
    return _written(value, pgettext("date format: Wed 18 Nov, 10:00", "D j M, H:i"))


@register.simple_tag
def date_span(start: date, end: date) -> str:
    """`16 to 22 November`, `30 November to 6 December`, with the years where they differ."""
    start, end = _local(start), _local(end)
    if start.year != end.year:
        first = pgettext("date format: first day of a span over two years", "j F Y")
    elif start.month != end.month:
        first = pgettext("date format: first day of a span over two months", "j F")
    else:
        first = pgettext("date format: first day of a span within a month", "j")
    last = first if start.year != end.year else pgettext("date format: last day of a span", "j F")
    return gettext("%(first)s to %(last)s") % {"first": date_format(start, first), "last": date_format(end, last)}


# --- What is the same for everybody -------------------------------------------------------------------------------


@register.tag
def still(parser: Parser, token: Token) -> Still:
    """`{% still %}…{% endstill %}`: a part that says the same on every page and to everybody, written once.

    Nothing of the page reaches it: a variable inside is empty, so that nobody's words are shown to somebody else.
    """
    inside = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(inside)


class Still(template.Node):
    """COST: the frame of a page is a hundred small steps, which is half of what a short page takes."""

    def __init__(self, inside: NodeList) -> None:
        self.nodelist = inside
        self._written: dict[tuple[str | None, str], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), get_script_prefix())
        written = self._written.get(key)
        if written is None:
            written = self.nodelist.render(context.new())
            if not settings.DEBUG:
                self._written[key] = written
        return written


@register.simple_tag
def drawn(template_name: str, **values: object) -> SafeString:
    """`{% drawn "a/_part.html" thing=thing %}`: an include of a part that depends on nothing but these values.

    It is drawn once for equal values (frozen ones, such as questions) and then kept, as many as are asked for often.
    """
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    return draw(template_name, get_language(), get_script_prefix(), **values)


@lru_cache(maxsize=8192)
def _draw(template_name: str, language: str | None, prefix: str, **values: object) -> SafeString:
    return render_to_string(template_name, values)


# --- Parts of components -----------------------------------------------------------------------------------------


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Which page numbers to offer; None where some are left out."""
    offered = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in offered]


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things are wrong with a form."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def times(count: int) -> range:
    """To draw the same sign that many times."""
    return range(count)


# --- Charts from plain amounts, for pages that have no balance of their own -----------------------------------------


@register.filter
def environment_blend(amounts: Mapping[str, int]) -> charts.Blend:
    return charts.environment_blend(amounts)


@register.filter
def rhythm_row(column: charts.Column, chart: charts.Rhythm) -> tuple[int, ...]:
    return chart.row(column)


@register.filter
def mixed_blend(amounts: Mapping[tuple[str, str], int]) -> charts.Blend:
    return charts.mixed_blend(amounts)
