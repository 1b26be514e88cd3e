"""What pages with questions ask: how points and the engine's words are written."""

from decimal import Decimal, InvalidOperation

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()


@register.filter
def points(value: Decimal | str | float | None) -> str:
    """`2`, `1.5`: without zeros that say nothing, with the reader's decimal mark."""
    try:
        amount = Decimal(str(value)).normalize()
    except InvalidOperation:
        return ""
    return number_format(f"{amount:f}")


@register.filter
def engine_word(text: str) -> str:
    """A word that the question engine marks for translation, in the reader's language."""
    return gettext(text) if text else ""
