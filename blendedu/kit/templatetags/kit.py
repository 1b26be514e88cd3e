"""What templates may ask of kit: how minutes, people, text and dates are written, and icons."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from blendedu.kit import charts, signs
from blendedu.kit import markdown as written
from blendedu.kit.minutes import format_minutes

register = template.Library()


@register.filter
def minutes(value: int | str | None) -> str:
    """`8 min`, `1 h 30`; words where nothing is known yet."""
    if value is None or value == "":  # an absent variable arrives as an empty text
        return gettext("not estimated")
    return format_minutes(int(value), hour=pgettext("hours, short", "h"), minute=pgettext("minutes, short", "min"))


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
