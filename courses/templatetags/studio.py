"""How a card of the board is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blendedu.kit.templatetags.kit import icon
from blendedu.kit.templatetags.kit import minutes as written

if TYPE_CHECKING:
    from courses.queries.studio import Card, StudioPage

register = template.Library()

# COST: a board has up to two hundred cards. As twenty nodes of a template each they took half of the page's time.
_CARD = (
    '<li class="card {css}" id="p{pk}" data-pk="{pk}" data-moment="{moment}">{icon}'
    '<a class="t" id="a{pk}" href="{href}">{title}</a><span class="m">{minutes}</span>'
    '<span class="d">{kind}<span>{facts}</span><span class="env hidden-but-read">{sign}</span></span>{more}</li>'
)
_KIND = "<span>{}</span>"
_MORE = '<a class="more" href="{}move/" aria-label="{}">{}</a>'


@register.simple_tag
def cards(shown: Iterable[Card], page: StudioPage) -> SafeString:
    """The cards of a cell, in their order."""
    drawn = cache(icon)
    once = cache(written)
    return mark_safe("".join(_card(card, page, drawn, once) for card in shown))  # noqa: S308 -- each is escaped below


def _card(
    card: Card, page: StudioPage, drawn: Callable[..., SafeString], once: Callable[[int | None], str]
) -> SafeString:
    href = f"{page.base}placements/{card.pk}/"
    return format_html(
        _CARD,
        css=card.css,
        pk=card.pk,
        moment=card.moment,
        icon=drawn(card.icon, card.type_label),
        href=href,
        title=card.title,
        minutes=once(card.minutes),
        kind=format_html(_KIND, card.learning_type) if page.lens != "type" else "",
        facts=card.facts,
        sign=card.sign,
        more=format_html(_MORE, href, card.menu_label, drawn("ellipsis")) if page.can_edit else "",
    )
