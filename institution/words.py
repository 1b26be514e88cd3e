"""Policy in the reader's language: the sums hand out templates and quantities, this says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.spoken import voice

if TYPE_CHECKING:
    from courses.words import Quantity
    from institution.models import PolicyRule


def spoken(quantity: Quantity) -> str:
    """A quantity or a sentence in the language of whoever reads."""
    return quantity.said(voice())


def source_of(rule: PolicyRule) -> str:
    """Where a rule comes from, for whoever meets it in the Studio. `rule.unit` must be loaded."""
    return _("Policy of %(unit)s, version %(version)s, from %(date)s") % {
        "unit": rule.unit.name,
        "version": rule.version,
        "date": date_format(rule.valid_from, "j F Y"),
    }
