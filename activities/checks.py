"""What must be there before the site starts: a page for every type of activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from activities import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig


@register()
def every_type_has_its_page(
    app_configs: Sequence[AppConfig] | None = None,
    **kwargs: Any,  # as Django passes along
) -> list[CheckMessage]:
    """A type without its template would fail only when the first student opens it."""
    return [problem for kind in registry.every() for problem in _page_of(kind.key, kind.template("page"))]


def _page_of(key: str, template: str) -> list[CheckMessage]:
    try:
        get_template(template)
    except TemplateDoesNotExist:
        hint = f"Write templates/{template}."
        return [Error(f"The type of activity {key!r} has no page.", hint=hint, id="activities.E001")]
    return []
