"""What pages with questions ask: how points and the engine's words are written."""

from django import template
from django.utils.translation import gettext

from activities.words import points_in_words

register = template.Library()


register.filter("points", points_in_words)


@register.filter
def engine_word(text: str) -> str:
    """A word that the question engine marks for translation, in the reader's language."""
    return gettext(text) if text else ""
