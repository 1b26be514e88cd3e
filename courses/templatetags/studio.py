"""How a card of the board is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from math import isqrt
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities import registry
from activities.models import Environment, Grouping, Guidance, LearningType, Timing
from blendedu.kit import signs
from blendedu.kit.templatetags.kit import duration_of, icon
from courses.models import Placement

if TYPE_CHECKING:
    from courses.facts import PlannedActivity
    from courses.queries.studio import Card, StudioPage
    from courses.queries.times import Reported

register = template.Library()

# COST: a board has up to two hundred cards. As twenty nodes of a template each they took half of the page's time.
_CARD = (
    '<li class="card {css}" id="p{pk}" data-pk="{pk}" data-moment="{moment}" data-weighed="{weighed}">{icon}'
    '<a class="t" id="a{pk}" href="{href}">{title}</a><span class="m"{range}>{minutes}</span>{actual}'
    '<span class="d">{kind}{facts}<span class="env">{sign}</span>{pin}</span>{more}{bar}{holder}</li>'
)
_SPAN = "<span>{}</span> "  # a place to break the line
_PIN = '<a class="pin" href="{}">{}<span class="num">{}</span><span class="hidden-but-read"> {}</span></a>'
_MORE = '<a class="more" href="{}move/" aria-label="{}"></a>'  # its dots are drawn by the style sheet
_BAR = '<svg class="length" aria-hidden="true"><rect class="shape{}" x="{}%" width="{}%"/>{}{}</svg>'
_ACTUAL = '<span class="actual{}">{}</span>'
_HOLDER = '<span class="holder">{}</span>'  # static/js/together.js draws the same from then on
_TOOK = '<rect x="{}%" width="{}%"/>'
_REACH = '<rect class="reach" x="{}%" width="{}%"/>'
_LINE = (
    '<tr class="card {css}" id="p{pk}" data-pk="{pk}" data-moment="{moment}" data-weighed="{weighed}" '
    'data-kind="{kind}" data-guidance="{guidance}" data-in="{week}"><th scope="row">{icon}'
    '<a class="t" id="a{pk}" href="{href}">{title}</a>{pin}{holder}</th><td>{where}</td>'
    '<td class="end num"><span class="m"{range}>{minutes}</span>{actual}</td>{cells}{more}</tr>'
)
_CELL = "<td>{}</td>"
# On a root scale a card of 240 minutes is seven times as high as one of 5, and not forty-eight times.
_HIGHEST = 24  # the root of 576 minutes; longer is drawn as this


@register.filter
def as_json(value: object) -> str:
    """A value for a script to read from an attribute."""
    return json.dumps(value)


@register.simple_tag
def cards(shown: Iterable[Card], page: StudioPage) -> SafeString:
    """The cards of a cell, in their order."""
    drawn = cache(icon)
    once = cache(duration_of)
    return mark_safe("".join(_card(card, page, drawn, once) for card in shown))  # noqa: S308 -- each is escaped below


def _range(card: Card) -> SafeString | str:
    """What a time holds that its minutes do not say, for who changes it in place."""
    if card.minutes_low is None or card.minutes_high is None:
        return ""
    return format_html(' data-seen="{}-{}"', card.minutes_low, card.minutes_high)


@register.simple_tag
def choices_in_place(page: StudioPage) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the cells of the table can be set to: the field, its name, its values with their words."""
    weeks = [(str(week.number), _("Week %(number)s") % {"number": week.number}) for week in page.plan.weeks]
    fields: list[tuple[str, str, Iterable[tuple[str, object]]]] = [
        ("learning_type", _("Learning type"), LearningType.choices),
        ("timing", _("When"), Timing.choices),
        ("environment", _("Environment"), Environment.choices),
        ("grouping", _("Students work"), Grouping.choices),
        ("guidance", _("Guidance"), Guidance.choices),
        ("type_key", _("Type"), registry.choices()),
        ("week", _("Week"), [*weeks, ("shelf", _("Shelf"))]),
        ("moment", _("Moment"), Placement.Moment.choices),
    ]
    return [(name, label, [(value, str(word)) for value, word in choices]) for name, label, choices in fields]


def _card(
    card: Card,
    page: StudioPage,
    drawn: Callable[..., SafeString],
    once: Callable[[int | None, int | None, int | None], str],
) -> SafeString:
    href = f"{page.base}placements/{card.pk}/"
    lens = page.lens
    return format_html(
        _CARD,
        css=f"{card.css} r-{min(isqrt(card.minutes or 0), _HIGHEST)}" if lens == "environment" else card.css,
        pk=card.pk,
        moment=card.moment,
        weighed=card.weighed,
        icon=drawn(card.icon, card.type_label),
        href=href,
        title=card.title,
        range=_range(card),
        minutes=once(card.minutes, card.minutes_low, card.minutes_high),
        actual=_actual(card, lens),
        kind=format_html(_SPAN, card.learning_type) if lens not in {"type", "timeline"} else "",
        facts=format_html(_SPAN, card.facts) if lens != "timeline" else "",
        sign=card.sign,
        pin=comments_pin(page, "activity", card.planned.key, card.planned.note_count),
        more=format_html(_MORE, href, card.menu_label) if page.can_edit else "",
        bar=_bar(card, page) if lens == "timeline" else "",
        holder=_holder(card),
    )


def _holder(card: Card) -> SafeString | str:
    return format_html(_HOLDER, card.holder) if card.holder else ""


def _actual(card: Card, lens: str) -> SafeString | str:
    """Planned and actual on a card, in words; the class draws them, but in the timeline, which has a scale for it."""
    if card.actual is None:
        return ""
    return format_html(_ACTUAL, "" if lens == "timeline" else f" {card.actual.css}".rstrip(), card.actual.said)


@register.simple_tag
def comments_pin(page: StudioPage, pin: str, key: str, count: int) -> SafeString | str:
    """The open comments on a card or a week, with the way to them; nothing where there are none."""
    if not count:
        return ""
    asked = urlencode({"design": page.design.number, "pin": pin, "key": key})
    address = f"{reverse('courses:review', args=[page.course.code])}?{asked}#{pin}-{key}"
    said = ngettext("open comment", "open comments", count)
    return format_html(_PIN, address, icon("message-square"), count, said)


def _bar(card: Card, page: StudioPage) -> SafeString | str:
    """How long a card takes, on the scale of the timeline; nothing on the shelf, and for what nobody has estimated."""
    stretch = page.boards.stretches.get(card.pk)
    if stretch is None:
        return ""
    own_time = " async" if card.planned.timing == "async" else ""
    reach = format_html(_REACH, stretch.low, stretch.reach) if stretch.reach is not None else ""
    took = format_html(_TOOK, stretch.x, stretch.actual) if stretch.actual is not None else ""
    return format_html(_BAR, own_time, stretch.x, stretch.width, reach, took)


@register.simple_tag
def lines(shown: Iterable[Card], page: StudioPage) -> SafeString:
    """The cards of a group as rows of the table, in their order."""
    drawn, once, said = cache(icon), cache(duration_of), cache(signs.word)
    outcomes = {outcome.id: f"LO{outcome.number}" for outcome in page.plan.outcomes}
    guided = {key: str(label) for key, label in Guidance.choices}
    on_shelf = _("Shelf")
    rows = []
    for card in shown:
        planned = card.planned
        href = f"{page.base}placements/{card.pk}/"
        served = " ".join(outcomes[pk] for pk in planned.outcome_ids if pk in outcomes)
        facts = (
            card.type_label,
            card.learning_type,
            said(planned.timing),
            said(planned.environment),
            said(planned.grouping),
            guided.get(planned.guidance, planned.guidance),
            _assessment(planned),
            _feedback(planned, said),
            served,
        )
        rows.append(
            format_html(
                _LINE,
                css=card.css,
                pk=card.pk,
                moment=card.moment,
                weighed=card.weighed,
                kind=planned.type_key,
                guidance=planned.guidance,
                week="shelf" if planned.week is None else planned.week,
                icon=drawn(card.icon),
                href=href,
                title=card.title,
                where=on_shelf if planned.week is None else f"{planned.week}, {said(planned.moment).lower()}",
                range=_range(card),
                minutes=once(card.minutes, card.minutes_low, card.minutes_high),
                actual=_actual(card, "table"),
                pin=comments_pin(page, "activity", planned.key, planned.note_count),
                holder=_holder(card),
                cells=format_html_join("", _CELL, ((fact,) for fact in facts)),
                more=format_html(_CELL, format_html(_MORE, href, card.menu_label)) if page.can_edit else "",
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 -- each is escaped above


def _assessment(planned: PlannedActivity) -> str:
    if planned.assessment == "summative":
        return _("counts %(weight)s%%") % {"weight": planned.weight} if planned.weight else _("counts for the result")
    return _("formative") if planned.assessment == "formative" else ""


def _feedback(planned: PlannedActivity, said: Callable[[str], str]) -> str:
    if planned.feedback_by == "none":
        return ""
    by = _("automatic") if planned.feedback_by == "automatic" else said(planned.feedback_by).lower()
    if not planned.feedback_days:
        return by
    days = ngettext("%(count)s day", "%(count)s days", planned.feedback_days) % {"count": planned.feedback_days}
    return f"{by}, {days}"


@register.filter
def reported_of(page: StudioPage, pk: int) -> Reported | None:
    """What students report about a card of the page, if any of them has."""
    return next((row for row in page.reported if row.pk == pk), None)
