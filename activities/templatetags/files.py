"""What pages with files ask."""

from django import template

from activities.words import in_bytes

register = template.Library()


@register.filter
def file_size(size: int | str | None) -> str:
    """`14 bytes`, `76 KB`, `2.4 MB`, `20 MB`."""
    return in_bytes(int(size or 0))
